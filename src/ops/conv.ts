import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimArg } from "./args.ts";
import { below, differ } from "./claims.ts";
import { compute, declaredOr, marked, product, setBy, show, timesDim, unknownFrom } from "./dims.ts";
import { dtypesClash } from "./dtypes.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
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
import { emptyRefusal, misfitVector, perAxis, positions, sides, tooSmall, type Window } from "./windows.ts";

/** Convolution over one to three spatial axes (channels first), with or without a batch axis. */
const conv: Operator = entry({
  name: "conv",
  signature: "n? in_channels h… -> n? out_channels h'…",
  parameters: {
    stride: "elements, per spatial axis",
    padding: "zeros before and after, per spatial axis: [low, high]",
    dilation: "elements between kernel taps, per spatial axis",
    groups: "whole number that divides both channel counts",
    in_channels: "declared input channels; optional",
    out_channels: "declared output channels; optional",
  },
  shape: convShape,
  cost: (inputs, _args, outputs) => {
    const weight = input(inputs, 1).shape;
    const out = outputs[0]?.shape;
    if (weight === undefined || out === undefined) return undefined;
    return timesDim(product(withoutChannels(out, weight.length - 2)), product(weight)).size;
  },
  link: documented("torch.nn.functional.conv2d"),
  examples: convExamples(),
});

/** Transposed convolution; the weight is `[in, out / groups, k…]`. */
const convTranspose: Operator = entry({
  name: "conv_transpose",
  signature: "n? in_channels h… -> n? out_channels h'…",
  parameters: {
    stride: "elements, per spatial axis",
    padding: "elements cut from both ends, per spatial axis",
    output_padding: "elements added at the end, per spatial axis; below stride or dilation",
    dilation: "elements between kernel taps, per spatial axis",
    groups: "whole number that divides both channel counts",
    in_channels: "declared input channels; optional",
    out_channels: "declared output channels; optional",
  },
  shape: transposedShape,
  cost: (inputs) => {
    const [x, weight] = [input(inputs, 0).shape, input(inputs, 1).shape];
    if (weight === undefined || x === undefined) return undefined;
    return timesDim(product(withoutChannels(x, weight.length - 2)), product(weight)).size;
  },
  link: documented("torch.nn.functional.conv_transpose2d"),
  examples: transposedExamples(),
});

export const CONVOLUTIONS: readonly Operator[] = [conv, convTranspose];

interface Setup {
  readonly spatial: number;
  readonly kernel: readonly Dim[];
  readonly stride: readonly Dim[];
  readonly dilation: readonly Dim[];
  readonly groups: Dim;
  readonly inChannels: Dim;
  readonly outChannels: Dim;
}

function convShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const setup = readSetup(inputs, args, false);
  if (setup === undefined) return ok([unknownTensor(x.dtype, inputs)]);
  const pads = sides(args, "padding", setup.spatial) ?? setup.kernel.map(() => [ZERO, ZERO] as const);
  const windows = setup.kernel.map((kernel, i): Window => {
    const [low, high] = pads[i] ?? [ZERO, ZERO];
    return { kernel, stride: setup.stride[i] ?? ONE, dilation: setup.dilation[i] ?? ONE, low, high, ceil: false };
  });
  const assume = outputOf(x, setup, (length, i) => positionsOrUnknown(length, windows[i]));
  const guards: Guard[] = [];
  const refusal =
    refusedArguments(setup, pads.flat(), assume) ??
    refusedOutputs(setup, assume) ??
    refusedInputs(inputs, setup, assume, guards);
  if (refusal !== undefined) return refusal;
  if (x.shape === undefined) return ok([assume], guards);
  const first = x.shape.length - setup.spatial;
  const { shape } = x;
  const empty = windows.flatMap((window, i) => {
    const length = shape[first + i];
    return length !== undefined && tooSmall(length, window, guards) ? [first + i] : [];
  });
  if (empty.length !== 0) {
    const unknownAxes = assume.shape?.map((d, i) => (empty.includes(i) ? unknownFrom([x]) : d));
    return { ...emptyRefusal(empty, shape, windows, first), input: 0, assume: [{ ...assume, shape: unknownAxes }] };
  }
  return ok([assume], guards);
}

function transposedShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const setup = readSetup(inputs, args, true);
  if (setup === undefined) return ok([unknownTensor(x.dtype, inputs)]);
  const padding = perAxis(args, "padding", setup.spatial) ?? setup.kernel.map(() => ZERO);
  const extra = perAxis(args, "output_padding", setup.spatial) ?? setup.kernel.map(() => ZERO);
  const lengthAt = (length: Dim, i: number): Dim => {
    const [kernel = ZERO, stride = ONE, dilation = ONE] = [setup.kernel[i], setup.stride[i], setup.dilation[i]];
    const [pad = ZERO, more = ZERO] = [padding[i], extra[i]];
    const out = compute([length, stride, pad, dilation, kernel, more], (n, s, p, d, k, o) =>
      add(add(sub(mul(sub(n, 1), s), mul(2, p)), mul(d, sub(k, 1))), add(o, 1)),
    );
    if (stride.size === 1 && out.size !== undefined && out.size === length.size) return length;
    return stride.size === 1 ? setBy(out, "padding", [pad, kernel, length]) : setBy(out, "stride", [stride, length]);
  };
  const assume = outputOf(x, setup, lengthAt);
  const guards: Guard[] = [];
  const refusal =
    refusedArguments(setup, [...padding, ...extra], assume) ??
    refusedExtra(setup, extra, assume) ??
    refusedInputs(inputs, setup, assume, guards);
  if (refusal !== undefined) return refusal;
  const first = (assume.shape?.length ?? 0) - setup.spatial;
  // The kernel that PyTorch takes for one image, or for much output padding, refuses an empty output; the other makes it.
  const single = first === 1 || assume.shape?.[0]?.size === 1;
  const big = extra.some(({ size }, i) => typeof size === "number" && size >= Number(setup.stride[i]?.size ?? size));
  const least = big || (single && setup.groups.size === 1) ? 1 : 0;
  const empty = (assume.shape ?? []).flatMap((d, i) => (first <= i && below(d, least, guards) ? [i] : []));
  if (empty.length !== 0) {
    const found = assume.shape?.[empty[0] ?? 0];
    const shape = assume.shape?.map((d, i) => (empty.includes(i) ? unknownFrom([x]) : d));
    return refuse("empty", t("the output would have a length of {0}", show(found)), [{ ...assume, shape }], {
      input: 0,
      axes: empty,
      ...(found === undefined ? {} : { found }),
    });
  }
  return ok([assume], guards);
}

function readSetup(inputs: readonly TensorType[], args: Args, transposed: boolean): Setup | undefined {
  const weight = input(inputs, 1).shape;
  const strides = args.stride;
  const spatial = weight !== undefined ? weight.length - 2 : Array.isArray(strides) ? strides.length : undefined;
  if (spatial === undefined || spatial < 1) return undefined;
  const unknown = unknownFrom([input(inputs, 1)]);
  const groups = args.groups === undefined ? ONE : (dimArg(args, "groups") ?? unknown);
  const grouped = (part: Dim | undefined): Dim =>
    part === undefined ? unknown : groups.size === 1 ? part : marked(timesDim(part, groups), [part]);
  const [first, second] = [weight?.[0], weight?.[1]];
  const read = (name: string): readonly Dim[] =>
    perAxis(args, name, spatial) ?? Array.from({ length: spatial }, () => (args[name] === undefined ? ONE : unknown));
  const declare = (name: string, dim: Dim): Dim => declaredOr(dimArg(args, name), dim);
  return {
    spatial,
    kernel: weight?.slice(2) ?? Array.from({ length: spatial }, () => unknown),
    stride: read("stride"),
    dilation: read("dilation"),
    groups,
    inChannels: declare("in_channels", transposed ? (first ?? unknown) : grouped(second)),
    outChannels: declare("out_channels", transposed ? grouped(second) : (first ?? unknown)),
  };
}

function outputOf(x: TensorType, setup: Setup, lengthAt: (length: Dim, spatialAxis: number) => Dim): TensorType {
  if (x.shape === undefined || !fitsRank(x.shape.length, setup)) return unknownTensor(x.dtype, [x]);
  const channel = x.shape.length - setup.spatial - 1;
  const out = setBy(setup.outChannels, "out_channels", [setup.outChannels]);
  return tensor(
    x.shape.map((d, i) => (i < channel ? d : i === channel ? out : lengthAt(d, i - channel - 1))),
    x.dtype,
  );
}

function fitsRank(rank: number, setup: Setup): boolean {
  return rank === setup.spatial + 1 || rank === setup.spatial + 2;
}

function refusedArguments(setup: Setup, pads: readonly Dim[], assume: TensorType): Refusal | undefined {
  for (const [argument, dims, least] of [
    ["stride", setup.stride, 1],
    ["dilation", setup.dilation, 1],
    ["groups", [setup.groups], 1],
    ["padding", pads, 0],
  ] as const) {
    const bad = dims.find((d) => typeof d.size === "number" && d.size < least);
    if (bad !== undefined) {
      return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, least, show(bad)), [assume], bad);
    }
  }
  const groups = setup.groups.size;
  const out = setup.outChannels.size;
  if (typeof groups === "number" && typeof out === "number" && out % groups !== 0) {
    return badArgument(
      "groups",
      t("{0} groups do not divide {1} output channels", groups, out),
      [assume],
      setup.groups,
    );
  }
  return undefined;
}

/** A weight for no output channels, which the layers build and the kernels refuse. */
function refusedOutputs({ outChannels, groups }: Setup, assume: TensorType): Refusal | undefined {
  const [out, least] = [outChannels.size, groups.size];
  if (typeof out !== "number" || typeof least !== "number" || least <= out) return undefined;
  const detail = t("{0} must be at least {1}, is {2}", "out_channels", least, out);
  return badArgument("out_channels", detail, [assume], outChannels);
}

function refusedExtra(setup: Setup, extra: readonly Dim[], assume: TensorType): Refusal | undefined {
  const bad = extra.find(({ size }, i) => {
    const [stride, dilation] = [setup.stride[i]?.size, setup.dilation[i]?.size];
    if (typeof size !== "number" || typeof stride !== "number" || typeof dilation !== "number") return false;
    return stride <= size && dilation <= size;
  });
  if (bad === undefined) return undefined;
  const detail = t("output_padding must be smaller than stride or dilation, is {0}", show(bad));
  return badArgument("output_padding", detail, [assume], bad);
}

function refusedInputs(
  inputs: readonly TensorType[],
  setup: Setup,
  assume: TensorType,
  guards: Guard[],
): Refusal | undefined {
  const [x, weight, bias] = inputs;
  if (x === undefined) return undefined;
  const rank = rankRefusal(x, [setup.spatial + 1, setup.spatial + 2], [assume]);
  if (rank !== undefined) return rank;
  const axis = x.shape === undefined ? undefined : x.shape.length - setup.spatial - 1;
  const channels = axis === undefined ? undefined : x.shape?.[axis];
  if (axis !== undefined && channels !== undefined && differ(setup.inChannels, channels, guards)) {
    const detail = t("expects {0} channels, gets {1}", show(setup.inChannels), show(channels));
    const more = { input: 0, axes: [axis], argument: "in_channels", expected: setup.inChannels, found: channels };
    return refuse("channels", detail, [assume], more);
  }
  if (misfitVector(bias?.shape, setup.outChannels, guards)) {
    const detail = t("expects a bias of {0} elements", show(setup.outChannels));
    return refuse("shapes", detail, [assume], { input: 2, axes: [0], expected: setup.outChannels });
  }
  return dtypesClash([x, weight], [assume]);
}

function positionsOrUnknown(length: Dim, window: Window | undefined): Dim {
  return window === undefined ? unknownFrom([length]) : positions(length, window);
}

/** A feature map's batch and spatial dims. */
function withoutChannels(shape: readonly Dim[], spatial: number): readonly Dim[] {
  return shape.filter((_, axis) => axis !== shape.length - spatial - 1);
}

const ZERO: Dim = { size: 0 };
const ONE: Dim = { size: 1 };

function convExamples(): readonly Example[] {
  const plain = {
    stride: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ],
    dilation: [1, 1],
    groups: 1,
  };
  const w3 = [8, 4, 3, 3];
  return [
    { inputs: [[2, 4, 7, 7], w3], args: plain, gives: [[2, 8, 7, 7]] },
    { inputs: [[2, 4, 7, 7], w3, [8]], args: { ...plain, stride: [2, 2] }, gives: [[2, 8, 4, 4]] },
    {
      inputs: [
        ["N", 3, "H", "W"],
        [64, 3, 7, 7],
      ],
      args: {
        stride: [2, 2],
        padding: [
          [3, 3],
          [3, 3],
        ],
        dilation: [1, 1],
        groups: 1,
      },
      gives: [["N", 64, "(H + 1) // 2", "(W + 1) // 2"]],
    },
    { inputs: [[4, 7, 7], w3], args: plain, gives: [[8, 7, 7]] },
    { inputs: [[2, 5, 7, 7], w3], args: plain, gives: "channels" },
    { inputs: [[2, 4, 7], w3], args: plain, gives: "channels" },
    { inputs: [[4, 7], w3], args: plain, gives: "rank" },
    {
      inputs: [[2, 4, 2, 7], w3],
      args: {
        ...plain,
        padding: [
          [0, 0],
          [0, 0],
        ],
      },
      gives: "empty",
    },
    { inputs: [[2, 8, 5, 5], w3], args: { ...plain, groups: 2 }, gives: [[2, 8, 5, 5]] },
    { inputs: [[2, 12, 5, 5], w3], args: { ...plain, groups: 3 }, gives: "argument" },
    {
      inputs: [
        [2, 8, 5, 5],
        [0, 8, 3, 3],
      ],
      args: plain,
      gives: "argument",
    },
    { inputs: [[2, 4, 7, 7], w3], args: { ...plain, stride: [0, 1] }, gives: "argument" },
    {
      inputs: [[2, 4, 7, 7], w3],
      args: {
        ...plain,
        padding: [
          [-1, -1],
          [0, 0],
        ],
      },
      gives: "argument",
    },
    { inputs: [[2, 4, 7, 7], w3], args: { ...plain, dilation: [0, 1] }, gives: "argument" },
    { inputs: [[2, 4, 7, 7], w3, [7]], args: plain, gives: "shapes" },
    { inputs: [[2, 4, 7, 7], w3], args: plain, dtypes: ["int64", "float32"], gives: "dtype" },
    {
      inputs: [
        [2, 4, 9],
        [6, 4, 3],
      ],
      args: { stride: [1], padding: [[0, 1]], dilation: [2], groups: 1 },
      gives: [[2, 6, 6]],
    },
    {
      inputs: [
        [1, 2, 4, 5, 6],
        [3, 2, 2, 2, 2],
      ],
      args: {
        stride: [1, 2, 1],
        padding: [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        dilation: [1, 1, 1],
        groups: 1,
      },
      gives: [[1, 3, 3, 2, 5]],
    },
    { inputs: [[0, 4, 7, 7], w3], args: plain, gives: [[0, 8, 7, 7]] },
  ];
}

function transposedExamples(): readonly Example[] {
  const plain = { stride: [2, 2], padding: [0, 0], output_padding: [0, 0], dilation: [1, 1], groups: 1 };
  return [
    {
      inputs: [
        [2, 4, 5, 5],
        [4, 3, 2, 2],
      ],
      args: plain,
      gives: [[2, 3, 10, 10]],
    },
    {
      inputs: [
        ["N", 4, "H", "W"],
        [4, 3, 2, 2],
      ],
      args: plain,
      gives: [["N", 3, "2 * H", "2 * W"]],
    },
    {
      inputs: [[2, 4, 5, 5], [4, 3, 3, 3], [6]],
      args: { ...plain, padding: [1, 1], output_padding: [1, 1], groups: 2 },
      gives: [[2, 6, 10, 10]],
    },
    {
      inputs: [
        [4, 5, 5],
        [4, 3, 2, 2],
      ],
      args: plain,
      gives: [[3, 10, 10]],
    },
    {
      inputs: [
        [2, 3, 5, 5],
        [4, 3, 2, 2],
      ],
      args: plain,
      gives: "channels",
    },
    {
      inputs: [
        [2, 4, 5, 5],
        [4, 3, 2, 2],
      ],
      args: { ...plain, output_padding: [2, 2] },
      gives: "argument",
    },
    {
      inputs: [
        [2, 4, 5, 5],
        [4, 3, 2, 2],
      ],
      args: { ...plain, stride: [0, 0] },
      gives: "argument",
    },
    {
      inputs: [
        [1, 4, 1, 1],
        [4, 3, 2, 2],
      ],
      args: { ...plain, padding: [1, 1] },
      gives: "empty",
    },
    {
      inputs: [
        [2, 4, 1, 1],
        [4, 3, 2, 2],
      ],
      args: { ...plain, padding: [1, 1] },
      gives: [[2, 3, 0, 0]],
    },
    {
      inputs: [
        [2, 4, 1, 1],
        [4, 3, 1, 1],
      ],
      args: { ...plain, padding: [1, 1] },
      gives: "empty",
    },
    {
      inputs: [
        [2, 4],
        [4, 3, 2, 2],
      ],
      args: plain,
      gives: "rank",
    },
    {
      inputs: [
        [2, 4, 5],
        [4, 3, 2],
      ],
      args: { stride: [1], padding: [0], output_padding: [0], dilation: [3], groups: 1 },
      gives: [[2, 3, 8]],
    },
  ];
}
