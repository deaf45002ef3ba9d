import type { Dim, DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { flag, isDim, real, word } from "./args.ts";
import { broadcastShapes, misfitsInto } from "./broadcast.ts";
import { showShape } from "./dims.ts";
import type { Arg, Args, Example, Operator, Refusal } from "./operator.ts";
import { badArgument, documented, entry, input, ok, type Rule, refuse, tensor, unknownTensor } from "./outcome.ts";
import { canCast, isIntegral, resultType, toFloat } from "./promote.ts";

const BROADCASTS: readonly Example[] = [
  {
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
    ],
    args: {},
    gives: [[2, 3, 4]],
  },
  {
    inputs: [
      ["N", 64, "H", "W"],
      ["N", 64, "H", "W"],
    ],
    args: {},
    gives: [["N", 64, "H", "W"]],
  },
  { inputs: [[2, 3, 4], [4]], args: {}, gives: [[2, 3, 4]] },
  {
    inputs: [
      [2, 1, 4],
      [3, 1],
    ],
    args: {},
    gives: [[2, 3, 4]],
  },
  { inputs: [[2, 3], []], args: {}, gives: [[2, 3]] },
  { inputs: [[2, 3]], args: { right: 2 }, gives: [[2, 3]] },
  { inputs: [[2, 3]], args: { left: 0.5 }, gives: [[2, 3]] },
  {
    inputs: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    args: {},
    gives: "broadcast",
  },
  { inputs: [[2, 3], [2]], args: {}, gives: "broadcast" },
];

const IN_PLACE: readonly Example[] = [
  { inputs: [[2, 3], [3]], args: { in_place: true }, gives: [[2, 3]] },
  { inputs: [[3], [2, 3]], args: { in_place: true }, gives: "broadcast" },
  {
    inputs: [
      [2, 1],
      [2, 3],
    ],
    args: { in_place: true },
    gives: "broadcast",
  },
];

/** What the operator makes of the operands' common type, and whether it takes booleans. */
type Kind = "same" | "no-bool" | "float" | "bool" | "pow" | "sub";

/** An operator of two operands that broadcast; a plain number is `args.left` or `args.right` beside one tensor. */
function binary(name: string, kind: Kind, extra: Partial<Pick<Operator, "parameters" | "link">> = {}): Operator {
  return entry({
    name,
    signature: "…, … -> …",
    parameters: {
      left: "the left operand where it is a number",
      right: "the right operand where it is a number",
      in_place: "the result is written into the left operand",
      ...extra.parameters,
    },
    shape: (inputs, args) => binaryShape(inputs, args, kind),
    link: extra.link ?? documented(`torch.${name}`),
    examples: [...BROADCASTS, ...kindExamples(kind)],
  });
}

/** An operator on the bits of whole numbers. */
function bits(name: string, takesBooleans: boolean): Operator {
  const whole = ["int64", "int64"];
  return entry({
    name,
    signature: "…, … -> …",
    parameters: {
      left: "the left operand where it is a number",
      right: "the right operand where it is a number",
      in_place: "the result is written into the left operand",
    },
    shape: (inputs, args) => {
      const outcome = binaryShape(inputs, args, "same");
      const out = outcome.kind === "ok" ? outcome.outputs : outcome.assume;
      const dtype = out[0]?.dtype;
      if (outcome.kind !== "ok" || dtype === undefined) return outcome;
      if (isIntegral(dtype) && (takesBooleans || dtype !== "bool")) return outcome;
      return refuse("dtype", t("expects whole numbers, gets {0}", dtype), out, { input: 0 });
    },
    link: documented(`torch.${name}`),
    examples: [
      { inputs: [[2, 3], [3]], args: {}, dtypes: whole, gives: [[2, 3]] },
      { inputs: [["N", 3]], args: { right: 2 }, dtypes: ["int64"], gives: [["N", 3]] },
      { inputs: [[2, 3], [2]], args: {}, dtypes: whole, gives: "broadcast" },
      { inputs: [[2, 3], [3]], args: {}, gives: "dtype" },
    ],
  });
}

const where = entry({
  name: "where",
  signature: "…, …, … -> …",
  parameters: { left: "the value where true, if a number", right: "the value where false, if a number" },
  shape: (inputs, args) => {
    const condition = input(inputs, 0);
    const branches: (TensorType | Arg | undefined)[] = [...inputs.slice(1)];
    if (given(args.left)) branches.unshift(args.left);
    if (given(args.right)) branches.push(args.right);
    const dtype = resultType(branches);
    const shapes = inputs.map((x) => x.shape);
    const known = shapes.flatMap((shape) => (shape === undefined ? [] : [shape]));
    if (known.length !== shapes.length) return ok([unknownTensor(dtype, inputs)]);
    const guards: Guard[] = [];
    const { shape, misfits } = broadcastShapes(known, guards);
    const out = tensor(shape, dtype);
    if (misfits.length !== 0) return misfit(known, misfits, out);
    if (condition.dtype !== undefined && condition.dtype !== "bool" && condition.dtype !== "uint8") {
      return refuse("dtype", t("expects a condition of booleans, gets {0}", condition.dtype), [out], { input: 0 });
    }
    return ok([out], guards);
  },
  link: documented("torch.where"),
  examples: [
    { inputs: [[2, 3], [2, 3], [3]], args: {}, dtypes: ["bool", "float32", "float32"], gives: [[2, 3]] },
    {
      inputs: [
        [2, 1],
        [1, 3],
      ],
      args: { right: 0 },
      dtypes: ["bool", "float32"],
      gives: [[2, 3]],
    },
    { inputs: [[2, 4], [2, 3], [3]], args: {}, dtypes: ["bool", "float32", "float32"], gives: "broadcast" },
    { inputs: [[2, 3], [2, 3], [3]], args: {}, gives: "dtype" },
  ],
});

export const BINARY: readonly Operator[] = [
  binary("add", "same", { parameters: { alpha: "factor of the right operand" } }),
  binary("sub", "sub", { parameters: { alpha: "factor of the right operand" } }),
  binary("mul", "same"),
  binary("div", "float", { parameters: { rounding: "floor, trunc or null" } }),
  binary("pow", "pow"),
  binary("maximum", "same"),
  binary("minimum", "same"),
  binary("floor_div", "no-bool", { link: documented("torch.floor_divide") }),
  binary("remainder", "no-bool"),
  binary("atan2", "float"),
  binary("fmod", "no-bool"),
  binary("copysign", "float"),
  binary("xlogy", "float"),
  ...["bitwise_and", "bitwise_or", "bitwise_xor"].map((name) => bits(name, true)),
  ...["bitwise_left_shift", "bitwise_right_shift"].map((name) => bits(name, false)),
  ...["eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"].map((name) =>
    binary(name, "bool"),
  ),
  where,
];

function binaryShape(inputs: readonly TensorType[], args: Args, kind: Kind): ReturnType<Rule> {
  const operands: (TensorType | Arg | undefined)[] = [...inputs];
  if (given(args.left)) operands.unshift(args.left);
  if (given(args.right)) operands.push(args.right);
  const common = resultType(operands);
  const dtype = outputType(common, kind, args);
  const known = inputs.flatMap(({ shape }) => (shape === undefined ? [] : [shape]));
  if (known.length !== inputs.length) {
    return ok([
      unknownTensor(
        dtype,
        inputs.filter(({ shape }) => shape === undefined),
      ),
    ]);
  }
  const guards: Guard[] = [];
  const { shape, misfits } = broadcastShapes(known, guards);
  const out = tensor(shape, dtype);
  const left = known[0];
  if (misfits.length !== 0) return misfit(known, misfits, out);
  if (flag(args, "in_place") && left !== undefined) {
    const demands: Guard[] = [];
    const refusal = refusedInPlace(left, known[1], shape, inputs[0]?.dtype, dtype, demands);
    if (refusal !== undefined) return refusal;
    return ok([tensor(left, inputs[0]?.dtype)], demands);
  }
  return refusedType(common, operands, inputs.length, args, kind, out) ?? ok([out], guards);
}

/** Axes count from the first of the common shape. */
function misfit(shapes: readonly (readonly Dim[])[], axes: readonly number[], out: TensorType): Refusal {
  const [left = [], right = []] = shapes.slice(-2);
  const [axis = 0] = axes;
  const rank = out.shape?.length ?? 0;
  const [expected, found] = [left[axis - rank + left.length], right[axis - rank + right.length]];
  return refuse("broadcast", t("cannot broadcast {0} with {1}", showShape(left), showShape(right)), [out], {
    axes,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  });
}

function refusedInPlace(
  left: readonly Dim[],
  right: readonly Dim[] | undefined,
  shape: readonly Dim[],
  to: DType | undefined,
  from: DType | undefined,
  guards: Guard[],
): Refusal | undefined {
  const more = shape.length - left.length;
  const axes = [
    ...Array.from({ length: more }, (_, i) => i),
    ...(right === undefined ? [] : misfitsInto(left, right, guards).map((axis) => axis + more)),
  ];
  const assume = [tensor(left, to)];
  if (axes.length !== 0) {
    const detail = t("cannot write {0} in place into {1}", showShape(shape), showShape(left));
    return refuse("broadcast", detail, assume, { input: 0, axes });
  }
  if (to === undefined || from === undefined || canCast(from, to)) return undefined;
  return refuse("dtype", t("cannot write {0} in place into {1}", from, to), assume, { input: 0 });
}

function refusedType(
  common: DType | undefined,
  operands: readonly (TensorType | Arg | undefined)[],
  inputs: number,
  args: Args,
  kind: Kind,
  out: TensorType,
): Refusal | undefined {
  if (kind === "sub" && operands.some(isBool)) {
    return refuse("dtype", t("does not take booleans"), [out], { input: operands.findIndex(isBool) });
  }
  if (common === "bool" && (kind === "no-bool" || (kind === "pow" && inputs === 2))) {
    return refuse("dtype", t("does not take booleans"), [out], { input: 0 });
  }
  const exponent = real(args, "right");
  if (kind === "pow" && exponent !== undefined && exponent < 0 && common !== undefined && isIntegral(common)) {
    return badArgument("exponent", t("whole numbers cannot be raised to a negative power"), [out]);
  }
  return undefined;
}

function isBool(operand: TensorType | Arg | undefined): boolean {
  if (typeof operand === "boolean") return true;
  return typeof operand === "object" && operand !== null && "dtype" in operand && operand.dtype === "bool";
}

function outputType(common: DType | undefined, kind: Kind, args: Args): DType | undefined {
  if (kind === "bool") return "bool";
  if (kind === "float") return word(args, "rounding") === undefined ? toFloat(common) : common;
  return common;
}

function given(arg: Arg | undefined): boolean {
  return typeof arg === "number" || typeof arg === "boolean" || isDim(arg);
}

function kindExamples(kind: Kind): readonly Example[] {
  const bools = ["bool", "bool"];
  if (kind === "sub" || kind === "no-bool" || kind === "pow") {
    return [{ inputs: [[2, 3], [3]], args: {}, dtypes: bools, gives: "dtype" }, ...IN_PLACE];
  }
  return kind === "same" ? IN_PLACE : [];
}
