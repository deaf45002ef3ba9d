import { bool, int, type OpaqueValue, opaque, str, type Value } from "../eval/value.ts";
import { type DType, ITEM_SIZES } from "../shape/dim.ts";

/** Element types by the names that `torch` has for them. */
const NAMES: Readonly<Record<string, DType>> = {
  float32: "float32",
  float: "float32",
  float64: "float64",
  double: "float64",
  float16: "float16",
  half: "float16",
  bfloat16: "bfloat16",
  int64: "int64",
  long: "int64",
  int32: "int32",
  int: "int32",
  int16: "int16",
  short: "int16",
  int8: "int8",
  uint8: "uint8",
  bool: "bool",
  complex64: "complex64",
  cfloat: "complex64",
  complex128: "complex128",
  cdouble: "complex128",
};

const made = new Map<DType, OpaqueValue>();

export function isFloating(dtype: DType): boolean {
  return dtype.startsWith("float") || dtype === "bfloat16";
}

/** `torch.float32` and its like. */
export function dtypeValue(dtype: DType): OpaqueValue {
  const known = made.get(dtype);
  if (known !== undefined) return known;
  const value: OpaqueValue = {
    ...opaque("dtype", `torch.${dtype}`),
    attrs: new Map<string, Value>([
      ["is_floating_point", bool(isFloating(dtype))],
      ["is_complex", bool(dtype.startsWith("complex"))],
      ["is_signed", bool(dtype !== "uint8" && dtype !== "bool")],
      ["itemsize", int(ITEM_SIZES[dtype])],
    ]),
  };
  made.set(dtype, value);
  return value;
}

export const dtypeNames: Readonly<Record<string, Value>> = Object.fromEntries(
  Object.entries(NAMES).map(([name, dtype]) => [name, dtypeValue(dtype)]),
);

/** The element type that an argument names; undefined where it is none that is known. */
export function namedDtype(value: Value): DType | undefined {
  if (value.kind === "opaque" && value.type === "dtype") return NAMES[value.name.replace(/^(torch|numpy)\./, "")];
  if (value.kind === "class" && value.moduleName === "builtins")
    return ({ float: "float64", int: "int64", bool: "bool", complex: "complex128" } as const)[
      value.name as "float" | "int" | "bool" | "complex"
    ];
  if (value.kind === "str") return NAMES[value.value.replace(/^torch\./, "")];
  return undefined;
}

/** `torch.device`: the processor that a model is analyzed on, or one that was named. */
export function deviceValue(name: string): OpaqueValue {
  const [type = "cpu", index] = name.split(":");
  return {
    ...opaque("device", name),
    attrs: new Map<string, Value>([
      ["type", str(type)],
      ["index", index === undefined ? { kind: "none" } : int(Number(index))],
    ]),
  };
}
