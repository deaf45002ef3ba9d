import type { CallExpr, Expr, FunctionExpr, Module, Stmt } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import type { LineNumber } from "../../text/text.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { lastName, layerCall } from "./layer-call.ts";
import { addArgument, type Level, namesIn } from "./level.ts";
import { namesBefore } from "./spots.ts";
import { functionAt } from "./statement.ts";

/** From which share of letter pairs on a keyword is like another. */
const LEAST_SHARED = 0.4;
/** Texts tried for one argument that is missing. */
const MOST_TEXTS = 5;

/** A call that Python or a library refuses for its arguments: a missing one is passed, a wrong keyword gets its real name. */
export function repairCall(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, exception, message } = problem;
  if (exception !== "TypeError" || place === undefined) return [];
  const calls = [
    place,
    ...problem.frames
      .filter(({ own }) => own)
      .map((frame) => frame.place)
      .toReversed(),
  ];
  const levels = calls.flatMap((at) => levelAt(context, at) ?? []);
  const [level] = levels;
  if (level === undefined) return [];
  const missing = /missing \d+ required (?:positional|keyword-only) arguments?: (.*)$/.exec(message)?.[1];
  if (missing !== undefined) {
    const names = [...missing.matchAll(/'(\w+)'/g)].map((m) => m[1] ?? "");
    // What hands on whatever it is given lacks what its own caller did not give.
    const open = levels.findIndex(({ call }) => call.args.every(({ star }) => star !== 2));
    return levels.slice(0, open + 1).flatMap((one) => passMissing(context, one, names));
  }
  const wrong = /got an unexpected keyword argument '(\w+)'/.exec(message)?.[1];
  if (wrong === undefined) return [];
  const taken = levels.flatMap(({ module, call }) => parametersOf(context, module, call) ?? []);
  const passing = levels.find(({ call }) => call.args.some(({ keyword }) => keyword === wrong));
  return passing === undefined ? [] : renameKeyword(context, passing, wrong, taken);
}

function levelAt(context: Context, place: NonNullable<Problem["place"]>): Level | undefined {
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  const call =
    module === undefined
      ? undefined
      : around(module, place.span).findLast((node): node is CallExpr => node.kind === "call");
  if (module === undefined || source === undefined || call === undefined) return undefined;
  return {
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
  const given = (keyword: string): Expr | undefined =>
    (layerCall(context, module, call)?.argument(keyword) ?? call.args.find((one) => one.keyword === keyword))?.value;
  const padding = given("padding");
  const kept = name === "kernel_size" && padding !== undefined ? [...kernelFor(source, padding)] : [];
  const stride = name === "kernel_size" && padding === undefined ? given("stride") : undefined;
  if (stride !== undefined) kept.push(source.slice(stride.span.start, stride.span.end));
  const fallback = name === "kernel_size" ? [padding === undefined ? "1" : "3", "3", "2"] : ["1"];
  const texts = [
    ...new Set([...(inScope(name) ? [name] : []), ...kept, ...usual, ...namedAlike(level, name), ...fallback]),
  ].slice(0, MOST_TEXTS);
  return [
    ...texts.map((text, i) =>
      candidate(i, t("Pass {0}={1} (line {2})", name, text, line), [addArgument(level, `${name}=${text}`)]),
    ),
    ...insertArgument(level, line),
  ];
}

/** What a call lost may be a variable at hand, in front, behind or between what is left. */
function insertArgument(level: Level, line: LineNumber): readonly Candidate[] {
  const { fn, call, place } = level;
  if (fn === undefined || call.args.some(({ star }) => star !== undefined)) return [];
  const self = fn.params[0]?.name === "self" ? "self" : undefined;
  const written = new Set(call.args.flatMap(({ value }) => namesIn(value)));
  const names = namesBefore({ fn, self }, call.span.start);
  const plain = call.args.filter(({ keyword }) => keyword === undefined);
  const spots = [call.args[0]?.span.start ?? call.span.end - 1, ...plain.slice(1).map(({ span }) => span.start)];
  return names
    .filter((name) => !written.has(name))
    .slice(0, MOST_TEXTS)
    .flatMap((name, i) =>
      spots.slice(0, 3).map((offset, at) =>
        candidate(2 + i + at, t("Pass {0} (line {1})", name, line), [
          {
            place: { file: place.file, span: { start: offset, end: offset } },
            text: call.args.length === 0 ? name : `${name}, `,
          },
        ]),
      ),
    );
}

/** Expressions of the function that are called like the parameter: `self.key_stride` for `stride`. */
function namedAlike({ source, fn }: Level, name: string): readonly string[] {
  const found = callsIn(fn?.body ?? []).flatMap(({ args }) =>
    args.flatMap(({ value }) =>
      (value.kind === "name" || value.kind === "attribute") && value.name.includes(name)
        ? [source.slice(value.span.start, value.span.end)]
        : [],
    ),
  );
  const params = fn?.params.map((param) => param.name).filter((one) => one.includes(name)) ?? [];
  return [...new Set([...params, ...found])];
}

/** The kernel that a padding keeps the size for. */
function kernelFor(source: string, padding: Expr): readonly string[] {
  if (padding.kind === "list") {
    const kernels = padding.items.map(({ value }) => (value.kind === "number" ? 2 * value.value + 1 : undefined));
    return kernels.includes(undefined) ? [] : [`(${kernels.join(", ")})`];
  }
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

/** The keyword becomes one of those that the callees take, or that the file writes, and that are not given yet. */
function renameKeyword(context: Context, level: Level, wrong: string, taken: readonly string[]): readonly Candidate[] {
  const { call, module, place } = level;
  const argument = call.args.find(({ keyword }) => keyword === wrong);
  const line = context.line(place);
  if (argument === undefined || line === undefined) return [];
  const params = parametersOf(context, module, call) ?? [];
  const given = new Set(call.args.flatMap(({ keyword }, i) => keyword ?? params[i] ?? []));
  const span = { start: argument.span.start, end: argument.span.start + wrong.length };
  const alike = keywordsIn(module.body).filter((name) => LEAST_SHARED < shared(name, wrong));
  const likeness = (name: string): number => shared(name, wrong);
  return [...new Set([...taken, ...alike])]
    .filter((name) => !given.has(name) && name !== wrong)
    .sort((a, b) => likeness(b) - likeness(a))
    .slice(0, MOST_TEXTS)
    .map((name, i) =>
      candidate(i, t("Replace {0} by {1}", wrong, name), [{ place: { file: place.file, span }, text: name }]),
    );
}

/** Keywords of the file's calls, and what its classes and functions declare. */
function keywordsIn(body: readonly Stmt[]): readonly string[] {
  const declared = body.flatMap((stmt): readonly string[] => {
    if (stmt.kind === "class")
      return stmt.body.flatMap((one) => (one.kind === "assign" && one.target.kind === "name" ? [one.target.name] : []));
    return stmt.kind === "def" ? stmt.value.params.map(({ name }) => name) : [];
  });
  return [...declared, ...callsIn(body).flatMap(({ args }) => args.flatMap(({ keyword }) => keyword ?? []))];
}

/** Pairs of letters that two names share, over all that they have. */
function shared(a: string, b: string): number {
  const pairs = (text: string): ReadonlySet<string> =>
    new Set([...text.toLowerCase()].slice(1).map((letter, i) => `${text.toLowerCase()[i]}${letter}`));
  const [left, right] = [pairs(a), pairs(b)];
  const both = [...left].filter((pair) => right.has(pair)).length;
  return both / Math.max(1, left.size + right.size - both);
}
