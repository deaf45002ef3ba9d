import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import type { Size } from "../shape/size.ts";
import type { Text } from "../text/text.ts";

/**
 * An operator's argument. Whole numbers are `Dim`s (with their origin, possibly symbolic or unknown); a plain `number`
 * is a float.
 */
export type Arg = Dim | number | string | boolean | null | readonly Arg[];
export type Args = Readonly<Record<string, Arg>>;

/** What an operator refuses, as data. `assume` is what it would have returned had its inputs been as declared. */
export interface Refusal {
  readonly kind: "refused";
  /**
   * `channels`: another channel or feature count than declared. `broadcast`: elementwise operands do not fit.
   * `shapes`: any other misfit of inputs. `rank`: a wrong number of axes. `empty`: an output axis below 1.
   * `argument`: the operator's own arguments are not valid. `dtype`: an element type that it does not take.
   */
  readonly fault: "channels" | "broadcast" | "shapes" | "rank" | "empty" | "argument" | "dtype";
  /** Which input is at fault (index), and which of its axes. */
  readonly input?: number;
  readonly axes?: readonly number[];
  /** Which argument is at fault. */
  readonly argument?: string;
  readonly expected?: Dim;
  readonly found?: Dim;
  /** One clause without full stop, lower case: "expects 64 channels, gets 128". */
  readonly detail: Text;
  readonly assume: readonly TensorType[];
}

export type Outcome =
  | { readonly kind: "ok"; readonly outputs: readonly TensorType[]; readonly guards?: readonly Guard[] }
  | Refusal;

/** A plain example: shapes as lists (numbers or symbols' text), args as JSON with whole numbers as numbers. */
export interface Example {
  readonly inputs: readonly (readonly (number | string)[])[];
  readonly args: Readonly<Record<string, unknown>>;
  /** Output shapes, or the fault of the refusal. */
  readonly gives: readonly (readonly (number | string)[])[] | Refusal["fault"];
  /** Element types of the inputs where not all float32. */
  readonly dtypes?: readonly string[];
}

/** One entry of the catalogue. Inputs and outputs are in the axis order that `args.layout` (default channels first) names. */
export interface Operator {
  readonly name: string;
  /** Axis notation, einops style: `n in_channels h w -> n out_channels h' w'`. */
  readonly signature: string;
  /** Parameter name to what it is, its type and unit. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Pure; never throws; unknown in, unknown out with the first input's reason. */
  readonly shape: (inputs: readonly TensorType[], args: Args) => Outcome;
  /** Multiply-adds (half of the floating-point operations of a matmul-like operator); absent: none counted. */
  readonly cost?: (inputs: readonly TensorType[], args: Args, outputs: readonly TensorType[]) => Size | undefined;
  /** Where the operator is defined by its source. */
  readonly link: string;
  readonly examples: readonly Example[];
}
