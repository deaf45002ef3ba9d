import type { Expr } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { within } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { namesBefore, type Spot } from "./spots.ts";

/** Names that may have been meant instead, at most, and names that may be wrong. */
const MOST_MEANT = 4;
const MOST_WRONG = 3;
/** What it is worth that nothing reads the other one. */
const IDLE = 6;

/**
 * What fails reads a wrong variable: another that the function has by then. `literals`: a number or None may stand where a
 * variable belongs; `idle`: only variables that nothing reads come into question.
 */
export function otherNames(
  context: Context,
  spots: readonly Spot[],
  rank: number,
  { literals = false, idle = false } = {},
): readonly Candidate[] {
  return spots.flatMap((spot, depth) => {
    const { place, stmt, source } = spot;
    const span = within(place.span, stmt.span) ? place.span : stmt.span;
    // A variable that nothing reads is likelier meant than one that something does.
    const isIdle = (name: string): boolean => spot.fn.scope.locals.has(name) && readsOf(spot.fn.body, name) === 0;
    const known = namesBefore(spot, place.span.start);
    const meant = [...known.filter(isIdle), ...(idle ? [] : known.filter((name) => !isIdle(name)))];
    const operands = operandsIn(stmt, span, spot.self).filter(({ kind }) => literals || kind === "name");
    const written = new Set(operands.map((operand) => source.slice(operand.span.start, operand.span.end)));
    return operands.slice(0, MOST_WRONG).flatMap((operand, at) => {
      const now = source.slice(operand.span.start, operand.span.end);
      const own = { file: place.file, span: operand.span };
      const line = context.line(own);
      if (line === undefined) return [];
      return meant
        .filter((name) => !written.has(name))
        .slice(0, MOST_MEANT)
        .map((name, i) =>
          candidate(
            rank + depth + at + i - (isIdle(name) ? IDLE : 0),
            t("Replace {0} by {1} (line {2})", now, name, line),
            [{ place: own, text: name }],
            { guess: !isIdle(name) },
          ),
        );
    });
  });
}

/** Plain names and numbers that calls within a span take, or its operators combine; callees aside. */
function operandsIn(value: unknown, span: Span, self: string | undefined): readonly Expr[] {
  const found: Expr[] = [];
  const visit = (node: unknown, isOperand: boolean): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node) visit(item, isOperand);
      return;
    }
    if (hasSpan(node) && (node.span.end <= span.start || span.end <= node.span.start)) return;
    if (isOperand && isPlain(node) && within(node.span, span) && !(node.kind === "name" && node.name === self)) {
      if (!(node.kind === "name" && node.name.startsWith("."))) found.push(node);
      return;
    }
    for (const [key, child] of Object.entries(node)) if (key !== "callee") visit(child, OPERANDS.has(key));
    // `x.view(…)`: the object of a method is an operand too.
    if ("callee" in node && isAttribute(node.callee)) visit(node.callee.object, true);
  };
  visit(value, false);
  return found;
}

/** How often a name is read; a parameter or a target is none. */
export function readsOf(value: unknown, name: string): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + readsOf(item, name), 0);
  const own = "kind" in value && value.kind === "name" && "name" in value && value.name === name ? 1 : 0;
  return Object.entries(value).reduce(
    (sum, [key, child]) => (key === "target" ? sum : sum + readsOf(child, name)),
    own,
  );
}

const OPERANDS: ReadonlySet<string> = new Set(["value", "left", "right", "args", "items", "object"]);

function isPlain(node: object): node is Extract<Expr, { kind: "name" | "number" | "constant" }> {
  if (!("kind" in node) || !hasSpan(node)) return false;
  return (
    node.kind === "name" ||
    node.kind === "number" ||
    (node.kind === "constant" && "value" in node && node.value === "none")
  );
}

function isAttribute(node: unknown): node is Extract<Expr, { kind: "attribute" }> {
  return typeof node === "object" && node !== null && "kind" in node && node.kind === "attribute";
}

function hasSpan(node: object): node is { readonly span: Span } {
  return "span" in node;
}
