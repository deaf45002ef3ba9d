import { fail, here, type Interp, ownPlace, type Repair, topFrame, unknownHere } from "../eval/interp.ts";
import type { Scope } from "../eval/scope.ts";
import { type ClassValue, type InstanceValue, type ModuleValue, unknown, type Value } from "../eval/value.ts";
import type { Place } from "../text/span.ts";
import { t } from "../text/text.ts";
import { findAttribute } from "./attributes.ts";
import { isExceptionClass } from "./exceptions.ts";
import { allClosest } from "./native.ts";
import { classAttribute, typeName, typeOf } from "./types.ts";

/** Names that the framework suggests for a name that exists nowhere: an import, a usual helper. */
export function missingNameRepairs(interp: Interp, name: string): readonly Repair[] {
  const place = ownPlace(interp);
  const suggestion = interp.suggest(interp, name);
  if (place === undefined || suggestion === undefined) return [];
  const top = { file: place.file, span: { start: suggestion.offset, end: suggestion.offset } };
  return [
    {
      title: suggestion.define ? t("Define {0}", name) : t("Add {0}", suggestion.text.trim()),
      edits: [{ place: top, text: suggestion.text }],
      value: suggestion.value,
    },
  ];
}

/** Reports a missing attribute as Python would, or says that it is not known. */
export function missingAttribute(interp: Interp, object: Value, name: string, scope: Scope | undefined): Value {
  const type = typeName(interp, object);
  if (object.kind === "super") {
    const lost = typeOf(interp, object.self)?.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase;
    if (lost !== undefined) return unknown(lost, name);
    const bases = typeOf(interp, object.self)?.mro ?? [];
    if (!bases.every((cls) => cls.place !== undefined || cls.name === "object" || lacks(interp, cls, name)))
      return unknown({ reason: t("{0} is not known", name), ...placeOf(interp) }, name);
    return fail(interp, "AttributeError", `'super' object has no attribute '${name}'`);
  }
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
    !lacks(interp, builtinType, name)
  ) {
    return unknown({ reason: t("{0}.{1} is not known", builtinType.name, name), ...placeOf(interp) }, name);
  }
  if (object.kind === "class" && !fromSource(object) && !lacks(interp, object, name)) {
    return unknown({ reason: t("{0}.{1} is not known", object.name, name), ...placeOf(interp) }, name);
  }
  if (object.kind === "tensor" && isSetInFile(interp, name))
    return unknownHere(interp, t("{0} is set by other code of this file", name));
  if (object.kind === "instance") {
    if (object.touched !== undefined) return unknown(object.touched, name);
    const isLacking = object.cls.mro
      .filter((cls) => cls.place === undefined && cls.name !== "object")
      .every((cls) => lacks(interp, cls, name));
    if (!isLacking)
      return unknown({ reason: t("{0}.{1} is not known", object.cls.name, name), ...placeOf(interp) }, name);
  }
  const setter = object.kind === "instance" ? laterSetter(interp, object, name) : undefined;
  if (setter !== undefined)
    return unknownHere(interp, t("{0} is set by {1}(), which is not called here", name, setter));
  const message =
    object.kind === "class"
      ? `type object '${object.name}' has no attribute '${name}'`
      : `'${type}' object has no attribute '${name}'`;
  return fail(interp, "AttributeError", message, { repairs: attributeRepairs(interp, object, name, scope) });
}

/**
 * A method that would set the attribute if it were called first. Where it is only guessed how the object is used,
 * nothing says that it is not.
 */
function laterSetter(interp: Interp, object: InstanceValue, name: string): string | undefined {
  if (interp.store.get("guessed") !== true || 0 < interp.handlers || 0 < interp.speculating) return undefined;
  const running = new Set(interp.frames.map(({ code }) => code));
  for (const { attrs } of object.cls.mro)
    for (const method of attrs.values()) {
      if (method.kind !== "function" || method.expr.name === "__init__" || running.has(method.expr)) continue;
      const [self] = method.expr.params;
      if (self !== undefined && setsAttribute(method.expr.body, self.name, name)) return method.expr.name;
    }
  return undefined;
}

/** Whether code of the running file sets an attribute of this name on anything: tensors too have those that code gives them. */
function isSetInFile(interp: Interp, name: string): boolean {
  const { vars } = topFrame(interp).module.scope;
  return [...vars.values()].some((value) => {
    if (value.kind === "function") return setsAttribute(value.expr.body, undefined, name);
    if (value.kind !== "class") return false;
    return [...value.attrs.values()].some(
      (method) => method.kind === "function" && setsAttribute(method.expr.body, undefined, name),
    );
  });
}

/** Whether code sets an attribute of this name on what it calls `owner`, or on anything. */
function setsAttribute(node: unknown, owner: string | undefined, name: string): boolean {
  if (Array.isArray(node)) return node.some((item) => setsAttribute(item, owner, name));
  if (typeof node !== "object" || node === null) return false;
  if ("target" in node && isAttribute(node.target, owner, name)) return true;
  return Object.entries(node).some(
    ([key, inner]) => key !== "span" && key !== "scope" && setsAttribute(inner, owner, name),
  );
}

/** Whether a target, or one of those that it unpacks into, is `owner.name`. */
function isAttribute(target: unknown, owner: string | undefined, name: string): boolean {
  if (typeof target !== "object" || target === null) return false;
  if ("items" in target && Array.isArray(target.items))
    return target.items.some((item) => isAttribute(item?.target, owner, name));
  if (!("kind" in target) || target.kind !== "attribute" || !("name" in target) || !("object" in target)) return false;
  const { object } = target;
  if (target.name !== name || owner === undefined) return target.name === name;
  return typeof object === "object" && object !== null && "name" in object && object.name === owner;
}

/** Names without underscores that Python's own classes have which no record lists. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  NoneType: "",
  ellipsis: "",
  function: "",
  method: "",
  super: "",
  ABC: "",
  Generic: "",
  Protocol: "",
  type: "mro",
  generator: "send throw close gi_frame gi_running gi_code gi_yieldfrom gi_suspended",
  slice: "start stop step indices",
  property: "fget fset fdel getter setter deleter",
  dict_keys: "isdisjoint mapping",
  dict_values: "mapping",
  dict_items: "isdisjoint mapping",
  BaseException: "args with_traceback add_note",
  Exception: "",
  OSError: "errno strerror filename filename2 characters_written",
  ImportError: "name path msg name_from",
  StopIteration: "value",
  SystemExit: "code",
  AttributeError: "name obj",
  NameError: "name",
  SyntaxError: "msg filename lineno offset text end_lineno end_offset print_file_and_line",
  UnicodeError: "encoding object start end reason",
};

/** Whether real Python's class surely has no such attribute. */
function lacks(interp: Interp, cls: ClassValue, name: string): boolean {
  const known = OWN_NAMES[cls.name];
  if (known !== undefined && PYTHON.has(cls.moduleName))
    return !name.startsWith("__") && !known.split(" ").includes(name);
  if (cls.moduleName === "builtins" && (cls.name.endsWith("iterator") || isExceptionClass(cls)))
    return !name.startsWith("__");
  return interp.really.absent(`${cls.moduleName}.${cls.name}`, name);
}
const PYTHON: ReadonlySet<string> = new Set(["builtins", "abc", "typing"]);

function fromSource(cls: ClassValue): boolean {
  return cls.place !== undefined;
}

function placeOf(interp: Interp): { place?: { file: string; span: { start: number; end: number } } } {
  const place = here(interp);
  return place === undefined ? {} : { place };
}

/** Names offered for one that is missing, at most. */
const MOST_NEAR = 4;

/** The names of a module that are nearest to one that it lacks. */
export function memberRepairs(interp: Interp, { scope }: ModuleValue, name: string): readonly Repair[] {
  const place = here(interp);
  const names = [...scope.vars.keys()].filter((key) => !key.startsWith(".") && !key.startsWith("_"));
  return place === undefined ? [] : allClosest(name, names, MOST_NEAR).map((near) => spelt(place, name, near));
}

/** An attribute under another name, which ends where the expression does. */
function spelt({ file, span }: Place, name: string, near: string): Repair {
  const at = { start: span.end - name.length, end: span.end };
  return { title: t("Replace {0} by {1}", name, near), edits: [{ place: { file, span: at }, text: near }] };
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
    const likely = [...names].filter((key) => !key.startsWith("_") || name.startsWith("_"));
    // Of names that are as near, one that nothing else reads is the likeliest.
    const text = interp.loader.text(place.file) ?? "";
    const readings = (key: string): number => text.split(new RegExp(`\\.${key}\\b`)).length;
    const nearest = [...allClosest(name, likely, MOST_NEAR)].sort((a, b) => readings(a) - readings(b));
    for (const near of nearest) {
      const value = findAttribute(interp, object, near);
      repairs.push({ ...spelt(place, name, near), ...(value === undefined ? {} : { value }) });
    }
  }
  if (repairs.length !== 0) return repairs;
  const library = typeOf(interp, object)?.mro.filter((ancestor) => ancestor.place === undefined) ?? [];
  const theirs = library.flatMap(({ attrs }) => [...attrs.keys()]).filter((key) => !key.startsWith("_"));
  for (const near of allClosest(name, theirs, MOST_NEAR)) repairs.push(spelt(place, name, near));
  return repairs;
}
