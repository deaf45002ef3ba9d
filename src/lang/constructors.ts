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

import { toDict, toSet } from "./containers.ts";
import { reprOf, strOf } from "./format.ts";
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
  const value = arg(args, 0);
  if (value === undefined) return int(0);
  const inner = types.payloadOf(value);
  if (inner.kind === "int") return inner.cls === undefined ? inner : intOf(inner.dim);
  if (inner.kind === "bool") return int(inner.value ? 1 : 0);
  if (inner.kind === "float") {
    if (inner.value === undefined)
      return intOf({ size: undefined, why: inner.why ?? { reason: t("an unknown number") } });
    return Number.isFinite(inner.value)
      ? int(Math.trunc(inner.value))
      : fail(interp, "OverflowError", "cannot convert float infinity to integer");
  }
  if (inner.kind === "str") {
    const base = toFloat(arg(args, 1, "base") ?? int(10)) ?? 10;
    const n = Number.parseInt(inner.value.trim().replaceAll("_", ""), base);
    return Number.isNaN(n) || !/^[+-]?[0-9a-zA-Z_]+$/.test(inner.value.trim())
      ? fail(interp, "ValueError", `invalid literal for int() with base ${base}: ${reprOf(interp, inner) ?? ""}`)
      : int(n);
  }
  if (inner.kind === "tensor") {
    const known = inner.host === undefined ? undefined : onlyNumber(inner.host);
    return known !== undefined && Number.isFinite(known)
      ? int(Math.trunc(known))
      : intOf({ size: undefined, why: { reason: t("a number read from a tensor") } });
  }
  if (inner.kind === "unknown") return intOf({ size: undefined, why: inner.why });
  const special = specialMethod(interp, value, "__int__") ?? specialMethod(interp, value, "__index__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  return fail(
    interp,
    "TypeError",
    `int() argument must be a string, a bytes-like object or a real number, not '${types.typeName(interp, value)}'`,
  );
});
construct(types.floatClass, (interp, _cls, args) => {
  const value = types.payloadOf(arg(args, 0) ?? float(0));
  const n = toFloat(value);
  if (n !== undefined) return float(n);
  if (value.kind === "str") {
    const text = value.value.trim().toLowerCase();
    const parsed = /^[+-]?inf(inity)?$/.test(text)
      ? text.startsWith("-")
        ? -Infinity
        : Infinity
      : text === "nan"
        ? Number.NaN
        : text === ""
          ? Number.NaN
          : Number(text);
    return Number.isNaN(parsed) && text !== "nan"
      ? fail(interp, "ValueError", `could not convert string to float: ${reprOf(interp, value) ?? ""}`)
      : float(parsed);
  }
  const only = value.kind === "tensor" && value.host !== undefined ? onlyNumber(value.host) : undefined;
  if (only !== undefined) return float(only);
  if (value.kind === "tensor")
    return { kind: "float", value: undefined, why: { reason: t("a number read from a tensor") } };
  const special = specialMethod(interp, value, "__float__");
  if (special !== undefined) return callValue(interp, special, { positional: [], keywords: [] });
  return { kind: "float", value: undefined, why: whyOf(value) ?? { reason: t("an unknown number") } };
});
construct(types.boolClass, (interp, _cls, args) => flag(truth(interp, arg(args, 0) ?? bool(false))));
construct(types.strClass, (interp, _cls, args) => {
  const value = arg(args, 0, "object");
  if (value === undefined) return str("");
  const text = strOf(interp, value);
  return text === undefined ? unknown(whyOf(value) ?? { reason: t("text of an unknown value") }) : str(text);
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
  return { ...made, items: new Map(made.items) };
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
construct(types.sliceClass, (_interp, _cls, args) => {
  const [a, b, c] = args.positional.map((p) => p.value);
  return b === undefined
    ? { kind: "slice", lower: NONE, upper: a ?? NONE, step: NONE }
    : { kind: "slice", lower: a ?? NONE, upper: b, step: c ?? NONE };
});
construct(types.rangeClass, (interp, _cls, args) => {
  const values = args.positional.map((p) => {
    const v = types.payloadOf(p.value);
    return v.kind === "bool" ? int(v.value ? 1 : 0) : v;
  });
  const [a, b, c] = values;
  const bad = values.find((value) => value.kind !== "int");
  if (bad !== undefined)
    return bad.kind === "unknown"
      ? bad
      : fail(interp, "TypeError", `'${types.typeName(interp, bad)}' object cannot be interpreted as an integer`);
  if (a?.kind !== "int") return fail(interp, "TypeError", "range expected at least 1 argument, got 0");
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
  return unknownHere(interp, t("super() of a class that is not known"));
});
construct(types.typeClass, (interp, _cls, args) => {
  if (args.positional.length === 1) {
    const value = arg(args, 0) ?? NONE;
    return (
      types.typeOf(interp, value) ??
      (value.kind === "unknown"
        ? unknown(value.why)
        : unknownHere(interp, t("the class of {0} is not known", types.typeName(interp, value))))
    );
  }
  return unknownHere(interp, t("type() with three arguments is not followed"));
});
