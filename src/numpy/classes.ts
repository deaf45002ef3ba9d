import type { Interp } from "../eval/interp.ts";
import { bool, type ClassValue, float, int, intOf, str, type TensorValue, unknown, type Value } from "../eval/value.ts";
import { nativeClass } from "../lang/native.ts";
import { boolClass, floatClass, makeInstance, objectClass } from "../lang/types.ts";
import type { DType, TensorType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { type HostArray, sureAt } from "../values/array.ts";

/** numpy's classes. An array is an instance whose payload is a tensor; its numbers are Python's with a class of their own. */

const generic = nativeClass("generic", "numpy", [objectClass]);
const number = nativeClass("number", "numpy", [generic]);
const integer = nativeClass("integer", "numpy", [number]);
const signed = nativeClass("signedinteger", "numpy", [integer]);
const unsigned = nativeClass("unsignedinteger", "numpy", [integer]);
const floating = nativeClass("floating", "numpy", [number]);
const complexes = nativeClass("complexfloating", "numpy", [number]);

/** The class of a number by its element type, which also names the type. */
const SCALARS: Readonly<Partial<Record<DType, ClassValue>>> = {
  float64: nativeClass("float64", "numpy", [floating, floatClass]),
  float32: nativeClass("float32", "numpy", [floating]),
  float16: nativeClass("float16", "numpy", [floating]),
  int64: nativeClass("int64", "numpy", [signed]),
  int32: nativeClass("int32", "numpy", [signed]),
  int16: nativeClass("int16", "numpy", [signed]),
  int8: nativeClass("int8", "numpy", [signed]),
  uint8: nativeClass("uint8", "numpy", [unsigned]),
  bool: nativeClass("bool", "numpy", [generic, boolClass]),
  complex64: nativeClass("complex64", "numpy", [complexes]),
  complex128: nativeClass("complex128", "numpy", [complexes]),
};

export const scalarClasses: readonly ClassValue[] = Object.values(SCALARS);

export const ndarrayClass: ClassValue = nativeClass("ndarray", "numpy", [objectClass]);

for (const [name, cls] of Object.entries(SCALARS)) {
  cls.attrs.set("name", str(name));
  cls.attrs.set("itemsize", int(name === "bool" ? 1 : Number(/\d+$/.exec(name)?.[0] ?? 8) / 8));
  cls.attrs.set("kind", str(name === "uint8" ? "u" : name === "bool" ? "b" : name.charAt(0)));
}

/** Where the methods that arrays and numbers share stand. */
export const methodHosts: readonly ClassValue[] = [generic, ndarrayClass];

const ALIASES: Readonly<Record<string, DType>> = {
  double: "float64",
  single: "float32",
  half: "float16",
  float_: "float64",
  intp: "int64",
  int_: "int64",
  longlong: "int64",
  intc: "int32",
  short: "int16",
  byte: "int8",
  ubyte: "uint8",
  bool_: "bool",
};

/** Element types and abstract number classes by numpy's names. */
export const typeNames: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...Object.entries(SCALARS),
  ...Object.entries(ALIASES).flatMap(([name, dtype]): [string, Value][] => {
    const cls = SCALARS[dtype];
    return cls === undefined ? [] : [[name, cls]];
  }),
  ["generic", generic],
  ["number", number],
  ["integer", integer],
  ["signedinteger", signed],
  ["unsignedinteger", unsigned],
  ["floating", floating],
  ["complexfloating", complexes],
  ["ndarray", ndarrayClass],
]);

export function classOf(dtype: DType): ClassValue | undefined {
  return SCALARS[dtype];
}

/** The element type that an argument names; undefined where it is none that is known. */
export function namedType(value: Value): DType | undefined {
  if (value.kind === "class") {
    if (value.moduleName === "numpy") return value.name in SCALARS ? (value.name as DType) : undefined;
    const own: Readonly<Record<string, DType>> = {
      float: "float64",
      int: "int64",
      bool: "bool",
      complex: "complex128",
    };
    return own[value.name];
  }
  if (value.kind !== "str") return undefined;
  const short: Readonly<Record<string, DType>> = {
    float: "float64",
    int: "int64",
    f4: "float32",
    f8: "float64",
    i4: "int32",
    i8: "int64",
    u1: "uint8",
    "<f4": "float32",
    "<i8": "int64",
    ...ALIASES,
  };
  const name = value.value;
  return name in SCALARS ? (name as DType) : short[name];
}

const READ: Why = { reason: t("a number read from an array") };

/** One of numpy's numbers; undefined: not known, but surely of that type. */
function scalar(dtype: DType | undefined, value: number | undefined): Value {
  const cls = dtype === undefined ? undefined : SCALARS[dtype];
  if (dtype === undefined || cls === undefined || dtype.startsWith("complex")) return unknown(READ);
  if (dtype === "bool") return value === undefined ? unknown(READ) : bool(value !== 0);
  if (!dtype.startsWith("float"))
    return { kind: "int", dim: value === undefined ? { size: undefined, why: READ } : { size: value }, cls };
  return value === undefined ? { kind: "float", value, why: READ, cls } : { kind: "float", value, cls };
}

/** The same number as Python's own. */
export function plain(value: Value): Value {
  if (value.kind === "int") return typeof value.dim.size === "number" ? int(value.dim.size) : intOf(value.dim);
  if (value.kind === "float")
    return value.value === undefined
      ? { kind: "float", value: undefined, ...(value.why === undefined ? {} : { why: value.why }) }
      : float(value.value);
  return value;
}

/** An array; a number where it has no axes, as numpy's functions return them. */
export function arrayValue(interp: Interp, type: TensorType, host: HostArray | undefined): Value {
  if (type.shape?.length === 0) {
    return scalar(type.dtype, host === undefined ? undefined : sureAt(host, 0));
  }
  const payload: TensorValue = { kind: "tensor", type, ...(host === undefined ? {} : { host }) };
  return arrayOn(interp, payload);
}

/** An array that shares a tensor's memory. */
export function arrayOn(interp: Interp, payload: TensorValue): Value {
  // What this model of numpy lacks is never the user's mistake.
  return {
    ...makeInstance(interp, ndarrayClass, payload),
    tainted: { reason: t("numpy's arrays are followed in part") },
  };
}
