import { itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { NONE, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import type { Dim, DType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { arrayOf, MAX_ELEMENTS } from "../values/array.ts";
import { arrayValue, namedType, typeNames } from "./classes.ts";
import { define, numpyFunctions } from "./define.ts";
import { cast } from "./elementwise.ts";
import { operandOf } from "./operands.ts";

/** Arrays made from numbers. */

const OPTIONS = "dtype=None, order='C', device=None, like=None";

function lengths(interp: Interp, value: Value): readonly Dim[] | Why {
  if (value.kind === "int") return [value.dim];
  const items = itemsOf(interp, value);
  if (isWhy(items)) return items;
  return items.map((item): Dim => (item.kind === "int" ? item.dim : { size: undefined }));
}

/** An array of one number; undefined: of numbers that are not known. */
function filled(
  interp: Interp,
  shape: readonly Dim[] | Why,
  dtype: DType | undefined,
  fill: number | undefined,
): Value {
  if (isWhy(shape)) return unknown(shape);
  const dims = shape as readonly Dim[];
  const known = dims.map(({ size }) => size);
  if (fill === undefined || dtype === undefined || !known.every((size) => typeof size === "number"))
    return arrayValue(interp, { shape: dims, dtype }, undefined);
  const count = known.reduce((a, b) => a * b, 1);
  const host =
    0 <= count && count <= MAX_ELEMENTS ? arrayOf(dtype, known, new Array<number>(count).fill(fill)) : undefined;
  return arrayValue(interp, { shape: dims, dtype }, host);
}

const typeArg = (value: Value, fallback: DType | undefined): DType | undefined =>
  value.kind === "none" ? fallback : namedType(value);

for (const [name, fill] of [
  ["zeros", 0],
  ["ones", 1],
  ["empty", undefined],
] as const) {
  define("n", name, `shape, ${OPTIONS}`, (interp, get) =>
    filled(interp, lengths(interp, get("shape")), typeArg(get("dtype"), "float64"), fill),
  );
  define("n", `${name}_like`, "a, dtype=None, order='K', subok=True, shape=None", (interp, get) => {
    const x = operandOf(interp, get("a"));
    if (isWhy(x)) return unknown(x);
    return filled(interp, x.type.shape ?? LOST, typeArg(get("dtype"), x.type.dtype), fill);
  });
}
const LOST: Why = { reason: t("an array that is not known") };
define("n", "full", `shape, fill_value, ${OPTIONS}`, (interp, get) => {
  const x = operandOf(interp, get("fill_value"));
  const own = isWhy(x) ? undefined : x.type.dtype;
  return filled(interp, lengths(interp, get("shape")), typeArg(get("dtype"), own), toFloat(get("fill_value")));
});
define("n", "full_like", "a, fill_value, dtype=None, order='K', subok=True, shape=None", (interp, get) => {
  const x = operandOf(interp, get("a"));
  if (isWhy(x)) return unknown(x);
  return filled(interp, x.type.shape ?? LOST, typeArg(get("dtype"), x.type.dtype), toFloat(get("fill_value")));
});
define("n", "eye identity", `N, M=None, k=0, ${OPTIONS}`, (interp, get) => {
  const [n, m, k] = [toFloat(get("N")), toFloat(get("M").kind === "none" ? get("N") : get("M")), toFloat(get("k"))];
  const dtype = typeArg(get("dtype"), "float64");
  if (n === undefined || m === undefined || k === undefined || dtype === undefined || MAX_ELEMENTS < n * m)
    return arrayValue(interp, { shape: [{ size: n }, { size: m }], dtype }, undefined);
  const data = Array.from({ length: n * m }, (_, at) => (at % m === Math.floor(at / m) + k ? 1 : 0));
  return arrayValue(interp, { shape: [{ size: n }, { size: m }], dtype }, arrayOf(dtype, [n, m], data));
});

define(
  "n",
  "array asarray ascontiguousarray asanyarray",
  "a, dtype=None, copy=True, order='K', subok=False, ndmin=0, like=None",
  (interp, get) => {
    const x = operandOf(interp, get("a"));
    if (isWhy(x)) return unknown(x);
    const { dtype } = get("dtype").kind === "none" ? x.type : { dtype: namedType(get("dtype")) };
    // `np.array(3)` has no axes but is an array; it is used as the number.
    if (dtype === undefined) return unknown({ reason: t("an element type that is not known") });
    return dtype === x.type.dtype ? arrayValue(interp, x.type, x.host) : cast(interp, get("a"), get("dtype"));
  },
);
numpyFunctions.set("copy", numpyFunctions.get("array") ?? NONE);

define("n", "arange", `start, stop=None, step=1, ${OPTIONS}`, (interp, get) => {
  const [first, last] = get("stop").kind === "none" ? [undefined, get("start")] : [get("start"), get("stop")];
  const parts = [first, last, get("step")].filter((one) => one !== undefined);
  const operands = parts.map((part) => operandOf(interp, part));
  const lost = operands.find((one) => isWhy(one));
  const isReal = operands.some((one) => !isWhy(one) && one.type.dtype?.startsWith("float"));
  const dtype = typeArg(get("dtype"), lost === undefined ? (isReal ? "float64" : "int64") : undefined);
  const [from, to, by] = [first === undefined ? 0 : toFloat(first), toFloat(last), toFloat(get("step"))];
  if (from === undefined || to === undefined || by === undefined || by === 0 || dtype === undefined) {
    const isCount = first === undefined && by === 1 && last.kind === "int";
    return arrayValue(interp, { shape: [isCount ? last.dim : { size: undefined }], dtype }, undefined);
  }
  const count = Math.max(0, Math.ceil((to - from) / by));
  if (MAX_ELEMENTS < count) return arrayValue(interp, { shape: [{ size: count }], dtype }, undefined);
  // numpy finds the difference of the first two numbers and counts on from the first.
  const difference = from + by - from;
  const data = Array.from({ length: count }, (_, i) => (i === 1 ? from + by : from + i * difference));
  return arrayValue(interp, { shape: [{ size: count }], dtype }, arrayOf(dtype, [count], data));
});

define(
  "n",
  "linspace",
  "start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, device=None",
  (interp, get) => {
    const made = spaced(get);
    const dtype = typeArg(get("dtype"), "float64");
    const n = get("num").kind === "int" ? get("num") : undefined;
    if (get("retstep").kind !== "bool" || (get("retstep").kind === "bool" && made === undefined))
      return arrayValue(interp, { shape: [n?.kind === "int" ? n.dim : { size: undefined }], dtype }, undefined);
    if (made === undefined || dtype === undefined) return unknown(LOST);
    // To whole numbers numpy rounds down.
    const data = dtype.startsWith("float") ? made : made.map(Math.floor);
    return arrayValue(interp, { shape: [{ size: data.length }], dtype }, arrayOf(dtype, [data.length], data));
  },
);
function spaced(get: (name: string) => Value): readonly number[] | undefined {
  const [a, b, n] = [toFloat(get("start")), toFloat(get("stop")), toFloat(get("num"))];
  const end = get("endpoint");
  if (a === undefined || b === undefined || n === undefined || end.kind !== "bool" || n < 0 || MAX_ELEMENTS < n)
    return undefined;
  const parts = end.value ? n - 1 : n;
  const step = (b - a) / parts;
  return Array.from({ length: n }, (_, i) =>
    parts <= 0 ? a : end.value && i === n - 1 ? b : step === 0 ? (i / parts) * (b - a) + a : i * step + a,
  );
}
define(
  "n",
  "logspace geomspace",
  "start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0",
  (interp, get) => {
    const n = get("num");
    return arrayValue(
      interp,
      { shape: [n.kind === "int" ? n.dim : { size: undefined }], dtype: typeArg(get("dtype"), "float64") },
      undefined,
    );
  },
);
define("n", "dtype", "dtype", (_interp, get) => {
  const dtype = namedType(get("dtype"));
  return (
    (dtype === undefined ? undefined : typeNames.get(dtype)) ??
    unknown({ reason: t("an element type that is not known") })
  );
});
