import type { DType, TensorType } from "../shape/dim.ts";
import { isDim } from "./args.ts";
import type { Arg } from "./operator.ts";

/**
 * Element types of results, as `torch.result_type` gives them
 * (https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
 */

/** What an operand is for promotion: tensors with axes win over tensors without, those over plain numbers. */
interface Operand {
  readonly dtype: DType;
  readonly rank: 0 | 1 | 2;
}

type Category = 0 | 1 | 2 | 3;

/** The element type that the operands are brought to; undefined if one is unknown. */
export function resultType(operands: readonly (TensorType | Arg | undefined)[]): DType | undefined {
  let best: Operand | undefined;
  for (const item of operands) {
    const next = operand(item);
    if (next === undefined) return undefined;
    best = best === undefined ? next : meet(best, next);
  }
  return best?.dtype;
}

/** Whole numbers and booleans. */
export function isIntegral(dtype: DType): boolean {
  return category(dtype) < 2;
}

/** Whether a result of type `from` may be written into a tensor of type `to`. */
export function canCast(from: DType, to: DType): boolean {
  return category(from) <= category(to);
}

/** Whole numbers become float32; other types stay. */
export function toFloat(dtype: DType | undefined): DType | undefined {
  return dtype === undefined || !isIntegral(dtype) ? dtype : "float32";
}

function operand(item: TensorType | Arg | undefined): Operand | undefined {
  if (typeof item === "number") return { dtype: "float32", rank: 0 };
  if (typeof item === "boolean") return { dtype: "bool", rank: 0 };
  if (typeof item !== "object" || item === null) return undefined;
  if ("dtype" in item) {
    if (item.dtype === undefined || item.shape === undefined) return undefined;
    return { dtype: item.dtype, rank: item.shape.length === 0 ? 1 : 2 };
  }
  return isDim(item) ? { dtype: "int64", rank: 0 } : undefined;
}

/** A lower-ranked operand counts only where its category is higher; then it brings that category's default type. */
function meet(a: Operand, b: Operand): Operand {
  if (a.rank === b.rank) return { dtype: promote(a.dtype, b.dtype), rank: a.rank };
  const [high, low] = b.rank < a.rank ? [a, b] : [b, a];
  if (category(low.dtype) <= category(high.dtype)) return high;
  return { dtype: low.rank === 0 ? withScalar(high.dtype, low.dtype) : low.dtype, rank: high.rank };
}

function withScalar(tensor: DType, scalar: DType): DType {
  if (scalar === "complex64") return tensor === "float64" ? "complex128" : "complex64";
  return scalar;
}

function category(dtype: DType): Category {
  if (dtype === "bool") return 0;
  if (dtype.startsWith("complex")) return 3;
  return dtype.startsWith("float") || dtype === "bfloat16" ? 2 : 1;
}

function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const [low, high] = category(a) < category(b) ? [a, b] : [b, a];
  if (category(low) < category(high)) return category(high) === 3 && low === "float64" ? "complex128" : high;
  const pair = new Set([a, b]);
  if (category(a) === 3) return "complex128";
  if (category(a) === 2) return pair.has("float64") ? "float64" : "float32";
  if (pair.has("uint8") && pair.has("int8")) return "int16";
  return INTEGERS.find((dtype) => pair.has(dtype)) ?? a;
}

/** Widest first; `uint8` fits into every wider one. */
const INTEGERS: readonly DType[] = ["int64", "int32", "int16", "int8", "uint8"];
