import { bool, type ClassValue, type ModuleValue, opaque, type Value } from "../../eval/value.ts";
import { abstractOf } from "../classes.ts";
import { nativeClass, raw } from "../native.ts";
import { dictClass, listClass, objectClass } from "../types.ts";
import { fn, identity, type Names, nativeModule } from "./module.ts";
import { namedTupleBase } from "./namedtuple.ts";

export function abstract(name: string): ClassValue {
  const known = abstracts.get(name);
  if (known !== undefined) return known;
  const cls = nativeClass(name, "collections.abc", [objectClass]);
  const has = (value: Value, method: string): boolean =>
    value.kind === "instance" && value.cls.mro.some((c) => c.attrs.has(method));
  const sequence = (value: Value): boolean =>
    value.kind === "list" || value.kind === "tuple" || value.kind === "str" || value.kind === "range";
  const iterable = (value: Value): boolean =>
    sequence(value) ||
    value.kind === "dict" ||
    value.kind === "set" ||
    value.kind === "iterator" ||
    value.kind === "tensor" ||
    has(value, "__iter__");
  const tests: Record<string, (value: Value) => boolean> = {
    Iterable: iterable,
    Collection: iterable,
    Container: iterable,
    Sized: (v) => iterable(v) || has(v, "__len__"),
    Sequence: sequence,
    MutableSequence: (v) => v.kind === "list",
    Mapping: (v) => v.kind === "dict",
    MutableMapping: (v) => v.kind === "dict",
    Set: (v) => v.kind === "set",
    Callable: (v) =>
      v.kind === "function" || v.kind === "builtin" || v.kind === "method" || v.kind === "class" || has(v, "__call__"),
    Hashable: (v) => v.kind !== "list" && v.kind !== "dict" && v.kind !== "set",
    Iterator: (v) => v.kind === "iterator",
    Generator: (v) => v.kind === "iterator",
  };
  const test = tests[name];
  if (test !== undefined) abstractOf.set(cls, test);
  abstracts.set(name, cls);
  return cls;
}
const abstracts = new Map<string, ClassValue>();

export function abstractModule(name: string): ModuleValue {
  return nativeModule(name, {}, (_interp, member) => abstract(member));
}

export function typingModule(name: string): ModuleValue {
  const names: Names = {
    TYPE_CHECKING: bool(false),
    NamedTuple: namedTupleBase,
    cast: fn("cast", "typ, val", (_interp, get) => get("val")),
    overload: identity("overload"),
    final: identity("final"),
    runtime_checkable: identity("runtime_checkable"),
    no_type_check: identity("no_type_check"),
    Generic: nativeClass("Generic", "typing", [objectClass]),
    Protocol: nativeClass("Protocol", "typing", [objectClass]),
    TypedDict: dictClass,
    List: listClass,
    Dict: dictClass,
    TypeVar: raw(
      "TypeVar",
      (_interp, args) =>
        opaque("typing", args.positional[0]?.value.kind === "str" ? args.positional[0].value.value : "T"),
      { free: true },
    ),
    NewType: raw("NewType", () => identity("NewType"), { free: true }),
  };
  const abstractNames = new Set([
    "Iterable",
    "Sequence",
    "Mapping",
    "MutableMapping",
    "Callable",
    "Iterator",
    "Generator",
    "Collection",
    "Hashable",
    "Sized",
    "Container",
    "MutableSequence",
  ]);
  return nativeModule(name, names, (_interp, member) =>
    abstractNames.has(member) ? abstract(member) : opaque("typing", member),
  );
}
