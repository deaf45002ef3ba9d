import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadBundled } from "../../scripts/build/loaded.mjs";
import { tfjsParts } from "../../scripts/build/tfjs.mjs";
import type { Program } from "../../src/graph/program.ts";
import type { GivenWeight } from "../../src/runtime/prepare.ts";
import { loadCheckpoint } from "../../src/weights/load.ts";
import { readNpy } from "../../src/weights/npy.ts";

export { relMax as relativeMax } from "../../src/runtime/difference.ts";

/** A path below the checkout's top folder. */
export function inRoot(...parts: readonly string[]): string {
  return fileURLToPath(new URL(`../../${parts.join("/")}`, import.meta.url));
}

export type Runtime = typeof import("./entry.ts");

/**
 * The runtime as Node loads it: its TensorFlow.js modules have no file extensions in their imports and one CommonJS
 * part, so they run bundled only.
 */
export async function loadRuntime(name: string): Promise<Runtime> {
  return (await loadBundled("test/runtime/entry.ts", `test/runtime/${name}`, tfjsParts)) as Runtime;
}

export function wasmBinary(): Promise<Uint8Array> {
  return readFile(inRoot("node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
}

/** Starts a backend or throws its reason. */
export async function started(runtime: Runtime, kind: "wasm" | "cpu") {
  const start = await runtime.startBackend(kind, { wasm: await wasmBinary(), plain: runtime.PLAIN });
  if (start.kind === "refused") throw new Error(JSON.stringify(start.reason));
  return start.backend;
}

export interface Stages {
  readonly [path: string]: { readonly shape: readonly number[]; readonly own: number; readonly data: string };
}

export interface RecordedModel {
  readonly program: Program;
  readonly weights: ReadonlyMap<string, GivenWeight>;
  readonly checkpoint: Uint8Array;
  readonly input: Float32Array;
  readonly stages: Stages;
}

/** A model recorded by `scripts/truth/record_run.py`. */
export async function recordedModel(folder: string, name: string): Promise<RecordedModel> {
  const read = (suffix: string) => readFile(inRoot(folder, `${name}.${suffix}`));
  const checkpoint = await read("safetensors");
  const loaded = await loadCheckpoint(checkpoint);
  const input = readNpy(await read("input.npy"));
  if (loaded.kind === "refused" || input.kind === "refused") throw new Error("the recorded model is not readable");
  return {
    program: JSON.parse(String(await read("program.json"))),
    weights: loaded.weights,
    checkpoint,
    input: input.data,
    stages: JSON.parse(String(await read("stages.json"))),
  };
}

/** Little-endian float32 from base64. */
export function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(new Uint8Array(bytes).buffer);
}
