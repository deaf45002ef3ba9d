import type {
  ClassStmt,
  Expr,
  FunctionExpr,
  FunctionStmt,
  ImportStmt,
  Stmt,
  Target,
  TryStmt,
} from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { simpleStatementError, withBrokenHeader } from "./errors.ts";
import {
  BINARY_OPS,
  identifier,
  lowerAnnotation,
  lowerArguments,
  lowerExpression,
  lowerParameters,
} from "./expressions.ts";
import { sentence } from "./messages.ts";
import { lowerMatch } from "./patterns.ts";
import {
  type ClassNode,
  type DecoratorNode,
  type ExpressionNode,
  type ForNode,
  type FunctionNode,
  type IfNode,
  type ImportFromNode,
  type ImportNode,
  type ParseNode,
  ParseNodeType,
  type StatementNode,
  type SuiteNode,
  type TryNode,
  type TypeParameterListNode,
  type WhileNode,
  type WithNode,
} from "./pyright.ts";
import { bind, boundSince, finishScope, makeScope, type Scope, temporary } from "./scope.ts";
import { claimErrors, codeTokenFrom, logicalLineEnd, outerSpan, type Source, spanOf } from "./source.ts";
import { lowerTarget, noTarget } from "./targets.ts";

/** Lowers a sequence of statements that starts at an offset (relative to the piece) and ends at another. */
export function lowerStatements(
  scope: Scope,
  nodes: readonly StatementNode[],
  start: number,
  end: number,
): readonly Stmt[] {
  const { source } = scope;
  const statements = nodes.flatMap((node) => {
    const mark = scope.log.length;
    const lowered = lowerStatement(scope, node);
    const misplaced = source.misplaced.find(
      (range) => start < range.start && range.start <= node.start && node.start < range.end,
    );
    if (misplaced === undefined) return lowered;
    claimErrors(source, misplaced.start, node.start + node.length);
    const error: Stmt = {
      kind: "error",
      span: outerSpan(source, node),
      message: sentence("unexpectedIndent"),
      parts: lowered,
      binds: boundSince(scope, mark),
    };
    return [error];
  });
  // The errors before the first statement are those of the line that introduces the block.
  const lost = nodes[0] === undefined ? [] : claimErrors(source, nodes[0].start, end);
  if (lost.length === 0) return statements;
  const errors = lost.map(({ key, start: at }): Stmt => {
    const lineEnd = logicalLineEnd(source, at);
    const text = source.text.slice(at, lineEnd);
    return { kind: "error", span: spanOf(source, at, lineEnd), message: sentence(key), parts: [], binds: words(text) };
  });
  return [...statements, ...errors].sort((a, b) => a.span.start - b.span.start);
}

/** Every word of a line that was not understood: any of them might have been bound. */
function words(text: string): readonly string[] {
  return [...new Set(text.match(/[^\W\d]\w*/g) ?? [])];
}

function lowerSuite(scope: Scope, suite: SuiteNode): readonly Stmt[] {
  return lowerStatements(scope, suite.d.statements, suite.start, suite.start + suite.length);
}

function lowerStatement(scope: Scope, node: StatementNode): readonly Stmt[] {
  switch (node.nodeType) {
    case ParseNodeType.StatementList:
      return node.d.statements.flatMap((child) => lowerSimple(scope, child));
    case ParseNodeType.If:
      return [lowerIf(scope, node)];
    case ParseNodeType.While:
      return [lowerWhile(scope, node)];
    case ParseNodeType.For:
      return [lowerFor(scope, node)];
    case ParseNodeType.With:
      return [lowerWith(scope, node)];
    case ParseNodeType.Try:
      return [lowerTry(scope, node)];
    case ParseNodeType.Function:
      return lowerFunction(scope, node);
    case ParseNodeType.Class:
      return lowerClass(scope, node);
    case ParseNodeType.Match:
      return [lowerMatch(scope, node, lowerSuite)];
    case ParseNodeType.TypeAlias:
      return lowerSimple(scope, node);
    case ParseNodeType.Error: {
      const { child, decorators } = node.d;
      const [error] = claimErrors(scope.source, node.start, logicalLineEnd(scope.source, node.start));
      const binds = child?.nodeType === ParseNodeType.Name ? [identifier(scope, child)] : [];
      for (const name of binds) bind(scope, name);
      const first = decorators?.[0]?.start ?? node.start;
      const span = spanOf(scope.source, first, logicalLineEnd(scope.source, node.start));
      return [{ kind: "error", span, message: sentence(error?.key ?? ""), parts: [], binds }];
    }
  }
}

/** The end of a compound statement: of its last statement, as its last block may be broken or missing. */
function endOf(source: Source, start: number, suite: SuiteNode | undefined, body: readonly Stmt[]): number {
  const last = body.at(-1);
  const colon = suite === undefined ? start : suite.start + (suite.d.statements.length === 0 ? 1 : 0);
  return Math.max(last?.span.end ?? 0, source.base + colon);
}

function lowerIf(scope: Scope, node: IfNode): Stmt {
  const { source } = scope;
  const { testExpr, ifSuite, elseSuite } = node.d;
  const mark = scope.log.length;
  const test = lowerExpression(scope, testExpr);
  const then = lowerSuite(scope, ifSuite);
  const otherwise =
    elseSuite === undefined
      ? []
      : elseSuite.nodeType === ParseNodeType.If
        ? [lowerIf(scope, elseSuite)]
        : lowerSuite(scope, elseSuite);
  const lastSuite = elseSuite?.nodeType === ParseNodeType.Suite ? elseSuite : ifSuite;
  const end = endOf(source, node.start, lastSuite, 0 < otherwise.length ? otherwise : then);
  const span = { start: source.base + node.start, end };
  return withBrokenHeader(scope, node, mark, { kind: "if", span, test, then, otherwise });
}

function lowerWhile(scope: Scope, node: WhileNode): Stmt {
  const { source } = scope;
  const { testExpr, whileSuite, elseSuite } = node.d;
  const mark = scope.log.length;
  const test = lowerExpression(scope, testExpr);
  const body = lowerSuite(scope, whileSuite);
  const otherwise = elseSuite === undefined ? [] : lowerSuite(scope, elseSuite);
  const end = endOf(source, node.start, elseSuite ?? whileSuite, elseSuite === undefined ? body : otherwise);
  return withBrokenHeader(scope, node, mark, {
    kind: "loop",
    span: { start: source.base + node.start, end },
    test,
    body,
    otherwise,
  });
}

function lowerFor(scope: Scope, node: ForNode): Stmt {
  const { source } = scope;
  const { iterableExpr, targetExpr, forSuite, elseSuite, isAsync } = node.d;
  const mark = scope.log.length;
  const iterable = lowerExpression(scope, iterableExpr);
  const target = lowerTarget(scope, targetExpr);
  const body = lowerSuite(scope, forSuite);
  const otherwise = elseSuite === undefined ? [] : lowerSuite(scope, elseSuite);
  const end = endOf(source, node.start, elseSuite ?? forSuite, elseSuite === undefined ? body : otherwise);
  const statement = {
    kind: "iterate",
    span: { start: source.base + node.start, end },
    target,
    iterable,
    body,
    otherwise,
  } as const;
  return withBrokenHeader(scope, node, mark, isAsync === true ? { ...statement, async: true } : statement);
}

function lowerWith(scope: Scope, node: WithNode): Stmt {
  const { source } = scope;
  const mark = scope.log.length;
  const items = node.d.withItems.map((item) => {
    const manager = lowerExpression(scope, item.d.expr);
    const target = item.d.target === undefined ? undefined : lowerTarget(scope, item.d.target);
    return { span: outerSpan(source, item), manager, target };
  });
  const body = lowerSuite(scope, node.d.suite);
  const span = { start: source.base + node.start, end: endOf(source, node.start, node.d.suite, body) };
  const statement = { kind: "with", span, items, body } as const;
  return withBrokenHeader(scope, node, mark, node.d.isAsync === true ? { ...statement, async: true } : statement);
}

function lowerTry(scope: Scope, node: TryNode): Stmt {
  const { source } = scope;
  const { trySuite, exceptClauses, elseSuite, finallySuite } = node.d;
  const mark = scope.log.length;
  const body = lowerSuite(scope, trySuite);
  const handlers = exceptClauses.map((clause): TryStmt["handlers"][number] => {
    const type = clause.d.typeExpr === undefined ? undefined : lowerExpression(scope, clause.d.typeExpr);
    const name = clause.d.name === undefined ? undefined : identifier(scope, clause.d.name);
    if (name !== undefined) bind(scope, name);
    const handler = lowerSuite(scope, clause.d.exceptSuite);
    const end = endOf(source, clause.start, clause.d.exceptSuite, handler);
    return { span: { start: source.base + clause.start, end }, type, name, body: handler };
  });
  const otherwise = elseSuite === undefined ? [] : lowerSuite(scope, elseSuite);
  const final = finallySuite === undefined ? [] : lowerSuite(scope, finallySuite);
  const last = exceptClauses.at(-1)?.d.exceptSuite ?? trySuite;
  const lastBody = handlers.at(-1)?.body ?? body;
  const end =
    finallySuite !== undefined
      ? endOf(source, node.start, finallySuite, final)
      : elseSuite !== undefined
        ? endOf(source, node.start, elseSuite, otherwise)
        : endOf(source, node.start, last, lastBody);
  const span = { start: source.base + node.start, end };
  const isStar = exceptClauses.some(({ d }) => d.isExceptGroup);
  const statement: Stmt = { kind: "try", span, body, handlers, otherwise, final, ...(isStar ? { star: true } : {}) };
  return withBrokenHeader(scope, node, mark, statement);
}

/** `def` or `class` after its decorators: the keyword that the statement's span starts with. */
function keywordStart(source: Source, decorators: readonly DecoratorNode[], start: number): number {
  const last = decorators.at(-1);
  if (last === undefined) return start;
  const token = source.tokens[codeTokenFrom(source.tokens, last.start + last.length)];
  return token?.start ?? start;
}

/** A type parameter is some type: it is bound to an unknown, in the scope of its statement. */
function lowerTypeParameters(scope: Scope, list: TypeParameterListNode | undefined): readonly Stmt[] {
  return (list?.d.params ?? []).map((param): Stmt => {
    const span = outerSpan(scope.source, param);
    const target = lowerTarget(scope, param.d.name);
    const value: Expr = { kind: "error", span, message: "a type parameter has no value", parts: [] };
    return { kind: "assign", span, target, value, annotation: undefined };
  });
}

function lowerFunction(scope: Scope, node: FunctionNode): readonly Stmt[] {
  const { source } = scope;
  const { decorators, name, params, suite, returnAnnotation, isAsync, typeParams } = node.d;
  const mark = scope.log.length;
  const typeParameters = lowerTypeParameters(scope, typeParams);
  const loweredDecorators = decorators.map(({ d }) => lowerExpression(scope, d.expr));
  bind(scope, identifier(scope, name));
  const inner = makeScope("function", source, scope);
  const loweredParams = lowerParameters(scope, inner, params);
  const returns = returnAnnotation === undefined ? undefined : lowerAnnotation(scope, returnAnnotation);
  const body = lowerSuite(inner, suite);
  const start = source.base + keywordStart(source, decorators, node.start);
  const span = { start, end: endOf(source, node.start, suite, body) };
  const doc = docstring(body);
  const value: FunctionExpr = {
    kind: "function",
    span,
    name: identifier(scope, name),
    params: loweredParams,
    body,
    returns,
    generator: inner.generator,
    async: isAsync,
    scope: finishScope(inner),
    ...(doc === undefined ? {} : { doc }),
  };
  const nameSpan = outerSpan(source, name);
  const statement: FunctionStmt = { kind: "def", span, decorators: loweredDecorators, value, nameSpan };
  return [...typeParameters, withBrokenHeader(scope, node, mark, statement)];
}

function lowerClass(scope: Scope, node: ClassNode): readonly Stmt[] {
  const { source } = scope;
  const { decorators, name, suite, typeParams } = node.d;
  const mark = scope.log.length;
  const typeParameters = lowerTypeParameters(scope, typeParams);
  const loweredDecorators = decorators.map(({ d }) => lowerExpression(scope, d.expr));
  const bases = lowerArguments(scope, node.d.arguments);
  bind(scope, identifier(scope, name));
  const inner = makeScope("class", source, scope, name.d.value);
  const body = lowerSuite(inner, suite);
  const start = source.base + keywordStart(source, decorators, node.start);
  const span = { start, end: endOf(source, node.start, suite, body) };
  const doc = docstring(body);
  const statement: ClassStmt = {
    kind: "class",
    span,
    name: identifier(scope, name),
    nameSpan: outerSpan(source, name),
    decorators: loweredDecorators,
    bases,
    body,
    scope: finishScope(inner),
    ...(doc === undefined ? {} : { doc }),
  };
  return [...typeParameters, withBrokenHeader(scope, node, mark, statement)];
}

function docstring([first]: readonly Stmt[]): string | undefined {
  if (first?.kind !== "expression" || first.value.kind !== "string" || first.value.bytes) return undefined;
  return first.value.value;
}

function lowerSimple(scope: Scope, node: ParseNode): readonly Stmt[] {
  const mark = scope.log.length;
  const missing = node.nodeType === ParseNodeType.Error && scope.source.text.charCodeAt(node.start) <= 32;
  const statements = missing ? [] : lowerSimpleStatement(scope, node);
  return scope.source.errors.length === 0 ? statements : simpleStatementError(scope, node, mark, statements);
}

function lowerSimpleStatement(scope: Scope, node: ParseNode): readonly Stmt[] {
  const { source } = scope;
  const span = outerSpan(source, node);
  const optional = (child: ExpressionNode | undefined): Expr | undefined =>
    child === undefined ? undefined : lowerExpression(scope, child);
  switch (node.nodeType) {
    case ParseNodeType.Assignment:
      return lowerAssignment(scope, node);
    case ParseNodeType.AugmentedAssignment:
      return [lowerAugmented(scope, node, span)];
    case ParseNodeType.TypeAnnotation: {
      const annotation = lowerAnnotation(scope, node.d.annotation);
      return [{ kind: "assign", span, target: lowerTarget(scope, node.d.valueExpr), value: undefined, annotation }];
    }
    case ParseNodeType.Return: {
      const value = optional(node.d.expr);
      return [{ kind: "return", span: upTo(span, value), value }];
    }
    case ParseNodeType.Raise:
      return [{ kind: "raise", span, value: optional(node.d.expr), cause: optional(node.d.fromExpr) }];
    case ParseNodeType.Assert: {
      const test = lowerExpression(scope, node.d.testExpr);
      return [{ kind: "assert", span, test, message: optional(node.d.exceptionExpr) }];
    }
    case ParseNodeType.Del:
      return [{ kind: "delete", span, targets: node.d.targets.map((target) => lowerTarget(scope, target)) }];
    case ParseNodeType.Pass:
      return [{ kind: "block", span, body: [] }];
    case ParseNodeType.Break:
      return [{ kind: "jump", span, to: "break" }];
    case ParseNodeType.Continue:
      return [{ kind: "jump", span, to: "continue" }];
    case ParseNodeType.Global:
    case ParseNodeType.Nonlocal: {
      const declared = node.nodeType === ParseNodeType.Global ? scope.globals : scope.nonlocals;
      // A module's names are global as they are.
      if (scope.kind !== "module") for (const target of node.d.targets) declared.add(identifier(scope, target));
      return [{ kind: "block", span, body: [] }];
    }
    case ParseNodeType.Import:
      return lowerImport(scope, node);
    case ParseNodeType.ImportFrom:
      return [lowerImportFrom(scope, node, span)];
    case ParseNodeType.TypeAlias: {
      const parameters = lowerTypeParameters(scope, node.d.typeParams);
      const target = lowerTarget(scope, node.d.name);
      // Evaluated when it is first used, if ever.
      const value: Expr = { kind: "error", span: outerSpan(source, node.d.expr), message: "a type alias", parts: [] };
      return [...parameters, { kind: "assign", span, target, value, annotation: undefined }];
    }
    default: {
      const value = lowerExpression(scope, node);
      return [{ kind: "expression", span: upTo(span, value), value }];
    }
  }
}

/** A tuple without parentheses may end after the parser's end of its statement, with a comma. */
function upTo(span: Span, value: Expr | undefined): Span {
  return value === undefined || value.span.end <= span.end ? span : { start: span.start, end: value.span.end };
}

type AssignmentNode = Extract<ParseNode, { readonly nodeType: ParseNodeType.Assignment }>;
type AugmentedNode = Extract<ParseNode, { readonly nodeType: ParseNodeType.AugmentedAssignment }>;

/** `a = b = v`: the parser has the first target innermost. The value is bound to a hidden name, then each target. */
function lowerAssignment(scope: Scope, node: AssignmentNode): readonly Stmt[] {
  const { source } = scope;
  const targets: ExpressionNode[] = [];
  let right: ExpressionNode = node;
  while (right.nodeType === ParseNodeType.Assignment) {
    targets.unshift(right.d.leftExpr);
    right = right.d.rightExpr;
  }
  const value = lowerExpression(scope, right);
  const [first] = targets;
  if (first === undefined) return [];
  const span = upTo(spanOf(source, first.start, right.start + right.length), value);
  if (targets.length === 1) {
    const annotated = first.nodeType === ParseNodeType.TypeAnnotation ? first.d.annotation : undefined;
    const annotation = annotated === undefined ? undefined : lowerAnnotation(scope, annotated);
    return [{ kind: "assign", span, target: lowerTarget(scope, first), value, annotation }];
  }
  const name = temporary(scope);
  const hidden: Target = { kind: "name", span: value.span, name };
  return [
    { kind: "assign", span, target: hidden, value, annotation: undefined },
    ...targets.map((target): Stmt => {
      const copy: Expr = { kind: "name", span: value.span, name };
      return { kind: "assign", span, target: lowerTarget(scope, target), value: copy, annotation: undefined };
    }),
  ];
}

/** `target op= value`. The object and index of the target are evaluated once, before the value. */
function lowerAugmented(scope: Scope, node: AugmentedNode, whole: Span): Stmt {
  const { source } = scope;
  const { leftExpr, rightExpr, operator } = node.d;
  const operatorToken = source.tokens[codeTokenFrom(source.tokens, leftExpr.start + leftExpr.length)];
  const opSpan = operatorToken === undefined ? whole : outerSpan(source, operatorToken);
  const op = BINARY_OPS.get(operator) ?? "+";
  const { read, target } = readAndTarget(scope, leftExpr);
  const right = lowerExpression(scope, rightExpr);
  const span = upTo(whole, right);
  const value: Expr = { kind: "binary", span, op, left: read, right, inPlace: true, opSpan };
  return { kind: "assign", span, target, value, annotation: undefined, augmented: true };
}

function readAndTarget(scope: Scope, node: ExpressionNode): { readonly read: Expr; readonly target: Target } {
  if (node.nodeType !== ParseNodeType.MemberAccess && node.nodeType !== ParseNodeType.Index) {
    const target = node.nodeType === ParseNodeType.Name ? lowerTarget(scope, node) : noTarget(scope, node);
    return { read: lowerExpression(scope, node), target };
  }
  const read = lowerExpression(scope, node);
  if (read.kind === "attribute") {
    const object = once(scope, read.object);
    return { read: { ...read, object: object.first }, target: { ...read, object: object.again } };
  }
  if (read.kind === "index") {
    const object = once(scope, read.object);
    const index = once(scope, read.index);
    return {
      read: { ...read, object: object.first, index: index.first },
      target: { ...read, object: object.again, index: index.again },
    };
  }
  return { read, target: noTarget(scope, node) };
}

/** An expression for its first evaluation, and one that has the same value afterwards. */
function once(scope: Scope, expr: Expr): { readonly first: Expr; readonly again: Expr } {
  if (expr.kind === "name" || expr.kind === "number" || expr.kind === "string" || expr.kind === "constant") {
    return { first: expr, again: { ...expr } };
  }
  const name = temporary(scope);
  const first: Expr = { kind: "bind", span: expr.span, name, value: expr };
  return { first, again: { kind: "name", span: expr.span, name } };
}

function lowerImport(scope: Scope, node: ImportNode): readonly Stmt[] {
  return node.d.list.map((item): ImportStmt => {
    const parts = item.d.module.d.nameParts.map((part) => part.d.value);
    const alias = item.d.alias === undefined ? undefined : identifier(scope, item.d.alias);
    const [first] = item.d.module.d.nameParts;
    if (alias !== undefined) bind(scope, alias);
    else if (first !== undefined) bind(scope, identifier(scope, first));
    const span = node.d.list.length === 1 ? outerSpan(scope.source, node) : outerSpan(scope.source, item);
    return { kind: "import", span, module: parts.join("."), level: 0, alias, from: false, names: [], star: false };
  });
}

function lowerImportFrom(scope: Scope, node: ImportFromNode, span: Span): ImportStmt {
  const { module, imports, isWildcardImport } = node.d;
  const names = imports.map((item) => {
    const name = item.d.name.d.value;
    const alias = item.d.alias === undefined ? undefined : identifier(scope, item.d.alias);
    bind(scope, alias ?? identifier(scope, item.d.name));
    return { span: outerSpan(scope.source, item), name, alias };
  });
  return {
    kind: "import",
    span,
    module: module.d.nameParts.map((part) => part.d.value).join("."),
    level: module.d.leadingDots,
    alias: undefined,
    from: true,
    names,
    star: isWildcardImport,
  };
}
