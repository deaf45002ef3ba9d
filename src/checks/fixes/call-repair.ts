import type { CallExpr, Expr, FunctionExpr, Module } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { lastName, layerCall } from "./layer-call.ts";
import { addArgument, type Level } from "./level.ts";
import { functionAt } from "./statement.ts";

/** Texts tried for one argument that is missing. */
const MOST_TEXTS = 5;

/** A call that Python or a library refuses for its arguments: a missing one is passed, a wrong keyword gets its real name. */
export function repairCall(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, exception, message } = problem;
  if (exception !== "TypeError" || place === undefined) return [];
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  const call =
    module === undefined
      ? undefined
      : around(module, place.span).findLast((node): node is CallExpr => node.kind === "call");
  if (module === undefined || source === undefined || call === undefined) return [];
  const level: Level = {
    place: { file: place.file, span: call.span },
    call,
    module,
    source,
    fn: functionAt(module, place.span),
    cls: undefined,
    name: "",
    names: [],
    argument: undefined,
  };
  const missing = /missing \d+ required (?:positional|keyword-only) arguments?: (.*)$/.exec(message)?.[1];
  if (missing !== undefined)
    return passMissing(
      context,
      level,
      [...missing.matchAll(/'(\w+)'/g)].map((m) => m[1] ?? ""),
    );
  const wrong = /got an unexpected keyword argument '(\w+)'/.exec(message)?.[1];
  return wrong === undefined ? [] : renameKeyword(context, level, wrong);
}

/** A name in scope that is called so, what other calls of the same pass, or what usually stands there. */
function passMissing(context: Context, level: Level, names: readonly string[]): readonly Candidate[] {
  const { source, fn, call, module } = level;
  const line = context.line(level.place);
  if (names.length === 0 || line === undefined) return [];
  const inScope = (name: string): boolean =>
    fn?.scope.locals.has(name) === true || fn?.params.some((param) => param.name === name) === true;
  if (names.every(inScope)) {
    const text = names.map((name) => `${name}=${name}`).join(", ");
    return [candidate(0, t("Pass {0} (line {1})", names.join(", "), line), [addArgument(level, text)])];
  }
  const [name] = names;
  if (names.length !== 1 || name === undefined) return [];
  const others = callsIn(module.body).filter(
    (other) => other !== call && lastName(other.callee) === lastName(call.callee),
  );
  const counts = new Map<string, number>();
  for (const other of others) {
    const own = layerCall(context, module, other)?.argument(name) ?? other.args.find(({ keyword }) => keyword === name);
    const at = own ?? positional(context, level, other, name);
    const text = at === undefined ? undefined : source.slice(at.value.span.start, at.value.span.end);
    if (text !== undefined && !/[\r\n]/.test(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const usual = [...counts].sort((a, b) => b[1] - a[1]).map(([text]) => text);
  const padding = layerCall(context, module, call)?.argument("padding")?.value;
  const kept = name === "kernel_size" && padding !== undefined ? [...kernelFor(source, padding)] : [];
  const stride =
    name === "kernel_size" && padding === undefined
      ? layerCall(context, module, call)?.argument("stride")?.value
      : undefined;
  if (stride !== undefined) kept.push(source.slice(stride.span.start, stride.span.end));
  const fallback = name === "kernel_size" ? [padding === undefined ? "1" : "3", "3", "2"] : ["1"];
  const texts = [...new Set([...(inScope(name) ? [name] : []), ...kept, ...usual, ...fallback])].slice(0, MOST_TEXTS);
  return texts.map((text, i) =>
    candidate(i, t("Pass {0}={1} (line {2})", name, text, line), [addArgument(level, `${name}=${text}`)]),
  );
}

/** The kernel that a padding keeps the size for. */
function kernelFor(source: string, padding: Expr): readonly string[] {
  if (padding.kind === "number") return [String(2 * padding.value + 1)];
  const [, name] = /^\(?(\w+)(?: - 1\))? \/\/ 2$/.exec(source.slice(padding.span.start, padding.span.end)) ?? [];
  return name === undefined ? [] : [name];
}

/** The argument that stands where the callee's parameter does. */
function positional(context: Context, level: Level, call: CallExpr, name: string) {
  const params = parametersOf(context, level.module, call);
  const at = params?.indexOf(name) ?? -1;
  const found = at < 0 ? undefined : call.args[at];
  return found?.keyword === undefined && found?.star === undefined ? found : undefined;
}

/** The parameters of what is called, as far as the file or the library tells. */
function parametersOf(context: Context, module: Module, call: CallExpr): readonly string[] | undefined {
  const name = lastName(call.callee);
  if (name === undefined) return undefined;
  const known = context.input.parameters?.(name);
  if (known !== undefined) return known;
  const found = functionNamed(module, name);
  return found?.params.map((param) => param.name).filter((one, i) => 0 < i || (one !== "self" && one !== "cls"));
}

function functionNamed(module: Module, name: string): FunctionExpr | undefined {
  for (const stmt of module.body) {
    if (stmt.kind === "def" && stmt.value.name === name) return stmt.value;
    if (stmt.kind !== "class") continue;
    const method = stmt.name === name ? "__init__" : name;
    const found = stmt.body.find((one) => one.kind === "def" && one.value.name === method);
    if (found?.kind === "def") return found.value;
  }
  return undefined;
}

/** The keyword becomes one of those that the callee takes and that are not given yet. */
function renameKeyword(context: Context, level: Level, wrong: string): readonly Candidate[] {
  const { call, module, place } = level;
  const argument = call.args.find(({ keyword }) => keyword === wrong);
  const params = parametersOf(context, module, call);
  const line = context.line(place);
  if (argument === undefined || params === undefined || line === undefined) return [];
  const given = new Set(call.args.flatMap(({ keyword }, i) => keyword ?? params[i] ?? []));
  const span = { start: argument.span.start, end: argument.span.start + wrong.length };
  const likeness = (name: string): number => shared(name, wrong);
  return params
    .filter((name) => !given.has(name))
    .sort((a, b) => likeness(b) - likeness(a))
    .slice(0, MOST_TEXTS)
    .map((name, i) =>
      candidate(i, t("Replace {0} by {1}", wrong, name), [{ place: { file: place.file, span }, text: name }]),
    );
}

/** Pairs of letters that two names share, over all that they have. */
function shared(a: string, b: string): number {
  const pairs = (text: string): ReadonlySet<string> =>
    new Set([...text.toLowerCase()].slice(1).map((letter, i) => `${text.toLowerCase()[i]}${letter}`));
  const [left, right] = [pairs(a), pairs(b)];
  const both = [...left].filter((pair) => right.has(pair)).length;
  return both / Math.max(1, left.size + right.size - both);
}
