import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, gap, type Interp, isWhy, type Truth, topFrame, unknownHere } from "../eval/interp.ts";
import { loadModule } from "../eval/load-module.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  int,
  list,
  NONE,
  NOT_IMPLEMENTED,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { specialMethod, toFloat, truth, whyOf } from "./arithmetic.ts";
import { deleteAttribute, setAttribute, setPlain } from "./assignment.ts";
import { findAttribute, getAttribute, hasAttribute } from "./attributes.ts";
import { abstractOf, isInstance } from "./classes.ts";
import { unhashable } from "./compare.ts";
import { arg, flag } from "./constructors.ts";
import { lengthOf } from "./containers.ts";
import { exceptionClasses, quietly } from "./exceptions.ts";
import { asciiOf, formatValue, reprOf } from "./format.ts";
import { bigOf, wholeNumber } from "./integers.ts";
import { sortValues } from "./iteration.ts";
import { namespaceDict } from "./namespace.ts";
import { native, nativeClass } from "./native.ts";
import { isRegistered } from "./stdlib/abc.ts";
import { importFunction } from "./stdlib/system.ts";
import { acceptsClass, protocolMembers } from "./stdlib/typing.ts";
import * as types from "./types.ts";
import "./evaluated.ts";
import "./iterators.ts";
import "./numeric.ts";
import { define, defineRaw, table } from "./table.ts";

for (const [name, cls] of exceptionClasses) table.set(name, cls);
for (const cls of [
  types.objectClass,
  types.typeClass,
  types.intClass,
  types.boolClass,
  types.floatClass,
  types.complexClass,
  types.strClass,
  types.bytesClass,
  types.listClass,
  types.tupleClass,
  types.setClass,
  types.frozensetClass,
  types.dictClass,
  types.sliceClass,
  types.rangeClass,
  types.propertyClass,
  types.staticmethodClass,
  types.classmethodClass,
  types.superClass,
])
  table.set(cls.name, cls);
table.set("NotImplemented", NOT_IMPLEMENTED);
table.set("Ellipsis", { kind: "ellipsis" });
table.set("__debug__", bool(true));

defineRaw("print", () => NONE);
define("len", "obj, /", (interp, get) => lengthOf(interp, get("obj")));
define("repr", "obj", (interp, get) => {
  const text = reprOf(interp, get("obj"));
  return text === undefined ? unknown(whyOf(get("obj")) ?? { reason: t("text of an unknown value") }) : str(text);
});
define("format", "value, spec=''", (interp, get) => {
  const spec = get("spec");
  return formatValue(interp, get("value"), "", spec.kind === "str" ? spec.value : "");
});
for (const name of ["bytearray", "memoryview"])
  table.set(
    name,
    nativeClass(name, "builtins", [types.objectClass], [], (interp) =>
      unknownHere(interp, t("{0}() is not followed", name), name),
    ),
  );
defineRaw("isinstance", (interp, args) =>
  args.positional.length !== 2 && args.more === undefined
    ? fail(interp, "TypeError", `isinstance expected 2 arguments, got ${args.positional.length}`)
    : flag(instanceOf(interp, arg(args, 0) ?? NONE, arg(args, 1) ?? NONE)),
);
define("issubclass", "cls, bases", (interp, get) => {
  const cls = get("cls");
  if (cls.kind !== "class")
    return cls.kind === "unknown" || cls.kind === "opaque"
      ? unknown(whyOf(cls) ?? { reason: t("a class that is not known") })
      : fail(interp, "TypeError", "issubclass() arg 1 must be a class");
  return flag(subclassOf(interp, cls, get("bases")));
});
function subclassOf(interp: Interp, cls: ClassValue, bases: Value): Truth {
  const options = bases.kind === "tuple" ? bases.items : types.unionMembers(bases);
  if (options !== undefined) {
    let lost: Truth = false;
    for (const option of options) {
      const known = subclassOf(interp, cls, option);
      if (known === true) return true;
      if (isWhy(known)) lost = known;
    }
    return lost;
  }
  if (bases.kind !== "class") return whyOf(bases) ?? { reason: t("a class that is not known") };
  const check = bases.meta === undefined ? undefined : specialMethod(interp, bases, "__subclasscheck__");
  if (check !== undefined)
    return truth(interp, callValue(interp, check, { positional: [{ value: cls }], keywords: [] }));
  if (cls.mro.includes(bases) || isRegistered(cls, bases)) return true;
  const sample = abstractOf.get(bases);
  if (sample !== undefined) return acceptsClass(cls, bases.name);
  return cls.mro.find((c) => c.unknownBase !== undefined)?.unknownBase ?? false;
}
define("getattr", "object, name, *default", (interp, get) => {
  const name = nameArgument(interp, get("name"));
  if (typeof name !== "string") return name;
  const rest = get("default");
  const fallback = rest.kind === "tuple" ? rest.items[0] : undefined;
  if (fallback === undefined) return getAttribute(interp, get("object"), name, undefined);
  return quietly(interp, () => findAttribute(interp, get("object"), name), "AttributeError") ?? fallback;
});
define("hasattr", "object, name", (interp, get) => {
  const name = nameArgument(interp, get("name"));
  if (typeof name !== "string") return name;
  return quietly(interp, () => hasAttribute(interp, get("object"), name), "AttributeError") ?? bool(false);
});
function nameArgument(interp: Interp, value: Value): string | Value {
  const inner = types.payloadOf(value);
  if (inner.kind === "str") return inner.value;
  if (inner.kind === "unknown" || inner.kind === "opaque" || inner.kind === "lazy")
    return unknown(whyOf(inner) ?? { reason: t("an attribute whose name is not known") });
  return fail(interp, "TypeError", `attribute name must be string, not '${types.typeName(interp, value)}'`);
}
define("setattr", "object, name, value", (interp, get) => {
  const name = get("name");
  const known = nameArgument(interp, name);
  if (typeof known === "string") setAttribute(interp, get("object"), known, get("value"));
  else {
    const object = get("object");
    if (object.kind === "instance") {
      interp.journal.assign(object, "tainted", gap(interp, t("an attribute whose name is not known is set")));
      const setter = types.classAttribute(object.cls, "__setattr__");
      const args = [{ value: name }, { value: get("value") }];
      if (setter !== undefined && setter !== types.classAttribute(types.objectClass, "__setattr__"))
        callValue(interp, { kind: "method", self: object, fn: setter }, { positional: args, keywords: [] });
    }
  }
  return NONE;
});
define("delattr", "object, name", (interp, get) => {
  const name = nameArgument(interp, get("name"));
  const object = get("object");
  if (typeof name === "string") deleteAttribute(interp, object, name);
  else if (object.kind === "instance")
    interp.journal.assign(object, "tainted", gap(interp, t("an attribute whose name is not known is deleted")));
  return NONE;
});
define("callable", "object", (interp, get) => {
  const value = get("object");
  if (value.kind === "unknown") return value;
  if (value.kind === "instance") return bool(specialMethod(interp, value, "__call__") !== undefined);
  return bool(
    value.kind === "function" || value.kind === "builtin" || value.kind === "method" || value.kind === "class",
  );
});
define("id", "object", (_interp, get) => {
  const value = get("object");
  // Whether two equal values of these are one object is up to Python.
  const shared = ["int", "float", "str", "bytes", "tuple", "unknown", "lazy", "opaque", "method"].includes(value.kind);
  return shared ? unknown({ reason: t("the id of a value") }) : int(types.identityOf(value) * 16);
});
define("hash", "object", (interp, get) => {
  const value = types.payloadOf(get("object"));
  if (get("object").kind === "instance") {
    const own = types.hashesTo(get("object") as Extract<Value, { kind: "instance" }>);
    if (typeof own !== "string")
      return callValue(interp, { kind: "method", self: get("object"), fn: own }, { positional: [], keywords: [] });
  }
  const big =
    bigOf(value) ?? (value.kind === "float" && Number.isInteger(value.value) ? BigInt(value.value ?? 0) : undefined);
  if (big !== undefined) {
    const size = (big < 0n ? -big : big) % (2n ** 61n - 1n);
    const hash = big < 0n ? -size : size;
    return wholeNumber(hash === -1n ? -2n : hash);
  }
  const key = types.hashKey(interp, value);
  if (key === undefined) return unknown(unhashable(interp, get("object")));
  // Equal values have equal hashes; what the number is, changes from run to run.
  return int(hashes.get(key) ?? newHash(key));
});
const hashes = new Map<string, number>();
function newHash(key: string): number {
  const hash = 1_000_003 * (hashes.size + 7);
  hashes.set(key, hash);
  return hash;
}
define("ord", "c", (interp, get) => {
  const c = get("c");
  if (c.kind !== "str" && c.kind !== "bytes") return unknown(whyOf(c) ?? { reason: t("an unknown text") });
  const chars = [...c.value];
  if (chars.length !== 1)
    return fail(interp, "TypeError", `ord() expected a character, but string of length ${chars.length} found`);
  return int(c.value.codePointAt(0) ?? 0);
});
define("chr", "i", (interp, get) => {
  const code = toFloat(get("i"));
  if (code === undefined) return unknown(whyOf(get("i")) ?? { reason: t("an unknown number") });
  if (code < 0 || 0x10ffff < code) return fail(interp, "ValueError", "chr() arg not in range(0x110000)");
  return str(String.fromCodePoint(code));
});
define("ascii", "obj", (interp, get) => {
  const text = reprOf(interp, get("obj"));
  return text === undefined ? unknown({ reason: t("text of an unknown value") }) : str(asciiOf(text));
});
for (const [name, base, prefix] of [
  ["bin", 2, "0b"],
  ["oct", 8, "0o"],
  ["hex", 16, "0x"],
] as const) {
  define(name, "number", (_interp, get) => {
    const index = specialMethod(_interp, get("number"), "__index__");
    const value = index === undefined ? get("number") : callValue(_interp, index, { positional: [], keywords: [] });
    const n = bigOf(types.payloadOf(value));
    if (n === undefined && (value.kind === "float" || value.kind === "str"))
      return fail(
        _interp,
        "TypeError",
        `'${types.typeName(_interp, value)}' object cannot be interpreted as an integer`,
      );
    return n === undefined
      ? unknown(whyOf(value) ?? { reason: t("an unknown number") })
      : str((n < 0n ? "-" : "") + prefix + (n < 0n ? -n : n).toString(base));
  });
}
define("vars", "object=None", (interp, get) => {
  const value = get("object");
  return value.kind === "none" ? namesHere(interp) : getAttribute(interp, value, "__dict__", undefined);
});
define("locals", "", (interp) => namesHere(interp));
define("globals", "", (interp) => namespaceDict(interp, topFrame(interp).module.scope.vars));
table.set("__import__", importFunction);
function namesHere(interp: Interp): Value {
  const { scope } = topFrame(interp);
  return scope.kind === "module" ? namespaceDict(interp, scope.vars) : scopeDict(scope.vars);
}
define("dir", "object=None", (interp, get) => {
  const value = get("object");
  const names = new Set<string>();
  const add = (keys: Iterable<string>): void => {
    for (const key of keys) if (!key.startsWith(".")) names.add(key);
  };
  let why: Why | undefined;
  if (value.kind === "none") add(topFrame(interp).scope.vars.keys());
  else if (value.kind === "unknown") return value;
  else if (value.kind === "module") {
    loadModule(interp, value);
    add(value.scope.vars.keys());
    if (value.file === undefined) {
      const all = interp.really.names(value.name);
      add(all ?? []);
      if (all === undefined) why = value.unknown ?? { reason: t("the names of {0} are not all known", value.name) };
    }
  } else {
    if (value.kind === "instance") {
      const own = specialMethod(interp, value, "__dir__");
      if (own !== undefined) {
        const made = callValue(interp, own, { positional: [], keywords: [] });
        const sorted = itemsOf(interp, made);
        if (isWhy(sorted)) return unknown(sorted);
        return list([...(sortValues(interp, sorted, NONE, false) ?? sorted)]);
      }
      add(value.attrs.keys());
      add(interp.registeredNames(value));
      why = value.tainted;
    }
    const cls = value.kind === "class" ? value : types.typeOf(interp, value);
    for (const ancestor of cls?.mro ?? []) {
      add(ancestor.attrs.keys());
      add(ancestor.slotMethods?.keys() ?? []);
      why ??= ancestor.unknownBase;
    }
  }
  const items = [...names].sort().map(str);
  return why === undefined ? list(items) : { kind: "list", items, why };
});
for (const name of ["open", "input", "exec", "compile", "breakpoint", "help", "exit", "quit", "aiter", "anext"]) {
  defineRaw(name, (interp) => unknownHere(interp, t("{0}() is not followed", name), name));
}

function scopeDict(vars: ReadonlyMap<string, Value>): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [name, value] of vars)
    if (!name.startsWith(".")) entries.set(`s:${name}`, Object.freeze([str(name), value] as const));
  return { kind: "dict", entries };
}

/** `isinstance(value, classes)`, tuples and unions of classes included. */
export function instanceOf(interp: Interp, value: Value, classes: Value): Truth {
  const options = classes.kind === "tuple" ? classes.items : types.unionMembers(classes);
  if (options !== undefined) {
    let lost: Truth = false;
    for (const cls of options) {
      const known = instanceOf(interp, value, cls);
      if (known === true) return true;
      if (isWhy(known)) lost = known;
    }
    return lost;
  }
  if (classes.kind === "class") {
    const check = classes.meta === undefined ? undefined : specialMethod(interp, classes, "__instancecheck__");
    if (check !== undefined) return truth(interp, callValue(interp, check, { positional: [{ value }], keywords: [] }));
    const known = isInstance(interp, value, classes, types.typeOf(interp, value));
    if (known !== false) return known;
    const own = types.typeOf(interp, value);
    const asked = protocolMembers(classes);
    if (asked !== undefined)
      return asked.every(
        (name) => quietly(interp, () => findAttribute(interp, value, name), "AttributeError") !== undefined,
      );
    return own !== undefined && isRegistered(own, classes);
  }
  // A function of ours may stand for a class.
  if (classes.kind === "builtin") return { reason: t("isinstance with {0} is not followed", classes.name) };
  if (classes.kind === "opaque")
    return classes.name === "Any" ? true : { reason: t("isinstance with {0} is not followed", classes.name) };
  if (
    classes.kind === "unknown" ||
    classes.kind === "lazy" ||
    (classes.kind === "instance" && mayCheck(interp, classes))
  )
    return whyOf(classes) ?? { reason: t("isinstance with a class that is not known") };
  const message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
  return whyOf(fail(interp, "TypeError", message)) ?? { reason: t("isinstance with a class that is not known") };
}

/** Whether an object may have its own say in `isinstance(…, object)`, as what `typing` makes has. */
function mayCheck(interp: Interp, { cls }: InstanceValue): boolean {
  return cls.mro.some((each) => {
    if (each.name === "object") return false;
    if (each.unknownBase !== undefined || each.moduleName === "typing") return true;
    if (each.place === undefined) return interp.really.names(`${each.moduleName}.${each.name}`) === undefined;
    return ["__instancecheck__", "__bases__", "__getattr__"].some((name) => each.attrs.has(name));
  });
}

types.objectClass.attrs.set(
  "__setattr__",
  native("__setattr__", "self, name, value", (interp, get) => {
    const self = get("self");
    const name = get("name");
    if (self.kind === "instance" && name.kind === "str") setPlain(interp, self, name.value, get("value"));
    return NONE;
  }),
);

/** Python's builtin names. */
export const builtins: ReadonlyMap<string, Value> = table;
