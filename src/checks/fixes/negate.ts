import type { CompareOp, Expr } from "../../core/core.ts";
import type { Place } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, within } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import type { Spot } from "./spots.ts";
import { statementsIn } from "./statement.ts";

/** Conditions tried in one function, at most. */
const MOST_TESTS = 4;

/** A condition that says the opposite of what was meant, in the functions that were running: those nearest first. */
export function negateConditions(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.flatMap((spot, depth) => {
    const { place, source } = spot;
    return testsOf(spot)
      .slice(0, MOST_TESTS)
      .flatMap((test, i) => {
        const at: Place = { file: place.file, span: test.span };
        const line = context.line(at);
        const now = source.slice(test.span.start, test.span.end);
        const then = opposite(source, test);
        if (line === undefined || then === undefined || LONGEST < now.length) return [];
        return [
          candidate(rank + depth + i, t("Set {0} to {1} (line {2})", now, then, line), [{ place: at, text: then }], {
            guess: true,
          }),
        ];
      });
  });
}

/** Characters of a condition that a title has room for. */
const LONGEST = 80;

/** The conditions of a function: those around the place from the inside out, then those before it from there upward. */
function testsOf({ fn, module, place }: Spot): readonly Expr[] {
  const inner = around(module, place.span)
    .filter((node) => within(node.span, fn.span))
    .toReversed()
    .flatMap((node) =>
      node.kind === "if" || node.kind === "conditional" || node.kind === "assert" ? [node.test] : [],
    );
  const all = statementsIn(fn.body).flatMap((stmt) =>
    stmt.kind === "if" || stmt.kind === "assert"
      ? [stmt.test]
      : stmt.kind === "assign" || stmt.kind === "return"
        ? conditional(stmt.value)
        : [],
  );
  const before = all.filter(({ span }) => span.start < place.span.start).toReversed();
  return [...new Set([...inner, ...before])];
}

function conditional(value: Expr | undefined): readonly Expr[] {
  return value?.kind === "conditional" ? [value.test] : [];
}

const OPPOSITES: Readonly<Record<CompareOp, CompareOp>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  is: "is not",
  "is not": "is",
  in: "not in",
  "not in": "in",
};

/** The opposite of a condition, as people write it; undefined where several are joined. */
function opposite(source: string, test: Expr): string | undefined {
  const text = source.slice(test.span.start, test.span.end);
  if (test.kind === "unary" && test.op === "not") return source.slice(test.operand.span.start, test.operand.span.end);
  if (test.kind === "compare") {
    const [left, right] = [test.left, test.right].map(({ span }) => source.slice(span.start, span.end));
    return `${left} ${OPPOSITES[test.op]} ${right}`;
  }
  return test.kind === "name" || test.kind === "attribute" || test.kind === "call" ? `not ${text}` : undefined;
}
