import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, isWhy, type Truth, topFrame, unknownHere } from "../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  float,
  int,
  intOf,
  list,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { onlyNumber } from "../values/array.ts";
import { specialMethod, toFloat, truth, whyOf } from "./arithmetic.ts";
import { newType } from "./classes.ts";
import { toDict, toSet } from "./containers.ts";
import { reprOf, strOf } from "./format.ts";
import { wholeNumber, wholeOfQuotient } from "./integers.ts";
import { native } from "./native.ts";
import * as types from "./types.ts";

/** A known truth as a bool, an unknown one as an unknown value. */
export const flag = (known: Truth): Value => (isWhy(known) ? unknown(known) : bool(known));
const construct = (cls: ClassValue, make: NonNullable<ClassValue["construct"]>): void => {
  (cls as { construct?: ClassValue["construct"] }).construct = make;
};
/** A positional argument, or the keyword of that name. */
export const arg = (args: CallArgs, index: number, name?: string): Value | undefined =>
  args.positional[index]?.value ??
  (name === undefined ? undefined : args.keywords.find(([key]) => key === name)?.[1].value);

construct(types.intClass, (interp, _cls, args) => {
  const value = arg(args, 0, "x");
  if (value === undefined) return int(0);
  const own = value.kind === "instance" ? specialMethod(interp, value, "__int__") : undefined;
  if (own !== undefined) return callValue(interp, own, { positional: [], keywords: [] });
  const inner = types.payloadOf(value);
  const based = arg(args, 1, "base");
  if (inner.kind === "int") return inner.cls === undefined ? inner : intOf(inner.dim);
  if (inner.kind === "bool") return int(inner.value ? 1 : 0);
  if (inner.kind === "float") {
    if (inner.value === undefined)
      return (
        wholeOfQuotient(inner, "trunc") ??
        intOf({ size: undefined, why: inner.why ?? { reason: t("an unknown number") } })
      );
    if (Number.isNaN(inner.value)) return fail(interp, "ValueError", "cannot convert float NaN to integer");
    return Number.isFinite(inner.value)
      ? wholeNumber(BigInt(Math.trunc(inner.value)))
      : fail(interp, "OverflowError", "cannot convert float infinity to integer");
  }
  if (inner.kind === "str" || inner.kind === "bytes") {
    const base = toFloat(based ?? int(10)) ?? 10;
    const n = parseInteger(inner.value, base);
    return n === undefined
      ? fail(interp, "ValueError", `invalid literal for int() with base ${base}: ${reprOf(interp, inner) ?? ""}`)
      : wholeNumber(n);
  }
  if (inner.kind === "tensor") {
    const known = inner.host === undefined ? undefined : onlyNumber(inner.host);
    return known !== undefined && Number.isFinite(known)
      ? int(Math.trunc(known))
      : intOf({ size: undefined, why: { reason: t("a number read from a tensor") } });
  }
  if (inner.kind === "unknown") return intOf({ size: undefined, why: inner.why });
  const special =
    specialMethod(interp, value, "__int__") ??
    specialMethod(interp, value, "__index__") ??
    specialMethod(interp, value, "__trunc__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  if (inner.kind === "opaque" || inner.kind === "lazy" || (inner.kind === "instance" && lostClass(inner)))
    return intOf({ size: undefined, why: { reason: t("an unknown number") } });
  return fail(
    interp,
    "TypeError",
    `int() argument must be a string, a bytes-like object or a real number, not '${types.typeName(interp, value)}'`,
  );
});

function lostClass(value: Extract<Value, { kind: "instance" }>): boolean {
  return value.tainted !== undefined || value.cls.mro.some((cls) => cls.unknownBase !== undefined);
}

/** A whole number as Python's `int` reads it; base 0 goes by the prefix. */
function parseInteger(text: string, base: number): bigint | undefined {
  const match = /^([+-]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z_]*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, prefix = "", rest = ""] = match;
  const named = { "0x": 16, "0o": 8, "0b": 2 }[prefix.toLowerCase()];
  let digits = rest;
  let radix = base;
  if (named !== undefined && (base === 0 || base === named)) radix = named;
  else if (prefix !== "") digits = prefix + rest;
  if (radix === 0) radix = 10;
  if (digits.startsWith("_") && prefix !== "" && named === radix) digits = digits.slice(1);
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/i.test(digits)) return undefined;
  let n = 0n;
  for (const char of digits.replaceAll("_", "")) {
    const digit = Number.parseInt(char, 36);
    if (radix <= digit) return undefined;
    n = n * BigInt(radix) + BigInt(digit);
  }
  return sign === "-" ? -n : n;
}

construct(types.floatClass, (interp, _cls, args) => {
  const given = arg(args, 0) ?? float(0);
  const own = given.kind === "instance" ? specialMethod(interp, given, "__float__") : undefined;
  if (own !== undefined) return callValue(interp, own, { positional: [], keywords: [] });
  const value = types.payloadOf(given);
  const n = toFloat(value);
  if (n !== undefined)
    return Number.isFinite(n) || value.kind !== "int"
      ? float(n)
      : fail(interp, "OverflowError", "int too large to convert to float");
  if (value.kind === "str") {
    const text = value.value.trim().toLowerCase();
    const parsed =
      /^[+-]?(\d+(_\d+)*)?\.?(\d+(_\d+)*)?(e[+-]?\d+)?$/.test(text) && /\d/.test(text)
        ? Number(text.replaceAll("_", ""))
        : /^[+-]?inf(inity)?$/.test(text)
          ? text.startsWith("-")
            ? -Infinity
            : Infinity
          : Number.NaN;
    return Number.isNaN(parsed) && !/^[+-]?nan$/.test(text)
      ? fail(interp, "ValueError", `could not convert string to float: ${reprOf(interp, value) ?? ""}`)
      : float(parsed);
  }
  const only = value.kind === "tensor" && value.host !== undefined ? onlyNumber(value.host) : undefined;
  if (only !== undefined) return float(only);
  if (value.kind === "tensor")
    return { kind: "float", value: undefined, why: { reason: t("a number read from a tensor") } };
  const special = specialMethod(interp, value, "__float__") ?? specialMethod(interp, value, "__index__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  if (value.kind === "none" || value.kind === "list" || value.kind === "tuple" || value.kind === "dict")
    return fail(
      interp,
      "TypeError",
      `float() argument must be a string or a real number, not '${types.typeName(interp, value)}'`,
    );
  return { kind: "float", value: undefined, why: whyOf(value) ?? { reason: t("an unknown number") } };
});
construct(types.complexClass, (interp, _cls, args) => {
  const [real, imag] = [arg(args, 0, "real"), arg(args, 1, "imag")];
  if (real?.kind === "str") {
    const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)?(?:([+-]?[\d.]*(?:e[+-]?\d+)?)j)?$/i.exec(real.value.trim());
    if (match === null || real.value.trim() === "")
      return fail(interp, "ValueError", "complex() arg is a malformed string");
    const part = match[2];
    return {
      kind: "complex",
      re: Number(match[1] ?? 0),
      im: part === undefined ? 0 : part === "" || part === "+" ? 1 : part === "-" ? -1 : Number(part),
    };
  }
  if (real?.kind === "complex" && imag === undefined) return real;
  const [re, im] = [toFloat(real ?? int(0)), toFloat(imag ?? int(0))];
  return re === undefined || im === undefined
    ? unknown({ reason: t("an unknown number") })
    : { kind: "complex", re, im };
});
construct(types.boolClass, (interp, _cls, args) => flag(truth(interp, arg(args, 0) ?? bool(false))));
construct(types.strClass, (interp, _cls, args) => {
  const value = arg(args, 0, "object");
  if (value === undefined) return str("");
  if (value.kind === "bytes" && 1 < args.positional.length + args.keywords.length)
    return callValue(interp, interp.lang.getAttribute(interp, value, "decode", undefined), {
      positional: args.positional.slice(1),
      keywords: args.keywords,
    });
  const text = strOf(interp, value);
  return text === undefined ? unknown(whyOf(value) ?? { reason: t("text of an unknown value") }) : str(text);
});
construct(types.methodClass, (_interp, _cls, args) => {
  const [fn = NONE, self = NONE] = args.positional.map(({ value }) => value);
  return { kind: "method", self, fn };
});
construct(types.listClass, (interp, _cls, args) => {
  const items = arg(args, 0) === undefined ? [] : itemsOf(interp, arg(args, 0) ?? NONE);
  return isWhy(items) ? { kind: "list", items: [], why: items } : list([...items]);
});
construct(types.tupleClass, (interp, _cls, args) => {
  const items = arg(args, 0) === undefined ? [] : itemsOf(interp, arg(args, 0) ?? NONE);
  return isWhy(items) ? unknown(items) : tuple(items);
});
construct(types.setClass, (interp, _cls, args) => {
  const made = toSet(interp, arg(args, 0) ?? tuple([]));
  return { kind: "set", items: new Map(made.items), ...(made.why === undefined ? {} : { why: made.why }) };
});
construct(types.frozensetClass, (interp, _cls, args) => ({
  ...toSet(interp, arg(args, 0) ?? tuple([])),
  frozen: true,
}));
construct(types.dictClass, (interp, cls, args) => {
  const made = arg(args, 0) === undefined ? types.emptyDict() : toDict(interp, arg(args, 0) ?? NONE);
  const why = isWhy(made) ? made : (made.why ?? args.more);
  const entries = new Map(isWhy(made) ? [] : made.entries);
  for (const [key, { value }] of args.keywords) entries.set(`s:${key}`, Object.freeze([str(key), value] as const));
  return { kind: "dict", entries, ...(why === undefined ? {} : { why }), ...(cls === types.dictClass ? {} : { cls }) };
});
construct(types.bytesClass, (interp, _cls, args) => {
  const value = arg(args, 0);
  if (value === undefined) return { kind: "bytes", value: "" };
  if (value.kind === "bytes") return value;
  const n = value.kind === "int" ? toFloat(value) : undefined;
  if (n !== undefined) return { kind: "bytes", value: "\0".repeat(Math.max(0, n)) };
  if (value.kind === "str")
    return args.positional.length + args.keywords.length < 2
      ? fail(interp, "TypeError", "string argument without an encoding")
      : { kind: "bytes", value: String.fromCharCode(...new TextEncoder().encode(value.value)) };
  const items = itemsOf(interp, value);
  if (isWhy(items)) return unknown(items);
  return { kind: "bytes", value: String.fromCharCode(...items.map((item) => toFloat(item) ?? 0)) };
});
types.bytesClass.attrs.set("fromhex", {
  kind: "wrapper",
  type: "static",
  fn: native("fromhex", "string", (_interp, get) => {
    const text = get("string");
    if (text.kind !== "str") return unknown({ reason: t("an unknown text") });
    const codes = text.value.replaceAll(/\s/g, "").match(/../g) ?? [];
    return { kind: "bytes", value: String.fromCharCode(...codes.map((code) => Number.parseInt(code, 16))) };
  }),
});
construct(types.sliceClass, (_interp, _cls, args) => {
  const [a, b, c] = args.positional.map((p) => p.value);
  return b === undefined
    ? { kind: "slice", lower: NONE, upper: a ?? NONE, step: NONE }
    : { kind: "slice", lower: a ?? NONE, upper: b, step: c ?? NONE };
});
construct(types.rangeClass, (interp, _cls, args) => {
  const values = args.positional.map((p) => {
    const index = specialMethod(interp, p.value, "__index__");
    const v =
      index === undefined ? types.payloadOf(p.value) : callValue(interp, index, { positional: [], keywords: [] });
    return v.kind === "bool" ? int(v.value ? 1 : 0) : v;
  });
  const [a, b, c] = values;
  const bad = values.find((value) => value.kind !== "int");
  if (bad !== undefined)
    return bad.kind === "unknown"
      ? bad
      : fail(interp, "TypeError", `'${types.typeName(interp, bad)}' object cannot be interpreted as an integer`);
  if (a?.kind !== "int") return fail(interp, "TypeError", "range expected at least 1 argument, got 0");
  if (c?.kind === "int" && c.dim.size === 0) return fail(interp, "ValueError", "range() arg 3 must not be zero");
  return {
    kind: "range",
    start: b === undefined ? int(0) : a,
    stop: b?.kind === "int" ? b : a,
    step: c?.kind === "int" ? c : int(1),
  };
});
construct(types.propertyClass, (_interp, _cls, args) => ({
  kind: "property",
  get: arg(args, 0, "fget") ?? NONE,
  set: arg(args, 1, "fset"),
  delete: arg(args, 2, "fdel"),
  doc: arg(args, 3, "doc"),
}));
construct(types.methodClass, (_interp, _cls, args) => ({
  kind: "method",
  fn: arg(args, 0) ?? NONE,
  self: arg(args, 1) ?? NONE,
}));
construct(types.staticmethodClass, (_interp, _cls, args) => ({
  kind: "wrapper",
  type: "static",
  fn: arg(args, 0) ?? NONE,
}));
construct(types.classmethodClass, (_interp, _cls, args) => ({
  kind: "wrapper",
  type: "class",
  fn: arg(args, 0) ?? NONE,
}));
construct(types.superClass, (interp, _cls, args) => {
  const cls = arg(args, 0);
  const self = arg(args, 1);
  if (cls?.kind === "class" && self !== undefined) return { kind: "super", after: cls, self };
  if (cls === undefined) {
    const frame = topFrame(interp);
    if (frame.cls !== undefined && frame.self !== undefined)
      return { kind: "super", after: frame.cls, self: frame.self };
    return fail(interp, "RuntimeError", "super(): no arguments");
  }
  if (cls.kind !== "unknown" && cls.kind !== "opaque" && cls.kind !== "lazy")
    return fail(interp, "TypeError", `super() argument 1 must be a type, not ${types.typeName(interp, cls)}`);
  return unknownHere(interp, t("super() of a class that is not known"));
});
construct(types.typeClass, (interp, cls, args) => {
  if (args.positional.length === 1) {
    const value = arg(args, 0) ?? NONE;
    return (
      types.typeOf(interp, value) ??
      (value.kind === "unknown"
        ? unknown(value.why)
        : unknownHere(interp, t("the class of {0} is not known", types.typeName(interp, value))))
    );
  }
  return newType(interp, cls, args);
});
