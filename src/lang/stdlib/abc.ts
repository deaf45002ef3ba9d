import { bool, type ClassValue, NONE, type SetValue, str, TRUE, type Value } from "../../eval/value.ts";
import { nativeClass, raw } from "../native.ts";
import { objectClass, typeClass } from "../types.ts";
import { fn, type Names } from "./module.ts";

/** `abc.ABCMeta`. */
export const abstractMetaclass: ClassValue = nativeClass("ABCMeta", "abc", [typeClass]);

const registered = new WeakMap<ClassValue, Set<ClassValue>>();
abstractMetaclass.attrs.set(
  "register",
  raw("register", (_interp, args) => {
    const [cls, other] = args.positional.map((arg) => arg.value);
    if (cls?.kind !== "class" || other?.kind !== "class") return other ?? NONE;
    const known = registered.get(cls) ?? new Set();
    registered.set(cls, known.add(other));
    return other;
  }),
);

/** Whether a class was registered as a subclass. */
export function isRegistered(cls: ClassValue, base: ClassValue): boolean {
  const known = registered.get(base);
  return known !== undefined && cls.mro.some((ancestor) => known.has(ancestor));
}

const abstractBase: ClassValue = { ...nativeClass("ABC", "abc", [objectClass]), meta: abstractMetaclass };
Object.assign(abstractBase, { mro: [abstractBase, objectClass] });

function isAbstract(value: Value | undefined): boolean {
  switch (value?.kind) {
    case "function":
      return value.attrs?.get("__isabstractmethod__") === TRUE;
    case "property":
      return isAbstract(value.get) || isAbstract(value.set) || isAbstract(value.delete);
    case "wrapper":
      return isAbstract(value.fn);
    default:
      return false;
  }
}

/** Notes on a class which methods are still abstract. */
export function abstractNames(cls: ClassValue): void {
  const items = new Map<string, Value>();
  for (const base of cls.mro.slice(1)) {
    const inherited = base.attrs.get("__abstractmethods__");
    if (inherited?.kind !== "set") continue;
    for (const [key, name] of inherited.items) {
      if (name.kind !== "str") continue;
      const found = cls.mro.find((ancestor) => ancestor.attrs.has(name.value))?.attrs.get(name.value);
      if (isAbstract(found)) items.set(key, name);
    }
  }
  for (const [name, value] of cls.attrs) if (isAbstract(value)) items.set(`s:${name}`, str(name));
  const names: SetValue = { kind: "set", items, frozen: true };
  cls.attrs.set("__abstractmethods__", names);
}

const mark = (name: string, wrap: (value: Value) => Value): Value =>
  fn(name, "callable", (interp, get) => {
    const value = get("callable");
    if (value.kind === "function") interp.lang.setAttribute(interp, value, "__isabstractmethod__", bool(true));
    return wrap(value);
  });

/** `abc`. */
export function abcNames(): Names {
  return {
    ABC: abstractBase,
    ABCMeta: abstractMetaclass,
    abstractmethod: mark("abstractmethod", (value) => value),
    abstractproperty: mark("abstractproperty", (value) => ({ kind: "property", get: value, set: undefined })),
    abstractclassmethod: mark("abstractclassmethod", (value) => ({ kind: "wrapper", type: "class", fn: value })),
    abstractstaticmethod: mark("abstractstaticmethod", (value) => ({ kind: "wrapper", type: "static", fn: value })),
  };
}
