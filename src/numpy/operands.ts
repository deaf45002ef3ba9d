import { itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { type UnknownValue, unknown, type Value } from "../eval/value.ts";
import { toFloat, whyOf } from "../lang/arithmetic.ts";
import { operator } from "../ops/catalogue.ts";
import type { Args } from "../ops/operator.ts";
import type { Dim, DType, TensorType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { arrayOf, type HostArray } from "../values/array.ts";
import { binaryValues } from "../values/pointwise.ts";
import { valuesOf } from "../values/values.ts";
import { arrayValue } from "./classes.ts";

/** What numpy's functions take for an array, and their arithmetic. */

/** `weak`: one of Python's numbers, which takes on the other operand's type. */
export interface Operand {
  readonly type: TensorType;
  readonly host: HostArray | undefined;
  readonly weak?: true;
}

const LOST: Why = { reason: t("an array that is not known") };

/** An argument as an array; why not, where it cannot be followed. */
export function operandOf(interp: Interp, value: Value): Operand | Why {
  if (value.kind === "instance" && value.payload?.kind === "tensor") return operandOf(interp, value.payload);
  if (value.kind === "tensor") return { type: value.type, host: value.host };
  if (value.kind === "int" || value.kind === "float" || value.kind === "bool") {
    const dtype = numberType(value);
    const known = toFloat(value);
    const isWeak = value.kind !== "bool" && value.cls === undefined;
    return {
      type: { shape: [], dtype },
      host: known === undefined || dtype === undefined ? undefined : arrayOf(dtype, [], [known]),
      ...(isWeak ? { weak: true as const } : {}),
    };
  }
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "range") return whyOf(value) ?? LOST;
  const shape: Dim[] = [];
  const flat: (number | undefined)[] = [];
  const types: (DType | undefined)[] = [];
  const lost = walk(interp, value, 0, shape, flat, types);
  if (lost !== undefined) return lost;
  const dtype = types.length === 0 ? "float64" : types.reduce((a, b) => promote(a, b));
  const known = flat.filter((n) => n !== undefined);
  const lengths = shape.map(({ size }) => Number(size));
  const host = known.length === flat.length && dtype !== undefined ? arrayOf(dtype, lengths, known) : undefined;
  return { type: { shape, dtype }, host };
}

function numberType(value: Value): DType | undefined {
  if (value.kind === "bool") return "bool";
  const own = value.kind === "int" || value.kind === "float" ? value.cls?.name : undefined;
  if (own !== undefined) return own as DType;
  return value.kind === "int" ? "int64" : value.kind === "float" ? "float64" : undefined;
}

function walk(
  interp: Interp,
  value: Value,
  depth: number,
  shape: Dim[],
  flat: (number | undefined)[],
  types: (DType | undefined)[],
): Why | undefined {
  if (value.kind === "int" || value.kind === "float" || value.kind === "bool") {
    if (depth !== shape.length) return LOST;
    flat.push(toFloat(value));
    types.push(numberType(value));
    return undefined;
  }
  const inner = value.kind === "instance" && value.payload?.kind === "tensor" ? value.payload : value;
  if (inner.kind === "tensor") {
    const own = inner.type.shape;
    if (own === undefined) return inner.type.why ?? LOST;
    if (flat.length === 0) shape.push(...own);
    types.push(inner.type.dtype);
    if (inner.host === undefined || inner.host.fuzz !== undefined) flat.push(undefined);
    else flat.push(...inner.host.data);
    return undefined;
  }
  if (inner.kind !== "list" && inner.kind !== "tuple" && inner.kind !== "range") return whyOf(inner) ?? LOST;
  const items = itemsOf(interp, inner);
  if (isWhy(items)) return items;
  if (shape.length === depth && flat.length === 0) shape.push({ size: items.length });
  if (shape[depth]?.size !== items.length) return LOST;
  for (const item of items) {
    const lost = walk(interp, item, depth + 1, shape, flat, types);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

const WIDTHS: Readonly<Partial<Record<DType, number>>> = { int8: 8, uint8: 8, int16: 16, int32: 32, int64: 64 };
const FLOATS: readonly DType[] = ["float16", "float32", "float64"];

/** The type that numpy brings two element types to. */
export function promote(a: DType | undefined, b: DType | undefined): DType | undefined {
  if (a === undefined || b === undefined || a === b) return a === undefined ? undefined : a === b ? a : undefined;
  if (a === "bool") return b;
  if (b === "bool") return a;
  if (a.startsWith("complex") || b.startsWith("complex")) return undefined;
  const [fa, fb] = [FLOATS.indexOf(a), FLOATS.indexOf(b)];
  if (0 <= fa && 0 <= fb) return FLOATS[Math.max(fa, fb)];
  if (fa < 0 && fb < 0) {
    const [wa, wb] = [WIDTHS[a] ?? 0, WIDTHS[b] ?? 0];
    if (wa === wb) return "int16";
    return wa < wb ? b : a;
  }
  const [kind, width] = 0 <= fa ? [fa, WIDTHS[b] ?? 64] : [fb, WIDTHS[a] ?? 64];
  return FLOATS[Math.max(kind, width === 8 ? 0 : width === 16 ? 1 : 2)];
}

function common(a: Operand, b: Operand): DType | undefined {
  const [x, y] = [a.type.dtype, b.type.dtype];
  if (a.weak === b.weak || x === undefined || y === undefined) return promote(x, y);
  const [strong, weak] = a.weak ? [y, x] : [x, y];
  if (weak === "float64") return strong.startsWith("float") || strong.startsWith("complex") ? strong : "float64";
  return strong === "bool" ? "int64" : strong;
}

const isFloat = (dtype: DType): boolean => dtype.startsWith("float");
const COMPARISONS: ReadonlySet<string> = new Set("eq ne lt le gt ge logical_and logical_or logical_xor".split(" "));
const BOOLEAN: Readonly<Record<string, string>> = {
  bitwise_and: "logical_and",
  bitwise_or: "logical_or",
  bitwise_xor: "logical_xor",
  mul: "logical_and",
  add: "logical_or",
};

/** An operator on two arrays that broadcast. */
export function arithmetic(interp: Interp, op: string, left: Operand, right: Operand): Value {
  const brought = common(left, right);
  const name = brought === "bool" ? (BOOLEAN[op] ?? op) : op;
  const dtype =
    COMPARISONS.has(name) && brought !== undefined
      ? "bool"
      : op === "div" && brought !== undefined && !isFloat(brought)
        ? "float64"
        : brought;
  const outcome = operator("add")?.shape([left.type, right.type].map(asFloat), {});
  const shape = outcome?.kind === "ok" ? outcome.outputs[0]?.shape : undefined;
  if (outcome?.kind !== "ok" || shape === undefined)
    return unknown(outcome?.kind === "ok" ? LOST : { reason: t("arrays that do not broadcast") });
  const lengths = shape.map(({ size }) => size);
  const isKnown = lengths.every((size) => typeof size === "number");
  const host =
    isKnown && left.host !== undefined && right.host !== undefined && brought !== undefined && dtype !== undefined
      ? binaryValues(name, left.host, right.host, lengths, brought, dtype)
      : undefined;
  return arrayValue(interp, { shape, dtype }, host);
}

/** Only lengths are asked of a rule. */
const asFloat = (type: TensorType): TensorType => ({ ...type, dtype: "float32" });

/** Operators whose later inputs pick elements: there the element type matters. */
const PICKING: ReadonlySet<string> = new Set(["gather_index", "index"]);

/**
 * A catalogue operator on arrays; the outputs have the element type `dtype`, absent: the first input's. What the rule
 * refuses is not followed: numpy has rules of its own.
 */
export function through(
  interp: Interp,
  op: string,
  operands: readonly Operand[],
  args: Args,
  dtype: DType | undefined = operands[0]?.type.dtype,
): readonly Value[] | UnknownValue {
  const rule = operator(op);
  const outcome = rule?.shape(
    operands.map(({ type }, i) => ((i === 0 ? op === "where" : PICKING.has(op)) ? type : asFloat(type))),
    args,
  );
  if (outcome?.kind !== "ok") return unknown({ reason: t("numpy's {0} of such arrays is not followed", op) });
  const types = outcome.outputs.map((type): TensorType => ({ ...type, dtype }));
  const known = operands.flatMap(({ type, host }) => (host === undefined ? [] : [{ type, host }]));
  const values = known.length === operands.length && 0 < known.length ? valuesOf(op, known, args, types) : undefined;
  return types.map((type, i) => arrayValue(interp, type, values?.[i]));
}

/** {@link through} for one output. */
export function one(
  interp: Interp,
  op: string,
  operands: readonly (Operand | Why)[],
  args: Args,
  dtype?: DType,
): Value {
  const known: Operand[] = [];
  for (const operand of operands) {
    if (isWhy(operand)) return unknown(operand);
    known.push(operand as Operand);
  }
  const made = dtype === undefined ? through(interp, op, known, args) : through(interp, op, known, args, dtype);
  return Array.isArray(made) ? ((made as readonly Value[])[0] ?? unknown(LOST)) : (made as UnknownValue);
}
