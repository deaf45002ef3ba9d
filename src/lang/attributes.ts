import { callValue, force } from "../eval/evaluate.ts";
import { nameOf } from "../eval/generator.ts";
import { type Interp, Raised } from "../eval/interp.ts";
import type { Scope } from "../eval/scope.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  int,
  NONE,
  type PropertyValue,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { annotationsValue } from "./annotations.ts";
import { isException } from "./exceptions.ts";
import { liveDict } from "./live.ts";
import { functionAttribute, moduleMember, propertyMember } from "./members.ts";
import { missingAttribute } from "./missing.ts";
import { classAttribute, objectClass, superClass, typeOf } from "./types.ts";

/** `object.name`; a missing attribute is reported as Python would, with the one that was meant. */
export function getAttribute(interp: Interp, object: Value, name: string, scope: Scope | undefined): Value {
  const value = findAttribute(interp, object, name);
  if (value !== undefined) return value;
  return missingAttribute(interp, object, name, scope);
}

/** `object.name`, or undefined when there is none. Runs properties, descriptors and `__getattr__`. */
export function findAttribute(interp: Interp, object: Value, name: string): Value | undefined {
  switch (object.kind) {
    case "unknown":
      return unknown(object.why, object.name === undefined ? undefined : `${object.name}.${name}`);
    case "instance":
      return object.cls.readsByMethod === undefined
        ? instanceAttribute(interp, object, name)
        : readByMethod(interp, object, name);
    case "class":
      return classMember(interp, object, name);
    case "module":
      return moduleMember(interp, object, name);
    case "function":
      return functionAttribute(interp, object, name);
    case "builtin":
      if (name === "__name__" || name === "__qualname__") return str(object.name);
      if (name === "__module__") return str("builtins");
      if (name === "__doc__") return NONE;
      break;
    case "method":
      if (name === "__self__") return object.self;
      if (name === "__func__") return object.fn;
      if (name === "__call__") return object;
      return findAttribute(interp, object.fn, name);
    case "super":
      return superAttribute(interp, object.after, object.self, name);
    case "opaque":
      return object.attrs?.get(name) ?? unknown({ reason: t("{0} of {1} is not followed", name, object.name) }, name);
    case "property":
      return propertyMember(object, name);
    case "wrapper":
      if (name === "__func__" || name === "__wrapped__") return object.fn;
      return findAttribute(interp, object.fn, name);
    case "slice":
      if (name === "start") return object.lower;
      if (name === "stop") return object.upper;
      if (name === "step") return object.step;
      break;
    case "range":
      if (name === "start" || name === "stop" || name === "step") return object[name];
      break;
    case "int":
    case "bool":
      if (name === "real" || name === "numerator") return object.kind === "bool" ? int(object.value ? 1 : 0) : object;
      if (name === "imag") return int(0);
      if (name === "denominator") return int(1);
      break;
    case "float":
      if (name === "real") return object;
      if (name === "imag") return { kind: "float", value: 0 };
      break;
    case "complex":
      if (name === "real") return { kind: "float", value: object.re };
      if (name === "imag") return { kind: "float", value: object.im };
      break;
    case "iterator":
      if (name === "__name__" || name === "__qualname__") {
        const own = nameOf(object, name === "__qualname__");
        if (own !== undefined) return own;
      }
      break;
    case "lazy":
      return findAttribute(interp, force(interp, object), name);
    default:
  }
  const cls = typeOf(interp, object);
  if (cls === undefined) return undefined;
  if (name === "__class__") return cls;
  const value = classAttribute(cls, name) ?? slotMethod(cls, name);
  return value === undefined ? undefined : bindTo(interp, value, object, cls);
}

/** A special method that a builtin class has without our naming it in its attributes. */
export function slotMethod(cls: ClassValue, name: string): Value | undefined {
  if (!name.startsWith("__")) return undefined;
  for (const ancestor of cls.mro) {
    const value = ancestor.slotMethods?.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Reads through a `__getattribute__` of the analyzed code, then `__getattr__`. */
function readByMethod(interp: Interp, object: InstanceValue, name: string): Value | undefined {
  const method = classAttribute(object.cls, "__getattribute__");
  if (method === undefined || name === "__class__") return instanceAttribute(interp, object, name);
  const getter = classAttribute(object.cls, "__getattr__");
  const args = { positional: [{ value: str(name) }], keywords: [] };
  const read = (): Value => callValue(interp, { kind: "method", self: object, fn: method }, args);
  if (getter === undefined) return read();
  return orAttributeError(interp, read) ?? callValue(interp, { kind: "method", self: object, fn: getter }, args);
}

/** Runs with an AttributeError caught: undefined then. */
function orAttributeError<T>(interp: Interp, body: () => T): T | undefined {
  const { handlers, path, argument } = interp;
  const depth = interp.frames.length;
  interp.handlers++;
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Raised) || !isException(error.value, "AttributeError")) throw error;
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    return undefined;
  } finally {
    interp.handlers = handlers;
  }
}

/** The `__get__`, `__set__` or `__delete__` of a descriptor of the analyzed code. */
export function descriptorMethod(
  value: Value | undefined,
  name: "__get__" | "__set__" | "__delete__",
): Value | undefined {
  if (value?.kind !== "instance") return undefined;
  const fn = classAttribute(value.cls, name);
  return fn === undefined ? undefined : { kind: "method", self: value, fn };
}

function instanceAttribute(interp: Interp, object: InstanceValue, name: string): Value | undefined {
  const { cls } = object;
  const fromClass = classAttribute(cls, name);
  if (fromClass !== undefined) {
    if (fromClass.kind === "property" && !fromClass.cached) return readProperty(interp, object, fromClass, name);
    if (fromClass.kind === "instance") {
      const get = descriptorMethod(fromClass, "__get__");
      const data =
        descriptorMethod(fromClass, "__set__") !== undefined || descriptorMethod(fromClass, "__delete__") !== undefined;
      if (get !== undefined && (data || !object.attrs.has(name)))
        return callValue(interp, get, { positional: [{ value: object }, { value: cls }], keywords: [] });
    }
  }
  const own = object.attrs.get(name);
  if (own !== undefined) return force(interp, own);
  if (fromClass !== undefined) {
    if (fromClass.kind === "property") {
      const value = callValue(interp, fromClass.get, { positional: [{ value: object }], keywords: [] });
      interp.journal.set(object.attrs, name, value);
      return value;
    }
    return bindTo(interp, fromClass, object, cls);
  }
  if (name.startsWith("__")) {
    if (name === "__class__") return cls;
    if (name === "__dict__") {
      if (cls !== objectClass && (cls.slots === undefined || hasDict(cls))) return attributesOf(object);
    } else if (name === "__module__") return str(cls.moduleName);
    else if (name === "__doc__") return NONE;
    else if (name === "__annotations__" || name === "__slots__") return classMember(interp, cls, name);
  }
  if (object.payload !== undefined) {
    const inner = findAttribute(interp, object.payload, name);
    if (inner !== undefined) return inner;
  }
  const lost = cls.mro.find((ancestor) => ancestor.unknownBase !== undefined)?.unknownBase ?? object.tainted;
  if (lost !== undefined) {
    const getter = classAttribute(cls, "__getattr__");
    if (getter?.kind === "builtin") {
      const found = interp.quietAttribute(interp, object, name);
      if (found !== undefined) return found;
    }
    return unknown(lost, name);
  }
  const slot = slotMethod(cls, name);
  if (slot !== undefined) return bindTo(interp, slot, object, cls);
  const getter = classAttribute(cls, "__getattr__");
  if (getter === undefined) return undefined;
  const isFramework = cls.mro.find((ancestor) => ancestor.attrs.has("__getattr__"))?.place === undefined;
  if (getter.kind === "builtin" && isFramework) return interp.quietAttribute(interp, object, name);
  return callValue(
    interp,
    { kind: "method", self: object, fn: getter },
    { positional: [{ value: str(name) }], keywords: [] },
  );
}

/** Runs a property; where the class has a `__getattr__` of its own, an AttributeError inside falls to that. */
function readProperty(interp: Interp, object: InstanceValue, property: PropertyValue, name: string): Value {
  const args = { positional: [{ value: object }], keywords: [] };
  const getter = classAttribute(object.cls, "__getattr__");
  if (getter?.kind !== "function") return callValue(interp, property.get, args);
  return (
    orAttributeError(interp, () => callValue(interp, property.get, args)) ??
    callValue(
      interp,
      { kind: "method", self: object, fn: getter },
      { positional: [{ value: str(name) }], keywords: [] },
    )
  );
}

/** An instance's `__dict__`. */
function attributesOf(object: InstanceValue): Value {
  const slots = new Set(object.cls.mro.flatMap((cls) => cls.slots ?? []));
  return slots.size === 0
    ? liveDict({
        names: () => object.attrs,
        remove: (interp, name) => interp.journal.remove(object, "attrs", object.attrs, name),
      })
    : dictOf([...object.attrs].filter(([key]) => !slots.has(key)));
}

/** A dict of names and values; hidden names are left out. */
export function dictOf(names: Iterable<readonly [string, Value]>): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [key, value] of names)
    if (!key.startsWith(".")) entries.set(`s:${key}`, Object.freeze([str(key), value] as const));
  return { kind: "dict", entries };
}

/** Whether instances have a `__dict__`: some class of theirs has no `__slots__`. */
export function hasDict(cls: ClassValue): boolean {
  return cls.mro.some((ancestor) => ancestor.slots === undefined && ancestor !== objectClass);
}

function classMember(interp: Interp, cls: ClassValue, name: string): Value | undefined {
  const special = name.startsWith("__") ? typeMember(interp, cls, name) : undefined;
  if (special !== undefined) return special;
  if (cls.meta !== undefined) {
    const value = classAttribute(cls.meta, name);
    if (value?.kind === "property") return callValue(interp, value.get, { positional: [{ value: cls }], keywords: [] });
  }
  for (const ancestor of cls.mro) {
    const value = ancestor.attrs.get(name) ?? ancestor.slotMethods?.get(name);
    if (value === undefined) continue;
    if (value.kind === "wrapper")
      return value.type === "static" ? value.fn : { kind: "method", self: cls, fn: value.fn };
    const get = descriptorMethod(value, "__get__");
    if (get !== undefined)
      return callValue(interp, get, { positional: [{ value: NONE }, { value: cls }], keywords: [] });
    if (ancestor.unknownBase !== undefined && holdsConstantsOnly(ancestor)) return unknown(ancestor.unknownBase, name);
    return force(interp, value);
  }
  const meta = cls.meta ?? typeOf(interp, cls);
  if (meta !== undefined) {
    const value = classAttribute(meta, name) ?? slotMethod(meta, name);
    if (value !== undefined) return bindTo(interp, value, cls, meta);
  }
  const lost = cls.mro.find((ancestor) => ancestor.unknownBase !== undefined)?.unknownBase;
  if (lost !== undefined) return unknown(lost, name);
  const getter = cls.meta === undefined ? undefined : classAttribute(cls.meta, "__getattr__");
  if (getter !== undefined)
    return callValue(
      interp,
      { kind: "method", self: cls, fn: getter },
      { positional: [{ value: str(name) }], keywords: [] },
    );
  if (name === "__doc__") return NONE;
  return undefined;
}

/** An enumeration looks like this, whose members are not the constants that its body writes. */
function holdsConstantsOnly(cls: ClassValue): boolean {
  return [...cls.attrs].every(([key, { kind }]) => /^(__|\.)/.test(key) || CONSTANTS.has(kind));
}

const CONSTANTS = new Set<Value["kind"]>(["str", "int", "float", "tuple"]);

/** What every class has by being one. */
function typeMember(interp: Interp, cls: ClassValue, name: string): Value | undefined {
  switch (name) {
    case "__name__":
      return cls.attrs.get(name) ?? str(cls.name);
    case "__qualname__":
      return str(cls.qualname);
    case "__module__":
      return cls.attrs.get(name) ?? str(cls.moduleName);
    case "__mro__":
      return tuple(cls.mro);
    case "__bases__":
      return tuple(cls.bases);
    case "__base__":
      return cls.bases[0] ?? NONE;
    case "__class__":
      return typeOf(interp, cls);
    case "__dict__":
      return dictOf(cls.attrs);
    case "__annotations__":
      return annotationsValue(interp, cls);
    case "__doc__":
      return cls.attrs.get(name) ?? NONE;
    default:
      return undefined;
  }
}

function superAttribute(interp: Interp, after: ClassValue, self: Value, name: string): Value | undefined {
  const onClass = self.kind === "class" && self.mro.includes(after);
  const cls = onClass ? self : typeOf(interp, self);
  if (cls === undefined) return undefined;
  if (name === "__class__") return superClass;
  const from = cls.mro.indexOf(after);
  for (const ancestor of cls.mro.slice(from + 1)) {
    const value = ancestor.attrs.get(name) ?? ancestor.slotMethods?.get(name);
    if (value !== undefined) {
      if (onClass) {
        if (value.kind === "function" || value.kind === "builtin") return value;
        if (value.kind === "property") return value;
      }
      const get = descriptorMethod(value, "__get__");
      if (get !== undefined)
        return callValue(interp, get, { positional: [{ value: onClass ? NONE : self }, { value: cls }], keywords: [] });
      return bindTo(interp, value, self, cls);
    }
    if (ancestor.unknownBase !== undefined) return unknown(ancestor.unknownBase, name);
  }
  if (after.unknownBase !== undefined) return unknown(after.unknownBase, name);
  if (self.kind === "instance" && self.payload !== undefined) {
    const inner = findAttribute(interp, self.payload, name);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** A class attribute as seen through an instance: functions become methods, properties run. */
export function bindTo(interp: Interp, value: Value, self: Value, cls: ClassValue): Value {
  switch (value.kind) {
    case "function":
      return { kind: "method", self, fn: value };
    case "builtin":
      return value.free ? value : { kind: "method", self, fn: value };
    case "wrapper":
      return value.type === "static"
        ? value.fn
        : { kind: "method", self: self.kind === "class" ? self : cls, fn: value.fn };
    case "property":
      return callValue(interp, value.get, { positional: [{ value: self }], keywords: [] });
    default:
      return force(interp, value);
  }
}

/** `hasattr`: unknown where the attribute's presence depends on something unknown. */
export function hasAttribute(interp: Interp, object: Value, name: string): Value {
  if (object.kind === "unknown") return object;
  const value = findAttribute(interp, object, name);
  if (value === undefined) return bool(false);
  return value.kind === "unknown" && object.kind !== "instance" && object.kind !== "class" ? value : bool(true);
}
