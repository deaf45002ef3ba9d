import type { Interp } from "../../eval/interp.ts";
import { bool, int, intOf, NONE, opaque, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { iteratorOver, lostIterator } from "../../lang/iteration.ts";
import { native } from "../../lang/native.ts";
import { mul, type Size } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { sizeClass, tensorClass } from "../classes.ts";
import { emit } from "../convert.ts";
import { define } from "../define.ts";
import { hostElement } from "../known.ts";

const property = (name: string, get: (value: TensorValue, interp: Interp) => Value): void => {
  tensorClass.attrs.set(name, {
    kind: "property",
    get: native(name, "self", (interp, read) => {
      const self = read("self");
      return self.kind === "tensor" ? get(self, interp) : NONE;
    }),
    set: undefined,
  });
};
const shapeOf = (value: TensorValue): Value =>
  value.type.shape === undefined
    ? unknown(value.type.why ?? { reason: t("a shape that is not known") })
    : { kind: "tuple", items: value.type.shape.map(intOf), cls: sizeClass };
property("shape", shapeOf);
property("ndim", (value) =>
  value.type.shape === undefined
    ? unknown(value.type.why ?? { reason: t("a rank that is not known") })
    : int(value.type.shape.length),
);
property("dtype", (value) =>
  value.type.dtype === undefined
    ? unknown({ reason: t("an element type that is not known") })
    : opaque("dtype", `torch.${value.type.dtype}`),
);
property("device", () => opaque("device", "cpu"));
property("data", (value) => value);
property("grad", () => NONE);
property("requires_grad", (value) => bool(value.weight?.trainable === true));
property("is_cuda", () => bool(false));
property("T", (value, interp) => emit(interp, "transpose", [value], { a: { size: 0 }, b: { size: 1 } }));
property("mT", (value, interp) => emit(interp, "transpose", [value], { a: { size: -2 }, b: { size: -1 } }));
define("m", "size", "input, dim=None", (interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  const shape = shapeOf(value);
  return get("dim").kind === "none" ? shape : interp.lang.getItem(interp, shape, get("dim"));
});
define("m", "dim ndimension", "input", (_interp, get) => {
  const value = get("input");
  return value.kind !== "tensor" || value.type.shape === undefined
    ? unknown({ reason: t("a rank that is not known") })
    : int(value.type.shape.length);
});
define("tm", "numel nelement", "input", (_interp, get) => {
  const value = get("input");
  let count: Size = 1;
  for (const dim of value.kind === "tensor" ? (value.type.shape ?? [{ size: undefined }]) : []) {
    if (dim.size === undefined) return intOf({ size: undefined, why: { reason: t("a size that is not known") } });
    count = mul(count, dim.size);
  }
  return intOf({ size: count });
});
define("m", "item", "input", (_interp, get) => {
  const value = get("input");
  if (value.kind !== "tensor") return value;
  const isFloat = value.type.dtype?.startsWith("float") === true;
  const data = value.host?.data;
  const why = { reason: t("a number read from a tensor") };
  if (data?.length === 1) return isFloat ? { kind: "float", value: data[0] } : int(data[0] ?? 0);
  if (value.type.dtype === undefined) return unknown(why);
  return isFloat ? { kind: "float", value: undefined, why } : intOf({ size: undefined, why });
});
define("m", "tolist", "input", (_interp, get) => {
  const value = get("input");
  const known = value.kind === "tensor" ? value.host : undefined;
  if (known === undefined || known.shape.length !== 1) return unknown({ reason: t("a list read from a tensor") });
  const isFloat = value.kind === "tensor" && value.type.dtype?.startsWith("float") === true;
  return { kind: "list", items: known.data.map((n): Value => (isFloat ? { kind: "float", value: n } : int(n))) };
});
tensorClass.attrs.set(
  "__len__",
  native("__len__", "self", (_interp, get) => {
    const value = get("self");
    const first = value.kind === "tensor" ? value.type.shape?.[0] : undefined;
    return first === undefined ? unknown({ reason: t("a length that is not known") }) : intOf(first);
  }),
);
tensorClass.attrs.set(
  "__iter__",
  native("__iter__", "self", (interp, get) => {
    const value = get("self");
    const n = value.kind === "tensor" ? value.type.shape?.[0]?.size : undefined;
    if (value.kind !== "tensor" || typeof n !== "number")
      return lostIterator({ reason: t("iteration over an axis of unknown length") });
    return iteratorOver(
      "tensor",
      Array.from(
        { length: n },
        (_, i) => hostElement(value, i) ?? emit(interp, "select", [value], { axis: { size: 0 }, index: { size: i } }),
      ),
    );
  }),
);
