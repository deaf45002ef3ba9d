import { bool, float, int, intOf, list, type TensorValue, unknown, type Value } from "../eval/value.ts";
import type { DType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { type HostArray, onlyNumber, sizeOf, sureAt } from "../values/array.ts";
import { isFloating } from "./dtypes.ts";

/** Python's numbers read out of tensors. */

const READ: Why = { reason: t("a number read from a tensor") };

/** A number of that element type as Python has it; undefined: not known, but surely of that kind. */
function numberValue(dtype: DType | undefined, value: number | undefined): Value {
  if (dtype === undefined || dtype.startsWith("complex")) return unknown(READ);
  if (dtype === "bool") return value === undefined ? unknown(READ) : bool(value !== 0);
  if (!isFloating(dtype)) return value === undefined ? intOf({ size: undefined, why: READ }) : int(value);
  return value === undefined ? { kind: "float", value: undefined, why: READ } : float(value);
}

/** `tensor.item()`. */
export function itemOf({ type, host }: TensorValue): Value {
  return numberValue(type.dtype, host === undefined ? undefined : onlyNumber(host));
}

/** `tensor.tolist()`: nested lists of numbers, a number of a tensor without axes. */
export function listOf({ type, host }: TensorValue): Value {
  const shape = host?.shape ?? type.shape?.map(({ size }) => size);
  if (shape === undefined || !shape.every((size) => typeof size === "number") || MAX_LIST < sizeOf(shape))
    return unknown({ reason: t("a list read from a tensor") });
  return nested(type.dtype, host, shape, 0, 0);
}

/** Numbers in a list that is read from a tensor. */
const MAX_LIST = 10_000;

function nested(
  dtype: DType | undefined,
  host: HostArray | undefined,
  shape: readonly number[],
  axis: number,
  from: number,
): Value {
  const length = shape[axis];
  if (length === undefined) {
    return numberValue(dtype, host === undefined ? undefined : sureAt(host, from));
  }
  const inner = sizeOf(shape.slice(axis + 1));
  return list(Array.from({ length }, (_, i) => nested(dtype, host, shape, axis + 1, from + i * inner)));
}
