import type { FunctionExpr, Parameter } from "../core/core.ts";
import { fail, type Interp } from "../eval/interp.ts";
import { type CallArgs, type ModuleValue, type PassedArg, str, tuple, unknown, type Value } from "../eval/value.ts";
import { closest, keywordRepairs, type Plan, planOf } from "./native.ts";

/**
 * Binds arguments to a function's parameters by Python's rules. A whole number that is passed remembers the parameter
 * and the argument's place as its origin. A misfit is reported at the call; evaluation goes on with what fits.
 */
export function bindArguments(
  interp: Interp,
  fn: FunctionExpr,
  name: string,
  defaults: ReadonlyMap<string, Value>,
  args: CallArgs,
  _module: ModuleValue,
  callerFile: string | undefined,
): Map<string, Value> {
  const bound = new Map<string, Value>();
  const { slots, star, double, keywords } = planFor(fn);
  const rest: Value[] = [];
  for (const [i, arg] of args.positional.entries()) {
    const slot = slots[i];
    if (slot !== undefined) bound.set(slot.name, passed(arg, slot.name, callerFile));
    else rest.push(arg.value);
  }
  if (star !== undefined) bound.set(star.name, args.more === undefined ? tuple(rest) : unknown(args.more));
  else if (0 < rest.length) {
    const required = slots.filter((slot) => !defaults.has(slot.name)).length;
    const takes = required === slots.length ? `${slots.length}` : `from ${required} to ${slots.length}`;
    fail(
      interp,
      "TypeError",
      `${name}() takes ${takes} positional argument${slots.length === 1 ? "" : "s"} but ${args.positional.length} ${args.positional.length === 1 ? "was" : "were"} given`,
    );
  }
  const extra = new Map<string, readonly [Value, Value]>();
  for (const [key, arg] of args.keywords) {
    const param = keywords.get(key);
    if (param !== undefined) {
      if (bound.has(key)) fail(interp, "TypeError", `${name}() got multiple values for argument '${key}'`);
      bound.set(key, passed(arg, key, callerFile));
    } else if (double === undefined && fn.params.some((p) => p.name === key && p.kind === "positional-only"))
      fail(interp, "TypeError", `${name}() got some positional-only arguments passed as keyword arguments: '${key}'`);
    else if (double !== undefined)
      extra.set(`s:${key}`, Object.freeze([str(key), passed(arg, key, callerFile)] as const));
    else unexpectedKeyword(interp, fn, name, key, arg, bound, callerFile);
  }
  if (double !== undefined)
    bound.set(
      double.name,
      args.more === undefined ? { kind: "dict", entries: extra } : { kind: "dict", entries: extra, why: args.more },
    );
  if (bound.size === fn.params.length) return bound;
  const missing: string[] = [];
  for (const param of fn.params) {
    if (bound.has(param.name)) continue;
    const fallback = defaults.get(param.name);
    // With unknown further arguments a default may be overridden: what it is is not known.
    if (args.more !== undefined) bound.set(param.name, unknown(args.more, param.name));
    else if (fallback !== undefined) bound.set(param.name, fallback);
    else missing.push(param.name);
  }
  if (0 < missing.length) {
    const keywordOnly = missing.every((m) => fn.params.some((p) => p.name === m && p.kind === "keyword-only"));
    const quoted = missing.map((m) => `'${m}'`);
    const joined =
      quoted.length < 3 ? quoted.join(" and ") : `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1) ?? ""}`;
    const lost = fail(
      interp,
      "TypeError",
      `${name}() missing ${missing.length} required ${keywordOnly ? "keyword-only" : "positional"} argument${missing.length === 1 ? "" : "s"}: ${joined}`,
    );
    for (const m of missing) bound.set(m, lost);
  }
  return bound;
}

const plans = new WeakMap<FunctionExpr, Plan<Parameter>>();

function planFor(fn: FunctionExpr): Plan<Parameter> {
  const known = plans.get(fn);
  if (known !== undefined) return known;
  const made = planOf(fn.params);
  plans.set(fn, made);
  return made;
}

function unexpectedKeyword(
  interp: Interp,
  fn: FunctionExpr,
  name: string,
  key: string,
  arg: PassedArg,
  bound: Map<string, Value>,
  callerFile: string | undefined,
): void {
  const names = fn.params.filter((p) => p.kind === "normal" || p.kind === "keyword-only").map((p) => p.name);
  const near = closest(key, names);
  const repairs = keywordRepairs(interp, key, names, arg.span, callerFile);
  fail(interp, "TypeError", `${name}() got an unexpected keyword argument '${key}'`, { repairs });
  if (near !== undefined && !bound.has(near)) bound.set(near, passed(arg, near, callerFile));
}

function passed(arg: PassedArg, param: string, callerFile: string | undefined): Value {
  const { value, span } = arg;
  if (value.kind !== "int" || span === undefined || callerFile === undefined) return value;
  const { dim } = value;
  if (value.big !== undefined) return value;
  return {
    kind: "int",
    dim: {
      ...dim,
      origin: {
        kind: "argument",
        label: param,
        place: { file: callerFile, span },
        from: dim.origin === undefined ? [] : [dim.origin],
      },
    },
  };
}
