import type { CallExpr, Stmt } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { parametersOf } from "./layer-call.ts";
import type { Level } from "./level.ts";
import { passMissing } from "./missing-argument.ts";
import { functionAt } from "./statement.ts";

/** From which share of letter pairs on a keyword is like another. */
const LEAST_SHARED = 0.4;
/** What layers are built with, where the class that is called does not tell. */
const USUAL = [
  "kernel_size",
  "stride",
  "padding",
  "dilation",
  "groups",
  "bias",
  "in_channels",
  "out_channels",
  "in_features",
  "out_features",
  "num_features",
  "inplace",
  "dim",
  "scale_factor",
  "output_size",
];
/** Names tried for a keyword. */
const MOST_TEXTS = 5;
/** Calls outward that may lack what all of them only hand on. */
const MOST_OUTWARD = 3;

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
    return levels.slice(0, open < 0 ? MOST_OUTWARD : open + 1).flatMap((one) => passMissing(context, one, names));
  }
  const wrong = /got an unexpected keyword argument '(\w+)'/.exec(message)?.[1];
  if (wrong === undefined) return [];
  const taken = levels.flatMap(({ module, call }) => parametersOf(context, module, call) ?? []);
  const passing =
    levels.find(({ call }) => call.args.some(({ keyword }) => keyword === wrong)) ?? madeOf(levels, wrong);
  return passing === undefined ? [] : renameKeyword(context, passing, wrong, taken);
}

/** The call in which a keyword stands that others hand on: `dict(dilation=2)`; in a function on the way, or its file. */
function madeOf(levels: readonly Level[], wrong: string): Level | undefined {
  const bodies = [...levels.map(({ fn }) => fn?.body ?? []), ...levels.map(({ module }) => module.body)];
  for (const [i, body] of bodies.entries()) {
    const level = levels[i % levels.length];
    const call = callsIn(body).find(({ args }) => args.some(({ keyword }) => keyword === wrong));
    if (level !== undefined && call !== undefined)
      return { ...level, call, place: { file: level.place.file, span: call.span } };
  }
  return undefined;
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

/** The keyword becomes one of those that the callees take, or that the file writes, and that are not given yet. */
function renameKeyword(context: Context, level: Level, wrong: string, taken: readonly string[]): readonly Candidate[] {
  const { call, module, place } = level;
  const argument = call.args.find(({ keyword }) => keyword === wrong);
  const line = context.line(place);
  if (argument === undefined || line === undefined) return [];
  const params = parametersOf(context, module, call) ?? [];
  const given = new Set(call.args.flatMap(({ keyword }, i) => keyword ?? params[i] ?? []));
  const span = { start: argument.span.start, end: argument.span.start + wrong.length };
  const known = [...(level.fn?.scope.locals ?? []), ...keywordsIn(module.body), ...USUAL];
  const alike = known.filter((name) => LEAST_SHARED < shared(name, wrong));
  const likeness = (name: string): number => shared(name, wrong);
  const open = [...new Set([...taken, ...alike])].filter((name) => !given.has(name) && name !== wrong);
  const most = Math.max(...open.map(likeness));
  return open
    .filter((name) => most / 2 <= likeness(name))
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
