import { t } from "../../text/text.ts";
import { within } from "../code.ts";
import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import type { Hole } from "./candidate.ts";
import { allWanted, nameOf } from "./channels.ts";
import { indentAt, lineBreak, lineEnd } from "./edits.ts";
import { expressionsAt } from "./expressions.ts";
import { type Level, levelsOf, textOf } from "./level.ts";
import { assignmentsTo, loopAround, statementAt, statementsIn } from "./statement.ts";

/**
 * A variable that runs along with the channels (`self.inplanes`) was not brought up to date, or wrongly: it is assigned
 * anew after the call that used it, or in the assignment that is there.
 */
export function restoreUpdate(context: Context, { node, run, refusal }: Fault): readonly Hole[] {
  const [found, expected] = [refusal.found?.size, refusal.expected?.size];
  const parameter = nameOf(context, run, node.path, ["in_channels", "in_features", "num_features"]);
  if (typeof found !== "number" || parameter === undefined) return [];
  return levelsOf(context, run, node.path, parameter).flatMap((level, depth) => {
    const value = level.argument?.value;
    if (value === undefined || (value.kind !== "name" && value.kind !== "attribute")) return [];
    const text = textOf(level, value);
    // What is only handed in and never assigned does not run along.
    const assigned = value.kind === "attribute" || assignmentsTo(level.source, level.fn?.body ?? [], text).length !== 0;
    if (!assigned && loopAround(level.module, level.place.span, level.fn) === undefined) return [];
    const own = { from: typeof expected === "number" ? expected : undefined, to: found };
    const wanted = [own, ...allWanted(run, node)];
    return [...reassigned(context, level, text, wanted, depth), ...inserted(context, level, text, wanted, depth)];
  });
}

function reassigned(
  context: Context,
  level: Level,
  text: string,
  wanted: Hole["wanted"],
  depth: number,
): readonly Hole[] {
  const { fn, source, module, place } = level;
  const body = fn?.body ?? module.body;
  return assignmentsTo(source, body, text).flatMap((stmt): readonly Hole[] => {
    const { value } = stmt;
    if (value === undefined || value.kind === "call" || stmt.augmented) return [];
    const span = value.span;
    const line = context.line({ file: place.file, span });
    return [
      {
        question: { anchor: { file: place.file, span }, building: true },
        current: source.slice(span.start, span.end),
        texts: expressionsAt(level).filter((one) => one !== text),
        wanted,
        plain: undefined,
        plainFirst: false,
        make: (put) => ({
          title: line === undefined ? t("Set {0} to {1}", text, put) : t("Set {0} to {1} (line {2})", text, put, line),
          edits: [{ place: { file: place.file, span }, text: put }],
        }),
        rank: 7 + depth,
      },
    ];
  });
}

function inserted(
  context: Context,
  level: Level,
  text: string,
  wanted: Hole["wanted"],
  depth: number,
): readonly Hole[] {
  const { fn, source, module, place, call } = level;
  if (fn === undefined) return [];
  const loop = loopAround(module, place.span, fn);
  const own = statementAt(module, place.span);
  // The calls of this function that read the variable, this one among them.
  const users = statementsIn(fn.body).filter(
    (stmt) =>
      (stmt.kind === "assign" || stmt.kind === "expression" || stmt.kind === "return") &&
      (stmt === own || reads(source.slice(stmt.span.start, stmt.span.end), text)),
  );
  const at = users.findIndex((stmt) => within(call.span, stmt.span));
  const earlier = users[at - 1];
  const last = loop === undefined ? undefined : users.findLast((stmt) => within(stmt.span, loop.span));
  const spots = [earlier, last].flatMap((stmt) =>
    stmt === undefined || stmt.kind === "return" || assignsTo(source, stmt, text) ? [] : [stmt],
  );
  return [...new Set(spots)].map((stmt): Hole => {
    const line = context.line({ file: place.file, span: stmt.span });
    const end = lineEnd(source, stmt.span.end);
    return {
      question: { anchor: place, building: true },
      current: text,
      texts: [
        ...expressionsAt(level).filter((one) => one !== text && !reads(one, text)),
        ...namesOf(level).map((one) => `${text} + ${one}`),
      ],
      wanted: wanted.map(({ to }) => ({ from: undefined, to })),
      plain: undefined,
      plainFirst: false,
      most: 3,
      make: (put) => ({
        title:
          line === undefined ? t("Set {0} to {1}", text, put) : t("Set {0} to {1} after line {2}", text, put, line),
        edits: [
          {
            place: { file: place.file, span: { start: end, end } },
            text: `${lineBreak(source)}${indentAt(source, stmt.span.start)}${assigned(text, put)}`,
          },
        ],
      }),
      rank: 7 + depth,
    };
  });
}

/** `x += y` for `x = x + y`. */
function assigned(text: string, put: string): string {
  return put.startsWith(`${text} + `) ? `${text} += ${put.slice(text.length + 3)}` : `${text} = ${put}`;
}

/** Local names that a running count may grow by. */
function namesOf({ fn }: Level): readonly string[] {
  return [...(fn?.scope.locals ?? [])].filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== "self").slice(0, 20);
}

function assignsTo(source: string, stmt: ReturnType<typeof statementsIn>[number], text: string): boolean {
  return stmt.kind === "assign" && source.slice(stmt.target.span.start, stmt.target.span.end) === text;
}

/** Whether a text reads a variable or attribute as a whole word. */
function reads(source: string, text: string): boolean {
  const at = source.indexOf(text);
  if (at < 0) return false;
  return !/[\w.]/.test(source[at - 1] ?? "") && !/\w/.test(source[at + text.length] ?? "");
}
