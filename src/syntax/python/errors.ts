import type { Expr, Stmt } from "../../core/core.ts";
import { sentence } from "./messages.ts";
import type { ParseNode } from "./pyright.ts";
import { boundSince, type Scope } from "./scope.ts";
import { claimErrors, errorOnLine, logicalLineEnd } from "./source.ts";

/**
 * Statements of a line that has a syntax error: what they compute becomes unknown, what they bind stays bound, so that
 * a line that is being typed neither says something false nor hides a name.
 */
export function simpleStatementError(
  scope: Scope,
  node: ParseNode,
  mark: number,
  statements: readonly Stmt[],
): readonly Stmt[] {
  const error = errorOnLine(scope.source, node.start, logicalLineEnd(scope.source, node.start));
  if (error === undefined) return statements;
  return statements.map((statement) => breakStatement(statement, sentence(error.key), boundSince(scope, mark)));
}

/** A compound statement whose own line (not its body) has a syntax error: its condition or itself becomes unknown. */
export function withBrokenHeader(
  scope: Scope,
  node: { readonly start: number; readonly length: number },
  mark: number,
  statement: Stmt,
): Stmt {
  const [error] = claimErrors(scope.source, node.start, node.start + node.length);
  if (error === undefined) return statement;
  return breakStatement(statement, sentence(error.key), boundSince(scope, mark));
}

function breakStatement(statement: Stmt, message: string, binds: readonly string[]): Stmt {
  const unknown = (value: Expr): Expr => ({ kind: "error", span: value.span, message, parts: [value] });
  switch (statement.kind) {
    case "assign": {
      const { span, target, annotation } = statement;
      const value = statement.value === undefined ? undefined : unknown(statement.value);
      return { kind: "assign", span, target, value, annotation };
    }
    case "expression":
      return { ...statement, value: unknown(statement.value) };
    case "return": {
      const nothing: Expr = { kind: "error", span: statement.span, message, parts: [] };
      return { ...statement, value: statement.value === undefined ? nothing : unknown(statement.value) };
    }
    case "raise":
      return { ...statement, value: statement.value && unknown(statement.value) };
    case "if":
    case "loop":
    case "assert":
      return { ...statement, test: unknown(statement.test) };
    case "iterate":
      return { ...statement, iterable: unknown(statement.iterable) };
    case "with":
      return { ...statement, items: statement.items.map((item) => ({ ...item, manager: unknown(item.manager) })) };
    case "import":
      // What is already written of an import is what it imports.
      return statement;
    default:
      return { kind: "error", span: statement.span, message, parts: [statement], binds };
  }
}
