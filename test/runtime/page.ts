import type { Program } from "../../src/graph/program.ts";
import type { BackendKind } from "../../src/runtime/backends.ts";
import type { Read, Stop } from "../../src/runtime/execute.ts";
import type { WeightSource } from "../../src/runtime/protocol.ts";
import { type Asker, type Reply, startAsker, wasmUrl } from "./asker.ts";
import { programOf, type RecordedCase } from "./cases.ts";

/** What the page does for the test: it starts the worker as the panel does and asks it through the protocol. */
export interface Page {
  readonly start: (kind: BackendKind | undefined) => Promise<Reply>;
  /** `text` is program, input and tapped paths as JSON. */
  readonly runModel: (text: string, seed: number) => Promise<PageRun>;
  /** `text` is a recorded case as JSON. */
  readonly runCase: (text: string, channelsLast: boolean) => Promise<PageRun>;
}

/** Answers with plain lists, which the browser's driver can carry. */
export interface PageRun {
  /** Why there is no result, or why the run ended early. */
  readonly error: Reply | Stop | undefined;
  readonly checked: number;
  readonly progress: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

let asker: Asker;
let progress = 0;

const page: Page = {
  async start(kind) {
    asker = await startAsker(() => progress++);
    return asker.ask({ kind: "start", wasm: wasmUrl(), ...(kind === undefined ? {} : { backend: kind }) });
  },
  async runModel(text, seed) {
    const [program, input, taps]: [Program, number[], string[]] = JSON.parse(text);
    const bytes = new Uint8Array(await (await fetch("/narrow_resnet.safetensors")).arrayBuffer());
    return run(program, { kind: "file", bytes }, [Float32Array.from(input)], taps, seed);
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
      0,
    );
  },
};

async function run(
  program: Program,
  weights: WeightSource,
  inputs: readonly Float32Array[],
  taps: readonly string[],
  seed: number,
): Promise<PageRun> {
  progress = 0;
  const none = { checked: 0, progress: 0, values: {} };
  const loaded = await asker.ask({ kind: "load", program, weights, seed });
  if (loaded.kind !== "loaded") return { error: loaded, ...none };
  const answer = await asker.ask({ kind: "run", inputs, taps, statistics: true });
  if (answer.kind !== "result") return { error: answer, ...none };
  const { result } = answer;
  const values = [...result.taps].map(([path, { data }]: readonly [string, Read]) => [path, [...data]] as const);
  return { error: result.stop, checked: result.checked.length, progress, values: Object.fromEntries(values) };
}

Object.assign(globalThis, { page });
