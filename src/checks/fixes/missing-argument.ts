import type { CallExpr, Expr } from "../../core/core.ts";
import type { LineNumber } from "../../text/text.ts";
import { t } from "../../text/text.ts";
import { callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { lastName, layerCall, parametersOf } from "./layer-call.ts";
import { addArgument, type Level, namesIn } from "./level.ts";
import { readsOf } from "./names.ts";
import { namesBefore } from "./spots.ts";
import { functionsIn } from "./statement.ts";

/** Texts tried for one argument that is missing; those that several at once are tried with. */
const MOST_TEXTS = 5;
const MOST_TOGETHER = 2;
/** Variables and numbers tried as an argument without a name, and places between the others. */
const MOST_NAMES = 8;
const MOST_NUMBERS = 5;
const MOST_PLACES = 3;

/**
 * A call gets the arguments that it lacks: the variable that is called so, what other calls pass, or what usually stands
 * there; or one without a name is put among those that are left.
 */
export function passMissing(context: Context, level: Level, names: readonly string[]): readonly Candidate[] {
  const line = context.line(level.place);
  if (names.length === 0 || line === undefined) return [];
  const texts = names.map((name) => textsFor(context, level, name));
  const turns = names.length === 1 ? MOST_TEXTS : MOST_TOGETHER;
  const passed = Array.from({ length: turns }, (_, i) => {
    if (texts.every((list) => list[i] === undefined)) return [];
    const put = names.map((name, at) => `${name}=${texts[at]?.[i] ?? texts[at]?.[0]}`);
    const isSame = names.every((name) => put.includes(`${name}=${name}`));
    const title = isSame
      ? t("Pass {0} (line {1})", names.join(", "), line)
      : t("Pass {0} (line {1})", put.join(", "), line);
    return [candidate(i, title, [addArgument(level, put.join(", "))])];
  }).flat();
  return [...passed, ...insertArgument(context, level, names, line)];
}

/** What may be passed for a parameter, likeliest first. */
function textsFor(context: Context, level: Level, name: string): readonly string[] {
  const { source, fn, call, module } = level;
  const isInScope = fn?.scope.locals.has(name) === true || fn?.params.some((param) => param.name === name) === true;
  const [alike, elsewhere] = [new Map<string, number>(), new Map<string, number>()];
  for (const other of callsIn(module.body)) {
    if (other === call) continue;
    const isAlike = lastName(other.callee) === lastName(call.callee);
    const named = other.args.find(({ keyword }) => keyword === name);
    const own = isAlike ? (layerCall(context, module, other)?.argument(name) ?? named) : named;
    const at = own ?? (isAlike ? positional(context, level, other, name) : undefined);
    const text = at === undefined ? undefined : source.slice(at.value.span.start, at.value.span.end);
    const counts = isAlike ? alike : elsewhere;
    if (text !== undefined && !/[\r\n]/.test(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const usual = [alike, elsewhere].flatMap((counts) => [...counts].sort((a, b) => b[1] - a[1]).map(([text]) => text));
  const given = (keyword: string): Expr | undefined =>
    (layerCall(context, module, call)?.argument(keyword) ?? call.args.find((one) => one.keyword === keyword))?.value;
  const padding = given("padding");
  const kept = name === "kernel_size" && padding !== undefined ? [...kernelFor(source, padding)] : [];
  const stride = name === "kernel_size" && padding === undefined ? given("stride") : undefined;
  if (stride !== undefined) kept.push(source.slice(stride.span.start, stride.span.end));
  const defaults = functionsIn(module.body).flatMap(({ params }) =>
    params.flatMap((param) =>
      param.name === name && (param.fallback?.kind === "number" || param.fallback?.kind === "constant")
        ? [source.slice(param.fallback.span.start, param.fallback.span.end)]
        : [],
    ),
  );
  const fallback = name === "kernel_size" ? [padding === undefined ? "1" : "3", "3", "2"] : ["1"];
  return [
    ...new Set([...(isInScope ? [name] : []), ...kept, ...usual, ...namedAlike(level, name), ...defaults, ...fallback]),
  ];
}

/** What a call lost may be a variable or a number at hand, in front, behind or between what is left. */
function insertArgument(
  context: Context,
  level: Level,
  missing: readonly string[],
  line: LineNumber,
): readonly Candidate[] {
  const { fn, call, place } = level;
  if (fn === undefined || missing.length !== 1 || call.args.some(({ star }) => star !== undefined)) return [];
  const self = fn.params[0]?.name === "self" ? "self" : undefined;
  const written = new Set(call.args.flatMap(({ value }) => namesIn(value)));
  const isIdle = (name: string): boolean => readsOf(fn.body, name) === 0;
  const known = namesBefore({ fn, self }, call.span.start).filter((name) => !written.has(name));
  const names = [...known.filter(isIdle), ...known.filter((name) => !isIdle(name))].slice(0, MOST_NAMES);
  const texts = [...names, ...(COUNTED.test(missing[0] ?? "") ? numbersNear(context, level) : [])];
  const plain = call.args.filter(({ keyword }) => keyword === undefined);
  const last = plain.at(-1);
  const spots = [
    call.args[0]?.span.start ?? call.span.end - 1,
    ...plain.slice(1).map(({ span }) => span.start),
    ...(last === undefined ? [] : [last.span.end]),
  ].slice(0, MOST_PLACES);
  return texts.flatMap((text, i) =>
    spots.map((offset, at) =>
      // What nothing reads was meant for something.
      candidate((isIdle(text) && names.includes(text) ? -1 : 2) + i + at, t("Pass {0} (line {1})", text, line), [
        {
          place: { file: place.file, span: { start: offset, end: offset } },
          text: call.args.length === 0 ? text : offset === last?.span.end ? `, ${text}` : `${text}, `,
        },
      ]),
    ),
  );
}

/** Parameters that a number may have been lost for: of a layer, what follows it in the call moved up. */
const COUNTED = /^(out_|in_|kernel_|num_)/;

/** The channels of the model's input, then numbers that calls around pass, the nearest first. */
function numbersNear(context: Context, { fn, call, module, source }: Level): readonly string[] {
  const inputs = (context.concrete ?? context.symbolic)?.graph.nodes.filter(({ op }) => op === "input") ?? [];
  const channels = inputs.flatMap(({ outputs }) => outputs[0]?.shape?.[1]?.size ?? []);
  const near = callsIn(fn?.body ?? module.body)
    .flatMap(({ args }) => args.flatMap(({ value }) => (value.kind === "number" ? [value.span] : [])))
    .sort((a, b) => Math.abs(a.start - call.span.start) - Math.abs(b.start - call.span.start))
    .map((span) => source.slice(span.start, span.end));
  const all = [...channels.filter((size) => typeof size === "number").map(String), ...near];
  return [...new Set(all)].filter((text) => /^\d+$/.test(text)).slice(0, MOST_NUMBERS);
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
