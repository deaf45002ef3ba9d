import type { Program } from "../../src/graph/program.ts";
import type { BackendKind } from "../../src/runtime/backends.ts";
import type { Answer, Request } from "../../src/runtime/protocol.ts";
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
  readonly start: (kind: BackendKind) => Promise<Answer>;
  /** `text` is program, kept buffers, paths and limits as JSON. */
  readonly run: (text: string) => Promise<ParityRun>;
}

type Open = Request extends infer R ? (R extends { readonly id: number } ? Omit<R, "id"> : never) : never;
const INPUT_SEED = 7;

let ask: (request: Open) => Promise<Answer>;

const parity: Parity = {
  async start(kind) {
    const code = await (await fetch("/worker.js")).text();
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const waiting = new Map<number, (answer: Answer) => void>();
    let last = 0;
    worker.addEventListener("message", ({ data }: { readonly data: Answer }) => {
      if (data.kind !== "progress") waiting.get(data.id)?.(data);
    });
    ask = (request) =>
      new Promise((resolve) => {
        const id = ++last;
        waiting.set(id, resolve);
        worker.postMessage({ ...request, id });
      });
    return ask({ kind: "start", backend: kind, wasm: new URL("/tfjs-backend-wasm-simd.wasm", location.href).href });
  },
  async run(text) {
    const [program, kept, limits]: [Program, string[], Record<string, number>] = JSON.parse(text);
    const none = { shapes: {}, values: {}, checked: 0 };
    const tensors = weightsFor(program, new Set(kept));
    const loaded = await ask({ kind: "load", program, weights: { kind: "tensors", tensors }, seed: 0 });
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
    const answer = await ask({ kind: "run", inputs, taps: Object.keys(limits).filter((path) => known.has(path)) });
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
