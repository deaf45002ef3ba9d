import { itemsOf } from "../../eval/evaluate.ts";
import { isWhy } from "../../eval/interp.ts";
import { unknown } from "../../eval/value.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import type { Dim } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, emit, tensorOf } from "../convert.ts";
import { axes, define, lost, several, sizes, x } from "../define.ts";

for (const name of ["view", "reshape"]) {
  define("m", name, "input, *shape", (interp, get) => {
    const shape = sizes(interp, get("shape"));
    return isWhy(shape)
      ? lost(shape)
      : emit(interp, "reshape", [x(interp, get, name)], { shape: [...(shape as readonly Dim[])] });
  });
}
define("t", "reshape", "input, shape", (interp, get) =>
  emit(interp, "reshape", [x(interp, get, "reshape")], { shape: [...dimsOf(interp, get("shape"), 1)] }),
);
define("tm", "flatten", "input, start_dim=0, end_dim=-1", (interp, get) =>
  emit(interp, "flatten", [x(interp, get, "flatten")], { start: dimOf(get("start_dim")), end: dimOf(get("end_dim")) }),
);
define("tm", "unflatten", "input, dim, sizes", (interp, get) =>
  emit(interp, "unflatten", [x(interp, get, "unflatten")], {
    axis: dimOf(get("dim")),
    sizes: [...dimsOf(interp, get("sizes"), 1)],
  }),
);
define("tm", "squeeze", "input, dim=None", (interp, get) =>
  emit(interp, "squeeze", [x(interp, get, "squeeze")], { axes: axes(interp, get("dim")) }),
);
define("tm", "unsqueeze", "input, dim", (interp, get) =>
  emit(interp, "unsqueeze", [x(interp, get, "unsqueeze")], { axis: dimOf(get("dim")) }),
);
define("tm", "transpose swapaxes swapdims", "input, dim0, dim1", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "transpose")], { a: dimOf(get("dim0")), b: dimOf(get("dim1")) }),
);
define("tm", "t", "input", (interp, get) =>
  emit(interp, "transpose", [x(interp, get, "t")], { a: { size: 0 }, b: { size: 1 } }),
);
for (const [where, signature] of [
  ["m", "input, *dims"],
  ["t", "input, dims"],
] as const) {
  define(where, "permute", signature, (interp, get) => {
    const dims = where === "t" ? [...dimsOf(interp, get("dims"), 1)] : sizes(interp, get("dims"));
    return isWhy(dims)
      ? lost(dims)
      : emit(interp, "permute", [x(interp, get, "permute")], { axes: [...(dims as readonly Dim[])] });
  });
}
define("m", "expand", "input, *size", (interp, get) => {
  const shape = sizes(interp, get("size"));
  return isWhy(shape)
    ? lost(shape)
    : emit(interp, "expand", [x(interp, get, "expand")], { shape: [...(shape as readonly Dim[])] });
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
define("m", "repeat", "input, *repeats", (interp, get) => {
  const times = sizes(interp, get("repeats"));
  return isWhy(times)
    ? lost(times)
    : emit(interp, "repeat", [x(interp, get, "repeat")], { times: [...(times as readonly Dim[])] });
});
for (const name of ["cat", "concat", "concatenate", "stack"]) {
  define("t", name, "tensors, dim=0", (interp, get) => {
    const items = itemsOf(interp, get("tensors"));
    return isWhy(items)
      ? lost(items)
      : emit(
          interp,
          name === "stack" ? "stack" : "concat",
          items.map((item) => tensorOf(interp, item, name, "tensors")),
          { axis: dimOf(get("dim")) },
        );
  });
}
define("tm", "chunk", "input, chunks, dim=0", (interp, get) =>
  several(interp, "chunk", x(interp, get, "chunk"), { axis: dimOf(get("dim")), chunks: dimOf(get("chunks")) }),
);
define("tm", "split", "input, split_size, dim=0", (interp, get) => {
  const source = x(interp, get, "split");
  const size = get("split_size");
  const axis = dimOf(get("dim"));
  const length =
    source.kind === "tensor" && typeof axis.size === "number" ? source.type.shape?.at(axis.size)?.size : undefined;
  if (size.kind === "int" && (typeof length !== "number" || typeof size.dim.size !== "number"))
    return unknown({ reason: t("a split into an unknown number of parts") });
  return several(interp, "split", source, {
    axis,
    sizes: size.kind === "int" ? size.dim : [...dimsOf(interp, size, 1)],
  });
});
define("tm", "unbind", "input, dim=0", (interp, get) => {
  const source = x(interp, get, "unbind");
  const axis = dimOf(get("dim"));
  const length =
    source.kind === "tensor" && typeof axis.size === "number" ? source.type.shape?.at(axis.size)?.size : undefined;
  return typeof length === "number"
    ? several(interp, "unbind", source, { axis })
    : unknown({ reason: t("a split into an unknown number of parts") });
});
define("tm", "flip", "input, dims", (interp, get) =>
  emit(interp, "flip", [x(interp, get, "flip")], { axes: axes(interp, get("dims")) }),
);
define("tm", "roll", "input, shifts, dims=None", (interp, get) =>
  emit(interp, "roll", [x(interp, get, "roll")], {
    shifts: axes(interp, get("shifts")),
    axes: axes(interp, get("dims")),
  }),
);
