import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, gap, type Interp, isWhy, Raised, type Truth, topFrame, unknownHere } from "../eval/interp.ts";
import {
  bool,
  type CallArgs,
  float,
  int,
  intOf,
  list,
  NONE,
  NOT_IMPLEMENTED,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { add, max, min, type Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { specialMethod, toFloat, truth, whyOf } from "./arithmetic.ts";
import { deleteAttribute, findAttribute, getAttribute, hasAttribute, setAttribute, setPlain } from "./attributes.ts";
import { isInstance } from "./classes.ts";
import { compare } from "./compare.ts";
import { arg, flag } from "./constructors.ts";
import { lengthOf } from "./containers.ts";
import { exceptionClasses } from "./exceptions.ts";
import { formatValue, reprOf } from "./format.ts";
import { advance, iterate, iteratorOver, lostIterator, sortValues } from "./iteration.ts";
import { namespaceDict } from "./namespace.ts";
import { type Body, native, raw } from "./native.ts";
import { importFunction } from "./stdlib/system.ts";
import * as types from "./types.ts";

const table = new Map<string, Value>();

function define(name: string, signature: string, body: Body): void {
  table.set(name, native(name, signature, body, { free: true }));
}
function defineRaw(name: string, call: (interp: Interp, args: CallArgs) => Value): void {
  table.set(name, raw(name, call, { free: true }));
}

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
define("len", "obj", (interp, get) => lengthOf(interp, get("obj")));
define("repr", "obj", (interp, get) => {
  const text = reprOf(interp, get("obj"));
  return text === undefined ? unknown(whyOf(get("obj")) ?? { reason: t("text of an unknown value") }) : str(text);
});
define("format", "value, spec=''", (interp, get) => {
  const spec = get("spec");
  return formatValue(interp, get("value"), "", spec.kind === "str" ? spec.value : "");
});
define("abs", "x", (interp, get) => {
  const x = get("x");
  const n = toFloat(x);
  if (n !== undefined) return x.kind === "float" ? float(Math.abs(n)) : int(Math.abs(n));
  if (x.kind === "int" && x.dim.size !== undefined) return intOf({ size: max(x.dim.size, unaryMinus(x.dim.size)) });
  const special = specialMethod(interp, x, "__abs__");
  return special === undefined
    ? unknown(whyOf(x) ?? { reason: t("an unknown number") })
    : callValue(interp, special, { positional: [], keywords: [] });
});
const unaryMinus = (size: Size): Size => (typeof size === "number" ? -size : size);
define("round", "number, ndigits=None", (_interp, get) => {
  const value = get("number");
  const n = toFloat(value);
  if (n === undefined)
    return value.kind === "int" ? value : unknown(whyOf(value) ?? { reason: t("an unknown number") });
  const digits = toFloat(get("ndigits"));
  if (digits === undefined) return int(roundHalfEven(n));
  const scaled = Number(`${n}e${digits}`);
  const rounded = Number(`${roundHalfEven(scaled)}e${-digits}`);
  return value.kind === "int" ? int(rounded) : float(rounded);
});
/** Python rounds halves to the even neighbour. */
function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  return rest < 0.5 ? floor : 0.5 < rest ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
}
define("pow", "base, exp, mod=None", (interp, get) => interp.lang.binary(interp, "**", get("base"), get("exp"), false));
define("divmod", "a, b", (interp, get) =>
  tuple([
    interp.lang.binary(interp, "//", get("a"), get("b"), false),
    interp.lang.binary(interp, "%", get("a"), get("b"), false),
  ]),
);
define("sum", "iterable, start=0", (interp, get) => {
  const items = itemsOf(interp, get("iterable"));
  if (isWhy(items)) return unknown(items);
  let total = get("start");
  for (const item of items) total = interp.lang.binary(interp, "+", total, item, false);
  return total;
});
for (const name of ["max", "min"] as const) {
  defineRaw(name, (interp, args) => {
    const key = args.keywords.find(([k]) => k === "key")?.[1].value ?? NONE;
    const fallback = args.keywords.find(([k]) => k === "default")?.[1].value;
    const items =
      args.positional.length === 1 ? itemsOf(interp, arg(args, 0) ?? NONE) : args.positional.map((p) => p.value);
    if (isWhy(items)) return unknown(items);
    const first = items[0];
    if (first === undefined) return fallback ?? fail(interp, "ValueError", `${name}() arg is an empty sequence`);
    const keyOf = (value: Value): Value =>
      key.kind === "none" ? value : callValue(interp, key, { positional: [{ value }], keywords: [] });
    let best = first;
    for (const item of items.slice(1)) {
      const a = keyOf(best);
      const b = keyOf(item);
      if (
        key.kind === "none" &&
        a.kind === "int" &&
        b.kind === "int" &&
        a.dim.size !== undefined &&
        b.dim.size !== undefined &&
        (typeof a.dim.size !== "number" || typeof b.dim.size !== "number")
      ) {
        best = intOf({ size: name === "max" ? max(a.dim.size, b.dim.size) : min(a.dim.size, b.dim.size) });
        continue;
      }
      const better = truth(interp, compare(interp, name === "max" ? ">" : "<", b, a));
      if (isWhy(better)) return unknown(better);
      if (better) best = item;
    }
    return best;
  });
}
define("sorted", "iterable, *, key=None, reverse=False", (interp, get) => {
  const items = itemsOf(interp, get("iterable"));
  if (isWhy(items)) return { kind: "list", items: [], why: items };
  const sorted = sortValues(interp, items, get("key"), truth(interp, get("reverse")) === true);
  return sorted === undefined
    ? { kind: "list", items: [], why: { reason: t("an order that is not known") } }
    : list([...sorted]);
});
define("reversed", "sequence", (interp, get) => {
  const special = specialMethod(interp, get("sequence"), "__reversed__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  const items = itemsOf(interp, get("sequence"));
  return isWhy(items) ? lostIterator(items) : iteratorOver("reversed", [...items].reverse());
});
define("enumerate", "iterable, start=0", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  if (source.why !== undefined) return lostIterator(source.why);
  const start = get("start");
  const from = start.kind === "int" ? (start.dim.size ?? 0) : 0;
  return {
    kind: "iterator",
    name: "enumerate",
    index: 0,
    next: (index) => {
      const item = source.next(source.index + index);
      return item === undefined ? undefined : tuple([intOf({ size: add(from, index) }), item]);
    },
  };
});
defineRaw("zip", (interp, args) => {
  const sources = args.positional.map((p) => iterate(interp, p.value));
  const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
  if (lost !== undefined) return lostIterator(lost);
  return {
    kind: "iterator",
    name: "zip",
    index: 0,
    next: (index) => {
      const items: Value[] = [];
      for (const source of sources) {
        const item = source.next(source.index + index);
        if (item === undefined) return undefined;
        items.push(item);
      }
      return sources.length === 0 ? undefined : tuple(items);
    },
  };
});
defineRaw("map", (interp, args) => {
  const fn = arg(args, 0) ?? NONE;
  const sources = args.positional.slice(1).map((p) => itemsOf(interp, p.value));
  const known = sources.filter((items): items is readonly Value[] => !isWhy(items));
  const lost = sources.find(isWhy);
  if (lost !== undefined) return lostIterator(lost);
  const length = Math.min(...known.map((items) => items.length));
  return {
    kind: "iterator",
    name: "map",
    index: 0,
    next: (index) =>
      index < length
        ? callValue(interp, fn, { positional: known.map((items) => ({ value: items[index] ?? NONE })), keywords: [] })
        : undefined,
  };
});
define("filter", "function, iterable", (interp, get) => {
  const items = itemsOf(interp, get("iterable"));
  if (isWhy(items)) return lostIterator(items);
  const kept: Value[] = [];
  for (const item of items) {
    const known = truth(
      interp,
      get("function").kind === "none"
        ? item
        : callValue(interp, get("function"), { positional: [{ value: item }], keywords: [] }),
    );
    if (isWhy(known)) return lostIterator(known);
    if (known) kept.push(item);
  }
  return iteratorOver("filter", kept);
});
for (const name of ["any", "all"] as const) {
  define(name, "iterable", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return unknown(items);
    let lost: Truth = name === "all";
    for (const item of items) {
      const known = truth(interp, item);
      if (isWhy(known)) lost = known;
      else if (known === (name === "any")) return bool(known);
    }
    return flag(lost);
  });
}
define("iter", "object, sentinel=None", (interp, get) => iterate(interp, get("object")));
define("next", "iterator, *default", (interp, get) => {
  const source = get("iterator");
  const special = specialMethod(interp, source, "__next__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  if (source.kind === "unknown") return source;
  if (source.kind !== "iterator")
    return fail(interp, "TypeError", `'${types.typeName(interp, source)}' object is not an iterator`);
  const value = advance(interp, source);
  if (value !== undefined) return value;
  const rest = get("default");
  const fallback = rest.kind === "tuple" ? rest.items[0] : undefined;
  if (fallback !== undefined) return fallback;
  throw new Raised(interp.lang.makeException(interp, "StopIteration", ""), interp);
});
defineRaw("isinstance", (interp, args) => flag(instanceOf(interp, arg(args, 0) ?? NONE, arg(args, 1) ?? NONE)));
define("issubclass", "cls, bases", (interp, get) => {
  const cls = get("cls");
  const bases = get("bases");
  if (cls.kind !== "class") return cls.kind === "unknown" ? cls : unknown({ reason: t("a class that is not known") });
  const options = bases.kind === "tuple" ? bases.items : [bases];
  if (options.some((base) => base.kind === "class" && cls.mro.includes(base))) return bool(true);
  const lost =
    cls.mro.find((c) => c.unknownBase !== undefined)?.unknownBase ??
    options.map(whyOf).find((why) => why !== undefined);
  void interp;
  return lost === undefined ? bool(false) : unknown(lost);
});
define("getattr", "object, name, *default", (interp, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknown(whyOf(name) ?? { reason: t("an attribute whose name is not known") });
  const rest = get("default");
  const fallback = rest.kind === "tuple" ? rest.items[0] : undefined;
  if (fallback === undefined) return getAttribute(interp, get("object"), name.value, undefined);
  return quietly(interp, () => findAttribute(interp, get("object"), name.value)) ?? fallback;
});
define("hasattr", "object, name", (interp, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknown(whyOf(name) ?? { reason: t("an attribute whose name is not known") });
  return quietly(interp, () => hasAttribute(interp, get("object"), name.value)) ?? bool(false);
});
define("setattr", "object, name, value", (interp, get) => {
  const name = get("name");
  if (name.kind === "str") setAttribute(interp, get("object"), name.value, get("value"));
  else {
    const object = get("object");
    if (object.kind === "instance")
      interp.journal.assign(object, "tainted", gap(interp, t("an attribute whose name is not known is set")));
  }
  return NONE;
});
define("delattr", "object, name", (interp, get) => {
  const name = get("name");
  if (name.kind === "str") deleteAttribute(interp, get("object"), name.value);
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
define("id", "object", (interp, get) => {
  const key = types.hashKey(interp, get("object"));
  return key?.startsWith("o:") ? int(Number(key.slice(2))) : unknown({ reason: t("the id of a value") });
});
define("hash", "object", (interp, get) => {
  const key = types.hashKey(interp, get("object"));
  return key?.startsWith("o:") ? int(Number(key.slice(2))) : unknown({ reason: t("the hash of a value") });
});
define("ord", "c", (_interp, get) => {
  const c = get("c");
  return c.kind === "str" ? int(c.value.codePointAt(0) ?? 0) : unknown({ reason: t("an unknown text") });
});
define("chr", "i", (_interp, get) => str(String.fromCodePoint(toFloat(get("i")) ?? 63)));
for (const [name, base, prefix] of [
  ["bin", 2, "0b"],
  ["oct", 8, "0o"],
  ["hex", 16, "0x"],
] as const) {
  define(name, "number", (_interp, get) => {
    const n = toFloat(get("number"));
    return n === undefined
      ? unknown(whyOf(get("number")) ?? { reason: t("an unknown number") })
      : str((n < 0 ? "-" : "") + prefix + Math.abs(n).toString(base));
  });
}
define("vars", "object=None", (interp, get) => getAttribute(interp, get("object"), "__dict__", undefined));
define("locals", "", (interp) => {
  const { scope } = topFrame(interp);
  return scope.kind === "module" ? namespaceDict(interp, scope.vars) : scopeDict(scope.vars);
});
define("globals", "", (interp) => namespaceDict(interp, topFrame(interp).module.scope.vars));
table.set("__import__", importFunction);
define("dir", "object=None", (interp, get) => {
  const value = get("object");
  const names = new Set<string>();
  if (value.kind === "instance") for (const key of value.attrs.keys()) names.add(key);
  const cls = value.kind === "class" ? value : types.typeOf(interp, value);
  for (const ancestor of cls?.mro ?? []) for (const key of ancestor.attrs.keys()) names.add(key);
  return list([...names].sort().map(str));
});
for (const name of [
  "open",
  "input",
  "eval",
  "exec",
  "compile",
  "memoryview",
  "bytearray",
  "ascii",
  "breakpoint",
  "help",
  "exit",
  "quit",
  "aiter",
  "anext",
]) {
  defineRaw(name, (interp) => unknownHere(interp, t("{0}() is not followed", name), name));
}

function scopeDict(vars: ReadonlyMap<string, Value>): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [name, value] of vars)
    if (!name.startsWith(".")) entries.set(`s:${name}`, Object.freeze([str(name), value] as const));
  return { kind: "dict", entries };
}

/** Runs with AttributeErrors swallowed: undefined then. */
function quietly<T>(interp: Interp, body: () => T): T | undefined {
  const { handlers, path, argument } = interp;
  const depth = interp.frames.length;
  interp.handlers++;
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    return undefined;
  } finally {
    interp.handlers = handlers;
  }
}

/** `isinstance(value, classes)`, tuples and unions of classes included. */
export function instanceOf(interp: Interp, value: Value, classes: Value): Truth {
  if (classes.kind === "tuple") {
    let lost: Truth = false;
    for (const cls of classes.items) {
      const known = instanceOf(interp, value, cls);
      if (known === true) return true;
      if (isWhy(known)) lost = known;
    }
    return lost;
  }
  if (classes.kind === "class") {
    const check = classes.meta === undefined ? undefined : specialMethod(interp, classes, "__instancecheck__");
    if (check !== undefined) return truth(interp, callValue(interp, check, { positional: [{ value }], keywords: [] }));
    return isInstance(interp, value, classes, types.typeOf(interp, value));
  }
  if (classes.kind === "opaque")
    return classes.name === "Any" ? true : { reason: t("isinstance with {0} is not followed", classes.name) };
  return whyOf(classes) ?? { reason: t("isinstance with a class that is not known") };
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
