import type { Dim, DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { dimArg, dtypeArg, flag, whole, wholeOrList } from "./args.ts";
import { below } from "./claims.ts";
import { product, setBy, show } from "./dims.ts";
import { refuseIntegral } from "./dtypes.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  type Rule,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";
import { isIntegral } from "./promote.ts";

const SINGLE: readonly Example[] = [
  { inputs: [[2, 3, 4]], args: { axes: 1, keepdim: false }, gives: [[2, 4]] },
  { inputs: [["N", 3, "L"]], args: { axes: -1, keepdim: true }, gives: [["N", 3, 1]] },
  { inputs: [[2, 3, 4]], args: { axes: null, keepdim: false }, gives: [[]] },
  { inputs: [[2, 3]], args: { axes: 2, keepdim: false }, gives: "argument" },
  { inputs: [[2, 3]], args: { axes: -3, keepdim: false }, gives: "argument" },
];

const SEVERAL: readonly Example[] = [
  { inputs: [["N", 512, "H", "W"]], args: { axes: [2, 3], keepdim: false }, gives: [["N", 512]] },
  { inputs: [[2, 3, 4, 5]], args: { axes: [-1, -2], keepdim: true }, gives: [[2, 3, 1, 1]] },
  { inputs: [[2, 3, 4]], args: { axes: [1, -2], keepdim: false }, gives: "argument" },
];

/** How a reduction treats element types, and whether it needs at least one element. */
interface Kind {
  readonly dtype: "same" | "sum" | "floating" | "index" | "bool";
  readonly needsElement?: true;
  /** Takes one axis or all, not a list. */
  readonly single?: true;
  /** What an empty list of axes means where it does not mean all. */
  readonly emptyList?: "none" | "refused";
}

const PARAMETERS = {
  axes: "axes that are reduced, as one number or a list; null: all",
  keepdim: "keep them as length 1",
};

function reduction(name: string, kind: Kind, extra: Partial<Pick<Operator, "parameters" | "link">> = {}): Operator {
  return entry({
    name,
    signature: "… -> …",
    parameters: { ...PARAMETERS, ...extra.parameters },
    shape: (inputs, args) => reduceShape(input(inputs, 0), args, kind),
    link: extra.link ?? documented(`torch.${name}`),
    examples: kind.single
      ? SINGLE
      : [
          ...SINGLE,
          ...SEVERAL,
          {
            inputs: [[2, 3, 4]],
            args: { axes: [], keepdim: false },
            gives: kind.emptyList === "refused" ? "argument" : kind.emptyList === "none" ? [[2, 3, 4]] : [[]],
          },
        ],
  });
}

/** Greatest or least values along one axis and where they stand. */
function withIndices(name: string): Operator {
  return entry({
    name,
    signature: "… -> …, …",
    parameters: { axis: "axis that is reduced", keepdim: "keep it as length 1" },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const outcome = reduceShape(x, { ...args, axes: args.axis ?? null }, { dtype: "same", needsElement: true });
      return outcome.kind === "refused"
        ? { ...outcome, assume: outcome.assume.flatMap(withIndexType) }
        : { ...outcome, outputs: outcome.outputs.flatMap(withIndexType) };
    },
    link: documented(name.startsWith("max") ? "torch.max" : "torch.min"),
    examples: [
      {
        inputs: [[2, 3, 4]],
        args: { axis: 1, keepdim: false },
        gives: [
          [2, 4],
          [2, 4],
        ],
      },
      {
        inputs: [["N", 3, "L"]],
        args: { axis: -1, keepdim: true },
        gives: [
          ["N", 3, 1],
          ["N", 3, 1],
        ],
      },
      { inputs: [[2, 3]], args: { axis: 2, keepdim: false }, gives: "argument" },
    ],
  });
}

const topk = entry({
  name: "topk",
  signature: "… n … -> … k …, … k …",
  parameters: { k: "elements kept", axis: "axis along which they are chosen" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [k, asked] = [dimArg(args, "k"), args.axis === undefined ? -1 : whole(args, "axis")];
    if (x.shape === undefined || asked === undefined || k === undefined)
      return ok(withIndexType(unknownTensor(x.dtype, [x])));
    const axis = axisIn(asked, x.shape.length);
    if (axis === undefined) return axisRefusal("dim", asked, x.shape.length, withIndexType(x));
    const length = x.shape[axis] ?? { size: 1 };
    const out = withIndexType(
      tensor(
        x.shape.map((d, i) => (i === axis ? setBy(k, "k", [k]) : d)),
        x.dtype,
      ),
    );
    const guards: Guard[] = [];
    const known = typeof k.size === "number" ? k.size : undefined;
    if (known !== undefined && (known < 0 || below(length, known, guards))) {
      return badArgument("k", t("k {0} is out of range for a length of {1}", known, show(length)), out, k);
    }
    return ok(out, guards);
  },
  link: documented("torch.topk"),
  examples: [
    {
      inputs: [[2, 5]],
      args: { k: 3, axis: -1 },
      gives: [
        [2, 3],
        [2, 3],
      ],
    },
    {
      inputs: [["N", 1000]],
      args: { k: 5, axis: 1 },
      gives: [
        ["N", 5],
        ["N", 5],
      ],
    },
    { inputs: [[2, 5]], args: { k: 6, axis: -1 }, gives: "argument" },
    { inputs: [[2, 5]], args: { k: 1, axis: 2 }, gives: "argument" },
  ],
});

function alongAxis(
  name: string,
  outputs: (x: TensorType, args: Args) => readonly TensorType[],
  example: Example,
): Operator {
  return entry({
    name,
    signature: "… -> …",
    parameters: { axis: "axis along which it runs" },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const axis = args.axis === undefined ? -1 : whole(args, "axis");
      const out = outputs(x, args);
      if (axis === undefined || x.shape === undefined || axisIn(axis, x.shape.length) !== undefined) return ok(out);
      return axisRefusal("dim", axis, x.shape.length, out);
    },
    link: documented(`torch.${name}`),
    examples: [example, { inputs: [[2, 3]], args: { axis: 2 }, gives: "argument" }],
  });
}

export const REDUCTIONS: readonly Operator[] = [
  reduction("mean", { dtype: "floating" }),
  reduction("sum", { dtype: "sum" }),
  reduction("max", { dtype: "same", needsElement: true }, { link: documented("torch.amax") }),
  reduction("min", { dtype: "same", needsElement: true }, { link: documented("torch.amin") }),
  reduction("var", { dtype: "floating" }, { parameters: { correction: "subtracted from the count" } }),
  reduction("std", { dtype: "floating" }, { parameters: { correction: "subtracted from the count" } }),
  reduction("prod", { dtype: "sum", single: true }),
  reduction("argmax", { dtype: "index", needsElement: true, single: true }),
  reduction("argmin", { dtype: "index", needsElement: true, single: true }),
  reduction("norm", { dtype: "floating" }, { parameters: { p: "exponent" }, link: documented("torch.norm") }),
  reduction("logsumexp", { dtype: "floating", emptyList: "refused" }),
  reduction("any", { dtype: "bool", emptyList: "none" }),
  reduction("all", { dtype: "bool", emptyList: "none" }),
  withIndices("max_with_indices"),
  withIndices("min_with_indices"),
  topk,
  alongAxis("sort", withIndexType, {
    inputs: [[2, 3]],
    args: { axis: 1 },
    gives: [
      [2, 3],
      [2, 3],
    ],
  }),
  alongAxis("argsort", (x) => [{ ...x, dtype: "int64" }], { inputs: [[2, 3]], args: { axis: 1 }, gives: [[2, 3]] }),
  alongAxis("cumsum", (x, args) => [{ ...x, dtype: dtypeArg(args, "dtype") ?? summed(x.dtype) }], {
    inputs: [["N", "L", 3]],
    args: { axis: 1 },
    gives: [["N", "L", 3]],
  }),
];

function reduceShape(x: TensorType, args: Args, kind: Kind): ReturnType<Rule> {
  const dtype = dtypeArg(args, "dtype") ?? outputType(x.dtype, kind);
  const asked = args.axes === null || args.axes === undefined ? [] : wholeOrList(args, "axes");
  const keep = flag(args, "keepdim");
  const { shape } = x;
  if (shape === undefined || asked === undefined) {
    // All axes at once gives one number whatever the rank is.
    const listed = Array.isArray(args.axes) && kind.emptyList !== undefined;
    const scalar = asked !== undefined && asked.length === 0 && !keep && !listed;
    return ok([scalar ? tensor([], dtype) : unknownTensor(dtype, [x])]);
  }
  const emptyList = Array.isArray(args.axes) && asked.length === 0 ? kind.emptyList : undefined;
  const axes = new Set<number>();
  const none = [unknownTensor(dtype, [x])];
  for (const axis of asked) {
    const at = axisIn(axis, shape.length);
    if (at === undefined) return axisRefusal("dim", axis, shape.length, none);
    if (axes.has(at)) return badArgument("dim", t("axis {0} appears more than once", axis), none, { size: axis });
    axes.add(at);
  }
  if (emptyList === "refused") return badArgument("dim", t("expects at least one axis"), none);
  const reduced = (axis: number): boolean => (axes.size === 0 && emptyList !== "none") || axes.has(axis);
  const kept = shape.flatMap((d, i): Dim[] => (!reduced(i) ? [d] : keep ? [setBy({ size: 1 }, "keepdim", [])] : []));
  const out = tensor(kept, dtype);
  return refusedReduction(x, shape, reduced, kind, args, out) ?? ok([out]);
}

function refusedReduction(
  x: TensorType,
  shape: readonly Dim[],
  reduced: (axis: number) => boolean,
  kind: Kind,
  args: Args,
  out: TensorType,
): Refusal | undefined {
  if (kind.dtype === "floating" && dtypeArg(args, "dtype") === undefined) {
    const refusal = refuseIntegral(x, [out]);
    if (refusal !== undefined) return refusal;
  }
  if (kind.dtype === "index" && x.dtype === "bool") {
    return refuse("dtype", t("does not take booleans"), [out], { input: 0 });
  }
  const gone = shape.filter((_, i) => reduced(i));
  const at = shape.findIndex((d, i) => reduced(i) && d.size === 0);
  if (kind.needsElement && at !== -1 && product(gone).size === 0) {
    return refuse("empty", t("axis {0} of the input is empty", at), [out], { input: 0, axes: [at] });
  }
  return undefined;
}

function outputType(dtype: DType | undefined, kind: Kind): DType | undefined {
  switch (kind.dtype) {
    case "same":
    case "floating":
      return dtype;
    case "sum":
      return summed(dtype);
    case "index":
      return "int64";
    case "bool":
      return dtype === "uint8" || dtype === undefined ? dtype : "bool";
  }
}

/** Sums of whole numbers and booleans are int64. */
function summed(dtype: DType | undefined): DType | undefined {
  return dtype !== undefined && isIntegral(dtype) ? "int64" : dtype;
}

function withIndexType(values: TensorType): readonly TensorType[] {
  return [values, { ...values, dtype: "int64" }];
}
