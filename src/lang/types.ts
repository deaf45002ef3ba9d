import type { Interp } from "../eval/interp.ts";
import type { ClassValue, DictValue, InstanceValue, Value } from "../eval/value.ts";
import { nativeClass } from "./native.ts";

/** Python's builtin classes. Their methods are filled in by the files that own them. */
export const objectClass = nativeClass("object", "builtins", []);
const builtin = (name: string, ...bases: readonly ClassValue[]): ClassValue =>
  nativeClass(name, "builtins", bases.length === 0 ? [objectClass] : bases);

export const typeClass = builtin("type");
export const noneClass = builtin("NoneType");
export const intClass = builtin("int");
export const boolClass = builtin("bool", intClass);
export const floatClass = builtin("float");
export const complexClass = builtin("complex");
export const strClass = builtin("str");
export const bytesClass = builtin("bytes");
export const listClass = builtin("list");
export const tupleClass = builtin("tuple");
export const setClass = builtin("set");
export const frozensetClass = builtin("frozenset");
export const dictClass = builtin("dict");
export const sliceClass = builtin("slice");
export const rangeClass = builtin("range");
const iteratorClass = builtin("iterator");
export const functionClass = builtin("function");
export const builtinFunctionClass = builtin("builtin_function_or_method");
export const methodClass = builtin("method");
export const moduleClass = builtin("module");
export const propertyClass = builtin("property");
export const staticmethodClass = builtin("staticmethod");
export const classmethodClass = builtin("classmethod");
export const superClass = builtin("super");
const ellipsisClass = builtin("ellipsis");
const notImplementedClass = builtin("NotImplementedType");

/** The class of a value; undefined when it is not known. */
export function typeOf(interp: Interp, value: Value): ClassValue | undefined {
  switch (value.kind) {
    case "none":
      return noneClass;
    case "ellipsis":
      return ellipsisClass;
    case "not-implemented":
      return notImplementedClass;
    case "bool":
      return boolClass;
    case "int":
      return value.cls ?? intClass;
    case "float":
      return value.cls ?? floatClass;
    case "complex":
      return complexClass;
    case "str":
      return strClass;
    case "bytes":
      return bytesClass;
    case "list":
      return listClass;
    case "tuple":
      return value.cls ?? tupleClass;
    case "set":
      return value.frozen ? frozensetClass : setClass;
    case "dict":
      return value.cls ?? dictClass;
    case "slice":
      return sliceClass;
    case "range":
      return rangeClass;
    case "iterator":
      return iteratorClass;
    case "function":
      return functionClass;
    case "builtin":
      return builtinFunctionClass;
    case "method":
      return methodClass;
    case "class":
      return value.meta ?? typeClass;
    case "instance":
      return value.cls;
    case "property":
      return propertyClass;
    case "wrapper":
      return value.type === "static" ? staticmethodClass : classmethodClass;
    case "super":
      return superClass;
    case "module":
      return moduleClass;
    case "tensor":
      return value.parameter ? interp.parameterClass : interp.tensorClass;
    case "opaque":
    case "lazy":
    case "unknown":
      return undefined;
  }
}

/** Name of a value's class as Python prints it in messages. */
export function typeName(interp: Interp, value: Value): string {
  return typeOf(interp, value)?.name ?? (value.kind === "opaque" ? value.type : "object");
}

/** Attribute of a class or its bases. */
export function classAttribute(cls: ClassValue, name: string): Value | undefined {
  for (const ancestor of cls.mro) {
    const value = ancestor.attrs.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A user instance of a class that derives from a builtin one stands for its payload. */
export function payloadOf(value: Value): Value {
  return value.kind === "instance" && value.payload !== undefined ? value.payload : value;
}

export function makeInstance(interp: Interp, cls: ClassValue, payload?: Value): InstanceValue {
  return {
    kind: "instance",
    cls,
    attrs: new Map(),
    serial: interp.serial++,
    place: interp.ownPlace(),
    ...(payload === undefined ? {} : { payload }),
  };
}

export function emptyDict(cls?: ClassValue): DictValue {
  return cls === undefined ? { kind: "dict", entries: new Map() } : { kind: "dict", entries: new Map(), cls };
}

let identities = 0;
const identity = new WeakMap<object, number>();

/** Key of a value in a dict or a set; undefined when it cannot be told from others. */
export function hashKey(interp: Interp, value: Value): string | undefined {
  switch (value.kind) {
    case "str":
      return `s:${value.value}`;
    case "bytes":
      return `b:${value.value}`;
    case "int":
      return typeof value.dim.size === "number"
        ? `n:${value.dim.size}`
        : value.dim.size === undefined
          ? undefined
          : `e:${value.dim.size.text}`;
    case "bool":
      return `n:${value.value ? 1 : 0}`;
    case "float":
      return value.value === undefined ? undefined : `n:${value.value}`;
    case "none":
      return "none";
    case "opaque":
      return `q:${value.type}:${value.name}`;
    case "tuple": {
      const keys: string[] = [];
      for (const item of value.items) {
        const key = hashKey(interp, item);
        if (key === undefined) return undefined;
        keys.push(key);
      }
      return `t:${keys.join(",")}`;
    }
    case "method":
      return `m:${hashKey(interp, value.fn) ?? ""}:${hashKey(interp, value.self) ?? ""}`;
    case "unknown":
    case "lazy":
    case "list":
    case "dict":
      return undefined;
    default: {
      let id = identity.get(value);
      if (id === undefined) {
        id = ++identities;
        identity.set(value, id);
      }
      return `o:${id}`;
    }
  }
}

/** Builtin classes whose value a user subclass's instance carries as payload. */
export const payloadClasses = new Set<ClassValue>([
  dictClass,
  listClass,
  setClass,
  tupleClass,
  strClass,
  intClass,
  floatClass,
]);
