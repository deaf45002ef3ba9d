import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, floorDiv, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, list } from "./args.ts";
import { below, differ } from "./claims.ts";
import { compute, setBy, show, showShape, timesDim, unknownFrom } from "./dims.ts";
import type { Args, Operator, Outcome, Refusal } from "./operator.ts";
import {
  badArgument,
  documented,
  entry,
  input,
  ok,
  type Rule,
  rankRefusal,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";
import { adaptiveMaxPool, maxPool } from "./pool.ts";
import { perAxis } from "./windows.ts";

/** A pool that also says where each maximum stood: the second output. */
function withIndices(pool: Operator): Operator {
  return entry({
    ...pool,
    name: `${pool.name}_with_indices`,
    signature: `${pool.signature}, ${pool.signature.split("-> ")[1] ?? ""}`,
    shape: (inputs, args) => {
      const outcome = pool.shape(inputs, args);
      const twice = (types: readonly TensorType[]): readonly TensorType[] =>
        types.flatMap((type) => [type, { ...type, dtype: "int64" as const }]);
      return outcome.kind === "ok"
        ? { ...outcome, outputs: twice(outcome.outputs) }
        : { ...outcome, assume: twice(outcome.assume) };
    },
    examples: pool.examples.map((example) =>
      typeof example.gives === "string" ? example : { ...example, gives: [...example.gives, ...example.gives] },
    ),
  });
}

/** Puts each element back where an index says, zeros elsewhere. */
const maxUnpool = entry({
  name: "max_unpool",
  signature: "n? c h…, n? c h… -> n? c h'…",
  parameters: {
    kernel: "elements, per spatial axis",
    stride: "elements, per spatial axis; null: the kernel",
    padding: "elements cut from both ends, per spatial axis",
    output: "output lengths, per spatial axis, less than a stride off the usual ones; null: the usual ones",
  },
  shape: maxUnpoolShape,
  link: documented("torch.nn.functional.max_unpool2d"),
  examples: [
    {
      inputs: [
        [2, 3, 4, 4],
        [2, 3, 4, 4],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: null },
      dtypes: ["float32", "int64"],
      gives: [[2, 3, 8, 8]],
    },
    {
      inputs: [
        ["N", 64, "H", "W"],
        ["N", 64, "H", "W"],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: null },
      dtypes: ["float32", "int64"],
      gives: [["N", 64, "2 * H", "2 * W"]],
    },
    {
      inputs: [
        [3, 4, 5],
        [3, 4, 5],
      ],
      args: { kernel: [3, 3], stride: [2, 2], padding: [1, 1], output: [8, 9] },
      dtypes: ["float32", "int64"],
      gives: [[3, 8, 9]],
    },
    {
      inputs: [
        [2, 3, 4],
        [2, 3, 4],
      ],
      args: { kernel: [2], stride: null, padding: [0], output: null },
      dtypes: ["float32", "int64"],
      gives: [[2, 3, 8]],
    },
    {
      inputs: [
        [1, 2, 2, 2, 3],
        [1, 2, 2, 2, 3],
      ],
      args: { kernel: [2, 2, 2], stride: [2, 2, 2], padding: [0, 0, 0], output: null },
      dtypes: ["float32", "int64"],
      gives: [[1, 2, 4, 4, 6]],
    },
    {
      inputs: [
        [2, 3, 4, 4],
        [2, 3, 4, 4],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: [10, 10] },
      dtypes: ["float32", "int64"],
      gives: "argument",
    },
    {
      inputs: [
        [2, 3, 4, 4],
        [2, 2, 4, 4],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: null },
      dtypes: ["float32", "int64"],
      gives: "shapes",
    },
    {
      inputs: [
        [2, 3, 4, 4],
        [2, 3, 4, 4],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: null },
      gives: "dtype",
    },
    {
      inputs: [
        [4, 4],
        [4, 4],
      ],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], output: null },
      dtypes: ["float32", "int64"],
      gives: "rank",
    },
  ],
});

/** Pooling over windows whose places are drawn; gives the maxima and where they stood. */
const fractionalMaxPool = entry({
  name: "fractional_max_pool",
  signature: "n? c h… -> n? c h'…, n? c h'…",
  parameters: {
    kernel: "elements, per spatial axis",
    output: "output lengths, per spatial axis; null: by ratio",
    ratio: "output length over input length, per spatial axis, between 0 and 1; null: by length",
  },
  shape: fractionalShape,
  link: documented("torch.nn.FractionalMaxPool2d"),
  examples: [
    {
      inputs: [[2, 3, 8, 8]],
      args: { kernel: [2, 2], output: [3, 4], ratio: null },
      gives: [
        [2, 3, 3, 4],
        [2, 3, 3, 4],
      ],
    },
    {
      inputs: [[3, 8, 9]],
      args: { kernel: [3, 2], output: null, ratio: [0.3, 0.9] },
      gives: [
        [3, 2, 8],
        [3, 2, 8],
      ],
    },
    {
      inputs: [[1, 2, 6, 6, 6]],
      args: { kernel: [2, 2, 2], output: [3, 3, 3], ratio: null },
      gives: [
        [1, 2, 3, 3, 3],
        [1, 2, 3, 3, 3],
      ],
    },
    { inputs: [[2, 3, 8, 8]], args: { kernel: [3, 3], output: [7, 7], ratio: null }, gives: "shapes" },
    { inputs: [[8, 8]], args: { kernel: [2, 2], output: [3, 3], ratio: null }, gives: "rank" },
  ],
});

export const UNPOOLS: readonly Operator[] = [
  withIndices(maxPool),
  withIndices(adaptiveMaxPool),
  maxUnpool,
  fractionalMaxPool,
];

function maxUnpoolShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const [x, indices] = [input(inputs, 0), input(inputs, 1)];
  const count = list(args, "kernel")?.length;
  const none = [unknownTensor(x.dtype, [x])];
  const kernel = count === undefined ? undefined : perAxis(args, "kernel", count);
  if (count === undefined || kernel === undefined) return ok(none);
  const rank = rankRefusal(x, [count + 1, count + 2], none);
  if (rank !== undefined) return rank;
  if (x.shape === undefined) return ok(none);
  const stride =
    args.stride === undefined || args.stride === null ? kernel : (perAxis(args, "stride", count) ?? kernel);
  const padding = perAxis(args, "padding", count) ?? kernel.map(() => ({ size: 0 }));
  const first = x.shape.length - count;
  const usual = x.shape.slice(first).map((length, i): Dim => {
    const [k, s, p] = [kernel[i], stride[i], padding[i]].map((dim) => dim ?? unknownFrom([]));
    if (k === undefined || s === undefined || p === undefined) return unknownFrom([length]);
    const grown = compute([length, s, k, p], (n, by, size, pad) => sub(add(mul(sub(n, 1), by), size), mul(2, pad)));
    return setBy(grown, "stride", [s, length]);
  });
  const given = list(args, "output")?.map((arg) => asDim(arg) ?? unknownFrom([]));
  const lengths = given === undefined ? usual : given.map((dim) => setBy(dim, "output_size", [dim]));
  const out = [tensor([...x.shape.slice(0, first), ...lengths], x.dtype)];
  const far = given?.findIndex((dim, i) => isFar(dim, usual[i], stride[i])) ?? -1;
  if (0 <= far) {
    const detail = t("output_size {0} is more than a stride off {1}", show(given?.[far]), show(usual[far]));
    return badArgument("output_size", detail, out, given?.[far]);
  }
  const guards: Guard[] = [];
  return refusedIndices(x, indices, out, guards) ?? ok(out, guards);
}

function isFar(dim: Dim, usual: Dim | undefined, stride: Dim | undefined): boolean {
  const [a, b, by] = [dim.size, usual?.size, stride?.size];
  if (typeof a !== "number" || typeof b !== "number" || typeof by !== "number") return false;
  return by <= Math.abs(a - b);
}

function refusedIndices(
  x: TensorType,
  indices: TensorType,
  out: readonly TensorType[],
  guards: Guard[],
): Refusal | undefined {
  if (indices.dtype !== undefined && indices.dtype !== "int64")
    return refuse("dtype", t("expects {0}, gets {1}", "int64", indices.dtype), out, { input: 1 });
  const [shape, own] = [x.shape, indices.shape];
  if (shape === undefined || own === undefined) return undefined;
  const axes = shape.flatMap((d, i) => (differ(d, own[i] ?? d, guards) ? [i] : []));
  if (shape.length === own.length && axes.length === 0) return undefined;
  const detail = t("expects indices of shape {0}, gets {1}", showShape(shape), showShape(own));
  return refuse("shapes", detail, out, { input: 1, axes });
}

function fractionalShape(inputs: readonly TensorType[], args: Args): Outcome {
  const x = input(inputs, 0);
  const count = list(args, "kernel")?.length;
  const kernel = count === undefined ? undefined : perAxis(args, "kernel", count);
  const pair = (type: TensorType): readonly TensorType[] => [type, { ...type, dtype: "int64" }];
  const none = pair(unknownTensor(x.dtype, [x]));
  if (count === undefined || kernel === undefined) return ok(none);
  const rank = rankRefusal(x, [count + 1, count + 2], none);
  if (rank !== undefined) return rank;
  if (x.shape === undefined) return ok(none);
  const first = x.shape.length - count;
  const [output, ratio] = [list(args, "output"), list(args, "ratio")];
  const lengths = x.shape.slice(first).map((length, i): Dim => {
    if (output !== undefined) {
      const dim = asDim(output[i]) ?? unknownFrom([]);
      return setBy(dim, "output_size", [dim]);
    }
    const factor = ratio?.[i];
    if (typeof factor !== "number") return unknownFrom([length]);
    // Only for a number: other sizes round differently, each for itself.
    const scaled = typeof length.size === "number" ? { size: Math.floor(length.size * factor) } : unknownFrom([length]);
    return setBy(scaled, "output_ratio", [length]);
  });
  const out = pair(tensor([...x.shape.slice(0, first), ...lengths], x.dtype));
  const guards: Guard[] = [];
  for (const [i, length] of lengths.entries()) {
    const [k, all] = [kernel[i] ?? unknownFrom([]), x.shape[first + i] ?? unknownFrom([x])];
    const room = compute([all, k, length], (n, size, m) => sub(add(n, 1), add(size, m)));
    if (!below(room, 0, guards)) continue;
    const detail = t(
      "a window of {0} is too large for {1} places along a length of {2}",
      show(k),
      show(length),
      show(all),
    );
    return refuse("shapes", detail, out, { input: 0, axes: [first + i], argument: "kernel_size", found: all });
  }
  return ok(out, guards);
}

/** `nn.Fold`: lays columns of windows back onto an image, summing where they overlap. */
export const fold: Operator = entry({
  name: "fold",
  signature: "n? c·k² l -> n? c h w",
  parameters: {
    output: "height and width",
    kernel: "elements, per spatial axis",
    dilation: "elements between taps, per spatial axis",
    padding: "elements at both ends, per spatial axis",
    stride: "elements, per spatial axis",
  },
  shape: foldShape,
  link: documented("torch.nn.functional.fold"),
  examples: [
    { inputs: [[2, 12, 9]], args: folded({}), gives: [[2, 3, 4, 4]] },
    { inputs: [["N", 12, 9]], args: folded({}), gives: [["N", 3, 4, 4]] },
    { inputs: [[12, 9]], args: folded({}), gives: [[3, 4, 4]] },
    { inputs: [[2, 12, 4]], args: folded({ output: [4, 5], stride: [2, 2] }), gives: [[2, 3, 4, 5]] },
    { inputs: [[2, 12, 9]], args: folded({ output: [5, 4] }), gives: "shapes" },
    { inputs: [[2, 11, 9]], args: folded({}), gives: "shapes" },
    { inputs: [[9]], args: folded({}), gives: "rank" },
    { inputs: [[2, 12, 9]], args: folded({ stride: [0, 1] }), gives: "argument" },
    { inputs: [[2, 12, 9]], args: folded({ padding: [-1, 0] }), gives: "argument" },
  ],
});

function folded(more: Readonly<Record<string, readonly number[]>>): Readonly<Record<string, readonly number[]>> {
  return { output: [4, 4], kernel: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1], ...more };
}

function foldShape(inputs: readonly TensorType[], args: Args): Outcome {
  const x = input(inputs, 0);
  const none = [unknownTensor(x.dtype, [x])];
  const rank = rankRefusal(x, [2, 3], none);
  if (rank !== undefined) return rank;
  const [output, kernel, dilation, padding, stride] = ["output", "kernel", "dilation", "padding", "stride"].map(
    (name) => perAxis(args, name, 2),
  );
  if (x.shape === undefined || output === undefined || kernel === undefined) return ok(none);
  for (const [argument, dims, least] of [
    ["kernel_size", kernel, 1],
    ["stride", stride ?? [], 1],
    ["dilation", dilation ?? [], 1],
    ["padding", padding ?? [], 0],
    ["output_size", output, 1],
  ] as const) {
    const bad = dims.find(({ size }) => typeof size === "number" && size < least);
    if (bad !== undefined)
      return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, least, show(bad)), none, bad);
  }
  const [columns = unknownFrom([x]), length = unknownFrom([x])] = x.shape.slice(-2);
  const taps = kernel.reduce(timesDim, { size: 1 });
  const channels = setBy(
    compute([columns, taps], (n, by) => (typeof by === "number" ? floorDiv(n, by) : undefined)),
    "kernel_size",
    [columns, ...kernel],
  );
  const lead = x.shape.slice(0, -2);
  const out = [tensor([...lead, channels, ...output.map((dim) => setBy(dim, "output_size", [dim]))], x.dtype)];
  const guards: Guard[] = [];
  if (differ(timesDim(channels, taps), columns, guards)) {
    const detail = t("expects columns that {0} divides, gets {1}", show(taps), show(columns));
    return refuse("shapes", detail, out, { input: 0, axes: [x.shape.length - 2], found: columns });
  }
  const one: Dim = { size: 1 };
  const places = output.map((size, i) =>
    compute(
      [size, kernel[i] ?? one, dilation?.[i] ?? one, padding?.[i] ?? { size: 0 }, stride?.[i] ?? one],
      (n, k, d, p, s) => {
        const steps = floorDiv(sub(sub(add(n, mul(2, p)), mul(d, sub(k, 1))), 1), s);
        return steps === undefined ? undefined : add(steps, 1);
      },
    ),
  );
  const count = places.reduce(timesDim, one);
  if (!differ(count, length, guards)) return ok(out, guards);
  const detail = t("expects {0} columns of windows, gets {1}", show(count), show(length));
  return refuse("shapes", detail, out, { input: 0, axes: [x.shape.length - 1], expected: count, found: length });
}
