import { itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { int, intOf, list, NONE, tuple, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { iteratorOver, lostIterator } from "../lang/iteration.ts";
import { native } from "../lang/native.ts";
import type { Arg, Args } from "../ops/operator.ts";
import type { Dim, Why } from "../shape/dim.ts";
import { mul, type Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { fuzzAt, held, sizeOf } from "../values/array.ts";
import { arrayOn, arrayValue, classOf, methodHosts, ndarrayClass, plain } from "./classes.ts";
import { array, axesArg, define } from "./define.ts";
import { arithmetic, type Operand, one, operandOf, promote, through } from "./operands.ts";
import { flatten } from "./reducing.ts";

/** Shapes of numpy's arrays: their attributes, and what moves elements. */

const LOST: Why = { reason: t("a shape that is not known") };

const property = (name: string, get: (x: Operand, interp: Interp) => Value): void => {
  for (const host of methodHosts)
    host.attrs.set(name, {
      kind: "property",
      get: native(name, "self", (interp, read) => {
        const x = operandOf(interp, read("self"));
        return isWhy(x) ? unknown(x) : get(x, interp);
      }),
      set: undefined,
    });
};
property("shape", ({ type }) => (type.shape === undefined ? unknown(type.why ?? LOST) : tuple(type.shape.map(intOf))));
property("ndim", ({ type }) => (type.shape === undefined ? unknown(type.why ?? LOST) : int(type.shape.length)));
property(
  "dtype",
  ({ type }) =>
    (type.dtype === undefined ? undefined : classOf(type.dtype)) ??
    unknown({ reason: t("an element type that is not known") }),
);
property("size", ({ type }) => {
  let count: Size = 1;
  for (const dim of type.shape ?? [{ size: undefined }]) {
    if (dim.size === undefined) return intOf({ size: undefined, why: LOST });
    count = mul(count, dim.size);
  }
  return intOf({ size: count });
});
property("T", (x, interp) => {
  const rank = x.type.shape?.length;
  return rank === undefined
    ? unknown(LOST)
    : one(interp, "permute", [x], { axes: Array.from({ length: rank }, (_, i) => ({ size: rank - 1 - i })) });
});
property("flat", (x, interp) => one(interp, "reshape", [x], { shape: [{ size: -1 }] }));

const shapeArg = (interp: Interp, value: Value): Arg | undefined => {
  const given =
    value.kind === "tuple" && value.items.length === 1 && value.items[0]?.kind !== "int"
      ? (value.items[0] ?? value)
      : value;
  if (given.kind === "int") return [given.dim];
  const items = itemsOf(interp, given);
  return isWhy(items) ? undefined : items.map((item): Dim => (item.kind === "int" ? item.dim : { size: undefined }));
};
function reshape(interp: Interp, x: Operand | Why, value: Value): Value {
  const shape = shapeArg(interp, value);
  return shape === undefined ? unknown(LOST) : one(interp, "reshape", [x], { shape });
}
define("n", "reshape", "a, shape, order='C', copy=None", (interp, get) =>
  reshape(interp, array(interp, get), get("shape")),
);
define("m", "reshape", "a, *shape, order='C', copy=None", (interp, get) =>
  reshape(interp, array(interp, get), get("shape")),
);
define("nm", "ravel", "a, order='C'", (interp, get) =>
  one(interp, "reshape", [array(interp, get)], { shape: [{ size: -1 }] }),
);
define("m", "flatten", "a, order='C'", (interp, get) =>
  one(interp, "reshape", [array(interp, get)], { shape: [{ size: -1 }] }),
);
define("n", "transpose permute_dims", "a, axes=None", (interp, get) =>
  transpose(interp, array(interp, get), get("axes")),
);
define("m", "transpose", "a, *axes", (interp, get) => {
  const axes = get("axes");
  return transpose(interp, array(interp, get), axes.kind === "tuple" && axes.items.length === 0 ? NONE : axes);
});
function transpose(interp: Interp, x: Operand | Why, value: Value): Value {
  if (isWhy(x)) return unknown(x);
  const rank = x.type.shape?.length;
  if (rank === undefined) return unknown(LOST);
  const axes =
    value.kind === "none" ? Array.from({ length: rank }, (_, i) => ({ size: rank - 1 - i })) : shapeArg(interp, value);
  return axes === undefined ? unknown(LOST) : one(interp, "permute", [x], { axes });
}
define("nm", "swapaxes", "a, axis1, axis2", (interp, get) =>
  one(interp, "transpose", [array(interp, get)], {
    a: { size: toFloat(get("axis1")) },
    b: { size: toFloat(get("axis2")) },
  }),
);
define("nm", "squeeze", "a, axis=None", (interp, get) =>
  one(interp, "squeeze", [array(interp, get)], { axes: axesArg(interp, get("axis")) ?? null }),
);
define("n", "expand_dims", "a, axis", (interp, get) =>
  one(interp, "unsqueeze", [array(interp, get)], { axis: { size: toFloat(get("axis")) } }),
);
for (const [name, least] of [
  ["atleast_1d", 1],
  ["atleast_2d", 2],
] as const)
  define("n", name, "ary", (interp, get) => {
    const x = array(interp, get, "ary");
    const shape = isWhy(x) ? undefined : x.type.shape;
    if (shape === undefined) return unknown(LOST);
    const ones = Array.from({ length: Math.max(0, least - shape.length) }, () => ({ size: 1 }));
    return one(interp, "reshape", [x], { shape: [...ones, ...shape] });
  });
define("n", "broadcast_to", "a, shape, subok=False", (interp, get) =>
  one(interp, "expand", [array(interp, get)], { shape: shapeArg(interp, get("shape")) ?? null }),
);
define("n", "flip", "a, axis=None", (interp, get) => {
  const x = array(interp, get);
  const rank = isWhy(x) ? undefined : x.type.shape?.length;
  const asked = axesArg(interp, get("axis"));
  if (rank === undefined || asked === undefined) return unknown(LOST);
  return one(interp, "flip", [x], { axes: asked ?? Array.from({ length: rank }, (_, size) => ({ size })) });
});
define("n", "roll", "a, shift, axis=None", (interp, get) =>
  one(interp, "roll", [array(interp, get)], {
    shifts: axesArg(interp, get("shift")) ?? null,
    axes: axesArg(interp, get("axis")) ?? null,
  }),
);
define("n", "tril triu", "a, k=0", () => unknown({ reason: t("numpy.{0} is not followed", "tril") }));
define("n", "tile", "a, reps", (interp, get) => {
  const x = array(interp, get);
  const times = shapeArg(interp, get("reps"));
  if (isWhy(x)) return unknown(x);
  if (times === undefined || !Array.isArray(times)) return unknown(LOST);
  const rank = x.type.shape?.length ?? 0;
  const padded = [...Array.from({ length: Math.max(0, rank - times.length) }, () => ({ size: 1 })), ...times];
  return one(interp, "repeat", [x], { times: padded });
});
define("nm", "repeat", "a, repeats, axis=None", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x)) return unknown(x);
  const times = get("repeats");
  if (times.kind !== "int") return unknown({ reason: t("numpy's {0} of such arrays is not followed", "repeat") });
  const source = get("axis").kind === "none" ? flatten(interp, x) : x;
  const axis = get("axis").kind === "none" ? 0 : toFloat(get("axis"));
  return one(interp, "repeat_interleave", [source], { repeats: times.dim, axis: { size: axis } });
});

/** Arrays joined, all of the type that they share. */
function joined(interp: Interp, op: "concat" | "stack", value: Value, args: Args, least = 0): Value {
  const items = itemsOf(interp, value);
  if (isWhy(items)) return unknown(items);
  const parts: Operand[] = [];
  for (const item of items) {
    const x = operandOf(interp, item);
    if (isWhy(x)) return unknown(x);
    const rank = x.type.shape?.length ?? least;
    const lifted =
      rank < least
        ? operandOf(
            interp,
            one(interp, "reshape", [x], { shape: least === 2 ? [{ size: 1 }, { size: -1 }] : [{ size: -1 }] }),
          )
        : x;
    if (isWhy(lifted)) return unknown(lifted);
    parts.push(lifted);
  }
  const dtype = parts.map(({ type }) => type.dtype).reduce((a, b) => promote(a, b), parts[0]?.type.dtype);
  return one(interp, op, parts, args, dtype);
}
define("n", "concatenate concat", "arrays, axis=0, out=None, dtype=None, casting='same_kind'", (interp, get) => {
  if (get("axis").kind !== "none")
    return joined(interp, "concat", get("arrays"), { axis: { size: toFloat(get("axis")) } });
  return unknown(LOST);
});
define("n", "stack", "arrays, axis=0, out=None, dtype=None, casting='same_kind'", (interp, get) =>
  joined(interp, "stack", get("arrays"), { axis: { size: toFloat(get("axis")) } }),
);
define("n", "vstack row_stack", "tup, dtype=None, casting='same_kind'", (interp, get) =>
  joined(interp, "concat", get("tup"), { axis: { size: 0 } }, 2),
);
define("n", "hstack", "tup, dtype=None, casting='same_kind'", (interp, get) => {
  const items = itemsOf(interp, get("tup"));
  const first = isWhy(items) ? items : operandOf(interp, items[0] ?? NONE);
  if (isWhy(first)) return unknown(first);
  return joined(interp, "concat", get("tup"), { axis: { size: (first.type.shape?.length ?? 2) < 2 ? 0 : 1 } }, 1);
});
define("n", "append", "arr, values, axis=None", (interp, get) => {
  const [x, y] = [array(interp, get, "arr"), array(interp, get, "values")];
  if (isWhy(x)) return unknown(x);
  if (isWhy(y)) return unknown(y);
  const isFlat = get("axis").kind === "none";
  const parts = isFlat ? [flatten(interp, x), flatten(interp, y)] : [x, y];
  const axis = isFlat ? 0 : toFloat(get("axis"));
  return one(interp, "concat", parts, { axis: { size: axis } }, promote(x.type.dtype, y.type.dtype));
});
define("n", "split array_split", "ary, indices_or_sections, axis=0", (interp, get) => {
  const x = array(interp, get, "ary");
  const count = toFloat(get("indices_or_sections"));
  const axis = toFloat(get("axis"));
  const length = isWhy(x) || axis === undefined ? undefined : x.type.shape?.at(axis)?.size;
  if (isWhy(x) || count === undefined || axis === undefined || typeof length !== "number")
    return unknown({ reason: t("numpy's {0} of such arrays is not followed", "split") });
  // The first parts are one longer where it does not divide.
  const sizes = Array.from({ length: count }, (_, i) => ({
    size: Math.floor(length / count) + (i < length % count ? 1 : 0),
  }));
  const parts = through(interp, "split", [x], { axis: { size: axis }, sizes });
  return Array.isArray(parts) ? list([...(parts as readonly Value[])]) : (parts as Value);
});
define("n", "meshgrid", "*xi, copy=True, sparse=False, indexing='xy'", (interp, get) => {
  const given = get("xi");
  const parts = (given.kind === "tuple" ? given.items : []).map((item) => operandOf(interp, item));
  const rows: Operand[] = [];
  for (const part of parts) {
    const flat = isWhy(part) ? part : flatten(interp, part);
    if (isWhy(flat)) return unknown(flat);
    rows.push(flat);
  }
  const mode = get("indexing");
  const swap = mode.kind === "str" && mode.value === "xy" && 1 < rows.length;
  const order = rows.map((_, i) => (swap && i < 2 ? 1 - i : i));
  const lengths = order.map((i) => rows[i]?.type.shape?.[0] ?? { size: undefined });
  return list(
    rows.map((row, i) => {
      const at = order.indexOf(i);
      const spread = operandOf(
        interp,
        one(interp, "reshape", [row], { shape: rows.map((_, k) => ({ size: k === at ? -1 : 1 })) }),
      );
      return one(interp, "expand", [spread], { shape: lengths });
    }),
  );
});
define("n", "where", "condition, x=None, y=None", (interp, get) => {
  const condition = array(interp, get, "condition");
  if (isWhy(condition)) return unknown(condition);
  if (get("x").kind === "none") return nonzero(interp, condition);
  const [x, y] = [array(interp, get, "x"), array(interp, get, "y")];
  if (isWhy(x)) return unknown(x);
  if (isWhy(y)) return unknown(y);
  // The type of the sum is the type that both are brought to.
  const sum = operandOf(interp, arithmetic(interp, "add", x, y));
  const dtype = isWhy(sum) ? undefined : sum.type.dtype;
  const test: Operand = { ...condition, type: { ...condition.type, dtype: "bool" } };
  return one(interp, "where", [test, x, y], {}, dtype);
});
define("nm", "nonzero", "a", (interp, get) => {
  const x = array(interp, get);
  return isWhy(x) ? unknown(x) : nonzero(interp, x);
});
function nonzero(interp: Interp, { type, host }: Operand): Value {
  const rank = type.shape?.length;
  if (rank === undefined) return unknown(LOST);
  if (host === undefined || host.fuzz !== undefined) {
    const why: Why = { reason: t("as many as {0} finds, which depends on the values", "nonzero") };
    return tuple(
      Array.from({ length: rank }, () =>
        arrayValue(interp, { shape: [{ size: undefined, why }], dtype: "int64" }, undefined),
      ),
    );
  }
  const found = host.data.flatMap((value, at) => (value === 0 ? [] : [at]));
  return tuple(
    host.shape.map((length, axis) => {
      const stride = sizeOf(host.shape.slice(axis + 1));
      const data = found.map((at) => Math.floor(at / stride) % length);
      return arrayValue(interp, { shape: [{ size: data.length }], dtype: "int64" }, { shape: [data.length], data });
    }),
  );
}

define("a", "__len__", "a", (interp, get) => {
  const x = array(interp, get);
  const first = isWhy(x) ? undefined : x.type.shape?.[0];
  return first === undefined ? unknown(isWhy(x) ? x : LOST) : intOf(first);
});
define("a", "__bool__", "a", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x) || x.host?.data.length !== 1 || x.host.fuzz !== undefined)
    return unknown({ reason: t("a condition on an array's values") });
  return { kind: "bool", value: x.host.data[0] !== 0 };
});
define("a", "__contains__", "a, item", (interp, get) => {
  const x = array(interp, get);
  const item = toFloat(get("item"));
  if (isWhy(x) || x.host === undefined || x.host.fuzz !== undefined || item === undefined)
    return unknown({ reason: t("a condition on an array's values") });
  return { kind: "bool", value: x.host.data.includes(item) };
});
/** Longer arrays are data, not design. */
const MAX_LOOP = 10_000;
ndarrayClass.attrs.set(
  "__iter__",
  native("__iter__", "self", (interp, get) => {
    const x = operandOf(interp, get("self"));
    const n = isWhy(x) ? undefined : x.type.shape?.[0]?.size;
    if (isWhy(x) || typeof n !== "number" || MAX_LOOP < n)
      return lostIterator({ reason: t("iteration over an axis of unknown length") });
    return iteratorOver(
      "ndarray",
      Array.from({ length: n }, (_, i) => one(interp, "select", [x], { axis: { size: 0 }, index: { size: i } })),
    );
  }),
);
define("m", "tolist", "a", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x)) return unknown(x);
  const shape = x.host?.shape ?? x.type.shape?.map(({ size }) => size);
  if (shape === undefined || !shape.every((size) => typeof size === "number") || MAX_LOOP < sizeOf(shape))
    return unknown({ reason: t("a list read from an array") });
  const { host } = x;
  const nested = (axis: number, from: number): Value => {
    const length = shape[axis];
    if (length === undefined) {
      const value = host?.data[from];
      const single = host === undefined || value === undefined ? undefined : held([], [value], [fuzzAt(host, from)]);
      return plain(arrayValue(interp, { shape: [], dtype: x.type.dtype }, single));
    }
    const inner = sizeOf(shape.slice(axis + 1));
    return list(Array.from({ length }, (_, i) => nested(axis + 1, from + i * inner)));
  };
  return nested(0, 0);
});
define("m", "copy", "a, order='C'", (interp, get) => {
  const x = array(interp, get);
  if (isWhy(x)) return unknown(x);
  return get("a").kind === "instance"
    ? arrayOn(interp, { kind: "tensor", type: x.type, ...(x.host === undefined ? {} : { host: x.host }) })
    : get("a");
});
define("n", "ndim", "a", (interp, get) => {
  const x = array(interp, get);
  return isWhy(x) || x.type.shape === undefined ? unknown(LOST) : int(x.type.shape.length);
});
define("n", "shape", "a", (interp, get) => {
  const x = array(interp, get);
  return isWhy(x) || x.type.shape === undefined ? unknown(LOST) : tuple(x.type.shape.map(intOf));
});
define("n", "size", "a, axis=None", (interp, get) => {
  const x = array(interp, get);
  const sizes = isWhy(x) ? undefined : x.type.shape?.map(({ size }) => size);
  return sizes?.every((size) => typeof size === "number") ? int(sizeOf(sizes)) : intOf({ size: undefined, why: LOST });
});
define("n", "isscalar", "element", (_interp, get) => {
  const { kind } = get("element");
  return kind === "unknown"
    ? get("element")
    : { kind: "bool", value: kind === "int" || kind === "float" || kind === "bool" || kind === "str" };
});
define("a", "fill", "a, value", (interp, get) => {
  const self = get("a");
  const payload = self.kind === "instance" && self.payload?.kind === "tensor" ? self.payload : undefined;
  if (payload !== undefined) interp.journal.assign(payload, "host", undefined);
  return NONE;
});
define("a", "sort", "a, axis=-1, kind=None, order=None", (interp, get) => {
  const self = get("a");
  const payload = self.kind === "instance" && self.payload?.kind === "tensor" ? self.payload : undefined;
  if (payload !== undefined) interp.journal.assign(payload, "host", undefined);
  return NONE;
});
