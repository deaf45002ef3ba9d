import { callValue, force } from "../eval/evaluate.ts";
import { loadModule, memberOf } from "../eval/imports.ts";
import { fail, here, type Interp, type Repair } from "../eval/interp.ts";
import type { Scope } from "../eval/scope.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  int,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { namespaceDict } from "./namespace.ts";
import { closest } from "./native.ts";
import { classAttribute, emptyDict, typeName, typeOf } from "./types.ts";

/** `object.name`; a missing attribute is reported as Python would, with the one that was meant. */
export function getAttribute(interp: Interp, object: Value, name: string, scope: Scope | undefined): Value {
  const value = findAttribute(interp, object, name);
  if (value !== undefined) return value;
  return missingAttribute(interp, object, name, scope);
}

/** `object.name`, or undefined when there is none. Runs properties and `__getattr__`. */
export function findAttribute(interp: Interp, object: Value, name: string): Value | undefined {
  switch (object.kind) {
    case "unknown":
      return unknown(object.why, object.name === undefined ? undefined : `${object.name}.${name}`);
    case "instance":
      return instanceAttribute(interp, object, name);
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
      return undefined;
    case "method":
      if (name === "__self__") return object.self;
      if (name === "__func__") return object.fn;
      return findAttribute(interp, object.fn, name);
    case "super":
      return superAttribute(interp, object.after, object.self, name);
    case "opaque":
      return object.attrs?.get(name) ?? unknown({ reason: t("{0} of {1} is not followed", name, object.name) }, name);
    case "property":
      if (name === "setter" || name === "getter" || name === "deleter") {
        return {
          kind: "builtin",
          name,
          free: true,
          call: (_i, args) => (name === "setter" ? { ...object, set: args.positional[0]?.value } : object),
        };
      }
      return name === "fget" ? object.get : undefined;
    case "wrapper":
      return name === "__func__" ? object.fn : undefined;
    case "slice":
      if (name === "start") return object.lower;
      if (name === "stop") return object.upper;
      if (name === "step") return object.step;
      break;
    case "range":
      if (name === "start" || name === "stop" || name === "step") return object[name];
      break;
    case "int":
      if (name === "real" || name === "numerator") return object;
      if (name === "imag") return int(0);
      break;
    case "complex":
      if (name === "real") return { kind: "float", value: object.re };
      if (name === "imag") return { kind: "float", value: object.im };
      break;
    case "lazy":
      return findAttribute(interp, force(interp, object), name);
    default:
  }
  const cls = typeOf(interp, object);
  if (cls === undefined) return undefined;
  if (name === "__class__") return cls;
  const value = classAttribute(cls, name);
  return value === undefined ? undefined : bindTo(interp, value, object, cls);
}

function instanceAttribute(interp: Interp, object: InstanceValue, name: string): Value | undefined {
  const { cls } = object;
  const fromClass = classAttribute(cls, name);
  if (fromClass?.kind === "property" && !fromClass.cached)
    return callValue(interp, fromClass.get, { positional: [{ value: object }], keywords: [] });
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
  if (name === "__class__") return cls;
  if (name === "__dict__")
    return {
      kind: "dict",
      entries: new Map(
        [...object.attrs].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)]),
      ),
    };
  if (name === "__module__") return str(cls.moduleName);
  if (name === "__doc__") return NONE;
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
  const getter = classAttribute(cls, "__getattr__");
  if (getter === undefined) return undefined;
  if (getter.kind === "builtin") return interp.quietAttribute(interp, object, name);
  return callValue(
    interp,
    { kind: "method", self: object, fn: getter },
    { positional: [{ value: str(name) }], keywords: [] },
  );
}

function classMember(interp: Interp, cls: ClassValue, name: string): Value | undefined {
  if (name === "__name__") return str(cls.name);
  if (name === "__qualname__") return str(cls.qualname);
  if (name === "__module__") return str(cls.moduleName);
  if (name === "__mro__") return tuple(cls.mro);
  if (name === "__bases__") return tuple(cls.bases);
  if (name === "__dict__")
    return {
      kind: "dict",
      entries: new Map([...cls.attrs].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)])),
    };
  for (const ancestor of cls.mro) {
    const value = ancestor.attrs.get(name);
    if (value === undefined) continue;
    if (value.kind === "wrapper")
      return value.type === "static" ? value.fn : { kind: "method", self: cls, fn: value.fn };
    return force(interp, value);
  }
  if (cls.meta !== undefined) {
    const value = classAttribute(cls.meta, name);
    if (value !== undefined) return bindTo(interp, value, cls, cls.meta);
  }
  const lost = cls.mro.find((ancestor) => ancestor.unknownBase !== undefined)?.unknownBase;
  if (lost !== undefined) return unknown(lost, name);
  if (name === "__doc__") return NONE;
  if (name === "__annotations__") return emptyDict();
  if (name === "__class__") return cls.meta ?? typeOf(interp, cls);
  return undefined;
}

function moduleMember(interp: Interp, module: Extract<Value, { kind: "module" }>, name: string): Value {
  if (name === "__name__") return str(module.name);
  if (name === "__dict__") {
    loadModule(interp, module);
    return {
      ...namespaceDict(interp, module.scope.vars),
      ...(module.file === undefined ? { why: { reason: t("the names of {0} are not all known", module.name) } } : {}),
    };
  }
  return memberOf(interp, module, name, "attribute");
}

function functionAttribute(interp: Interp, fn: Extract<Value, { kind: "function" }>, name: string): Value | undefined {
  const own = fn.attrs?.get(name);
  if (own !== undefined) return own;
  switch (name) {
    case "__name__":
      return str(fn.expr.name);
    case "__qualname__":
      return str(fn.qualname);
    case "__module__":
      return str(fn.module.name);
    case "__doc__":
      return fn.expr.doc === undefined ? NONE : str(fn.expr.doc);
    case "__defaults__":
      return tuple([...fn.defaults.values()].map((value) => force(interp, value)));
    case "__kwdefaults__":
      return NONE;
    case "__dict__":
    case "__annotations__":
      return emptyDict();
    case "__get__":
      return {
        kind: "builtin",
        name,
        free: true,
        call: (_i, args) => ({ kind: "method", self: args.positional[0]?.value ?? NONE, fn }),
      };
    case "__code__":
    case "__globals__":
    case "__closure__":
      return unknown({ reason: t("{0} of a function is not followed", name) });
    default:
      void interp;
      return undefined;
  }
}

function superAttribute(interp: Interp, after: ClassValue, self: Value, name: string): Value | undefined {
  const cls = self.kind === "class" ? self : typeOf(interp, self);
  if (cls === undefined) return undefined;
  const from = cls.mro.indexOf(after);
  for (const ancestor of cls.mro.slice(from + 1)) {
    const value = ancestor.attrs.get(name);
    if (value !== undefined) return bindTo(interp, value, self, cls);
    if (ancestor.unknownBase !== undefined) return unknown(ancestor.unknownBase, name);
  }
  if (after.unknownBase !== undefined) return unknown(after.unknownBase, name);
  if (self.kind === "instance" && self.payload !== undefined) return findAttribute(interp, self.payload, name);
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

/** `object.name = value`. */
export function setAttribute(interp: Interp, object: Value, name: string, value: Value): void {
  switch (object.kind) {
    case "instance": {
      const setter = classAttribute(object.cls, "__setattr__");
      if (setter !== undefined)
        callValue(
          interp,
          { kind: "method", self: object, fn: setter },
          { positional: [{ value: str(name) }, { value }], keywords: [] },
        );
      else setPlain(interp, object, name, value);
      return;
    }
    case "class":
      interp.journal.set(object.attrs, name, value);
      return;
    case "module":
      loadModule(interp, object);
      interp.journal.set(object.scope.vars, name, value);
      return;
    case "function":
      if (object.attrs === undefined) interp.journal.assign(object, "attrs", new Map());
      if (object.attrs !== undefined) interp.journal.set(object.attrs, name, value);
      return;
    case "super": {
      if (object.self.kind !== "instance") return;
      const cls = object.self.cls;
      const setter = cls.mro
        .slice(cls.mro.indexOf(object.after) + 1)
        .map((c) => c.attrs.get("__setattr__"))
        .find((v) => v !== undefined);
      if (setter === undefined) setPlain(interp, object.self, name, value);
      else
        callValue(
          interp,
          { kind: "method", self: object.self, fn: setter },
          { positional: [{ value: str(name) }, { value }], keywords: [] },
        );
      return;
    }
    case "tensor":
    case "unknown":
    case "opaque":
    case "builtin":
    case "method":
    case "lazy":
      return;
    default:
      fail(interp, "AttributeError", `'${typeName(interp, object)}' object has no attribute '${name}'`);
  }
}

/** Writes past `__setattr__`, as `object.__setattr__` does: properties with a setter run. */
export function setPlain(interp: Interp, object: InstanceValue, name: string, value: Value): void {
  const fromClass = classAttribute(object.cls, name);
  if (fromClass?.kind === "property" && !fromClass.cached) {
    if (fromClass.set === undefined)
      fail(interp, "AttributeError", `property '${name}' of '${object.cls.name}' object has no setter`);
    else callValue(interp, fromClass.set, { positional: [{ value: object }, { value }], keywords: [] });
    return;
  }
  interp.journal.set(object.attrs, name, value);
}

export function deleteAttribute(interp: Interp, object: Value, name: string): void {
  if (object.kind === "instance") {
    const deleter = classAttribute(object.cls, "__delattr__");
    if (deleter !== undefined) {
      callValue(
        interp,
        { kind: "method", self: object, fn: deleter },
        { positional: [{ value: str(name) }], keywords: [] },
      );
      return;
    }
    if (object.attrs.has(name)) interp.journal.remove(object, "attrs", object.attrs, name);
    else fail(interp, "AttributeError", `'${object.cls.name}' object has no attribute '${name}'`);
  } else if (object.kind === "class") interp.journal.remove(object, "attrs", object.attrs, name);
  else if (object.kind === "module") interp.journal.remove(object.scope, "vars", object.scope.vars, name);
}

/** `hasattr`: unknown where the attribute's presence depends on something unknown. */
export function hasAttribute(interp: Interp, object: Value, name: string): Value {
  if (object.kind === "unknown") return object;
  const value = findAttribute(interp, object, name);
  if (value === undefined) return bool(false);
  return value.kind === "unknown" && object.kind !== "instance" && object.kind !== "class" ? value : bool(true);
}

function missingAttribute(interp: Interp, object: Value, name: string, scope: Scope | undefined): Value {
  const type = typeName(interp, object);
  if (object.kind === "opaque" || object.kind === "lazy")
    return unknown({ reason: t("{0} of {1} is not followed", name, type) });
  const builtinType = typeOf(interp, object);
  // A builtin class of ours may lack what Python's has: only a name that real Python lacks too is the user's mistake.
  const library = builtinType?.moduleName;
  if (
    object.kind !== "class" &&
    object.kind !== "instance" &&
    builtinType !== undefined &&
    library !== undefined &&
    !interp.really.absent(`${library}.${builtinType.name}`, name)
  ) {
    return unknown({ reason: t("{0}.{1} is not known", builtinType.name, name), ...placeOf(interp) }, name);
  }
  if (
    object.kind === "class" &&
    !fromSource(object) &&
    !interp.really.absent(`${object.moduleName}.${object.name}`, name)
  ) {
    return unknown({ reason: t("{0}.{1} is not known", object.name, name), ...placeOf(interp) }, name);
  }
  if (object.kind === "instance") {
    const lacks = object.cls.mro
      .filter((cls) => cls.place === undefined && cls.name !== "object")
      .every((cls) => interp.really.absent(`${cls.moduleName}.${cls.name}`, name));
    if (!lacks) return unknown({ reason: t("{0}.{1} is not known", object.cls.name, name), ...placeOf(interp) }, name);
  }
  const message =
    object.kind === "class"
      ? `type object '${object.name}' has no attribute '${name}'`
      : `'${type}' object has no attribute '${name}'`;
  return fail(interp, "AttributeError", message, { repairs: attributeRepairs(interp, object, name, scope) });
}

function fromSource(cls: ClassValue): boolean {
  return cls.place !== undefined;
}

function placeOf(interp: Interp): { place?: { file: string; span: { start: number; end: number } } } {
  const place = here(interp);
  return place === undefined ? {} : { place };
}

/** What was meant by an attribute that is not there: the same attribute of another name in scope, or a like name here. */
function attributeRepairs(interp: Interp, object: Value, name: string, scope: Scope | undefined): readonly Repair[] {
  const place = here(interp);
  if (place === undefined) return [];
  const repairs: Repair[] = [];
  const seen = new Set<string>();
  for (let at = scope; at !== undefined && at.kind !== "module"; at = at.parent) {
    for (const [variable, value] of at.vars) {
      if (
        variable.startsWith(".") ||
        value === object ||
        seen.has(variable) ||
        (value.kind !== "class" && value.kind !== "instance")
      )
        continue;
      seen.add(variable);
      const found =
        value.kind === "class"
          ? classAttribute(value, name)
          : (value.attrs.get(name) ?? classAttribute(value.cls, name));
      if (found === undefined || found.kind === "function" || found.kind === "property") continue;
      repairs.push({
        title: t("Replace {0} by {1}", `self.${name}`, `${variable}.${name}`),
        edits: [{ place, text: `${variable}.${name}` }],
        value: found,
      });
    }
  }
  if (object.kind === "instance" || object.kind === "class") {
    const names = new Set<string>();
    const cls = object.kind === "instance" ? object.cls : object;
    if (object.kind === "instance") {
      for (const key of object.attrs.keys()) names.add(key);
      for (const key of interp.registeredNames(object)) names.add(key);
    }
    for (const ancestor of cls.mro)
      if (ancestor.place !== undefined) for (const key of ancestor.attrs.keys()) names.add(key);
    const near = closest(
      name,
      [...names].filter((key) => !key.startsWith("_") || name.startsWith("_")),
    );
    if (near !== undefined) {
      const value = findAttribute(interp, object, near);
      repairs.push({
        title: t("Replace {0} by {1}", name, near),
        edits: [
          {
            place: { file: place.file, span: { start: place.span.end - name.length, end: place.span.end } },
            text: near,
          },
        ],
        ...(value === undefined ? {} : { value }),
      });
    }
  }
  return repairs;
}
