import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { dimArg, flag, whole } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { atMost, differ } from "./claims.ts";
import { setBy, showShape, unknownFrom } from "./dims.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  documented,
  entry,
  input,
  ok,
  type Rule,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";

/** Elements read and written by number, by a mask, or by what the values are. */

const IDS = ["float32", "int64"];

/** `out[i][j] = x[index[i][j]][j]`: the index has the output's shape. */
const gather = entry({
  name: "gather",
  signature: "… n …, … k … -> … k …",
  parameters: { axis: "axis along which elements are picked" },
  shape: (inputs, args) => {
    const [x, ids] = [input(inputs, 0), input(inputs, 1)];
    const out = ids.shape === undefined ? unknownTensor(x.dtype, [ids]) : tensor(ids.shape, x.dtype);
    return refusedIndex(x, ids, undefined, args, [out]) ?? ok([out]);
  },
  link: documented("torch.gather"),
  examples: [
    {
      inputs: [
        [2, 5],
        [2, 3],
      ],
      args: { axis: 1 },
      dtypes: IDS,
      gives: [[2, 3]],
    },
    {
      inputs: [
        ["N", 9],
        ["N", 4],
      ],
      args: { axis: -1 },
      dtypes: IDS,
      gives: [["N", 4]],
    },
    { inputs: [[2, 5], [2]], args: { axis: 1 }, dtypes: IDS, gives: "rank" },
    {
      inputs: [
        [2, 5],
        [3, 3],
      ],
      args: { axis: 1 },
      dtypes: IDS,
      gives: "shapes",
    },
    {
      inputs: [
        [2, 5],
        [2, 3],
      ],
      args: { axis: 1 },
      gives: "dtype",
    },
    {
      inputs: [
        [2, 5],
        [2, 3],
      ],
      args: { axis: 2 },
      dtypes: IDS,
      gives: "argument",
    },
  ],
});

/** Writes `source` (or a number) into `x` where the index says; `scatter_add` adds it. */
function scatter(name: string): Operator {
  const types = ["float32", "int64", "float32"];
  return entry({
    name,
    signature: "… n …, … k …, … k … -> … n …",
    parameters: { axis: "axis along which elements are written", value: "what is written, if a number" },
    shape: (inputs, args) => {
      const [x, ids, source] = [input(inputs, 0), input(inputs, 1), inputs[2]];
      return refusedIndex(x, ids, source, args, [x]) ?? ok([x]);
    },
    link: documented(`torch.${name}`),
    examples: [
      {
        inputs: [
          [2, 5],
          [2, 3],
          [2, 3],
        ],
        args: { axis: 1 },
        dtypes: types,
        gives: [[2, 5]],
      },
      {
        inputs: [
          ["N", 5],
          ["N", 3],
          ["N", 3],
        ],
        args: { axis: 1 },
        dtypes: types,
        gives: [["N", 5]],
      },
      {
        inputs: [
          [2, 5],
          [2, 3],
          [2, 2],
        ],
        args: { axis: 1 },
        dtypes: types,
        gives: "shapes",
      },
      {
        inputs: [
          [2, 5],
          [3, 3],
          [3, 3],
        ],
        args: { axis: 1 },
        dtypes: types,
        gives: "shapes",
      },
      {
        inputs: [
          [2, 5],
          [2, 3],
          [2, 3],
        ],
        args: { axis: 1 },
        gives: "dtype",
      },
      {
        inputs: [
          [2, 5],
          [2, 3],
          [2, 3],
        ],
        args: { axis: 2 },
        dtypes: types,
        gives: "argument",
      },
    ],
  });
}

/** The index must have as many axes as the tensor, and be no longer than it off the axis. */
function refusedIndex(
  x: TensorType,
  ids: TensorType,
  source: TensorType | undefined,
  args: Args,
  assume: readonly TensorType[],
): Refusal | undefined {
  const asked = whole(args, "axis");
  const { shape } = x;
  const axis = shape === undefined || asked === undefined ? undefined : axisIn(asked, shape.length);
  if (shape !== undefined && asked !== undefined && axis === undefined)
    return axisRefusal("dim", asked, shape.length, assume);
  if (ids.dtype !== undefined && ids.dtype !== "int64" && ids.dtype !== "int32")
    return refuse("dtype", t("expects {0}, gets {1}", "int64", ids.dtype), assume, { input: 1 });
  if (shape === undefined || ids.shape === undefined) return undefined;
  const own = ids.shape;
  if (Math.max(own.length, 1) !== Math.max(shape.length, 1)) {
    const detail = t("expects {0} axes, gets {1}", shape.length, own.length);
    return refuse("rank", detail, assume, { input: 1, expected: { size: shape.length }, found: { size: own.length } });
  }
  const beyond = (most: readonly Dim[], skip: number | undefined): readonly number[] =>
    own.flatMap((d, i) => (i === skip || atMost(d, most[i] ?? d) ? [] : [i]));
  const longer = [...beyond(shape, axis), ...(source?.shape === undefined ? [] : beyond(source.shape, undefined))];
  // An empty index picks nothing.
  if (longer.length === 0 || own.some((d) => d.size === 0)) return undefined;
  const detail = t("expects an index within {0}, gets {1}", showShape(source?.shape ?? shape), showShape(own));
  return refuse("shapes", detail, assume, { input: 1, axes: longer });
}

/** Where the mask is true a number stands, else the input. */
const maskedFill = entry({
  name: "masked_fill",
  signature: "…, … -> …",
  parameters: { value: "what is written", in_place: "the result is written into the input" },
  shape: (inputs, args) => {
    const [x, mask] = [input(inputs, 0), input(inputs, 1)];
    if (x.shape === undefined || mask.shape === undefined) return ok([unknownTensor(x.dtype, [x, mask])]);
    const guards: Guard[] = [];
    const { shape, misfits } = broadcastShapes([x.shape, mask.shape], guards);
    const isInPlace = flag(args, "in_place");
    const out = [tensor(isInPlace ? x.shape : shape, x.dtype)];
    const own = x.shape;
    const grown = !isInPlace
      ? []
      : shape.flatMap((d, i) => {
          const before = own[i - shape.length + own.length];
          return before === undefined || (before.size === 1 && typeof d.size === "number" && d.size !== 1) ? [i] : [];
        });
    if (misfits.length !== 0 || grown.length !== 0) {
      const detail = t("cannot broadcast {0} with {1}", showShape(x.shape), showShape(mask.shape));
      return refuse("broadcast", detail, out, { axes: [...misfits, ...grown] });
    }
    if (mask.dtype === undefined || mask.dtype === "bool") return ok(out, guards);
    return refuse("dtype", t("expects {0}, gets {1}", "bool", mask.dtype), out, { input: 1 });
  },
  link: "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html",
  examples: [
    {
      inputs: [
        [2, 3, 4],
        [3, 4],
      ],
      args: { value: 0 },
      dtypes: ["float32", "bool"],
      gives: [[2, 3, 4]],
    },
    {
      inputs: [
        ["N", 8, "L", "L"],
        ["L", "L"],
      ],
      args: { value: 0 },
      dtypes: ["float32", "bool"],
      gives: [["N", 8, "L", "L"]],
    },
    { inputs: [[3], [2, 3]], args: { value: 0 }, dtypes: ["float32", "bool"], gives: [[2, 3]] },
    { inputs: [[3], [2, 3]], args: { value: 0, in_place: true }, dtypes: ["float32", "bool"], gives: "broadcast" },
    { inputs: [[2, 3], [2]], args: { value: 0 }, dtypes: ["float32", "bool"], gives: "broadcast" },
    { inputs: [[2, 3], [3]], args: { value: 0 }, gives: "dtype" },
  ],
});

/** As many elements as the values decide: `count` is what is known of that. */
function counted(
  name: string,
  parameters: Operator["parameters"],
  outputs: (inputs: readonly TensorType[], count: Dim, args: Args) => readonly TensorType[],
  examples: readonly Example[],
  refused?: (inputs: readonly TensorType[], assume: readonly TensorType[]) => Refusal | undefined,
): Operator {
  return entry({
    name,
    signature: "… -> count",
    parameters: { count: "how many the values select, if known", ...parameters },
    shape: (inputs, args): ReturnType<Rule> => {
      const count = dimArg(args, "count") ?? unknownFrom([]);
      const out = outputs(inputs, count.size === undefined ? count : setBy(count, name, [count]), args);
      return refused?.(inputs, out) ?? ok(out);
    },
    link: documented(`torch.${name}`),
    examples,
  });
}

const maskedSelect = counted(
  "masked_select",
  {},
  (inputs, count) => [tensor([count], input(inputs, 0).dtype)],
  [
    { inputs: [[2, 3], [3]], args: { count: 6 }, dtypes: ["float32", "bool"], gives: [[6]] },
    { inputs: [[2, 3], [3]], args: { count: 6 }, gives: "dtype" },
    { inputs: [[2, 3], [2]], args: { count: 6 }, dtypes: ["float32", "bool"], gives: "broadcast" },
  ],
  (inputs, assume) => {
    const [x, mask] = [input(inputs, 0), input(inputs, 1)];
    const { misfits } = broadcastShapes([x.shape ?? [], mask.shape ?? []], []);
    if (misfits.length !== 0) {
      const detail = t("cannot broadcast {0} with {1}", showShape(x.shape ?? []), showShape(mask.shape ?? []));
      return refuse("broadcast", detail, assume, { axes: misfits });
    }
    if (mask.dtype === undefined || mask.dtype === "bool") return undefined;
    return refuse("dtype", t("expects {0}, gets {1}", "bool", mask.dtype), assume, { input: 1 });
  },
);

const nonzero = counted(
  "nonzero",
  {},
  (inputs, count) => {
    const rank = input(inputs, 0).shape?.length;
    return [tensor([count, rank === undefined ? unknownFrom([]) : { size: rank }], "int64")];
  },
  [
    { inputs: [[2, 3]], args: { count: 6 }, gives: [[6, 2]] },
    { inputs: [[]], args: { count: 1 }, gives: [[1, 0]] },
  ],
);

/** Distinct values; with them, if asked for, where each element's value stands among them and how often each occurs. */
const unique = counted(
  "unique",
  { inverse: "give the positions too", counts: "give the counts too" },
  (inputs, count, args) => {
    const x = input(inputs, 0);
    return [
      tensor([count], x.dtype),
      ...(flag(args, "inverse") ? [{ ...x, dtype: "int64" as const }] : []),
      ...(flag(args, "counts") ? [tensor([count], "int64")] : []),
    ];
  },
  [
    { inputs: [[2, 3]], args: { count: 1 }, dtypes: ["int64"], gives: [[1]] },
    { inputs: [[2, 3]], args: { count: 1, inverse: true, counts: true }, dtypes: ["int64"], gives: [[1], [2, 3], [1]] },
  ],
);

/** `x.index_add(dim, index, source)` and its like: rows of `source` go to the rows of `x` that the index names. */
function intoRows(name: string): Operator {
  const types = ["float32", "int64", "float32"];
  return entry({
    name,
    signature: "… n …, k, … k … -> … n …",
    parameters: { axis: "axis along which rows are counted" },
    shape: (inputs, args) => {
      const [x, ids, source] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)];
      const asked = whole(args, "axis");
      if (x.shape === undefined || asked === undefined) return ok([x]);
      const axis = axisIn(asked, x.shape.length);
      if (axis === undefined) return axisRefusal("dim", asked, x.shape.length, [x]);
      if (ids.dtype !== undefined && ids.dtype !== "int64" && ids.dtype !== "int32")
        return refuse("dtype", t("expects {0}, gets {1}", "int64", ids.dtype), [x], { input: 1 });
      if (source.shape === undefined || ids.shape === undefined) return ok([x]);
      const guards: Guard[] = [];
      const wanted = x.shape.map((d, i) => (i === axis ? (ids.shape?.[0] ?? { size: 1 }) : d));
      const own = source.shape;
      const axes = wanted.flatMap((d, i) => (differ(d, own[i] ?? d, guards) ? [i] : []));
      if (axes.length === 0 && own.length === wanted.length) return ok([x], guards);
      const detail = t("expects a source of shape {0}, gets {1}", showShape(wanted), showShape(own));
      return refuse("shapes", detail, [x], { input: 2, axes });
    },
    link: `https://docs.pytorch.org/docs/stable/generated/torch.Tensor.${name}_.html`,
    examples: [
      { inputs: [[5, 3], [2], [2, 3]], args: { axis: 0 }, dtypes: types, gives: [[5, 3]] },
      { inputs: [[5, 3], [2], [3, 3]], args: { axis: 0 }, dtypes: types, gives: "shapes" },
      { inputs: [[5, 3], [2], [2, 3]], args: { axis: 2 }, dtypes: types, gives: "argument" },
      { inputs: [[5, 3], [2], [2, 3]], args: { axis: 0 }, gives: "dtype" },
    ],
  });
}

export const PICKING: readonly Operator[] = [
  gather,
  scatter("scatter"),
  scatter("scatter_add"),
  maskedFill,
  maskedSelect,
  nonzero,
  unique,
  intoRows("index_add"),
  intoRows("index_copy"),
];
