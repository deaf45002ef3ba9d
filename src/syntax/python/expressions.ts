import type {
  Argument,
  BinaryOp,
  CompareOp,
  Expr,
  FunctionExpr,
  ListExpr,
  Parameter,
  Stmt,
  UnaryExpr,
} from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { lowerComprehension } from "./comprehensions.ts";
import {
  ArgCategory,
  type ArgumentNode,
  type DictionaryNode,
  type ExpressionNode,
  type IndexNode,
  KeywordType,
  type LambdaNode,
  type NameNode,
  OperatorType,
  ParamCategory,
  type ParameterNode,
  type ParseNode,
  ParseNodeType,
  TokenType,
} from "./pyright.ts";
import { bindThrough, finishScope, makeScope, type Scope, temporary } from "./scope.ts";
import { endWithColons, endWithComma, innerSpan, outerSpan, type Source, spanOf, tokenFrom } from "./source.ts";
import { lowerStrings } from "./strings.ts";

/** The operator of a binary expression, or of the augmented assignment with the same sign. */
export const BINARY_OPS: ReadonlyMap<OperatorType, BinaryOp> = new Map<OperatorType, BinaryOp>([
  [OperatorType.Add, "+"],
  [OperatorType.Subtract, "-"],
  [OperatorType.Multiply, "*"],
  [OperatorType.Divide, "/"],
  [OperatorType.FloorDivide, "//"],
  [OperatorType.Mod, "%"],
  [OperatorType.Power, "**"],
  [OperatorType.MatrixMultiply, "@"],
  [OperatorType.BitwiseAnd, "&"],
  [OperatorType.BitwiseOr, "|"],
  [OperatorType.BitwiseXor, "^"],
  [OperatorType.LeftShift, "<<"],
  [OperatorType.RightShift, ">>"],
  [OperatorType.AddEqual, "+"],
  [OperatorType.SubtractEqual, "-"],
  [OperatorType.MultiplyEqual, "*"],
  [OperatorType.DivideEqual, "/"],
  [OperatorType.FloorDivideEqual, "//"],
  [OperatorType.ModEqual, "%"],
  [OperatorType.PowerEqual, "**"],
  [OperatorType.MatrixMultiplyEqual, "@"],
  [OperatorType.BitwiseAndEqual, "&"],
  [OperatorType.BitwiseOrEqual, "|"],
  [OperatorType.BitwiseXorEqual, "^"],
  [OperatorType.LeftShiftEqual, "<<"],
  [OperatorType.RightShiftEqual, ">>"],
]);

const COMPARE_OPS: ReadonlyMap<OperatorType, CompareOp> = new Map<OperatorType, CompareOp>([
  [OperatorType.Equals, "=="],
  [OperatorType.NotEquals, "!="],
  [OperatorType.LessThan, "<"],
  [OperatorType.LessThanOrEqual, "<="],
  [OperatorType.GreaterThan, ">"],
  [OperatorType.GreaterThanOrEqual, ">="],
  [OperatorType.Is, "is"],
  [OperatorType.IsNot, "is not"],
  [OperatorType.In, "in"],
  [OperatorType.NotIn, "not in"],
]);

const UNARY_OPS: ReadonlyMap<OperatorType, UnaryExpr["op"]> = new Map<OperatorType, UnaryExpr["op"]>([
  [OperatorType.Not, "not"],
  [OperatorType.Subtract, "-"],
  [OperatorType.Add, "+"],
  [OperatorType.BitwiseInvert, "~"],
]);

/** Lowers an expression that is read. */
export function lowerExpression(scope: Scope, node: ParseNode): Expr {
  const { source } = scope;
  const lower = (child: ParseNode): Expr => lowerExpression(scope, child);
  const span = innerSpan(source, node);
  switch (node.nodeType) {
    case ParseNodeType.Name:
      return { kind: "name", span, name: identifier(scope, node) };
    case ParseNodeType.MemberAccess:
      return {
        kind: "attribute",
        span,
        object: lower(node.d.leftExpr),
        name: identifier(scope, node.d.member),
        nameSpan: outerSpan(source, node.d.member),
      };
    case ParseNodeType.Call:
      return { kind: "call", span, callee: lower(node.d.leftExpr), args: lowerArguments(scope, node.d.args) };
    case ParseNodeType.Index:
      return { kind: "index", span, object: lower(node.d.leftExpr), index: lowerIndex(scope, node) };
    case ParseNodeType.Slice: {
      const part = (child: ParseNode | undefined): Expr | undefined => (child === undefined ? undefined : lower(child));
      const { startValue, endValue, stepValue } = node.d;
      const { start, end } = outerSpan(source, node);
      const sliceSpan = { start, end: source.base + endWithColons(source, end - source.base) };
      return { kind: "slice", span: sliceSpan, lower: part(startValue), upper: part(endValue), step: part(stepValue) };
    }
    case ParseNodeType.Number: {
      const value = Number(node.d.value);
      const float = !node.d.isInteger;
      if (!float && !node.d.isImaginary && !Number.isSafeInteger(value))
        return { kind: "number", span, value, float, big: BigInt(node.d.value) };
      return node.d.isImaginary
        ? { kind: "number", span, value, float, imaginary: true }
        : { kind: "number", span, value, float };
    }
    case ParseNodeType.Constant:
      return lowerConstant(node.d.constType, span);
    case ParseNodeType.Ellipsis:
      return { kind: "constant", span, value: "ellipsis" };
    case ParseNodeType.StringList:
      return lowerStrings(source, node, lower);
    case ParseNodeType.BinaryOperation: {
      const { operator, leftExpr, rightExpr, operatorToken } = node.d;
      if (operator === OperatorType.And || operator === OperatorType.Or) {
        const op = operator === OperatorType.And ? "and" : "or";
        return { kind: "logic", span, op, left: lower(leftExpr), right: lower(rightExpr) };
      }
      const op = BINARY_OPS.get(operator);
      if (op === undefined) return lowerComparison(scope, node, span);
      const opSpan = outerSpan(source, operatorToken);
      return { kind: "binary", span, op, left: lower(leftExpr), right: lower(rightExpr), opSpan };
    }
    case ParseNodeType.UnaryOperation:
      return { kind: "unary", span, op: UNARY_OPS.get(node.d.operator) ?? "not", operand: lower(node.d.expr) };
    case ParseNodeType.Ternary: {
      const then = lower(node.d.ifExpr);
      return { kind: "conditional", span, test: lower(node.d.testExpr), then, otherwise: lower(node.d.elseExpr) };
    }
    case ParseNodeType.AssignmentExpression: {
      const name = identifier(scope, node.d.name);
      bindThrough(scope, name);
      return { kind: "bind", span, name, value: lower(node.d.rightExpr) };
    }
    case ParseNodeType.Tuple: {
      const end = node.d.hasParens ? span.end : source.base + endWithComma(source, span.end - source.base);
      return { kind: "list", span: { start: span.start, end }, type: "tuple", items: lowerItems(scope, node.d.items) };
    }
    case ParseNodeType.List:
    case ParseNodeType.Set: {
      const type = node.nodeType === ParseNodeType.List ? "list" : "set";
      const [only] = node.d.items;
      if (only?.nodeType === ParseNodeType.Comprehension && !only.d.isGenerator) {
        return lowerComprehension(scope, only, type, span);
      }
      return { kind: "list", span, type, items: lowerItems(scope, node.d.items) };
    }
    case ParseNodeType.Dictionary:
      return lowerRecord(scope, node, span);
    case ParseNodeType.Comprehension:
      return lowerComprehension(scope, node, "generator", span);
    case ParseNodeType.Lambda:
      return lowerLambda(scope, node, span);
    case ParseNodeType.Await:
      scope.awaits = true;
      return { kind: "yield", span, value: lower(node.d.expr), from: false, await: true };
    case ParseNodeType.Yield:
    case ParseNodeType.YieldFrom: {
      scope.generator = true;
      const { expr } = node.d;
      const value = expr === undefined ? undefined : lower(expr);
      // The parser ends it at the parenthesis that closes around it.
      const ownEnd = expr === undefined ? node.start + 5 : expr.start + expr.length;
      const end = Math.max(source.base + ownEnd, value?.span.end ?? 0);
      const from = node.nodeType === ParseNodeType.YieldFrom;
      return { kind: "yield", span: { start: span.start, end }, value, from };
    }
    case ParseNodeType.Error:
      return {
        kind: "error",
        span,
        message: "this is no complete expression",
        parts: node.d.child === undefined ? [] : [lower(node.d.child)],
      };
    case ParseNodeType.Unpack:
      return { kind: "error", span, message: "'*' is not allowed here", parts: [lower(node.d.expr)] };
    default:
      return { kind: "error", span, message: "this is no expression", parts: [] };
  }
}

/**
 * The name that an identifier stands for: Python compares identifiers in normal form KC, and in a class `Net` it reads
 * `__x` as `_Net__x`.
 */
export function identifier(scope: Scope, node: NameNode): string {
  const { value } = node.d;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: asks for ASCII, all of it
  const name = /^[\x00-\x7f]*$/.test(value) ? value : value.normalize("NFKC");
  return scope.className !== "" && name.startsWith("__") && !name.endsWith("__") ? `_${scope.className}${name}` : name;
}

function lowerConstant(type: KeywordType, span: Span): Expr {
  switch (type) {
    case KeywordType.True:
      return { kind: "constant", span, value: true };
    case KeywordType.False:
      return { kind: "constant", span, value: false };
    case KeywordType.None:
      return { kind: "constant", span, value: "none" };
    default:
      return { kind: "name", span, name: "__debug__" };
  }
}

/** `a < b < c`: the parser nests to the right; every middle operand is evaluated once, through a hidden name. */
function lowerComparison(scope: Scope, node: ParseNode, whole: Span): Expr {
  const operands: ParseNode[] = [];
  const ops: CompareOp[] = [];
  let rest = node;
  while (rest.nodeType === ParseNodeType.BinaryOperation && (rest === node || !rest.d.hasParens)) {
    const op = COMPARE_OPS.get(rest.d.operator);
    if (op === undefined) break;
    operands.push(rest.d.leftExpr);
    ops.push(op);
    rest = rest.d.rightExpr;
  }
  operands.push(rest);
  let result: Expr | undefined;
  let left: Expr | undefined;
  let start = whole.start;
  ops.forEach((op, index) => {
    const operand = operands[index + 1];
    const first = operands[index];
    if (operand === undefined || first === undefined) return;
    const from = left ?? lowerExpression(scope, first);
    let right = lowerExpression(scope, operand);
    const outer = outerSpan(scope.source, operand);
    const span = { start, end: index === ops.length - 1 ? whole.end : outer.end };
    start = outer.start;
    if (index < ops.length - 1) {
      const name = temporary(scope);
      left = { kind: "name", span: right.span, name };
      right = { kind: "bind", span: right.span, name, value: right };
    }
    const link: Expr = { kind: "compare", span, op, left: from, right };
    result =
      result === undefined
        ? link
        : { kind: "logic", span: { start: whole.start, end: span.end }, op: "and", left: result, right: link };
  });
  return result ?? { kind: "error", span: whole, message: "this is no expression", parts: [] };
}

/** Call arguments, or a class's bases and keywords. */
export function lowerArguments(scope: Scope, nodes: readonly ArgumentNode[]): readonly Argument[] {
  const { source } = scope;
  return nodes.map((node) => {
    const { valueExpr, name, argCategory } = node.d;
    const bare =
      nodes.length === 1 && valueExpr.nodeType === ParseNodeType.Comprehension && !valueExpr.d.hasParens
        ? parenthesesAround(source, valueExpr)
        : undefined;
    const value =
      bare !== undefined && valueExpr.nodeType === ParseNodeType.Comprehension
        ? lowerComprehension(scope, valueExpr, "generator", bare)
        : lowerExpression(scope, valueExpr);
    const span = outerSpan(source, node);
    if (argCategory === ArgCategory.UnpackedList) return { span, value, star: 1 };
    if (argCategory === ArgCategory.UnpackedDictionary) return { span, value, star: 2 };
    return name === undefined ? { span, value } : { span, value, keyword: identifier(scope, name) };
  });
}

/** A call's only argument may be a generator without parentheses of its own: CPython gives it the call's. */
function parenthesesAround(source: Source, node: ExpressionNode): Span | undefined {
  const before = source.tokens[tokenFrom(source.tokens, node.start) - 1];
  const after = source.tokens[tokenFrom(source.tokens, node.start + node.length)];
  if (before?.type !== TokenType.OpenParenthesis || after?.type !== TokenType.CloseParenthesis) return undefined;
  return spanOf(source, before.start, after.start + after.length);
}

function lowerIndex(scope: Scope, node: IndexNode): Expr {
  const { source } = scope;
  const { items, trailingComma } = node.d;
  const [first] = items;
  const last = items.at(-1);
  if (first === undefined || last === undefined) {
    return { kind: "error", span: outerSpan(source, node), message: "an expression is expected", parts: [] };
  }
  if (items.length === 1 && !trailingComma && first.d.argCategory === ArgCategory.Simple) {
    return lowerExpression(scope, first.d.valueExpr);
  }
  const values = items.map(({ d }) => ({
    value: lowerExpression(scope, d.valueExpr),
    star: d.argCategory === ArgCategory.UnpackedList,
  }));
  const end = endWithComma(source, endWithColons(source, last.start + last.length));
  return { kind: "list", span: spanOf(source, first.start, end), type: "tuple", items: values };
}

function lowerItems(scope: Scope, nodes: readonly ExpressionNode[]): ListExpr["items"] {
  return nodes.map((node) =>
    node.nodeType === ParseNodeType.Unpack
      ? { value: lowerExpression(scope, node.d.expr), star: true }
      : { value: lowerExpression(scope, node), star: false },
  );
}

function lowerRecord(scope: Scope, node: DictionaryNode, span: Span): Expr {
  const [only] = node.d.items;
  if (only?.nodeType === ParseNodeType.Comprehension) return lowerComprehension(scope, only, "dict", span);
  return {
    kind: "record",
    span,
    entries: node.d.items.map((entry) => {
      if (entry.nodeType === ParseNodeType.DictionaryKeyEntry) {
        const key = lowerExpression(scope, entry.d.keyExpr);
        return { key, value: lowerExpression(scope, entry.d.valueExpr) };
      }
      if (entry.nodeType === ParseNodeType.DictionaryExpandEntry) {
        return { key: undefined, value: lowerExpression(scope, entry.d.expr) };
      }
      return { key: undefined, value: lowerExpression(scope, entry) };
    }),
  };
}

function lowerLambda(scope: Scope, node: LambdaNode, span: Span): FunctionExpr {
  const inner = makeScope("function", scope.source, scope);
  const params = lowerParameters(scope, inner, node.d.params);
  const value = lowerExpression(inner, node.d.expr);
  const body: Stmt[] = [{ kind: "return", span: value.span, value }];
  return {
    kind: "function",
    span,
    name: "<lambda>",
    params,
    body,
    returns: undefined,
    generator: inner.generator,
    async: false,
    scope: finishScope(inner),
  };
}

/** Parameters, which become locals of `inner`; their fallbacks and annotations are evaluated in `outer`. */
export function lowerParameters(outer: Scope, inner: Scope, nodes: readonly ParameterNode[]): readonly Parameter[] {
  const slash = nodes.findIndex(({ d }) => d.category === ParamCategory.Simple && d.name === undefined);
  const star = nodes.findIndex(({ d }) => d.category === ParamCategory.ArgsList);
  return nodes.flatMap((node, index) => {
    const { category, name, defaultValue, annotation } = node.d;
    if (name === undefined) return [];
    const kind =
      category === ParamCategory.ArgsList
        ? "star"
        : category === ParamCategory.KwargsDict
          ? "double-star"
          : index < slash
            ? "positional-only"
            : star !== -1 && star < index
              ? "keyword-only"
              : "normal";
    inner.locals.add(identifier(outer, name));
    return [
      {
        span: outerSpan(outer.source, node),
        name: identifier(outer, name),
        kind,
        fallback: defaultValue === undefined ? undefined : lowerExpression(outer, defaultValue),
        annotation: annotation === undefined ? undefined : lowerAnnotation(outer, annotation),
      },
    ];
  });
}

/** An annotation, which may be `*Ts` for a starred parameter. */
export function lowerAnnotation(scope: Scope, node: ExpressionNode): Expr {
  if (node.nodeType !== ParseNodeType.Unpack) return lowerExpression(scope, node);
  const span = outerSpan(scope.source, node);
  return { kind: "list", span, type: "tuple", items: [{ value: lowerExpression(scope, node.d.expr), star: true }] };
}
