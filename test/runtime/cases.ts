import type { PlainArg, Program, ProgramNode } from "../../src/graph/program.ts";
import type { DType } from "../../src/shape/dim.ts";

export interface RecordedInput {
  readonly shape: readonly number[];
  /** `x` data, `w` a weight, `i` whole numbers, `b` true or false, `n` data with infinities and NaN. */
  readonly kind: "x" | "w" | "i" | "b" | "n";
  readonly low: number;
  readonly high: number;
}

/** One operator on small inputs, as PyTorch computed it. */
export interface RecordedCase {
  readonly op: string;
  readonly args: Readonly<Record<string, PlainArg>>;
  readonly inputs: readonly RecordedInput[];
  /** PyTorch's own float32 result against its float64 result, relative to the largest value. */
  readonly own: number;
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: DType; readonly data: string }[];
}

/** The same numbers as `formula` of `scripts/truth/record_run.py`. */
export function formula({ shape, kind, low, high }: RecordedInput, seed: number): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: count }, (_, i) => {
    let h = Math.imul(i + 1 + seed * 100003, 2654435761) >>> 0;
    h ^= h >>> 15;
    h = Math.imul(h, 2246822519) >>> 0;
    h = (h ^ (h >>> 13)) >>> 0;
    const value = Math.fround(low + (high - low) * (h / 4294967296));
    return OF_KIND[kind](value);
  });
}

const OF_KIND: Readonly<Record<RecordedInput["kind"], (value: number) => number>> = {
  x: (value) => value,
  w: (value) => value,
  i: Math.floor,
  b: (value) => Number(0 < value),
  n: (value) => (1 < Math.abs(value) ? value * Infinity : Math.abs(value) < 0.25 ? Number.NaN : value),
};

const DTYPES = { x: "float32", w: "float32", i: "int64", b: "bool", n: "float32" } as const;

/**
 * A program of that one operator. With `channelsLast`, data of three axes and more first passes an average pool over
 * single elements, which changes nothing but leaves it in the layout of the convolutions.
 */
export function programOf(
  item: RecordedCase,
  channelsLast: boolean,
): { readonly program: Program; readonly inputs: readonly Float32Array[]; readonly weights: readonly Float32Array[] } {
  const nodes: ProgramNode[] = [];
  const inputs: Float32Array[] = [];
  const weights: Float32Array[] = [];
  const specs: Program["inputs"][number][] = [];
  const weightSpecs: Program["weights"][number][] = [];
  const add = (node: Omit<ProgramNode, "id" | "path" | "type">): number => {
    nodes.push({ ...node, id: nodes.length, path: "", type: "" });
    return nodes.length - 1;
  };
  const sources = item.inputs.map((spec, i) => {
    const data = formula(spec, i);
    const dtype = DTYPES[spec.kind];
    const outputs = [{ shape: spec.shape, dtype }];
    if (spec.kind === "w") {
      weights.push(data);
      weightSpecs.push({
        keys: [`w${i}`],
        shape: spec.shape,
        dtype,
        persistent: true,
        init: { kind: "constant", value: 0 },
      });
      return add({ op: "weight", inputs: [], args: {}, outputs, weight: weights.length - 1 });
    }
    inputs.push(data);
    const node = add({ op: "input", inputs: [], args: {}, outputs });
    specs.push({ node, name: `x${i}`, shape: spec.shape, dtype });
    const spatial = spec.shape.length - 2;
    if (!channelsLast || spec.kind !== "x" || spatial < 1 || 3 < spatial) return node;
    const ones = Array<number>(spatial).fill(1);
    const args = { kernel: ones, stride: ones, padding: ones.map(() => 0) };
    return add({ op: "avg_pool", inputs: [{ node, output: 0 }], args, outputs });
  });
  const node = add({
    op: item.op,
    inputs: sources.map((source) => ({ node: source, output: 0 })),
    args: item.args,
    outputs: item.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
  });
  return {
    program: {
      inputs: specs,
      weights: weightSpecs,
      nodes,
      output: { kind: "tensor", ref: { node, output: 0 } },
      taps: item.outputs.map((_, output) => ({ path: String(output), type: "", ref: { node, output } })),
    },
    inputs,
    weights,
  };
}
