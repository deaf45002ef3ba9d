import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { asDim, asList, flag, list, whole } from "./args.ts";
import { setBy, show, unknownFrom } from "./dims.ts";
import type { Arg, Args, Example, Operator, Refusal } from "./operator.ts";
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
import { emptyRefusal, perAxis, positions, tooSmall, type Window } from "./windows.ts";

const WINDOW = {
  kernel: "elements, per spatial axis",
  stride: "elements, per spatial axis; null: the kernel",
  padding: "elements at both ends, per spatial axis; at most half of the kernel",
  ceil_mode: "count a last window that hangs over the end",
};

export const maxPool = entry({
  name: "max_pool",
  signature: "n? c h… -> n? c h'…",
  parameters: { ...WINDOW, dilation: "elements between taps, per spatial axis" },
  shape: poolShape,
  link: documented("torch.nn.functional.max_pool2d"),
  examples: [
    ...poolExamples(),
    {
      inputs: [[2, 3, 7, 7]],
      args: { kernel: [2, 2], stride: [1, 1], padding: [0, 0], dilation: [3, 3], ceil_mode: false },
      gives: [[2, 3, 4, 4]],
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { kernel: [3, 3], stride: [1, 1], padding: [2, 2], dilation: [2, 2], ceil_mode: false },
      gives: "argument",
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { kernel: [3, 3], stride: [1, 1], padding: [0, 0], dilation: [0, 1], ceil_mode: false },
      gives: "argument",
    },
  ],
});

const avgPool = entry({
  name: "avg_pool",
  signature: "n? c h… -> n? c h'…",
  parameters: {
    ...WINDOW,
    count_include_pad: "count the padding in the mean",
    divisor: "whole number in place of the count; null: none",
  },
  shape: (inputs, args) => {
    if (whole(args, "divisor") === 0) {
      return badArgument("divisor", t("{0} must not be 0", "divisor_override"), [
        unknownTensor(input(inputs, 0).dtype),
      ]);
    }
    return poolShape(inputs, args);
  },
  link: documented("torch.nn.functional.avg_pool2d"),
  examples: [
    ...poolExamples(),
    {
      inputs: [[2, 3, 5, 5]],
      args: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceil_mode: false, divisor: 0 },
      gives: "argument",
    },
    {
      inputs: [["N", 8, "H", "W"]],
      args: { kernel: ["H", "W"], stride: null, padding: [0, 0], ceil_mode: false },
      gives: [["N", 8, 1, 1]],
    },
  ],
});

const ADAPTIVE: readonly Example[] = [
  { inputs: [[2, 3, 7, 9]], args: { output: [1, 1] }, gives: [[2, 3, 1, 1]] },
  { inputs: [["N", 512, "H", "W"]], args: { output: [1, 1] }, gives: [["N", 512, 1, 1]] },
  { inputs: [[2, 3, 7, 9]], args: { output: [null, 5] }, gives: [[2, 3, 7, 5]] },
  { inputs: [[3, 7, 9]], args: { output: [2, 2] }, gives: [[3, 2, 2]] },
  { inputs: [[2, 3, 7]], args: { output: [4] }, gives: [[2, 3, 4]] },
  { inputs: [[2, 3, 4, 5, 6]], args: { output: [2, 1, 3] }, gives: [[2, 3, 2, 1, 3]] },
  { inputs: [[2, 3, 7, 9]], args: { output: [-1, 1] }, gives: "argument" },
  { inputs: [[7]], args: { output: [4] }, gives: "rank" },
];

const adaptiveAvgPool = entry({
  name: "adaptive_avg_pool",
  signature: "n? c h… -> n? c output…",
  parameters: {
    output: "elements, per spatial axis; null keeps the length",
    single: "the output was given as one number, not as a list; optional",
  },
  shape: (inputs, args) => adaptiveShape(inputs, args, false),
  link: documented("torch.nn.functional.adaptive_avg_pool2d"),
  examples: [
    ...ADAPTIVE,
    { inputs: [[2, 3, 4, 5, 6]], args: { output: [1, 1] }, gives: [[2, 3, 4, 1, 1]] },
    { inputs: [[2, 3]], args: { output: [1, 1], single: true }, gives: [[1, 1]] },
    { inputs: [[2, 3]], args: { output: [1, 1], single: false }, gives: "rank" },
  ],
});

export const adaptiveMaxPool = entry({
  name: "adaptive_max_pool",
  signature: "n? c h… -> n? c output…",
  parameters: { output: "elements, per spatial axis; null keeps the length" },
  shape: (inputs, args) => adaptiveShape(inputs, args, true),
  link: documented("torch.nn.functional.adaptive_max_pool2d"),
  examples: ADAPTIVE,
});

export const POOLS: readonly Operator[] = [maxPool, avgPool, adaptiveAvgPool, adaptiveMaxPool];

function poolShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const count = asList(args.kernel)?.length ?? (x.shape === undefined ? undefined : x.shape.length - 2);
  const kernel = count === undefined ? undefined : perAxis(args, "kernel", count);
  if (count === undefined || kernel === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const unset = args.stride === undefined || args.stride === null || asList(args.stride)?.length === 0;
  const stride = unset ? kernel : (perAxis(args, "stride", count) ?? kernel.map(() => unknownFrom([])));
  const constant = (size: number): readonly Dim[] => kernel.map(() => ({ size }));
  const padding = perAxis(args, "padding", count) ?? constant(0);
  const dilation = perAxis(args, "dilation", count) ?? constant(1);
  const windows = kernel.map((k, i): Window => {
    const pad = padding[i] ?? { size: 0 };
    return {
      kernel: k,
      stride: stride[i] ?? k,
      dilation: dilation[i] ?? { size: 1 },
      low: pad,
      high: pad,
      ceil: flag(args, "ceil_mode"),
    };
  });
  const none = unknownTensor(x.dtype, [x]);
  const { shape } = x;
  const rank = rankRefusal(x, [count + 1, count + 2], [none]);
  if (rank !== undefined) return rank;
  const first = (shape?.length ?? 0) - count;
  const out =
    shape === undefined
      ? none
      : tensor(
          shape.map((d, i) => {
            const window = windows[i - first];
            return window === undefined ? d : positions(d, window);
          }),
          x.dtype,
        );
  const bad = refusedWindow(windows, out);
  if (bad !== undefined) return bad;
  if (shape === undefined) return ok([none]);
  const nothing = refusedEmptyInput(shape, shape.length === count + 2, out);
  if (nothing !== undefined) return nothing;
  const guards: Guard[] = [];
  const empty = windows.flatMap((window, i) => {
    const length = shape[first + i];
    return length !== undefined && tooSmall(length, window, guards) ? [first + i] : [];
  });
  if (empty.length === 0) return ok([out], guards);
  const kept = out.shape?.map((d, i) => (empty.includes(i) ? unknownFrom([x]) : d));
  return { ...emptyRefusal(empty, shape, windows, first), input: 0, assume: [{ ...out, shape: kept }] };
}

function refusedWindow(windows: readonly Window[], out: TensorType): Refusal | undefined {
  for (const { kernel, stride, dilation, low } of windows) {
    for (const [argument, dim, least] of [
      ["kernel_size", kernel, 1],
      ["stride", stride, 1],
      ["dilation", dilation, 1],
      ["padding", low, 0],
    ] as const) {
      if (typeof dim.size !== "number" || least <= dim.size) continue;
      return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, least, dim.size), [out], dim);
    }
    if (typeof low.size === "number" && typeof kernel.size === "number" && Math.floor(kernel.size / 2) < low.size) {
      const detail = t("padding must be at most half of the kernel, is {0} for a kernel of {1}", low.size, kernel.size);
      return badArgument("padding", detail, [out], low);
    }
  }
  return undefined;
}

/** Only the batch may be empty. */
function refusedEmptyInput(shape: readonly Dim[], batched: boolean, out: TensorType): Refusal | undefined {
  const at = shape.findIndex(({ size }, i) => size === 0 && !(batched && i === 0));
  if (at < 0) return undefined;
  return refuse("empty", t("axis {0} of the input is empty", at), [out], { input: 0, axes: [at] });
}

function adaptiveShape(inputs: readonly TensorType[], args: Args, maximum: boolean): ReturnType<Rule> {
  const x = input(inputs, 0);
  const one = asDim(args.output);
  const count = list(args, "output")?.length ?? (x.shape === undefined ? undefined : x.shape.length - 2);
  if (count === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const wanted = list(args, "output") ?? Array.from({ length: count }, () => one ?? null);
  const none = unknownTensor(x.dtype, [x]);
  const negative = wanted.map(asDim).find((d) => typeof d?.size === "number" && d.size < 0);
  if (negative !== undefined) {
    const detail = t("{0} must be at least {1}, is {2}", "output_size", 0, show(negative));
    return badArgument("output_size", detail, [none], negative);
  }
  const mean = !maximum && wanted.every((arg) => arg !== null && [1, undefined].includes(knownSize(arg)));
  if (x.shape === undefined) return ok([none]);
  // A mean to length 1 takes any rank, unless the length is given as a list and the axes are too few for it.
  const lenient = mean && 1 < count && (count < x.shape.length || (count === x.shape.length && args.single !== false));
  const rank = lenient ? undefined : rankRefusal(x, [count + 1, count + 2], [none]);
  if (rank !== undefined) return rank;
  const first = x.shape.length - count;
  const shape = x.shape.map((d, i) => {
    if (i < first) return d;
    const arg = wanted[i - first];
    if (arg === null || arg === undefined) return d;
    const dim = asDim(arg) ?? unknownFrom([]);
    return setBy(dim, "output_size", [dim, d]);
  });
  const out = tensor(shape, x.dtype);
  const checked = maximum || count === 3 ? 1 : first;
  const nothing = mean ? -1 : x.shape.findIndex(({ size }, i) => checked <= i && size === 0);
  if (nothing === -1) return ok([out]);
  return refuse("empty", t("axis {0} of the input is empty", nothing), [out], { input: 0, axes: [nothing] });
}

function poolExamples(): readonly Example[] {
  const half = { kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceil_mode: false };
  const stem = { kernel: [3, 3], stride: [2, 2], padding: [1, 1], ceil_mode: false };
  return [
    { inputs: [[2, 3, 8, 9]], args: half, gives: [[2, 3, 4, 4]] },
    { inputs: [["N", 64, "H", "W"]], args: stem, gives: [["N", 64, "(H + 1) // 2", "(W + 1) // 2"]] },
    { inputs: [[3, 8, 9]], args: half, gives: [[3, 4, 4]] },
    { inputs: [[2, 3, 7, 7]], args: { ...half, ceil_mode: true }, gives: [[2, 3, 4, 4]] },
    {
      inputs: [[2, 3, 3, 3]],
      args: { kernel: [1, 1], stride: [3, 3], padding: [0, 0], ceil_mode: true },
      gives: [[2, 3, 1, 1]],
    },
    {
      inputs: [[2, 3, 4, 4]],
      args: { kernel: [2, 2], stride: [3, 3], padding: [1, 1], ceil_mode: true },
      gives: [[2, 3, 2, 2]],
    },
    { inputs: [[2, 3, 1, 1]], args: { ...half, ceil_mode: true }, gives: [[2, 3, 1, 1]] },
    { inputs: [[2, 3, 1, 4]], args: half, gives: "empty" },
    { inputs: [[2, 3, 5, 5]], args: { ...half, padding: [2, 2] }, gives: "argument" },
    { inputs: [[2, 3, 5, 5]], args: { ...half, stride: [0, 1] }, gives: "argument" },
    { inputs: [[2, 3, 5, 5]], args: { ...half, kernel: [0, 1] }, gives: "argument" },
    { inputs: [[3, 5]], args: half, gives: "rank" },
    { inputs: [[2, 3, 9]], args: { kernel: [3], stride: null, padding: [1], ceil_mode: false }, gives: [[2, 3, 3]] },
    {
      inputs: [[2, 3, 4, 6, 8]],
      args: { kernel: [2, 2, 2], stride: [2, 2, 2], padding: [0, 0, 0], ceil_mode: false },
      gives: [[2, 3, 2, 3, 4]],
    },
    { inputs: [[0, 3, 8, 8]], args: half, gives: [[0, 3, 4, 4]] },
    { inputs: [[2, 0, 8, 8]], args: half, gives: "empty" },
  ];
}

/** Undefined where the length is not known or not a number. */
function knownSize(arg: Arg | undefined): number | undefined {
  const size = asDim(arg)?.size;
  return typeof size === "number" ? size : undefined;
}
