import type { CallExpr, Expr } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { callsIn, within } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { exchange } from "./exchange.ts";
import { lastName } from "./layer-call.ts";
import { feeding, type Spot } from "./spots.ts";

/** Numbers of one statement that are tried, at most. */
const MOST_NUMBERS = 3;
/** Calls whose numbers count axes, or places among them. */
const BY_AXIS =
  /^(cat|concat|stack|flatten|unflatten|mean|sum|softmax|chunk|split|squeeze|unsqueeze|max|min|transpose|permute|size|movedim|swapaxes|view|reshape|expand|repeat|narrow|select|roll|amax|amin|norm|cumsum|std|var)$/;
const AXES = [1, -1, 2, 3, 0];

/** An axis, or a length in a view, that is written as another small number: of the statement that fails, and around it. */
export function otherAxes(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.slice(0, 2).flatMap((spot, depth) =>
    callsIn([spot.stmt, ...feeding(spot)])
      .filter(({ callee }) => BY_AXIS.test(lastName(callee) ?? ""))
      .sort((a, b) => distance(a, spot.place.span) - distance(b, spot.place.span))
      .flatMap(numbersOf)
      .slice(0, MOST_NUMBERS)
      .flatMap((number, at) => {
        const now = spot.source.slice(number.span.start, number.span.end);
        const own = { file: spot.place.file, span: number.span };
        const line = context.line(own);
        if (line === undefined || !/^-?\d$/.test(now)) return [];
        const puts = [...new Set(now === "0" ? AXES : [Number(now) - 1, ...AXES])]
          .map(String)
          .filter((text) => text !== now);
        return puts.map((put, i) =>
          candidate(
            rank + depth * 3 + at + i,
            t("Replace {0} by {1} (line {2})", now, put, line),
            [{ place: own, text: put }],
            { guess: true },
          ),
        );
      }),
  );
}

/** Two arguments in the wrong order in the calls that made what the failing statement reads. */
export function swapInFeeding(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.slice(0, 2).flatMap((spot, depth) =>
    callsIn(feeding(spot)).flatMap(({ args, span }) => {
      const plain = args.filter(({ keyword, star }) => keyword === undefined && star === undefined);
      return plain
        .slice(1, 4)
        .flatMap(({ value }, i) =>
          exchange(context, { file: spot.place.file, span }, [plain[i]?.value.span, value.span], rank + depth + i),
        );
    }),
  );
}

function numbersOf({ args }: CallExpr): readonly Expr[] {
  return args.flatMap(({ value }) => {
    const parts = value.kind === "list" ? value.items.map((item) => item.value) : [value];
    return parts.filter((part) => part.kind === "number" || (part.kind === "unary" && part.operand.kind === "number"));
  });
}

function distance({ span }: CallExpr, at: Span): number {
  return within(at, span) || within(span, at) ? 0 : Math.abs(span.start - at.start);
}
