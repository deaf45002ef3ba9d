import type { Dim, DType } from "../shape/dim.ts";
import type { Arg, Args } from "./operator.ts";

/** Readers of an operator's arguments. Each gives undefined where the argument is absent, of another kind or unknown. */

/** The argument as a dim: a whole number, symbolic and unknown ones included. */
export function dimArg(args: Args, name: string): Dim | undefined {
  return asDim(args[name]);
}

/** The argument as a known whole number. */
export function whole(args: Args, name: string): number | undefined {
  return wholeOf(args[name]);
}

/** The argument as a known number, whole or not. */
export function real(args: Args, name: string): number | undefined {
  const arg = args[name];
  return typeof arg === "number" ? arg : wholeOf(arg);
}

export function flag(args: Args, name: string): boolean {
  return args[name] === true;
}

export function word(args: Args, name: string): string | undefined {
  const arg = args[name];
  return typeof arg === "string" ? arg : undefined;
}

/** A list argument. */
export function list(args: Args, name: string): readonly Arg[] | undefined {
  return asList(args[name]);
}

/** A list of dims; an element that is not a number is undefined. */
export function dimList(args: Args, name: string): readonly (Dim | undefined)[] | undefined {
  return list(args, name)?.map(asDim);
}

/** A list of known whole numbers. */
export function wholeList(args: Args, name: string): readonly number[] | undefined {
  return allKnown(list(args, name)?.map(wholeOf));
}

/** A whole number, or a list of them. */
export function wholeOrList(args: Args, name: string): readonly number[] | undefined {
  const one = whole(args, name);
  return one === undefined ? wholeList(args, name) : [one];
}

/** The element type named by an argument. */
export function dtypeArg(args: Args, name: string): DType | undefined {
  const text = word(args, name);
  return DTYPES.find((dtype) => dtype === text);
}

export function asDim(arg: Arg | undefined): Dim | undefined {
  if (typeof arg === "number") return Number.isInteger(arg) ? { size: arg } : undefined;
  return isDim(arg) ? arg : undefined;
}

export function asList(arg: Arg | undefined): readonly Arg[] | undefined {
  return isList(arg) ? arg : undefined;
}

export function wholeOf(arg: Arg | undefined): number | undefined {
  const size = asDim(arg)?.size;
  return typeof size === "number" ? size : undefined;
}

export function isDim(arg: Arg | undefined): arg is Dim {
  return typeof arg === "object" && arg !== null && !isList(arg);
}

/** The list if it holds no undefined. */
function allKnown<T>(items: readonly (T | undefined)[] | undefined): readonly T[] | undefined {
  if (items === undefined) return undefined;
  const known: T[] = [];
  for (const item of items) {
    if (item === undefined) return undefined;
    known.push(item);
  }
  return known;
}

function isList(arg: Arg | undefined): arg is readonly Arg[] {
  return Array.isArray(arg);
}

const DTYPES: readonly DType[] = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint8",
  "bool",
  "complex64",
  "complex128",
];
