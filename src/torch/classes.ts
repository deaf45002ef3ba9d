import { type ClassValue, int, list, str, unknown } from "../eval/value.ts";
import { reprOf } from "../lang/format.ts";
import { native, nativeClass } from "../lang/native.ts";
import { objectClass, tupleClass } from "../lang/types.ts";
import { t } from "../text/text.ts";

export const tensorClass: ClassValue = nativeClass("Tensor", "torch", [objectClass]);
export const parameterClass: ClassValue = nativeClass("Parameter", "torch.nn", [tensorClass]);
export const sizeClass: ClassValue = nativeClass("Size", "torch", [tupleClass]);
sizeClass.attrs.set(
  "__repr__",
  native("__repr__", "self", (interp, get) => {
    const self = get("self");
    const text = self.kind === "tuple" ? reprOf(interp, list([...self.items])) : undefined;
    return text === undefined ? unknown({ reason: t("text of an unknown value") }) : str(`torch.Size(${text})`);
  }),
);
sizeClass.attrs.set(
  "numel",
  native("numel", "self", (interp, get) => {
    const self = get("self");
    const items = self.kind === "tuple" ? self.items : [];
    return items.reduce((a, b) => interp.lang.binary(interp, "*", a, b, false), int(1));
  }),
);
