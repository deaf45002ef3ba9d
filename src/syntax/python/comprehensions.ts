import type { Expr, FunctionExpr, Stmt } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { lowerExpression } from "./expressions.ts";
import { type ComprehensionNode, ParseNodeType } from "./pyright.ts";
import { bind, finishScope, makeScope, type Scope } from "./scope.ts";
import { outerSpan } from "./source.ts";
import { lowerTarget } from "./targets.ts";

const NAMES = { list: "<listcomp>", set: "<setcomp>", dict: "<dictcomp>", generator: "<genexpr>" } as const;

const RESULT = ".acc";
const ITERABLE = ".0";
const KEY = ".key";

/**
 * A comprehension as a call of a hidden function with the outermost iterable, which the caller evaluates. The function
 * collects in `.acc` (or yields). One that awaits is an async function, whose call is awaited.
 */
export function lowerComprehension(scope: Scope, node: ComprehensionNode, type: keyof typeof NAMES, span: Span): Expr {
  const clauses = node.d.forIfNodes;
  const [first] = clauses;
  if (first?.nodeType !== ParseNodeType.ComprehensionFor) {
    return { kind: "error", span, message: "this is no complete expression", parts: [] };
  }
  const iterable = lowerExpression(scope, first.d.iterableExpr);
  const inner = makeScope("comprehension", scope.source, scope);
  bind(inner, ITERABLE);
  if (type !== "generator") bind(inner, RESULT);
  const loop = lowerClauses(0);
  const body: Stmt[] =
    type === "generator" ? loop : [assignResult(), ...loop, { kind: "return", span, value: result() }];
  const hidden: FunctionExpr = {
    kind: "function",
    span,
    name: NAMES[type],
    params: [
      { span: iterable.span, name: ITERABLE, kind: "positional-only", fallback: undefined, annotation: undefined },
    ],
    body,
    returns: undefined,
    generator: type === "generator",
    async: inner.awaits,
    scope: finishScope(inner),
  };
  const call: Expr = { kind: "call", span, callee: hidden, args: [{ span: iterable.span, value: iterable }] };
  if (!inner.awaits || type === "generator") return call;
  scope.awaits = true;
  return { kind: "yield", span, value: call, from: false, await: true };

  function result(): Expr {
    return { kind: "name", span, name: RESULT };
  }

  function assignResult(): Stmt {
    const value: Expr =
      type === "dict"
        ? { kind: "record", span, entries: [] }
        : { kind: "list", span, type: type === "set" ? "set" : "list", items: [] };
    return { kind: "assign", span, target: { kind: "name", span, name: RESULT }, value, annotation: undefined };
  }

  function lowerClauses(index: number): Stmt[] {
    const clause = clauses[index];
    if (clause === undefined) return lowerElement();
    const clauseSpan = outerSpan(scope.source, clause);
    if (clause.nodeType === ParseNodeType.ComprehensionIf) {
      const test = lowerExpression(inner, clause.d.testExpr);
      return [{ kind: "if", span: clauseSpan, test, then: lowerClauses(index + 1), otherwise: [] }];
    }
    const source: Expr =
      index === 0
        ? { kind: "name", span: iterable.span, name: ITERABLE }
        : lowerExpression(inner, clause.d.iterableExpr);
    const target = lowerTarget(inner, clause.d.targetExpr);
    if (clause.d.isAsync === true) inner.awaits = true;
    const loopBody = lowerClauses(index + 1);
    const statement = {
      kind: "iterate",
      span: clauseSpan,
      target,
      iterable: source,
      body: loopBody,
      otherwise: [],
    } as const;
    return [clause.d.isAsync === true ? { ...statement, async: true } : statement];
  }

  function lowerElement(): Stmt[] {
    const element = node.d.expr;
    if (type === "dict") {
      if (element.nodeType !== ParseNodeType.DictionaryKeyEntry) {
        const unpacked = outerSpan(scope.source, element);
        return [{ kind: "error", span: unpacked, message: "'**' is not allowed here", parts: [], binds: [] }];
      }
      // The key is evaluated before the value; an assignment alone would do it after.
      bind(inner, KEY);
      const key = lowerExpression(inner, element.d.keyExpr);
      const value = lowerExpression(inner, element.d.valueExpr);
      const entry = outerSpan(scope.source, element);
      const keyName: Expr = { kind: "name", span: key.span, name: KEY };
      return [
        { kind: "assign", span: key.span, target: { ...keyName }, value: key, annotation: undefined },
        {
          kind: "assign",
          span: entry,
          target: { kind: "index", span: entry, object: result(), index: keyName },
          value,
          annotation: undefined,
        },
      ];
    }
    const value = lowerExpression(inner, element);
    if (type === "generator") {
      return [{ kind: "expression", span: value.span, value: { kind: "yield", span: value.span, value, from: false } }];
    }
    const name = type === "set" ? "add" : "append";
    const callee: Expr = { kind: "attribute", span: value.span, object: result(), name, nameSpan: value.span };
    const added: Expr = { kind: "call", span: value.span, callee, args: [{ span: value.span, value }] };
    return [{ kind: "expression", span: value.span, value: added }];
  }
}
