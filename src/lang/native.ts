import type { Parameter } from "../core/core.ts";
import { fail, type Interp, type Repair } from "../eval/interp.ts";
import {
  type BuiltinValue,
  bool,
  type CallArgs,
  type ClassValue,
  float,
  int,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Span } from "../text/span.ts";
import { t } from "../text/text.ts";

/** Reads a bound argument by its parameter's name. */
export type Get = (name: string) => Value;
export type Body = (interp: Interp, get: Get, args: CallArgs) => Value;

interface NativeParam {
  readonly name: string;
  readonly kind: Parameter["kind"];
  readonly fallback: Value | undefined;
}

/** A signature, and what of it is asked at every call. */
interface Signature extends Plan<NativeParam> {
  /** The parameters as code sees them that inspects the function. */
  readonly shown: readonly Parameter[];
}

/**
 * A function of ours with a Python signature (`"input, stride=1, *, bias=True"`). Misfits are reported in Python's words.
 */
export function native(
  name: string,
  signature: string,
  body: Body,
  options: { readonly free?: true } = {},
): BuiltinValue {
  const plan = parseSignature(signature);
  return {
    kind: "builtin",
    name,
    ...options,
    params: plan.shown,
    call: (interp, args) => {
      const bound = bindNative(interp, name, plan, args);
      return body(interp, (key) => bound.get(key) ?? NONE, args);
    },
  };
}

/** What binding asks of parameters at every call. */
export interface Plan<T> {
  readonly params: readonly T[];
  /** Those that take arguments by place. */
  readonly slots: readonly T[];
  readonly star: T | undefined;
  readonly double: T | undefined;
  /** Those that take arguments by name. */
  readonly keywords: ReadonlyMap<string, T>;
}

export function planOf<T extends Pick<Parameter, "name" | "kind">>(params: readonly T[]): Plan<T> {
  const named = params.filter(({ kind }) => kind === "normal" || kind === "keyword-only");
  return {
    params,
    slots: params.filter(({ kind }) => kind === "normal" || kind === "positional-only"),
    star: params.find(({ kind }) => kind === "star"),
    double: params.find(({ kind }) => kind === "double-star"),
    keywords: new Map(named.map((param) => [param.name, param])),
  };
}

/** A function of ours that takes any arguments. */
export function raw(
  name: string,
  call: (interp: Interp, args: CallArgs) => Value,
  options: { readonly free?: true } = {},
): BuiltinValue {
  return { kind: "builtin", name, call, ...options };
}

/** A class of ours. */
export function nativeClass(
  name: string,
  moduleName: string,
  bases: readonly ClassValue[],
  attrs: Iterable<readonly [string, Value]> = [],
  construct?: ClassValue["construct"],
): ClassValue {
  const cls: { -readonly [K in keyof ClassValue]: ClassValue[K] } = {
    kind: "class",
    name,
    qualname: name,
    moduleName,
    bases,
    mro: [],
    attrs: new Map(attrs),
    meta: undefined,
    place: undefined,
    ...(construct === undefined ? {} : { construct }),
  };
  const mro: ClassValue[] = [cls];
  for (const base of bases) for (const ancestor of base.mro) if (!mro.includes(ancestor)) mro.push(ancestor);
  // `object` comes last, whatever the bases' order.
  mro.sort(
    (a, b) =>
      Number(a.name === "object" && a.moduleName === "builtins") -
      Number(b.name === "object" && b.moduleName === "builtins"),
  );
  cls.mro = mro;
  return cls;
}

const signatures = new Map<string, Signature>();

function parseSignature(signature: string): Signature {
  const known = signatures.get(signature);
  if (known !== undefined) return known;
  const params: NativeParam[] = [];
  let keywordOnly = false;
  for (const part of splitTop(signature)) {
    if (part === "*") keywordOnly = true;
    else if (part === "/")
      params.forEach((param, i) => {
        params[i] = { ...param, kind: "positional-only" };
      });
    else if (part.startsWith("**")) params.push({ name: part.slice(2), kind: "double-star", fallback: undefined });
    else if (part.startsWith("*")) {
      params.push({ name: part.slice(1), kind: "star", fallback: undefined });
      keywordOnly = true;
    } else {
      const equals = part.indexOf("=");
      const name = equals < 0 ? part : part.slice(0, equals).trim();
      params.push({
        name,
        kind: keywordOnly ? "keyword-only" : "normal",
        fallback: equals < 0 ? undefined : literal(part.slice(equals + 1).trim()),
      });
    }
  }
  const shown = params.map(({ name, kind }) => ({
    name,
    kind,
    fallback: undefined,
    annotation: undefined,
    span: { start: 0, end: 0 },
  }));
  const made = { ...planOf(params), shown };
  signatures.set(signature, made);
  return made;
}

function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === "(" || c === "[") depth++;
    else if (c === ")" || c === "]") depth--;
    else if (i === text.length || (c === "," && depth === 0)) {
      const part = text.slice(from, i).trim();
      if (part !== "") parts.push(part);
      from = i + 1;
    }
  }
  return parts;
}

function literal(text: string): Value {
  if (text === "None") return NONE;
  if (text === "True" || text === "False") return bool(text === "True");
  if (text.startsWith("'")) return str(text.slice(1, -1));
  if (text.startsWith("(")) return tuple(splitTop(text.slice(1, -1)).map(literal));
  const value = Number(text);
  return /^-?\d+$/.test(text) ? int(value) : float(value);
}

function bindNative(
  interp: Interp,
  name: string,
  { params, slots, star, double, keywords }: Signature,
  args: CallArgs,
): ReadonlyMap<string, Value> {
  const bound = new Map<string, Value>();
  const rest: Value[] = [];
  const extra = double === undefined ? undefined : new Map<string, readonly [Value, Value]>();
  for (let i = 0; i < args.positional.length; i++) {
    const value = args.positional[i]?.value ?? NONE;
    const slot = slots[i];
    if (slot !== undefined) bound.set(slot.name, value);
    else rest.push(value);
  }
  if (star !== undefined) bound.set(star.name, args.more === undefined ? tuple(rest) : unknown(args.more));
  else if (0 < rest.length)
    fail(
      interp,
      "TypeError",
      `${name}() takes ${slots.length} positional argument${slots.length === 1 ? "" : "s"} but ${args.positional.length} were given`,
    );
  for (const [key, { value, span }] of args.keywords) {
    const param = keywords.get(key);
    // torch takes `zeros(2, 3)` and `zeros(size=(2, 3))`.
    if (param === undefined && star?.name === key && rest.length === 0) bound.set(key, value);
    else if (param !== undefined) {
      if (bound.has(key)) fail(interp, "TypeError", `${name}() got multiple values for argument '${key}'`);
      bound.set(key, value);
    } else if (extra !== undefined) extra.set(`s:${key}`, Object.freeze([str(key), value] as const));
    else {
      const frame = interp.frames[interp.frames.length - 1];
      const outer = frame?.span;
      const named = params.map((p) => p.name);
      const close = span === undefined || frame?.module.file === undefined ? undefined : closest(key, named);
      const file = frame?.module.file;
      fail(interp, "TypeError", `${name}() got an unexpected keyword argument '${key}'`, {
        repairs: keywordRepairs(interp, key, named, span, file),
      });
      if (frame !== undefined) frame.span = outer;
      if (close !== undefined && !bound.has(close)) bound.set(close, value);
    }
  }
  if (double !== undefined && extra !== undefined)
    bound.set(double.name, { kind: "dict", entries: extra, ...(args.more === undefined ? {} : { why: args.more }) });
  if (bound.size === params.length) return bound;
  const missing: string[] = [];
  for (const param of params) {
    if (bound.has(param.name) || param.kind === "star" || param.kind === "double-star") continue;
    if (args.more !== undefined) bound.set(param.name, unknown(args.more));
    else if (param.fallback !== undefined) bound.set(param.name, param.fallback);
    else missing.push(param.name);
  }
  if (0 < missing.length && params.every((param) => param.kind === "positional-only") && params.length === 1)
    bound.set(
      missing[0] ?? "",
      fail(interp, "TypeError", `${name}() takes exactly one argument (${args.positional.length} given)`),
    );
  else if (0 < missing.length) {
    const names = missing.filter((m) => m !== "self").map((m) => `'${m}'`);
    const lost = fail(
      interp,
      "TypeError",
      `${name}() missing ${names.length} required positional argument${names.length === 1 ? "" : "s"}: ${names.length < 3 ? names.join(" and ") : `${names.slice(0, -1).join(", ")}, and ${names.at(-1) ?? ""}`}`,
    );
    for (const m of missing) bound.set(m, lost);
  }
  return bound;
}

/** The candidate that differs least from a misspelled name, if it is near enough to be meant. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const folded = candidate.toLowerCase().replaceAll("_", "") === name.toLowerCase().replaceAll("_", "");
    const distance = folded ? 0.5 : editDistance(name, candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The keyword of a call under its nearest real name, as a repair of the call's file. */
export function keywordRepairs(
  { loader }: Interp,
  key: string,
  names: readonly string[],
  span: Span | undefined,
  file: string | undefined,
): readonly Repair[] {
  const near = closest(key, names);
  if (near === undefined || span === undefined || file === undefined) return [];
  const place = { file, span: { start: span.start, end: span.start + key.length } };
  // What comes out of a dict is not written here.
  if (loader.text(file)?.slice(place.span.start, place.span.end) !== key) return [];
  return [{ title: t("Replace {0} by {1}", key, near), edits: [{ place, text: near }] }];
}

/** All names that are as close as the closest, and at most so many. */
export function allClosest(name: string, candidates: Iterable<string>, most: number): readonly string[] {
  const list = [...new Set(candidates)];
  const best = closest(name, list);
  if (best === undefined) return [];
  const limit = Math.max(1, Math.floor(name.length / 3)) + 1;
  const least = editDistance(name, best, limit);
  const equal = list.filter((one) => one !== best && one !== name && editDistance(name, one, limit) === least);
  return [best, ...equal].slice(0, most);
}

/** Letters more, less or other, and pairs that changed places. */
function editDistance(a: string, b: string, limit: number): number {
  if (limit <= Math.abs(a.length - b.length)) return limit;
  let [above, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isTurned = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && a[i - 1] !== b[j - 1];
      const turned = isTurned ? (above[j - 2] ?? limit) + 1 : limit;
      next.push(Math.min(change, turned, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [above, row] = [row, next];
  }
  return row[b.length] ?? limit;
}
