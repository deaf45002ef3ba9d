import { type Interp, isWhy } from "../eval/interp.ts";
import { bool, int, intOf, tuple, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import type { Args } from "../ops/operator.ts";
import type { DType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { onlyNumber } from "../values/array.ts";
import { distinct } from "../values/reducing.ts";
import { arrayValue, plain } from "./classes.ts";
import { array, axesArg, define } from "./define.ts";
import { arithmetic, type Operand, one, operandOf } from "./operands.ts";

/** numpy's reductions, and what runs along one axis. */

const OPTIONS = "dtype=None, out=None, keepdims=False, initial=None, where=True";
const OPEN: Why = { reason: t("an axis that is not known") };
const isFloat = (dtype: DType | undefined): boolean => dtype?.startsWith("float") === true;

function reduce(
  interp: Interp,
  op: string,
  x: Operand | Why,
  get: (name: string) => Value,
  dtype: DType | undefined,
  more: Args = {},
): Value {
  if (isWhy(x)) return unknown(x);
  const axes = axesArg(interp, get("axis"));
  if (axes === undefined) return unknown(OPEN);
  const keep = get("keepdims");
  const args = { axes, keepdim: keep.kind === "bool" && keep.value, ...more };
  if (get("initial").kind !== "none") return unknown({ reason: t("numpy's {0} of such arrays is not followed", op) });
  return one(interp, op, [x], args, dtype);
}

for (const [names, op] of [
  ["sum", "sum"],
  ["prod product", "prod"],
] as const)
  define("nm", names, `a, axis=None, ${OPTIONS}`, (interp, get) => {
    const x = array(interp, get);
    const own = isWhy(x) ? undefined : x.type.dtype;
    return reduce(interp, op, x, get, own === undefined || isFloat(own) ? own : "int64");
  });
for (const [names, op] of [
  ["max amax", "max"],
  ["min amin", "min"],
] as const)
  define("nm", names, `a, axis=None, out=None, keepdims=False, initial=None, where=True`, (interp, get) => {
    const x = array(interp, get);
    return reduce(interp, op, x, get, isWhy(x) ? undefined : x.type.dtype);
  });
define(
  "nm",
  "mean average",
  "a, axis=None, dtype=None, out=None, keepdims=False, where=True, weights=None, initial=None",
  (interp, get) => {
    const x = array(interp, get);
    if (get("weights").kind !== "none")
      return unknown({ reason: t("numpy's {0} of such arrays is not followed", "average") });
    return reduce(interp, "mean", x, get, isWhy(x) ? undefined : isFloat(x.type.dtype) ? x.type.dtype : "float64");
  },
);
for (const op of ["var", "std"])
  define(
    "nm",
    op,
    "a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=0, initial=None",
    (interp, get) => {
      const x = array(interp, get);
      const correction = { size: toFloat(get("ddof")) };
      return reduce(interp, op, x, get, isWhy(x) ? undefined : isFloat(x.type.dtype) ? x.type.dtype : "float64", {
        correction,
      });
    },
  );
for (const [names, op] of [
  ["any", "any"],
  ["all", "all"],
] as const)
  define("nm", names, "a, axis=None, out=None, keepdims=False, where=True, initial=None", (interp, get) =>
    reduce(interp, op, array(interp, get), get, "bool"),
  );
for (const op of ["argmax", "argmin"])
  define("nm", op, "a, axis=None, out=None, keepdims=False, initial=None", (interp, get) =>
    reduce(interp, op, array(interp, get), get, "int64"),
  );
for (const op of ["cumsum", "cumprod"])
  define("nm", op, "a, axis=None, dtype=None, out=None", (interp, get) => {
    const given = array(interp, get);
    if (isWhy(given)) return unknown(given);
    const flat = get("axis").kind === "none" ? flatten(interp, given) : given;
    if (isWhy(flat)) return unknown(flat);
    const axis = get("axis").kind === "none" ? { size: 0 } : { size: toFloat(get("axis")) };
    const own = flat.type.dtype;
    return one(interp, op, [flat], { axis }, own === undefined || isFloat(own) ? own : "int64");
  });

/** The elements in a row. */
export function flatten(interp: Interp, x: Operand): Operand | Why {
  return operandOf(interp, one(interp, "reshape", [x], { shape: [{ size: -1 }] }));
}

define("n", "sort", "a, axis=-1, kind=None, order=None", (interp, get) => {
  const x = array(interp, get);
  return one(interp, "sort", [x], { axis: { size: toFloat(get("axis")) } });
});
define("nm", "argsort", "a, axis=-1, kind=None, order=None", (interp, get) => {
  const kind = get("kind");
  const isStable = kind.kind === "str" && (kind.value === "stable" || kind.value === "mergesort");
  return one(
    interp,
    "argsort",
    [array(interp, get)],
    { axis: { size: toFloat(get("axis")) }, stable: isStable },
    "int64",
  );
});
define(
  "n",
  "unique",
  "a, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True",
  (interp, get) => {
    const x = array(interp, get);
    if (isWhy(x)) return unknown(x);
    const isAsked = (name: string): boolean => {
      const value = get(name);
      return value.kind === "bool" && value.value;
    };
    const found = x.host === undefined ? undefined : distinct(x.host);
    const many = (name: string): Why => ({ reason: t("as many as {0} finds, which depends on the values", name) });
    const length = found === undefined ? { size: undefined, why: many("unique") } : { size: found.values.length };
    const row = (dtype: DType | undefined, data: readonly number[] | undefined): Value =>
      arrayValue(interp, { shape: [length], dtype }, data === undefined ? undefined : { shape: [data.length], data });
    const parts = [row(x.type.dtype, found?.values)];
    const host = x.host;
    if (isAsked("return_index"))
      parts.push(
        row(
          "int64",
          found?.values.map((value) => host?.data.indexOf(value) ?? 0),
        ),
      );
    if (isAsked("return_inverse")) {
      const inverse =
        found === undefined || host === undefined ? undefined : { shape: host.shape, data: found.inverse };
      parts.push(arrayValue(interp, { ...x.type, dtype: "int64" }, inverse));
    }
    if (isAsked("return_counts")) parts.push(row("int64", found?.counts));
    return parts.length === 1 ? (parts[0] ?? unknown(OPEN)) : tuple(parts);
  },
);
define("n", "diff", "a, n=1, axis=-1, prepend=None, append=None", (interp, get) => {
  const x = array(interp, get);
  if (
    isWhy(x) ||
    x.type.shape?.length !== 1 ||
    toFloat(get("n")) !== 1 ||
    get("prepend").kind !== "none" ||
    get("append").kind !== "none"
  )
    return unknown(isWhy(x) ? x : { reason: t("numpy's {0} of such arrays is not followed", "diff") });
  const side = (starts: number | null, ends: number | null): Operand | Why =>
    operandOf(
      interp,
      one(interp, "slice", [x], {
        starts: [starts === null ? null : { size: starts }],
        ends: [ends === null ? null : { size: ends }],
        steps: [{ size: 1 }],
      }),
    );
  const [late, early] = [side(1, null), side(null, -1)];
  if (isWhy(late)) return unknown(late);
  return isWhy(early) ? unknown(early) : arithmetic(interp, "sub", late, early);
});
define("nm", "dot", "a, b, out=None", (interp, get) =>
  one(interp, "matmul", [array(interp, get), array(interp, get, "b")], {}),
);
define("n", "matmul", "a, b, out=None", (interp, get) =>
  one(interp, "matmul", [array(interp, get), array(interp, get, "b")], {}),
);
define("a", "__matmul__", "a, b", (interp, get) =>
  one(interp, "matmul", [array(interp, get), array(interp, get, "b")], {}),
);

/** What only the values decide. */
for (const name of [
  "median",
  "percentile",
  "quantile",
  "ptp",
  "count_nonzero",
  "allclose",
  "array_equal",
  "isclose",
  "isin",
  "searchsorted",
  "histogram",
  "bincount",
  "interp",
  "digitize",
  "argwhere",
  "flatnonzero",
  "corrcoef",
  "cov",
  "outer",
  "cross",
  "kron",
  "einsum",
  "tensordot",
  "inner",
  "apply_along_axis",
  "vectorize",
  "nanmean",
  "nansum",
  "nanmax",
  "nanmin",
])
  define("n", name, "*args, **kwargs", (interp, get) => {
    const args = get("args");
    const first = args.kind === "tuple" ? args.items[0] : undefined;
    const x = first === undefined ? undefined : operandOf(interp, first);
    if (name === "count_nonzero" && x !== undefined && !isWhy(x) && x.host !== undefined && x.host.fuzz === undefined)
      return int(x.host.data.filter((value) => value !== 0).length);
    if ((name === "array_equal" || name === "allclose") && args.kind === "tuple" && args.items.length === 2) {
      const y = operandOf(interp, args.items[1] ?? args);
      if (
        x !== undefined &&
        !isWhy(x) &&
        !isWhy(y) &&
        x.host !== undefined &&
        y.host !== undefined &&
        !x.host.fuzz &&
        !y.host.fuzz
      ) {
        const [p, q] = [x.host, y.host];
        const same = p.shape.join() === q.shape.join() && p.data.every((value, i) => value === q.data[i]);
        if (same) return bool(true);
        if (name === "array_equal") return bool(false);
      }
    }
    return unknown({ reason: t("numpy.{0} is not followed", name) });
  });
define("m", "item", "a, *args", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x)) return unknown(x);
  const only = x.host?.data.length === 1 ? { ...x.host, shape: [] } : undefined;
  const index = get("args");
  if (index.kind === "tuple" && index.items.length !== 0) return unknown({ reason: t("a number read from an array") });
  return plain(arrayValue(interp, { shape: [], dtype: x.type.dtype }, only));
});
define("m", "__int__", "a", (interp, get) => {
  const x = array(interp, get);
  const value = isWhy(x) || x.host === undefined ? undefined : onlyNumber(x.host);
  return value === undefined ? intOf({ size: undefined, why: OPEN }) : int(Math.trunc(value));
});
