import type { Place } from "../text/span.ts";
import type { Text } from "../text/text.ts";
import type { Size } from "./size.ts";

/** Why something is unknown: a reason that a person can act on, and where it arose. */
export interface Why {
  readonly reason: Text;
  readonly place?: Place;
}

/**
 * Where a number came from, as a graph that ends in literals and inputs.
 * - `literal`: a number in the source; `place` is the literal.
 * - `argument`: passed as a parameter; `label` is the parameter's name, `place` the argument's expression.
 * - `computed`: arithmetic; `label` is the operator.
 * - `operator`: made by a tensor operator; `label` is the operator's argument that set it (`out_channels`, `stride`).
 * - `input`: an axis of the root's input; `label` is the symbol.
 */
export interface Origin {
  readonly kind: "literal" | "argument" | "computed" | "operator" | "input";
  readonly label: string;
  readonly place?: Place;
  readonly from: readonly Origin[];
}

/** The length along one axis, or a whole number of the model's own arithmetic. Unknown when `size` is undefined. */
export interface Dim {
  readonly size: Size | undefined;
  readonly why?: Why;
  readonly origin?: Origin;
  /** Rests on a recovery after an error. */
  readonly assumed?: true;
}

export type DType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool"
  | "complex64"
  | "complex128";

/** Bytes of one element. */
export const ITEM_SIZES: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
};

/** What is known of a tensor: its shape (undefined: not even the rank), its element type. */
export interface TensorType {
  readonly shape: readonly Dim[] | undefined;
  readonly why?: Why;
  readonly dtype: DType | undefined;
  readonly assumed?: true;
}

export function dim(size: Size, origin?: Origin): Dim {
  return origin === undefined ? { size } : { size, origin };
}
