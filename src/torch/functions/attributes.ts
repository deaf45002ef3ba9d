import { fail, type Interp } from "../../eval/interp.ts";
import { bool, int, intOf, NONE, type TensorValue, tensor, unknown, type Value } from "../../eval/value.ts";
import type { Init } from "../../graph/graph.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import { iteratorOver, lostIterator } from "../../lang/iteration.ts";
import { native } from "../../lang/native.ts";
import { typeName } from "../../lang/types.ts";
import { arrayOn, arrayValue } from "../../numpy/classes.ts";
import { shareMemory } from "../../numpy/memory.ts";
import type { TensorType, Why } from "../../shape/dim.ts";
import { mul, type Size } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { sizeClass, tensorClass } from "../classes.ts";
import { dimOf, emit, writeInPlace } from "../convert.ts";
import { define, x } from "../define.ts";
import { deviceValue, dtypeValue, isFloating } from "../dtypes.ts";
import { itemOf, listOf } from "../scalars.ts";

/** A tensor's attributes, and what Python reads out of it. */

const property = (
  name: string,
  get: (value: TensorValue, interp: Interp) => Value,
  set?: (self: TensorValue, value: Value, interp: Interp) => void,
): void => {
  tensorClass.attrs.set(name, {
    kind: "property",
    get: native(name, "self", (interp, read) => {
      const self = read("self");
      return self.kind === "tensor" ? get(self, interp) : NONE;
    }),
    set:
      set &&
      native(name, "self, value", (interp, read) => {
        const self = read("self");
        if (self.kind === "tensor") set(self, read("value"), interp);
        return NONE;
      }),
  });
};
const shapeOf = (value: TensorValue): Value =>
  value.type.shape === undefined
    ? unknown(value.type.why ?? { reason: t("a shape that is not known") })
    : { kind: "tuple", items: value.type.shape.map(intOf), cls: sizeClass };
const rankOf = (value: Value): Value =>
  value.kind !== "tensor" || value.type.shape === undefined
    ? unknown({ reason: t("a rank that is not known") })
    : int(value.type.shape.length);
const ofType = (value: Value, test: (dtype: NonNullable<TensorValue["type"]["dtype"]>) => boolean): Value =>
  value.kind !== "tensor" || value.type.dtype === undefined
    ? unknown({ reason: t("an element type that is not known") })
    : bool(test(value.type.dtype));
const cpu = deviceValue("cpu");

property("shape", shapeOf);
property("ndim", rankOf);
property("dtype", (value) =>
  value.type.dtype === undefined
    ? unknown({ reason: t("an element type that is not known") })
    : dtypeValue(value.type.dtype),
);
property("device", () => cpu);
property("data", (value) => value, setData);
property("grad", () => NONE);
property("grad_fn", () => NONE);
property("requires_grad", (value) => bool(value.weight?.trainable === true));
property("is_leaf", (value) => bool(value.weight !== undefined));
for (const name of ["is_cuda", "is_sparse", "is_quantized", "is_meta", "is_mkldnn", "is_mps", "is_xpu", "is_nested"])
  property(name, () => bool(false));
property("layout", () => ({ kind: "opaque", type: "layout", name: "strided" }));
property("itemsize", (value) =>
  value.type.dtype === undefined
    ? unknown({ reason: t("an element type that is not known") })
    : (dtypeValue(value.type.dtype).attrs?.get("itemsize") ?? NONE),
);
for (const name of ["real", "imag"]) property(name, (value, interp) => emit(interp, name, [value], {}));
const swapLast = (value: TensorValue, interp: Interp): Value =>
  emit(interp, "transpose", [value], { a: { size: -2 }, b: { size: -1 } });
for (const name of ["mT", "mH", "H"]) property(name, swapLast);
property("T", (value, interp) => {
  const rank = value.type.shape?.length;
  if (rank === undefined) return unknown(value.type.why ?? { reason: t("a rank that is not known") });
  if (rank < 2) return emit(interp, "identity", [value], {});
  return emit(interp, "permute", [value], { axes: Array.from({ length: rank }, (_, i) => ({ size: rank - 1 - i })) });
});

/** `tensor.data = value`: the same tensor holds what another does, of whatever shape. */
function setData(self: TensorValue, value: Value, interp: Interp): void {
  const why = value.kind === "tensor" ? undefined : whyOf(value);
  if (value.kind !== "tensor" && why === undefined) {
    fail(interp, "TypeError", `Variable data has to be a tensor, but got ${typeName(interp, value)}`);
    return;
  }
  const made = value.kind === "tensor" ? value : tensor({ shape: undefined, dtype: undefined, ...(why && { why }) });
  const { weight } = self;
  writeInPlace(interp, self, { ...made, ref: interp.graph === undefined ? self.ref : made.ref });
  if (weight === undefined) return;
  interp.journal.assign(weight as { type: TensorType }, "type", made.type);
  const lost: Init = { kind: "unknown", why: { reason: t("the initialization is not known") } };
  interp.journal.assign(weight, "init", made.weight?.init ?? lost);
}

define("m", "size", "input, dim=None", (interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  const shape = shapeOf(value);
  return get("dim").kind === "none" ? shape : interp.lang.getItem(interp, shape, get("dim"));
});
define("m", "dim ndimension", "input", (_interp, get) => rankOf(get("input")));
define("tm", "numel nelement", "input", (_interp, get) => {
  const value = get("input");
  let count: Size = 1;
  for (const dim of value.kind === "tensor" ? (value.type.shape ?? [{ size: undefined }]) : []) {
    if (dim.size === undefined) return intOf({ size: undefined, why: { reason: t("a size that is not known") } });
    count = mul(count, dim.size);
  }
  return intOf({ size: count });
});
define("m", "element_size", "input", (interp, get) =>
  interp.lang.getAttribute(interp, get("input"), "itemsize", undefined),
);
define("tm", "is_floating_point", "input", (_interp, get) => ofType(get("input"), isFloating));
define("tm", "is_complex", "input", (_interp, get) => ofType(get("input"), (dtype) => dtype.startsWith("complex")));
define("m", "is_signed", "input", (_interp, get) =>
  ofType(get("input"), (dtype) => dtype !== "uint8" && dtype !== "bool"),
);
define("m", "is_contiguous", "input, memory_format=None", () =>
  unknown({ reason: t("the order in memory is not followed") }),
);
define("m", "stride", "input, dim=None", () => unknown({ reason: t("the order in memory is not followed") }));
define("m", "set_", "input, source=None, storage_offset=None, size=None, stride=None", (interp, get) => {
  const [self, source, offset] = [get("input"), get("source"), get("storage_offset")];
  if (self.kind !== "tensor") return self;
  // Without a source it is left empty.
  const type: TensorType =
    source.kind === "none"
      ? { ...self.type, shape: [{ size: 0 }] }
      : source.kind === "tensor" && offset.kind === "none"
        ? source.type
        : { shape: undefined, why: { reason: t("{0} is not followed", "set_") }, dtype: self.type.dtype };
  return writeInPlace(interp, self, tensor(type));
});
define("m", "get_device", "input", () => int(-1));
define("m", "item", "input", (_interp, get) => {
  const value = get("input");
  return value.kind === "tensor" ? itemOf(value) : value;
});
define("m", "numpy __array__", "input, *, force=False, dtype=None, copy=None", (interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  if (value.type.shape?.length === 0) return arrayValue(interp, value.type, value.host);
  const payload: TensorValue = { kind: "tensor", type: value.type, host: value.host };
  if (value.host !== undefined) shareMemory(value, payload, "identity");
  return arrayOn(interp, payload);
});
define("m", "tolist", "input", (_interp, get) => {
  const value = get("input");
  return value.kind === "tensor" ? listOf(value) : value;
});
define("m", "__len__", "input", (interp, get) => {
  const value = x(interp, get, "len");
  const first = value.kind === "tensor" ? value.type.shape?.[0] : undefined;
  if (value.kind === "tensor" && value.type.shape?.length === 0)
    return fail(interp, "TypeError", "len() of a 0-d tensor");
  return first === undefined ? unknown({ reason: t("a length that is not known") }) : intOf(first);
});
for (const name of ["__int__", "__index__"]) define("m", name, "input", (_interp, get) => intOf(dimOf(get("input"))));
define("m", "__format__", "input, spec=''", () => unknown({ reason: t("text of an unknown value") }));
define("m", "__repr__", "input", () => unknown({ reason: t("text of an unknown value") }));

/** Longer axes are data, not design: a loop over them is not followed. */
const MAX_LOOP = 4096;

tensorClass.attrs.set(
  "__iter__",
  native("__iter__", "self", (interp, get) => {
    const value = get("self");
    const n = value.kind === "tensor" ? value.type.shape?.[0]?.size : undefined;
    if (value.kind !== "tensor" || typeof n !== "number" || MAX_LOOP < n) {
      const why: Why = { reason: t("iteration over an axis of unknown length") };
      const shape = value.kind === "tensor" ? value.type.shape?.slice(1) : undefined;
      return value.kind === "tensor" && shape !== undefined
        ? lostIterator(why, tensor({ ...value.type, shape }))
        : lostIterator(why);
    }
    return iteratorOver(
      "tensor",
      Array.from({ length: n }, (_, i) => emit(interp, "select", [value], { axis: { size: 0 }, index: { size: i } })),
    );
  }),
);
