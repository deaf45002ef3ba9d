import type { ClassValue } from "../eval/value.ts";
import { nativeClass } from "../lang/native.ts";
import { objectClass, tupleClass } from "../lang/types.ts";

export const tensorClass: ClassValue = nativeClass("Tensor", "torch", [objectClass]);
export const parameterClass: ClassValue = nativeClass("Parameter", "torch.nn", [tensorClass]);
export const sizeClass: ClassValue = nativeClass("Size", "torch", [tupleClass]);
