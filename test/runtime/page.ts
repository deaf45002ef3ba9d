import type { Program } from "../../src/graph/program.ts";
import type { BackendKind } from "../../src/runtime/backends.ts";
import type { Read } from "../../src/runtime/execute.ts";
import type { Answer, Request, WeightSource } from "../../src/runtime/protocol.ts";
import { programOf, type RecordedCase } from "./cases.ts";

/** What the page does for the test: it starts the worker as the panel does and asks it through the protocol. */
export interface Page {
  readonly start: (kind: BackendKind | undefined) => Promise<Answer>;
  /** `text` is program, input and tapped paths as JSON. */
  readonly runModel: (text: string) => Promise<PageRun>;
  /** `text` is a recorded case as JSON. */
  readonly runCase: (text: string, channelsLast: boolean) => Promise<PageRun>;
}

/** Answers with plain lists, which the browser's driver can carry. */
export interface PageRun {
  readonly error: Answer | undefined;
  readonly checked: number;
  readonly progress: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

type Open = Request extends infer R ? (R extends { readonly id: number } ? Omit<R, "id"> : never) : never;

let ask: (request: Open) => Promise<Answer>;
let progress = 0;

const page: Page = {
  async start(kind) {
    const code = await (await fetch("/worker.js")).text();
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const waiting = new Map<number, (answer: Answer) => void>();
    let last = 0;
    worker.addEventListener("message", ({ data }: { readonly data: Answer }) => {
      if (data.kind === "progress") progress++;
      else waiting.get(data.id)?.(data);
    });
    ask = (request) =>
      new Promise((resolve) => {
        const id = ++last;
        waiting.set(id, resolve);
        worker.postMessage({ ...request, id });
      });
    const wasm = new URL("/tfjs-backend-wasm-simd.wasm", location.href).href;
    return ask({ kind: "start", wasm, ...(kind === undefined ? {} : { backend: kind }) });
  },
  async runModel(text) {
    const [program, input, taps]: [Program, number[], string[]] = JSON.parse(text);
    const bytes = new Uint8Array(await (await fetch("/narrow_resnet.safetensors")).arrayBuffer());
    return run(program, { kind: "file", bytes }, [Float32Array.from(input)], taps);
  },
  async runCase(text, channelsLast) {
    const item: RecordedCase = JSON.parse(text);
    const { program, inputs, weights } = programOf(item, channelsLast);
    const tensors = new Map(
      program.weights.map(({ keys, shape }, i) => [keys[0] ?? "", { shape, data: weights[i] ?? new Float32Array() }]),
    );
    return run(
      program,
      { kind: "tensors", tensors },
      inputs,
      item.outputs.map((_, output) => String(output)),
    );
  },
};

async function run(
  program: Program,
  weights: WeightSource,
  inputs: readonly Float32Array[],
  taps: readonly string[],
): Promise<PageRun> {
  progress = 0;
  const none = { checked: 0, progress: 0, values: {} };
  const loaded = await ask({ kind: "load", program, weights, seed: 0 });
  if (loaded.kind !== "loaded") return { error: loaded, ...none };
  const answer = await ask({ kind: "run", inputs, taps, statistics: true });
  if (answer.kind !== "result" || answer.result.stop !== undefined) return { error: answer, ...none };
  const values = [...answer.result.taps].map(([path, { data }]: readonly [string, Read]) => [path, [...data]] as const);
  return { error: undefined, checked: answer.result.checked.length, progress, values: Object.fromEntries(values) };
}

Object.assign(globalThis, { page });
