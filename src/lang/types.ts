import { callValue } from "../eval/evaluate.ts";
import type { Interp } from "../eval/interp.ts";
import { type ClassValue, type DictValue, type InstanceValue, tuple, type Value } from "../eval/value.ts";
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
/** Classes of iterators and views by name: `list_iterator`, `generator`, `dict_keys`. */
const iteratorClasses = new Map<string, ClassValue>();
export function iteratorClass(name: string): ClassValue {
  let cls = iteratorClasses.get(name);
  if (cls === undefined) {
    cls = builtin(name);
    iteratorClasses.set(name, cls);
    for (const fill of fillers) fill(cls);
  }
  return cls;
}
const fillers: ((cls: ClassValue) => void)[] = [];
/** Fills every class of iterators, those that are there and those to come. */
export function onIteratorClass(fill: (cls: ClassValue) => void): void {
  for (const cls of iteratorClasses.values()) fill(cls);
  fillers.push(fill);
}

/** `int | None`, as `types.UnionType` and `typing.Union` hold it: nested ones are flattened. */
export function unionOf(members: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const member of members) {
    const parts = unionMembers(member) ?? [member.kind === "none" ? noneClass : member];
    for (const part of parts) if (!flat.includes(part)) flat.push(part);
  }
  const [only] = flat;
  if (flat.length === 1 && only !== undefined) return only;
  return { kind: "opaque", type: "Union", name: `Union:${++unions}`, attrs: new Map([["__args__", tuple(flat)]]) };
}
let unions = 0;
/** The alternatives of a union; undefined for anything else. */
export function unionMembers(value: Value): readonly Value[] | undefined {
  const args = value.kind === "opaque" && value.type === "Union" ? value.attrs?.get("__args__") : undefined;
  return args?.kind === "tuple" ? args.items : undefined;
}
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
      return iteratorClass(value.name);
    case "view":
      return iteratorClass(`dict_${value.of}`);
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
    attrs: interp.journal.born(new Map()),
    serial: interp.serial++,
    place: interp.ownPlace(),
    ...(payload === undefined ? {} : { payload }),
  };
}

export function emptyDict(cls?: ClassValue): DictValue {
  return cls === undefined ? { kind: "dict", entries: new Map() } : { kind: "dict", entries: new Map(), cls };
}

/** A number that tells a value from all others. */
export function identityOf(value: Value): number {
  return Number(identityKey(value).slice(2));
}

let identities = 0;
const identity = new WeakMap<object, number>();

/** How an instance hashes: not at all, by its own method, by its payload, or as itself. */
export function hashesTo(value: InstanceValue): "nothing" | "payload" | "identity" | Value {
  for (const cls of value.cls.mro) {
    const own = cls.attrs.get("__hash__");
    if (own !== undefined) return own.kind === "none" ? "nothing" : own;
    if (value.payload !== undefined && payloadClasses.has(cls)) return "payload";
  }
  return "identity";
}

/** Instances that stand for all that are equal to them, by hash. */
const REPRESENTATIVES = "representatives";

function customKey(interp: Interp, value: InstanceValue, method: Value): string | undefined {
  const hash = callValue(interp, { kind: "method", self: value, fn: method }, { positional: [], keywords: [] });
  if (hash.kind !== "int" || typeof hash.dim.size !== "number") return undefined;
  let all = interp.store.get(REPRESENTATIVES) as Map<number, InstanceValue[]> | undefined;
  if (all === undefined) {
    all = new Map();
    interp.store.set(REPRESENTATIVES, all);
  }
  const same = all.get(hash.dim.size) ?? [];
  for (const other of same) {
    if (other === value) return identityKey(other);
    if (other.cls !== value.cls) continue;
    const equal = interp.lang.truth(interp, interp.lang.compare(interp, "==", value, other));
    if (equal === true) return identityKey(other);
    if (equal !== false) return undefined;
  }
  all.set(hash.dim.size, [...same, value]);
  return identityKey(value);
}

function identityKey(value: object): string {
  let id = identity.get(value);
  if (id === undefined) {
    id = ++identities;
    identity.set(value, id);
  }
  return `o:${id}`;
}

/** Key of a value in a dict or a set; undefined when it cannot be told from others or has no hash. */
export function hashKey(interp: Interp, value: Value): string | undefined {
  switch (value.kind) {
    case "str":
      return `s:${value.value}`;
    case "bytes":
      return `b:${value.value}`;
    case "int":
      if (value.big !== undefined) return `n:${value.big}`;
      return typeof value.dim.size === "number"
        ? `n:${value.dim.size}`
        : value.dim.size === undefined
          ? undefined
          : `e:${value.dim.size.text}`;
    case "bool":
      return `n:${value.value ? 1 : 0}`;
    case "float": {
      const n = value.value;
      if (n === undefined) return undefined;
      if (Number.isNaN(n)) return identityKey(value);
      return Number.isInteger(n) && !Number.isSafeInteger(n) ? `n:${BigInt(n)}` : `n:${n}`;
    }
    case "complex":
      return value.im === 0 ? `n:${value.re}` : `c:${value.re}:${value.im}`;
    case "none":
      return "none";
    case "ellipsis":
    case "not-implemented":
      return value.kind;
    case "opaque":
      return unionMembers(value) === undefined
        ? `q:${value.type}:${value.name}`
        : `u:${(unionMembers(value) ?? []).map((member) => hashKey(interp, member)).join(",")}`;
    case "tuple": {
      const keys: string[] = [];
      for (const item of value.items) {
        const key = hashKey(interp, item);
        if (key === undefined) return undefined;
        keys.push(key);
      }
      return `t:${keys.join(",")}`;
    }
    case "set": {
      if (!value.frozen || value.why !== undefined) return undefined;
      return `f:${[...value.items.keys()].sort().join(",")}`;
    }
    case "range":
      return `r:${[value.start, value.stop, value.step].map((n) => hashKey(interp, n) ?? "?").join(":")}`;
    case "method":
      return `m:${hashKey(interp, value.fn) ?? ""}:${hashKey(interp, value.self) ?? identityKey(value.self)}`;
    case "unknown":
    case "lazy":
    case "list":
    case "dict":
    case "slice":
    case "view":
      return undefined;
    case "instance": {
      const hash = hashesTo(value);
      if (hash === "nothing") return undefined;
      if (hash === "payload") return value.payload === undefined ? undefined : hashKey(interp, value.payload);
      return hash === "identity" ? identityKey(value) : customKey(interp, value, hash as Value);
    }
    default:
      return identityKey(value);
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
