import { callValue } from "../eval/evaluate.ts";
import { fail, type Interp } from "../eval/interp.ts";
import { loadModule } from "../eval/load-module.ts";
import { type InstanceValue, str, type Value } from "../eval/value.ts";
import { descriptorMethod, hasDict } from "./attributes.ts";
import { classAttribute, typeName } from "./types.ts";

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
    case "class": {
      const own = object.meta === undefined ? undefined : classAttribute(object.meta, "__setattr__");
      if (own?.kind === "function") {
        callValue(
          interp,
          { kind: "method", self: object, fn: own },
          { positional: [{ value: str(name) }, { value }], keywords: [] },
        );
        return;
      }
      const fromMeta = object.meta === undefined ? undefined : classAttribute(object.meta, name);
      if (fromMeta?.kind === "property" && fromMeta.set !== undefined)
        callValue(interp, fromMeta.set, { positional: [{ value: object }, { value }], keywords: [] });
      else interp.journal.set(object.attrs, name, value);
      return;
    }
    case "module":
      loadModule(interp, object);
      interp.journal.set(object.scope.vars, name, value);
      return;
    case "function":
      // None at all and none yet are the same: nothing to undo.
      object.attrs ??= new Map();
      interp.journal.set(object.attrs, name, value);
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
    case "tensor": {
      const own = classAttribute(interp.tensorClass, name);
      if (own?.kind === "property" && own.set !== undefined)
        callValue(interp, own.set, { positional: [{ value: object }, { value }], keywords: [] });
      return;
    }
    case "unknown":
    case "opaque":
    case "builtin":
    case "lazy":
    case "iterator":
      return;
    case "tuple": {
      const own = object.cls === undefined ? undefined : classAttribute(object.cls, name);
      fail(
        interp,
        "AttributeError",
        own?.kind === "property"
          ? "can't set attribute"
          : `'${typeName(interp, object)}' object has no attribute '${name}'`,
      );
      return;
    }
    case "method":
      fail(interp, "AttributeError", `'method' object has no attribute '${name}'`);
      return;
    default:
      fail(interp, "AttributeError", `'${typeName(interp, object)}' object has no attribute '${name}'`);
  }
}

/** Writes past `__setattr__`, as `object.__setattr__` does: properties with a setter and descriptors run. */
export function setPlain(interp: Interp, object: InstanceValue, name: string, value: Value): void {
  const fromClass = classAttribute(object.cls, name);
  if (fromClass?.kind === "property" && !fromClass.cached) {
    if (fromClass.set === undefined || fromClass.set.kind === "none")
      fail(interp, "AttributeError", `property '${name}' of '${object.cls.name}' object has no setter`);
    else callValue(interp, fromClass.set, { positional: [{ value: object }, { value }], keywords: [] });
    return;
  }
  const set = descriptorMethod(fromClass, "__set__");
  if (set !== undefined) {
    callValue(interp, set, { positional: [{ value: object }, { value }], keywords: [] });
    return;
  }
  if (name === "__class__" && value.kind === "class") {
    interp.journal.assign(object, "cls", value);
    return;
  }
  if (name === "__dict__" && value.kind === "dict") {
    for (const own of [...object.attrs.keys()]) interp.journal.remove(object, "attrs", object.attrs, own);
    for (const [key, item] of value.entries.values())
      if (key.kind === "str") interp.journal.set(object.attrs, key.value, item);
    return;
  }
  if (
    object.cls.slots !== undefined &&
    !hasDict(object.cls) &&
    !object.cls.mro.some((cls) => cls.slots?.includes(name))
  ) {
    fail(interp, "AttributeError", `'${object.cls.name}' object has no attribute '${name}'`);
    return;
  }
  interp.journal.set(object.attrs, name, value);
}

/** `del object.name`. */
export function deleteAttribute(interp: Interp, object: Value, name: string): void {
  if (object.kind === "instance") {
    const deleter = classAttribute(object.cls, "__delattr__");
    if (deleter === undefined) deletePlain(interp, object, name);
    else
      callValue(
        interp,
        { kind: "method", self: object, fn: deleter },
        { positional: [{ value: str(name) }], keywords: [] },
      );
  } else if (object.kind === "class") {
    if (object.attrs.has(name)) interp.journal.remove(object, "attrs", object.attrs, name);
    else fail(interp, "AttributeError", `type object '${object.name}' has no attribute '${name}'`);
  } else if (object.kind === "module") interp.journal.remove(object.scope, "vars", object.scope.vars, name);
  else if (object.kind === "function" && object.attrs?.has(name))
    interp.journal.remove(object, "attrs", object.attrs, name);
}

/** Deletes past `__delattr__`: properties with a deleter and descriptors run. */
export function deletePlain(interp: Interp, object: InstanceValue, name: string): void {
  const fromClass = classAttribute(object.cls, name);
  const args = { positional: [{ value: object }], keywords: [] };
  if (fromClass?.kind === "property" && !fromClass.cached) {
    if (fromClass.delete === undefined || fromClass.delete.kind === "none")
      fail(interp, "AttributeError", `property '${name}' of '${object.cls.name}' object has no deleter`);
    else callValue(interp, fromClass.delete, args);
    return;
  }
  const remove = descriptorMethod(fromClass, "__delete__");
  if (remove !== undefined) callValue(interp, remove, args);
  else if (object.attrs.has(name)) interp.journal.remove(object, "attrs", object.attrs, name);
  else if (object.tainted === undefined)
    fail(interp, "AttributeError", `'${object.cls.name}' object has no attribute '${name}'`);
}
