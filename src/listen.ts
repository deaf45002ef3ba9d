import { around } from "./checks/code.ts";
import type { Heard, Question, Worth } from "./checks/fixes/ask.ts";
import type { Expr, Module } from "./core/core.ts";
import { evaluate } from "./eval/evaluate.ts";
import { type Interp, Raised } from "./eval/interp.ts";
import type { Scope } from "./eval/scope.ts";
import type { Value } from "./eval/value.ts";
import { parseExpression } from "./syntax/python/parse.ts";

export type { Heard, Question } from "./checks/fixes/ask.ts";

/** Times that one place is listened to: enough for every block of a deep network. */
const MOST_HEARD = 200;

/** What evaluates expressions aside wherever the asked places are about to be evaluated, and what that gave. */
export function listener(
  interp: Interp,
  moduleOf: (file: string) => Module | undefined,
  questions: readonly Question[],
): { readonly answers: readonly Heard[]; readonly probe: (expr: Expr, scope: Scope) => void } {
  const answers: Worth[][][] = questions.map(() => []);
  const asked = new Map<Expr, { readonly texts: readonly (Expr | undefined)[]; readonly into: Worth[][] }[]>();
  for (const [i, { anchor, texts }] of questions.entries()) {
    const module = moduleOf(anchor.file);
    const nodes = module === undefined ? [] : around(module, anchor.span);
    const expr = nodes.findLast(
      (node): node is Expr =>
        node.span.start === anchor.span.start && node.span.end === anchor.span.end && isExpr(node),
    );
    if (expr === undefined) continue;
    const list = asked.get(expr) ?? [];
    list.push({ texts: texts.map(parseExpression), into: answers[i] ?? [] });
    asked.set(expr, list);
  }
  let busy = false;
  return {
    answers,
    probe(expr, scope) {
      const questionsHere = busy ? undefined : asked.get(expr);
      if (questionsHere === undefined) return;
      busy = true;
      for (const { texts, into } of questionsHere)
        if (into.length < MOST_HEARD) into.push(texts.map((text) => aside(interp, text, scope)));
      busy = false;
    },
  };
}

function isExpr(node: { readonly kind: string }): node is Expr {
  return EXPRESSIONS.has(node.kind);
}
const EXPRESSIONS: ReadonlySet<string> = new Set(["call", "name", "attribute", "binary", "number", "compare", "logic"]);

function aside(interp: Interp, expr: Expr | undefined, scope: Scope): Worth {
  if (expr === undefined) return undefined;
  const mark = interp.journal.begin();
  const { frames, speculating, argument } = interp;
  const depth = frames.length;
  interp.speculating++;
  try {
    return worth(evaluate(interp, expr, scope));
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  } finally {
    interp.journal.rollback(mark);
    frames.length = depth;
    interp.frames = frames;
    interp.speculating = speculating;
    interp.argument = argument;
  }
}

function worth(value: Value): Worth {
  if (value.kind === "int") return typeof value.dim.size === "number" ? value.dim.size : undefined;
  if (value.kind !== "tuple") return undefined;
  const items = value.items.map(worth);
  return items.every((item) => typeof item === "number") ? items.join(" ") : undefined;
}
