import type { Program } from "../../src/graph/program.ts";
import type { BackendKind } from "../../src/runtime/backends.ts";
import type { Mode } from "../../src/runtime/model.ts";
import { type Asker, type Reply, startAsker, wasmUrl } from "../runtime/asker.ts";
import { uniform, weightsFor } from "./weights.ts";

/** What a model gave: elements of each module's output, spread as they are recorded, or why it did not run. */
export interface ParityRun {
  readonly error: string | undefined;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly checked: number;
}

/** What the driver calls in the page. */
export interface Parity {
  readonly start: (kind: BackendKind) => Promise<Reply>;
  /** `text` is program, kept buffers, paths with limits, and mode as JSON. */
  readonly run: (text: string) => Promise<ParityRun>;
}

const INPUT_SEED = 7;

let asker: Asker;

const parity: Parity = {
  async start(kind) {
    asker = await startAsker();
    return asker.ask({ kind: "start", backend: kind, wasm: wasmUrl() });
  },
  async run(text) {
    const [program, kept, limits, mode]: [Program, string[], Record<string, number>, Mode] = JSON.parse(text);
    const none = { shapes: {}, values: {}, checked: 0 };
    const tensors = weightsFor(program, new Set(kept));
    const loaded = await asker.ask({ kind: "load", program, weights: { kind: "tensors", tensors }, seed: 0, mode });
    if (loaded.kind !== "loaded") return { error: JSON.stringify(loaded), ...none };
    const inputs = program.inputs.map(({ shape }) =>
      Float32Array.from(
        uniform(
          shape.reduce((a, b) => a * b, 1),
          INPUT_SEED,
        ),
      ),
    );
    const known = new Set(program.taps.map(({ path }) => path));
    const answer = await asker.ask({
      kind: "run",
      inputs,
      taps: Object.keys(limits).filter((path) => known.has(path)),
    });
    if (answer.kind !== "result") return { error: JSON.stringify(answer), ...none };
    const { result } = answer;
    const shapes: Record<string, readonly number[]> = {};
    const values: Record<string, readonly number[]> = {};
    const reads = [...result.taps, ...(result.output === undefined ? [] : [["", result.output] as const])];
    for (const [path, { shape, data }] of reads) {
      const step = Math.max(1, Math.ceil(data.length / (limits[path] ?? 1)));
      shapes[path] = shape;
      values[path] = [...data].filter((_, i) => i % step === 0);
    }
    const { stop } = result;
    return {
      error: stop === undefined ? undefined : JSON.stringify(stop),
      shapes,
      values,
      checked: result.checked.length,
    };
  },
};

Object.assign(globalThis, { parity });
