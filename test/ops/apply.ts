import type { Arg, Args } from "../../src/ops/operator.ts";
import type { Dim, DType, TensorType } from "../../src/shape/dim.ts";
import { parseSize, printPython, type Size } from "../../src/shape/size.ts";

/** Tensor types of an example's shapes: numbers and symbols' text, `?` for an unknown length. */
export function typesOf(
  inputs: readonly (readonly (number | string)[])[],
  dtypes: readonly string[] = [],
): readonly TensorType[] {
  return inputs.map((shape, i) => ({ shape: shape.map(dimOf), dtype: (dtypes[i] ?? "float32") as DType }));
}

/** An example's arguments: whole numbers become dims, other numbers stay floats, capitals are symbols. */
export function argsOf(args: Readonly<Record<string, unknown>>): Args {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, argOf(value)]));
}

export function printShape(shape: readonly Dim[] | undefined): readonly (number | string)[] | "?" {
  return shape === undefined
    ? "?"
    : shape.map(({ size }) => (size === undefined ? "?" : typeof size === "number" ? size : printPython(size)));
}

function dimOf(length: number | string): Dim {
  return length === "?" ? { size: undefined } : { size: typeof length === "number" ? length : sizeOf(length) };
}

function argOf(value: unknown): Arg {
  if (typeof value === "number") return Number.isInteger(value) ? { size: value } : value;
  if (typeof value === "string") return /^[A-Z]\d*$|^\(|\/\/|^[A-Z] /.test(value) ? { size: sizeOf(value) } : value;
  if (typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map(argOf);
  throw new Error(`no argument: ${JSON.stringify(value)}`);
}

function sizeOf(text: string): Size {
  const size = parseSize(text);
  if (size === undefined) throw new Error(`no size: ${text}`);
  return size;
}
