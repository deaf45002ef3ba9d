import { itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import { intOf, NONE, type TensorValue, tuple, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import { toFloat, whyOf } from "../../lang/arithmetic.ts";
import { shareMemory } from "../../numpy/memory.ts";
import { broadcastShapes } from "../../ops/broadcast.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Dim, Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { sizeClass } from "../classes.ts";
import { dimList, dimOf, dimsOf, emit, tensorOf } from "../convert.ts";
import { axes, define, lost, several, sizes, x } from "../define.ts";
import { namedDtype } from "../dtypes.ts";

/** What changes a tensor's shape and keeps its elements, or joins and splits tensors. */

const dims = (given: readonly Dim[] | Why): readonly Dim[] => given as readonly Dim[];
const OPEN: Why = { reason: t("an axis that is not known") };
const PARTS: Why = { reason: t("a split into an unknown number of parts") };

for (const name of ["view", "reshape"]) {
  define("m", name, "input, *shape", (interp, get) => {
    const given = get("shape");
    const only = given.kind === "tuple" && given.items.length === 1 ? given.items[0] : undefined;
    if (only !== undefined && namedDtype(only) !== undefined) return viewAs(interp, x(interp, get, name), only);
    const shape = sizes(interp, given);
    if (isWhy(shape)) return lost(shape);
    const source = x(interp, get, name);
    const args = { shape: [...dims(shape)] };
    const made = emit(interp, "reshape", [source], args);
    // `view` never copies, `reshape` does where it must.
    if (name === "view" && source.kind === "tensor" && made.kind === "tensor" && made.host !== undefined)
      shareMemory(source, made, "reshape", args);
    return made;
  });
}
/** The same bytes as another element type: lengths are known where both are as long. */
function viewAs(interp: Interp, source: TensorValue | UnknownValue, asked: Value): Value {
  const dtype = namedDtype(asked);
  if (source.kind !== "tensor" || dtype === undefined) return source;
  const made = emit(interp, "identity", [source], {});
  if (source.type.dtype === dtype) return made;
  return unknown({ reason: t("the same memory under another element type") });
}
define("t", "reshape", "input, shape", (interp, get) => {
  const shape = sizes(interp, get("shape"));
  return isWhy(shape) ? lost(shape) : emit(interp, "reshape", [x(interp, get, "reshape")], { shape: [...dims(shape)] });
});
define("tm", "flatten", "input, start_dim=0, end_dim=-1", (interp, get) =>
  emit(interp, "flatten", [x(interp, get, "flatten")], { start: dimOf(get("start_dim")), end: dimOf(get("end_dim")) }),
);
define("tm", "ravel", "input", (interp, get) =>
  emit(interp, "flatten", [x(interp, get, "ravel")], { start: { size: 0 }, end: { size: -1 } }),
);
define("tm", "unflatten", "input, dim, sizes", (interp, get) =>
  emit(interp, "unflatten", [x(interp, get, "unflatten")], {
    axis: dimOf(get("dim")),
    sizes: [...dimsOf(interp, get("sizes"), 1)],
  }),
);
define("tmi", "squeeze", "input, dim=None", (interp, get) =>
  emit(interp, "squeeze", [x(interp, get, "squeeze")], { axes: axes(interp, get("dim")) }),
);
define("tmi", "unsqueeze", "input, dim", (interp, get) =>
  emit(interp, "unsqueeze", [x(interp, get, "unsqueeze")], { axis: dimOf(get("dim")) }),
);
define("tmi", "transpose", "input, dim0, dim1", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "transpose")], { a: dimOf(get("dim0")), b: dimOf(get("dim1")) }),
);
for (const [name, signature] of [
  ["swapaxes", "input, axis0, axis1"],
  ["swapdims", "input, dim0, dim1"],
] as const) {
  const [, first = "", second = ""] = signature.split(", ");
  define("tmi", name, signature, (interp, get) =>
    emit(interp, "transpose", [x(interp, get, name)], { a: dimOf(get(first)), b: dimOf(get(second)) }),
  );
}
define("tmi", "t", "input", (interp, get) => {
  const source = x(interp, get, "t");
  const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
  if (rank !== undefined && rank < 2) return emit(interp, "identity", [source], {});
  return emit(interp, "transpose", [source], { a: { size: 0 }, b: { size: 1 } });
});
define("tm", "adjoint", "input", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "adjoint")], { a: { size: -2 }, b: { size: -1 } }),
);
for (const [where, signature] of [
  ["m", "input, *dims"],
  ["t", "input, dims"],
] as const) {
  define(where, "permute", signature, (interp, get) => {
    const order = sizes(interp, get("dims"));
    return isWhy(order)
      ? lost(order)
      : emit(interp, "permute", [x(interp, get, "permute")], { axes: [...dims(order)] });
  });
}
define("tm", "movedim moveaxis", "input, source, destination", (interp, get) => {
  const source = x(interp, get, "movedim");
  const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
  const [from, to] = [get("source"), get("destination")].map((value) => whole(interp, value, rank));
  if (source.kind !== "tensor" || rank === undefined || from === undefined || to === undefined)
    return source.kind === "tensor" ? unknown(source.type.why ?? OPEN) : source;
  const order: (number | undefined)[] = Array.from({ length: rank }, () => undefined);
  from.forEach((axis, i) => {
    order[to[i] ?? 0] = axis;
  });
  const rest = Array.from({ length: rank }, (_, i) => i).filter((i) => !from.includes(i));
  return emit(interp, "permute", [source], { axes: order.map((axis) => ({ size: axis ?? rest.shift() })) });
});

/** Known axes counted from 0; undefined if one is not known or out of range. */
function whole(interp: Interp, value: Value, rank: number | undefined): readonly number[] | undefined {
  const made: number[] = [];
  for (const dim of dimsOf(interp, value, 1)) {
    if (typeof dim.size !== "number" || rank === undefined || dim.size < -rank || rank <= dim.size) return undefined;
    made.push(dim.size < 0 ? dim.size + rank : dim.size);
  }
  return made;
}

define("m", "expand", "input, *size, implicit=False", (interp, get) => {
  const shape = sizes(interp, get("size"));
  return isWhy(shape) ? lost(shape) : emit(interp, "expand", [x(interp, get, "expand")], { shape: [...dims(shape)] });
});
for (const [where, name] of [
  ["tm", "broadcast_to"],
  ["t", "expand_copy"],
] as const)
  define(where, name, "input, size, *, implicit=False", (interp, get) => {
    const shape = sizes(interp, get("size"));
    return isWhy(shape) ? lost(shape) : emit(interp, "expand", [x(interp, get, "expand")], { shape: [...dims(shape)] });
  });
for (const [names, op] of [
  ["expand_as", "expand"],
  ["view_as reshape_as", "reshape"],
] as const) {
  define("m", names, "input, other", (interp, get) => {
    const other = get("other");
    const shape = other.kind === "tensor" ? other.type.shape : undefined;
    return shape === undefined
      ? unknown(whyOf(other) ?? { reason: t("a shape that is not known") })
      : emit(interp, op, [x(interp, get, names)], { shape: [...shape] });
  });
}
define("t", "broadcast_shapes", "*shapes", (interp, get) => {
  const given = get("shapes");
  const shapes: (readonly Dim[])[] = [];
  for (const shape of given.kind === "tuple" ? given.items : []) {
    const known = dimList(interp, [shape]);
    if (isWhy(known)) return lost(known);
    shapes.push(dims(known));
  }
  const { shape, misfits } = broadcastShapes(shapes, []);
  if (0 < misfits.length) return unknown({ reason: t("arrays that do not broadcast") });
  return { kind: "tuple", items: shape.map(intOf), cls: sizeClass };
});
define("t", "broadcast_tensors", "*tensors", (interp, get) => {
  const given = get("tensors");
  const only = given.kind === "tuple" && given.items.length === 1 ? given.items[0] : undefined;
  const items = itemsOf(interp, only !== undefined && only.kind !== "tensor" ? only : given);
  if (isWhy(items)) return lost(items);
  const shapes: (readonly Dim[])[] = [];
  for (const item of items) {
    if (item.kind !== "tensor" || item.type.shape === undefined)
      return unknown(whyOf(item) ?? { reason: t("a shape that is not known") });
    shapes.push(item.type.shape);
  }
  const { shape } = broadcastShapes(shapes, []);
  return tuple(
    items.map((item) =>
      emit(interp, "expand", [tensorOf(interp, item, "broadcast_tensors", "tensors")], { shape: [...shape] }),
    ),
  );
});
define("m", "repeat", "input, *repeats", (interp, get) => {
  const times = sizes(interp, get("repeats"));
  return isWhy(times) ? lost(times) : emit(interp, "repeat", [x(interp, get, "repeat")], { times: [...dims(times)] });
});
for (const [where, signature] of [
  ["m", "input, *dims"],
  ["t", "input, dims"],
] as const)
  define(where, "tile", signature, (interp, get) => {
    const source = x(interp, get, "tile");
    const times = sizes(interp, get("dims"));
    const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
    if (isWhy(times)) return lost(times);
    if (rank === undefined) return source.kind === "tensor" ? unknown(source.type.why ?? OPEN) : source;
    const ones = Array.from({ length: Math.max(0, rank - dims(times).length) }, (): Dim => ({ size: 1 }));
    return emit(interp, "repeat", [source], { times: [...ones, ...dims(times)] });
  });
define("tm", "repeat_interleave", "input, repeats, dim=None, *, output_size=None", (interp, get) => {
  const source = x(interp, get, "repeat_interleave");
  const repeats = get("repeats");
  if (repeats.kind === "tensor" && repeats.host?.data.length !== 1) {
    const shape = source.kind === "tensor" ? source.type.shape : undefined;
    const axis = toFloat(get("dim"));
    const why: Why = { reason: t("as many as {0} finds, which depends on the values", "repeat_interleave") };
    const size = get("output_size").kind === "int" ? dimOf(get("output_size")) : { size: undefined, why };
    if (source.kind !== "tensor" || shape === undefined || axis === undefined) return unknown(why);
    const at = axis < 0 ? axis + shape.length : axis;
    return { kind: "tensor", type: { shape: shape.map((d, i) => (i === at ? size : d)), dtype: source.type.dtype } };
  }
  const isFlat = get("dim").kind === "none";
  const from = isFlat ? emit(interp, "flatten", [source], { start: { size: 0 }, end: { size: -1 } }) : source;
  return emit(interp, "repeat_interleave", [tensorOf(interp, from, "repeat_interleave", "input")], {
    repeats: dimOf(repeats),
    axis: isFlat ? { size: 0 } : dimOf(get("dim")),
  });
});
for (const [name, signature] of [
  ["cat", "tensors, dim=0, *, out=None"],
  ["concat", "tensors, dim=0, *, out=None"],
  ["concatenate", "tensors, dim=0, *, out=None"],
  ["stack", "tensors, dim=0, *, out=None"],
] as const)
  define("t", name, signature, (interp, get) => {
    const items = itemsOf(interp, get("tensors"));
    if (isWhy(items)) return lost(items);
    return emit(
      interp,
      name === "stack" ? "stack" : "concat",
      items.map((item) => tensorOf(interp, item, name, "tensors")),
      { axis: dimOf(get("dim")) },
    );
  });
define("tm", "chunk unsafe_chunk", "input, chunks, dim=0", (interp, get) =>
  several(interp, "chunk", x(interp, get, "chunk"), { axis: dimOf(get("dim")), chunks: dimOf(get("chunks")) }),
);
for (const [where, signature] of [
  ["m", "input, split_size, dim=0"],
  ["t", "tensor, split_size_or_sections, dim=0"],
] as const) {
  const [first = "", second = ""] = signature.split(", ");
  define(where, "split", signature, (interp, get) =>
    split(interp, x(interp, get, "split", first), get(second), get("dim")),
  );
}
define("t", "unsafe_split", "input, split_size, dim=0", (interp, get) =>
  split(interp, x(interp, get, "split"), get("split_size"), get("dim")),
);
define("tm", "split_with_sizes unsafe_split_with_sizes", "input, split_sizes, dim=0", (interp, get) =>
  split(interp, x(interp, get, "split_with_sizes"), get("split_sizes"), get("dim")),
);
function split(interp: Interp, source: TensorValue | UnknownValue, size: Value, dim: Value): Value {
  const axis = dimOf(dim);
  const length = lengthAt(source, axis);
  const isOne = size.kind === "int" || size.kind === "float" || size.kind === "bool";
  if (isOne && (typeof length !== "number" || typeof dimOf(size).size !== "number")) return unknown(PARTS);
  if (size.kind === "unknown") return size;
  return several(interp, "split", source, { axis, sizes: isOne ? dimOf(size) : [...dimsOf(interp, size, 1)] });
}
function lengthAt(source: TensorValue | UnknownValue, axis: Dim): Dim["size"] {
  return source.kind === "tensor" && typeof axis.size === "number" ? source.type.shape?.at(axis.size)?.size : undefined;
}
define(
  "tm",
  "tensor_split",
  "input, indices_or_sections=None, dim=0, *, sections=None, indices=None",
  (interp, get) => {
    const source = x(interp, get, "tensor_split");
    const axis = dimOf(get("dim"));
    const length = lengthAt(source, axis);
    const given =
      ["indices_or_sections", "sections", "indices"].map((name) => get(name)).find(({ kind }) => kind !== "none") ??
      NONE;
    if (typeof length !== "number") return unknown(PARTS);
    if (given.kind === "int") {
      const n = given.dim.size;
      if (typeof n !== "number" || n < 1) return unknown(PARTS);
      const parts = Array.from({ length: n }, (_, i) => ({ size: Math.floor(length / n) + (i < length % n ? 1 : 0) }));
      return several(interp, "split", source, { axis, sizes: parts });
    }
    const marks = dimsOf(interp, given, 1).map(({ size }) => size);
    if (!marks.every((mark) => typeof mark === "number")) return unknown(PARTS);
    const ends = [...marks.map((mark) => Math.min(Math.max(mark < 0 ? mark + length : mark, 0), length)), length];
    const parts = ends.map((end, i) => ({ size: Math.max(0, end - (ends[i - 1] ?? 0)) }));
    return parts.reduce((sum, { size }) => sum + size, 0) === length
      ? several(interp, "split", source, { axis, sizes: parts })
      : unknown(PARTS);
  },
);
define("tm", "unbind", "input, dim=0", (interp, get) => {
  const source = x(interp, get, "unbind");
  const axis = dimOf(get("dim"));
  return typeof lengthAt(source, axis) === "number" ? several(interp, "unbind", source, { axis }) : unknown(PARTS);
});
for (const [where, signature] of [
  ["m", "input, *dims"],
  ["t", "input, dims"],
] as const)
  define(where, "flip", signature, (interp, get) => {
    const order = sizes(interp, get("dims"));
    return isWhy(order) ? lost(order) : emit(interp, "flip", [x(interp, get, "flip")], { axes: [...dims(order)] });
  });
for (const [name, size] of [
  ["fliplr", 1],
  ["flipud", 0],
] as const)
  define("tm", name, "input", (interp, get) => emit(interp, "flip", [x(interp, get, name)], { axes: [{ size }] }));
define("tm", "roll", "input, shifts, dims=None", (interp, get) =>
  emit(interp, "roll", [x(interp, get, "roll")], {
    shifts: axes(interp, get("shifts")),
    axes: axes(interp, get("dims")),
  }),
);
define("tm", "select", "input, dim, index", (interp, get) =>
  emit(interp, "select", [x(interp, get, "select")], { axis: dimOf(get("dim")), index: dimOf(get("index")) }),
);
define("tm", "narrow narrow_copy", "input, dim, start, length", (interp, get) => {
  const source = x(interp, get, "narrow");
  const shape = source.kind === "tensor" ? source.type.shape : undefined;
  const [axis] = whole(interp, get("dim"), shape?.length) ?? [];
  if (shape === undefined || axis === undefined)
    return source.kind === "tensor" ? unknown(source.type.why ?? OPEN) : source;
  const [start, length] = [dimOf(get("start")), dimOf(get("length"))];
  if (typeof start.size !== "number" || typeof length.size !== "number") {
    const why: Why = start.why ?? length.why ?? OPEN;
    return {
      kind: "tensor",
      type: {
        shape: shape.map((d, i) => (i === axis ? (length.size === undefined ? { size: undefined, why } : length) : d)),
        dtype: source.kind === "tensor" ? source.type.dtype : undefined,
      },
    };
  }
  const own = shape[axis]?.size;
  const from = start.size < 0 && typeof own === "number" ? start.size + own : start.size;
  const all = <T extends Arg>(value: T): Arg[] => shape.map((_, i) => (i === axis ? value : null));
  return emit(interp, "slice", [source], {
    starts: all({ size: from }),
    ends: all(from < 0 && from + length.size === 0 ? null : { size: from + length.size }),
    steps: shape.map(() => ({ size: 1 })),
  });
});
define("m", "unfold", "input, dimension, size, step", (interp, get) =>
  emit(interp, "unfold_axis", [x(interp, get, "unfold")], {
    axis: dimOf(get("dimension")),
    size: dimOf(get("size")),
    step: dimOf(get("step")),
  }),
);
for (const name of ["tril", "triu"])
  define("tmi", name, "input, diagonal=0", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], { diagonal: dimOf(get("diagonal")) }),
  );
define("tm", "diagonal", "input, offset=0, dim1=0, dim2=1", (interp, get) =>
  emit(interp, "diagonal", [x(interp, get, "diagonal")], {
    offset: dimOf(get("offset")),
    a: dimOf(get("dim1")),
    b: dimOf(get("dim2")),
  }),
);
define("tm", "diag_embed", "input, offset=0, dim1=-2, dim2=-1", (interp, get) => {
  if (toFloat(get("dim1")) !== -2 || toFloat(get("dim2")) !== -1) return unknown(OPEN);
  return emit(interp, "diag_embed", [x(interp, get, "diag_embed")], { offset: dimOf(get("offset")) });
});
define("tm", "diag", "input, diagonal=0", (interp, get) => {
  const source = x(interp, get, "diag");
  const rank = source.kind === "tensor" ? source.type.shape?.length : undefined;
  const offset = dimOf(get("diagonal"));
  if (rank === 1) return emit(interp, "diag_embed", [source], { offset });
  if (rank === undefined) return source.kind === "tensor" ? unknown(source.type.why ?? OPEN) : source;
  return emit(interp, "diagonal", [source], { offset, a: { size: 0 }, b: { size: 1 } });
});
define("m", "contiguous", "input, memory_format=None", (interp, get) =>
  emit(
    interp,
    "identity",
    [x(interp, get, "contiguous")],
    get("memory_format").kind === "none" ? { contiguous: true } : {},
  ),
);
define("tm", "clone", "input, *, memory_format=None", (interp, get) => {
  const made = emit(interp, "identity", [x(interp, get, "clone")], {});
  if (made.kind === "tensor") {
    made.aliases?.delete(made);
    made.aliases = undefined;
  }
  return made;
});
/** The same memory under another name. */
function same(interp: Interp, source: TensorValue | UnknownValue): Value {
  const made = emit(interp, "identity", [source], {});
  if (made.kind === "tensor" && made.host !== undefined && source.kind === "tensor")
    shareMemory(source, made, "identity");
  return made;
}
define("tmi", "detach", "input", (interp, get) => same(interp, x(interp, get, "detach")));
define(
  "m",
  "cuda cpu xpu pin_memory requires_grad_ as_subclass resolve_conj resolve_neg to_dense ipu",
  "input, *args, **kwargs",
  (interp, get) => same(interp, x(interp, get, "to")),
);
