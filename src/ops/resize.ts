import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { floorDiv, mul } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, asList, dimArg, isDim, whole, word } from "./args.ts";
import { below } from "./claims.ts";
import { compute, setBy, show, timesDim, unknownFrom } from "./dims.ts";
import type { Arg, Args, Operator, Refusal } from "./operator.ts";
import {
  badArgument,
  documented,
  entry,
  input,
  ok,
  type Rule,
  rankBelow,
  rankRefusal,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";
import { indivisible, perAxis, positions, tooSmall, type Window } from "./windows.ts";

const interpolate = entry({
  name: "interpolate",
  signature: "n c h… -> n c h'…",
  parameters: {
    size: "output lengths, per spatial axis or one for all; null: by scale",
    scale: "factors, per spatial axis or one for all; null: by size",
    mode: "nearest, nearest-exact, linear, bilinear, bicubic, trilinear or area",
    align_corners: "whether the corner elements keep their place; null for the modes that do not take it",
  },
  shape: interpolateShape,
  link: documented("torch.nn.functional.interpolate"),
  examples: [
    {
      inputs: [[2, 3, 4, 5]],
      args: { size: [8, 7], scale: null, mode: "bilinear", align_corners: false },
      gives: [[2, 3, 8, 7]],
    },
    {
      inputs: [["N", 64, "H", "W"]],
      args: { size: null, scale: [2, 2], mode: "nearest", align_corners: null },
      gives: [["N", 64, "2 * H", "2 * W"]],
    },
    {
      inputs: [["N", 64, "H", "W"]],
      args: { size: null, scale: 0.5, mode: "bilinear", align_corners: false },
      gives: [["N", 64, "H // 2", "W // 2"]],
    },
    { inputs: [[2, 3, 5]], args: { size: null, scale: 1.5, mode: "linear", align_corners: true }, gives: [[2, 3, 7]] },
    {
      inputs: [[2, 3, 2, 2, 2]],
      args: { size: 3, scale: null, mode: "trilinear", align_corners: false },
      gives: [[2, 3, 3, 3, 3]],
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { size: null, scale: null, mode: "nearest", align_corners: null },
      gives: "argument",
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { size: [4, 4], scale: [2, 2], mode: "nearest", align_corners: null },
      gives: "argument",
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { size: [4], scale: null, mode: "nearest", align_corners: null },
      gives: "argument",
    },
    {
      inputs: [[2, 3, 5, 5]],
      args: { size: [4, 4], scale: null, mode: "nearest", align_corners: true },
      gives: "argument",
    },
    { inputs: [[2, 3, 5]], args: { size: [4], scale: null, mode: "bilinear", align_corners: false }, gives: "rank" },
    { inputs: [[2, 3]], args: { size: 4, scale: null, mode: "nearest", align_corners: null }, gives: "rank" },
    {
      inputs: [[2, 3, 1, 1]],
      args: { size: null, scale: [0.5, 0.5], mode: "nearest", align_corners: null },
      gives: "empty",
    },
  ],
});

const pixelShuffle = entry({
  name: "pixel_shuffle",
  signature: "… c·r² h w -> … c h·r w·r",
  parameters: { factor: "r, at least 1; its square divides the channels" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const factor = whole(args, "factor");
    if (x.shape === undefined || factor === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const none = [unknownTensor(x.dtype, [x])];
    const refusal = rankBelow(x, 3, none) ?? badFactor("upscale_factor", factor, none);
    if (refusal !== undefined) return refusal;
    const at = x.shape.length - 3;
    const channels = x.shape[at] ?? unknownFrom([]);
    const square = factor * factor;
    const arg = dimArg(args, "factor");
    const shape = x.shape.map((d, i) => {
      if (i < at || factor === 1) return d;
      if (i === at)
        return setBy(
          compute([d], (n) => floorDiv(n, square)),
          "upscale_factor",
          [arg, d],
        );
      return setBy(timesDim(d, { size: factor }), "upscale_factor", [arg, d]);
    });
    const out = [tensor(shape, x.dtype)];
    const guards: Guard[] = [];
    if (!indivisible(square, channels, guards)) return ok(out, guards);
    const detail = t("expects channels that {0} divides, gets {1}", square, show(channels));
    return refuse("shapes", detail, out, { input: 0, axes: [at], argument: "upscale_factor", found: channels });
  },
  link: documented("torch.nn.functional.pixel_shuffle"),
  examples: [
    { inputs: [[1, 8, 2, 3]], args: { factor: 2 }, gives: [[1, 2, 4, 6]] },
    { inputs: [["N", 64, "H", "W"]], args: { factor: 2 }, gives: [["N", 16, "2 * H", "2 * W"]] },
    { inputs: [[8, 2, 2]], args: { factor: 2 }, gives: [[2, 4, 4]] },
    { inputs: [[1, 6, 2, 2]], args: { factor: 2 }, gives: "shapes" },
    { inputs: [[8, 2]], args: { factor: 2 }, gives: "rank" },
    { inputs: [[1, 8, 2, 2]], args: { factor: 0 }, gives: "argument" },
  ],
});

const pixelUnshuffle = entry({
  name: "pixel_unshuffle",
  signature: "… c h·r w·r -> … c·r² h w",
  parameters: { factor: "r, at least 1; it divides height and width" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const factor = whole(args, "factor");
    if (x.shape === undefined || factor === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const none = [unknownTensor(x.dtype, [x])];
    const refusal = rankBelow(x, 3, none) ?? badFactor("downscale_factor", factor, none);
    if (refusal !== undefined) return refusal;
    const at = x.shape.length - 3;
    const guards: Guard[] = [];
    const arg = dimArg(args, "factor");
    const shape = x.shape.map((d, i) => {
      if (i < at || factor === 1) return d;
      if (i === at) return setBy(timesDim(d, { size: factor * factor }), "downscale_factor", [arg, d]);
      return setBy(
        compute([d], (n) => floorDiv(n, factor)),
        "downscale_factor",
        [arg, d],
      );
    });
    const out = [tensor(shape, x.dtype)];
    for (const axis of [at + 1, at + 2]) {
      const d = x.shape[axis];
      if (d === undefined) continue;
      if (indivisible(factor, d, guards)) {
        const detail = t("expects a length that {0} divides, gets {1}", factor, show(d));
        return refuse("shapes", detail, out, { input: 0, axes: [axis], argument: "downscale_factor", found: d });
      }
    }
    return ok(out, guards);
  },
  link: documented("torch.nn.functional.pixel_unshuffle"),
  examples: [
    { inputs: [[1, 2, 4, 6]], args: { factor: 2 }, gives: [[1, 8, 2, 3]] },
    { inputs: [["N", 3, "H", "W"]], args: { factor: 4 }, gives: [["N", 48, "H // 4", "W // 4"]] },
    { inputs: [[1, 2, 3, 6]], args: { factor: 2 }, gives: "shapes" },
    { inputs: [[4, 6]], args: { factor: 2 }, gives: "rank" },
    { inputs: [[1, 2, 4, 6]], args: { factor: 0 }, gives: "argument" },
  ],
});

/** Lays sliding windows out as columns (im2col). */
const unfold = entry({
  name: "unfold",
  signature: "n? c h w -> n? c·k·k l",
  parameters: {
    kernel: "elements, per spatial axis",
    dilation: "elements between taps, per spatial axis",
    padding: "zeros at both ends, per spatial axis",
    stride: "elements, per spatial axis",
  },
  shape: unfoldShape,
  link: documented("torch.nn.functional.unfold"),
  examples: [
    {
      inputs: [[1, 3, 5, 6]],
      args: { kernel: [3, 3], dilation: [1, 1], padding: [0, 0], stride: [1, 1] },
      gives: [[1, 27, 12]],
    },
    {
      inputs: [[3, 5, 5]],
      args: { kernel: [3, 3], dilation: [1, 1], padding: [1, 1], stride: [2, 2] },
      gives: [[27, 9]],
    },
    {
      inputs: [["N", 3, "H", "W"]],
      args: { kernel: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [2, 2] },
      gives: [["N", 12, "(H // 2) * (W // 2)"]],
    },
    {
      inputs: [[1, 3, 2, 2]],
      args: { kernel: [3, 3], dilation: [1, 1], padding: [0, 0], stride: [1, 1] },
      gives: "empty",
    },
    { inputs: [[3, 5]], args: { kernel: [3, 3], dilation: [1, 1], padding: [0, 0], stride: [1, 1] }, gives: "rank" },
    {
      inputs: [[1, 3, 5, 5]],
      args: { kernel: [3, 3], dilation: [1, 1], padding: [0, 0], stride: [0, 1] },
      gives: "argument",
    },
  ],
});

/** `Tensor.unfold`: windows along one axis, laid along a new last axis. */
const unfoldAxis = entry({
  name: "unfold_axis",
  signature: "… n … -> … l … size",
  parameters: { axis: "axis that the windows slide along", size: "elements a window", step: "elements" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [asked, size, step] = [whole(args, "axis"), dimArg(args, "size"), dimArg(args, "step")];
    if (x.shape === undefined || asked === undefined || size === undefined || step === undefined) {
      return ok([unknownTensor(x.dtype, [x])]);
    }
    const { shape } = x;
    const none = [unknownTensor(x.dtype, [x])];
    const axis = asked < 0 ? asked + shape.length : asked;
    const length = shape[axis];
    if (length === undefined)
      return badArgument(
        "dimension",
        t("axis {0} is out of range for a tensor of {1} axes", asked, shape.length),
        none,
      );
    if (typeof step.size === "number" && step.size < 1) {
      return badArgument("step", t("{0} must be at least {1}, is {2}", "step", 1, step.size), none, step);
    }
    const window: Window = {
      kernel: size,
      stride: step,
      dilation: { size: 1 },
      low: { size: 0 },
      high: { size: 0 },
      ceil: false,
    };
    const guards: Guard[] = [];
    const out = [
      tensor([...shape.map((d, i) => (i === axis ? positions(d, window) : d)), setBy(size, "size", [size])], x.dtype),
    ];
    if (!tooSmall(length, window, guards)) return ok(out, guards);
    const detail = t("a window of {0} does not fit into a padded length of {1}", show(size), show(length));
    return refuse("empty", detail, none, { input: 0, axes: [axis], argument: "size", expected: size, found: length });
  },
  link: "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.unfold.html",
  examples: [
    { inputs: [[2, 7]], args: { axis: 1, size: 3, step: 2 }, gives: [[2, 3, 3]] },
    { inputs: [["N", 3, 8, 8]], args: { axis: -2, size: 4, step: 4 }, gives: [["N", 3, 2, 8, 4]] },
    { inputs: [[2, 2]], args: { axis: 1, size: 3, step: 1 }, gives: "empty" },
    { inputs: [[2, 7]], args: { axis: 2, size: 3, step: 2 }, gives: "argument" },
  ],
});

export const RESIZES: readonly Operator[] = [interpolate, pixelShuffle, pixelUnshuffle, unfold, unfoldAxis];

function interpolateShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const mode = word(args, "mode") ?? "nearest";
  const none = [unknownTensor(x.dtype, [x])];
  const rank = rankRefusal(x, RANKS.get(mode) ?? [3, 4, 5], none);
  if (rank !== undefined) return rank;
  const [size, scale] = [args.size ?? null, args.scale ?? null];
  if ((size === null) === (scale === null)) {
    return badArgument("size", t("expects either {0} or {1}", "size", "scale_factor"), none);
  }
  if (typeof args.align_corners === "boolean" && !SMOOTH.has(mode)) {
    return badArgument("align_corners", t("{0} does not go with mode {1}", "align_corners", mode), none);
  }
  if (x.shape === undefined) return ok(none);
  const { shape } = x;
  const count = shape.length - 2;
  const given = asList(size ?? scale);
  if (given !== undefined && given.length !== count) {
    const argument = size === null ? "scale_factor" : "size";
    return badArgument(argument, t("expects {0} spatial lengths, gets {1}", count, given.length), none);
  }
  const out = shape.map((d, i) => {
    if (i < 2) return d;
    const arg: Arg | undefined = given === undefined ? (size ?? scale) : given[i - 2];
    if (size === null) return scaled(d, arg);
    const wanted = asDim(arg) ?? unknownFrom([]);
    return setBy(wanted, "size", [wanted, d]);
  });
  const guards: Guard[] = [];
  const least = mode === "area" ? 0 : 1;
  const empty = out.flatMap((d, i) => (i < 2 || !below(d, least, guards) ? [] : [i]));
  const [axis] = empty;
  if (axis === undefined) return ok([tensor(out, x.dtype)], guards);
  const detail = t("the output would have a length of {0}", show(out[axis]));
  const assume = [
    tensor(
      out.map((d, i) => (empty.includes(i) ? unknownFrom([]) : d)),
      x.dtype,
    ),
  ];
  return refuse("empty", detail, assume, { input: 0, axes: empty });
}

const RANKS: ReadonlyMap<string, readonly number[]> = new Map([
  ["linear", [3]],
  ["bilinear", [4]],
  ["bicubic", [4]],
  ["trilinear", [5]],
]);
/** Modes that `align_corners` goes with. */
const SMOOTH: ReadonlySet<string> = new Set(["linear", "bilinear", "bicubic", "trilinear"]);

/** floor(length · factor), computed in double precision as PyTorch does. */
function scaled(d: Dim, arg: Arg | undefined): Dim {
  const origin = isDim(arg) ? arg : undefined;
  const factor = typeof arg === "number" ? arg : typeof origin?.size === "number" ? origin.size : undefined;
  if (factor === undefined) return setBy(unknownFrom([origin, d]), "scale_factor", [origin, d]);
  if (factor === 1) return d;
  const out = compute([d], (n) => {
    if (typeof n === "number") return Math.floor(n * factor);
    if (Number.isInteger(factor)) return mul(n, factor);
    // A factor that is a whole number of sixteenths is exact in binary; others round differently at each size.
    const parts = factor * FINEST;
    return Number.isInteger(parts) ? floorDiv(mul(n, parts), FINEST) : undefined;
  });
  return setBy(out, "scale_factor", [origin, d]);
}

const FINEST = 16;

function unfoldShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const none = [unknownTensor(x.dtype, [x])];
  const rank = rankRefusal(x, [3, 4], none);
  if (rank !== undefined) return rank;
  const [kernel, stride] = [perAxis(args, "kernel", 2), perAxis(args, "stride", 2) ?? ONES];
  const [dilation, padding] = [perAxis(args, "dilation", 2) ?? ONES, perAxis(args, "padding", 2) ?? ZEROS];
  if (x.shape === undefined || kernel === undefined) return ok(none);
  const checks: readonly (readonly [string, readonly Dim[], number])[] = [
    ["kernel_size", kernel, 1],
    ["stride", stride, 1],
    ["dilation", dilation, 1],
    ["padding", padding, 0],
  ];
  for (const [argument, dims, least] of checks) {
    const bad = dims.find(({ size }) => typeof size === "number" && size < least);
    if (bad === undefined) continue;
    return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, least, show(bad)), none, bad);
  }
  const { shape } = x;
  const first = shape.length - 2;
  const guards: Guard[] = [];
  const counts: Dim[] = [];
  for (const [i, k] of kernel.entries()) {
    const pad = padding[i] ?? { size: 0 };
    const length = shape[first + i] ?? unknownFrom([x]);
    const window: Window = {
      kernel: k,
      stride: stride[i] ?? k,
      dilation: dilation[i] ?? k,
      low: pad,
      high: pad,
      ceil: false,
    };
    if (tooSmall(length, window, guards)) return emptyColumns(x, first + i, k, length);
    counts.push(positions(length, window));
  }
  const channels = shape[first - 1] ?? unknownFrom([x]);
  const columns = kernel.reduce(timesDim, channels);
  const count = counts.reduce(timesDim, { size: 1 });
  const out = [setBy(columns, "kernel_size", [channels, ...kernel]), setBy(count, "unfold", counts)];
  return ok([tensor([...shape.slice(0, first - 1), ...out], x.dtype)], guards);
}

function emptyColumns(x: TensorType, axis: number, kernel: Dim, length: Dim): Refusal {
  const detail = t("a window of {0} does not fit into a padded length of {1}", show(kernel), show(length));
  return refuse("empty", detail, [unknownTensor(x.dtype)], { input: 0, axes: [axis], expected: kernel, found: length });
}

function badFactor(argument: string, factor: number, assume: readonly TensorType[]): Refusal | undefined {
  if (1 <= factor) return undefined;
  return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, 1, factor), assume, { size: factor });
}

const ONES: readonly Dim[] = [{ size: 1 }, { size: 1 }];
const ZEROS: readonly Dim[] = [{ size: 0 }, { size: 0 }];
