import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, gap, type Interp, isWhy, Raised, type Truth, topFrame, unknownHere } from "../eval/interp.ts";
import { advance } from "../eval/iterate.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
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
import { bigOf, specialMethod, toFloat, truth, wholeNumber, whyOf } from "./arithmetic.ts";
import { deleteAttribute, setAttribute, setPlain } from "./assignment.ts";
import { findAttribute, getAttribute, hasAttribute } from "./attributes.ts";
import { abstractOf, isInstance } from "./classes.ts";
import { compare, unhashable } from "./compare.ts";
import { arg, flag } from "./constructors.ts";
import { lengthOf } from "./containers.ts";
import { exceptionClasses, isException } from "./exceptions.ts";
import { asciiOf, formatValue, reprOf } from "./format.ts";
import { iterate, iteratorOver, lazyIterator, lostIterator, sortValues, stopIteration } from "./iteration.ts";
import { namespaceDict } from "./namespace.ts";
import { type Body, native, nativeClass, raw } from "./native.ts";
import { isRegistered } from "./stdlib/abc.ts";
import { importFunction } from "./stdlib/system.ts";
import { acceptsClass, protocolMembers } from "./stdlib/typing.ts";
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
define("len", "obj, /", (interp, get) => lengthOf(interp, get("obj")));
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
  const special = specialMethod(interp, x, "__abs__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  const inner = types.payloadOf(x);
  if (inner.kind === "complex") return float(Math.hypot(inner.re, inner.im));
  const big = bigOf(inner);
  if (big !== undefined) return inner.kind === "int" && 0n <= big ? inner : wholeNumber(big < 0n ? -big : big);
  const n = toFloat(inner);
  if (n !== undefined) return float(Math.abs(n));
  if (inner.kind === "int" && inner.dim.size !== undefined)
    return intOf({ size: max(inner.dim.size, unaryMinus(inner.dim.size)) });
  if (inner.kind === "str" || inner.kind === "list" || inner.kind === "none" || inner.kind === "tuple")
    return fail(interp, "TypeError", `bad operand type for abs(): '${types.typeName(interp, x)}'`);
  return unknown(whyOf(x) ?? { reason: t("an unknown number") });
});
const unaryMinus = (size: Size): Size => (typeof size === "number" ? -size : size);
define("round", "number, ndigits=None", (interp, get) => {
  const value = get("number");
  const special = specialMethod(interp, value, "__round__");
  const places = get("ndigits");
  if (special !== undefined)
    return callValue(interp, special, { positional: places.kind === "none" ? [] : [{ value: places }], keywords: [] });
  const inner = types.payloadOf(value);
  const n = toFloat(inner);
  if (n === undefined) {
    if (inner.kind === "str" || inner.kind === "none" || inner.kind === "list")
      return fail(interp, "TypeError", `type ${types.typeName(interp, value)} doesn't define __round__ method`);
    return inner.kind === "int" ? inner : unknown(whyOf(value) ?? { reason: t("an unknown number") });
  }
  if (places.kind === "unknown") return places;
  const digits = toFloat(places);
  if (inner.kind !== "float") {
    const big = bigOf(inner) ?? 0n;
    return digits === undefined || 0 <= digits
      ? wholeNumber(big)
      : wholeNumber(roundWhole(big, 10n ** BigInt(-digits)));
  }
  if (!Number.isFinite(n)) {
    if (digits !== undefined) return inner;
    const [exception, what] = Number.isNaN(n) ? ["ValueError", "NaN"] : ["OverflowError", "infinity"];
    return fail(interp, exception ?? "", `cannot convert float ${what} to integer`);
  }
  return digits === undefined ? wholeNumber(BigInt(roundHalfEven(n))) : float(roundTo(n, digits));
});
/** Python rounds halves to the even neighbour. */
function roundHalfEven(n: number): number {
  const floor = Math.floor(n);
  const rest = n - floor;
  return rest < 0.5 ? floor : 0.5 < rest ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
}
function roundWhole(n: bigint, unit: bigint): bigint {
  const rest = ((n % unit) + unit) % unit;
  const down = n - rest;
  const twice = rest * 2n;
  return twice < unit || (twice === unit && (down / unit) % 2n === 0n) ? down : down + unit;
}
/** The float nearest to the exact value rounded to that many decimals, halves to even. */
function roundTo(n: number, digits: number): number {
  if (22 < digits || 1e300 < Math.abs(n)) return n;
  if (digits < -308) return 0 * n;
  // The exact binary value as a fraction.
  let [top, bottom] = [n, 1n];
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  const exact = BigInt(top);
  const scale = 10n ** BigInt(Math.abs(digits));
  const [up, down] = 0 <= digits ? [exact * scale, bottom] : [exact, bottom * scale];
  const units = roundWhole(up * 2n, down * 2n) / (down * 2n);
  const text = 0 <= digits ? `${units}e-${digits}` : `${units}e${-digits}`;
  const rounded = Number(text);
  return rounded === 0 && (n < 0 || Object.is(n, -0)) ? -0 : rounded;
}
define("pow", "base, exp, mod=None", (interp, get) => {
  if (get("mod").kind === "none") return interp.lang.binary(interp, "**", get("base"), get("exp"), false);
  const [base, exp, mod] = [bigOf(get("base")), bigOf(get("exp")), bigOf(get("mod"))];
  if (base === undefined || exp === undefined || mod === undefined) return unknown({ reason: t("an unknown number") });
  if (mod === 0n) return fail(interp, "ValueError", "pow() 3rd argument cannot be 0");
  const size = mod < 0n ? -mod : mod;
  let [factor, rest] = [((base % size) + size) % size, exp];
  if (rest < 0n) {
    const inverse = inverseOf(factor, size);
    if (inverse === undefined) return fail(interp, "ValueError", "base is not invertible for the given modulus");
    [factor, rest] = [inverse, -rest];
  }
  let power = 1n % size;
  for (; 0n < rest; rest >>= 1n) {
    if (rest & 1n) power = (power * factor) % size;
    factor = (factor * factor) % size;
  }
  return wholeNumber(mod < 0n && power !== 0n ? power + mod : power);
});
function inverseOf(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : undefined;
}
define("divmod", "a, b", (interp, get) => {
  const own = specialMethod(interp, get("a"), "__divmod__");
  if (own !== undefined) return callValue(interp, own, { positional: [{ value: get("b") }], keywords: [] });
  return tuple([
    interp.lang.binary(interp, "//", get("a"), get("b"), false),
    interp.lang.binary(interp, "%", get("a"), get("b"), false),
  ]);
});
define("sum", "iterable, start=0", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  let total = get("start");
  if (total.kind === "str") return fail(interp, "TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  for (let turn = 0; turn < 100_000; turn++) {
    const item = advance(interp, source);
    if (item === undefined) return source.why === undefined ? total : unknown(source.why);
    total = interp.lang.binary(interp, "+", total, item, false);
  }
  return unknown({ reason: t("an iteration without end") });
});
for (const name of ["max", "min"] as const) {
  defineRaw(name, (interp, args) => {
    const key = args.keywords.find(([k]) => k === "key")?.[1].value ?? NONE;
    const fallback = args.keywords.find(([k]) => k === "default")?.[1].value;
    const items =
      args.positional.length === 1 ? itemsOf(interp, arg(args, 0) ?? NONE) : args.positional.map((p) => p.value);
    if (isWhy(items)) return unknown(items);
    const first = items[0];
    if (first === undefined) {
      if (args.positional.length === 0) return fail(interp, "TypeError", `${name} expected at least 1 argument, got 0`);
      return fallback ?? fail(interp, "ValueError", `${name}() arg is an empty sequence`);
    }
    const keyOf = (value: Value): Value =>
      key.kind === "none" ? value : callValue(interp, key, { positional: [{ value }], keywords: [] });
    let best = first;
    let least = keyOf(first);
    for (const item of items.slice(1)) {
      const b = keyOf(item);
      if (
        key.kind === "none" &&
        least.kind === "int" &&
        b.kind === "int" &&
        least.dim.size !== undefined &&
        b.dim.size !== undefined &&
        (typeof least.dim.size !== "number" || typeof b.dim.size !== "number")
      ) {
        best = intOf({ size: name === "max" ? max(least.dim.size, b.dim.size) : min(least.dim.size, b.dim.size) });
        least = best;
        continue;
      }
      const better = truth(interp, compare(interp, name === "max" ? ">" : "<", b, least));
      if (isWhy(better)) return unknown(better);
      if (better) [best, least] = [item, b];
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
  const value = get("sequence");
  const special = specialMethod(interp, value, "__reversed__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  const source = types.payloadOf(value);
  const byIndex =
    source.kind === "instance"
      ? specialMethod(interp, source, "__getitem__") !== undefined &&
        specialMethod(interp, source, "__len__") !== undefined
      : source.kind !== "set" && source.kind !== "iterator" && source.kind !== "int" && source.kind !== "none";
  if (!byIndex && source.kind !== "instance")
    return fail(interp, "TypeError", `'${types.typeName(interp, value)}' object is not reversible`);
  const length = source.kind === "instance" ? toFloat(lengthOf(interp, source)) : undefined;
  if (length !== undefined && source.kind === "instance")
    return lazyIterator(interp, "reversed", (_pull, self) =>
      self.index < length ? interp.lang.getItem(interp, source, int(length - 1 - self.index)) : undefined,
    );
  const items = itemsOf(interp, value);
  const name = source.kind === "list" ? "list_reverseiterator" : "reversed";
  return isWhy(items) ? lostIterator(items) : iteratorOver(name, [...items].reverse());
});
define("enumerate", "iterable, start=0", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  if (source.why !== undefined) return lostIterator(source.why);
  const start = get("start");
  const from = start.kind === "int" ? (start.dim.size ?? 0) : 0;
  return lazyIterator(interp, "enumerate", (pull, self) => {
    const item = pull(source);
    return item === undefined ? undefined : tuple([intOf({ size: add(from, self.index) }), item]);
  });
});
defineRaw("zip", (interp, args) => {
  const sources = args.positional.map((p) => iterate(interp, p.value));
  const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
  if (lost !== undefined) return lostIterator(lost);
  const strict = args.keywords.find(([key]) => key === "strict")?.[1].value;
  const isStrict = strict !== undefined && truth(interp, strict) === true;
  return lazyIterator(interp, "zip", (pull, self) => {
    const items: Value[] = [];
    for (const [at, source] of sources.entries()) {
      const item = pull(source);
      if (self.why !== undefined) return undefined;
      if (item !== undefined) {
        items.push(item);
        continue;
      }
      if (!isStrict) return undefined;
      if (0 < at) return fail(interp, "ValueError", unequal(at, "shorter"));
      for (const [later, other] of sources.entries())
        if (0 < later && pull(other) !== undefined) return fail(interp, "ValueError", unequal(later, "longer"));
      return undefined;
    }
    return sources.length === 0 ? undefined : tuple(items);
  });
});
function unequal(at: number, how: string): string {
  return `zip() argument ${at + 1} is ${how} than argument${at === 1 ? " 1" : `s 1-${at}`}`;
}
defineRaw("map", (interp, args) => {
  const fn = arg(args, 0) ?? NONE;
  const sources = args.positional.slice(1).map((p) => iterate(interp, p.value));
  const lost = sources.find((source) => source.why !== undefined)?.why ?? args.more;
  if (lost !== undefined) return lostIterator(lost);
  return lazyIterator(interp, "map", (pull) => {
    const positional: { readonly value: Value }[] = [];
    for (const source of sources) {
      const value = pull(source);
      if (value === undefined) return undefined;
      positional.push({ value });
    }
    return positional.length === 0 ? undefined : callValue(interp, fn, { positional, keywords: [] });
  });
});
define("filter", "function, iterable", (interp, get) => {
  const source = iterate(interp, get("iterable"));
  if (source.why !== undefined) return lostIterator(source.why);
  const fn = get("function");
  return lazyIterator(interp, "filter", (pull) => {
    for (;;) {
      const item = pull(source);
      if (item === undefined) return undefined;
      const kept = truth(
        interp,
        fn.kind === "none" ? item : callValue(interp, fn, { positional: [{ value: item }], keywords: [] }),
      );
      if (isWhy(kept)) return kept;
      if (kept) return item;
    }
  });
});
for (const name of ["any", "all"] as const) {
  define(name, "iterable", (interp, get) => {
    const source = iterate(interp, get("iterable"));
    let lost: Truth = name === "all";
    for (let turn = 0; turn < 100_000; turn++) {
      const item = advance(interp, source);
      if (item === undefined) return flag(source.why ?? lost);
      const known = truth(interp, item);
      if (isWhy(known)) lost = known;
      else if (known === (name === "any")) return bool(known);
    }
    return unknown({ reason: t("an iteration without end") });
  });
}
define("iter", "object, *sentinel", (interp, get) => {
  const rest = get("sentinel");
  const sentinel = rest.kind === "tuple" ? rest.items[0] : undefined;
  const fn = get("object");
  if (sentinel === undefined) return iterate(interp, fn);
  return lazyIterator(interp, "callable_iterator", (_pull, self) => {
    if (self.index === Infinity) return undefined;
    const value = callValue(interp, fn, { positional: [], keywords: [] });
    const same = truth(interp, compare(interp, "==", value, sentinel));
    return isWhy(same) ? same : same ? undefined : value;
  });
});
define("next", "iterator, *default", (interp, get) => {
  const source = get("iterator");
  const rest = get("default");
  const fallback = rest.kind === "tuple" ? rest.items[0] : undefined;
  const special = specialMethod(interp, source, "__next__");
  if (special !== undefined) {
    const call = (): Value => callValue(interp, special, { positional: [], keywords: [] });
    return fallback === undefined ? call() : (quietly(interp, call, "StopIteration") ?? fallback);
  }
  if (source.kind === "unknown") return source;
  if (source.kind !== "iterator") {
    if (source.kind === "opaque" || source.kind === "lazy" || source.kind === "instance")
      if (source.kind !== "instance" || source.tainted !== undefined)
        return unknown({ reason: t("an iterator that is not known") });
    return fail(interp, "TypeError", `'${types.typeName(interp, source)}' object is not an iterator`);
  }
  const value = advance(interp, source);
  if (value !== undefined) return value;
  if (source.why !== undefined) return unknown(source.why);
  return fallback ?? stopIteration(interp, source);
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
  if (name.kind === "str") setAttribute(interp, get("object"), name.value, get("value"));
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
  const name = get("name");
  const object = get("object");
  if (name.kind === "str") deleteAttribute(interp, object, name.value);
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

/** Runs with exceptions of that name swallowed: undefined then. */
function quietly<T>(interp: Interp, body: () => T, exception: string): T | undefined {
  const { handlers, path, argument } = interp;
  const depth = interp.frames.length;
  interp.handlers++;
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Raised) || !isException(error.value, exception)) throw error;
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
  if (classes.kind === "opaque")
    return classes.name === "Any" ? true : { reason: t("isinstance with {0} is not followed", classes.name) };
  if (classes.kind === "unknown" || classes.kind === "lazy" || classes.kind === "instance")
    return whyOf(classes) ?? { reason: t("isinstance with a class that is not known") };
  const message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
  return whyOf(fail(interp, "TypeError", message)) ?? { reason: t("isinstance with a class that is not known") };
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
