import type { Expr, Stmt } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { withBrokenHeader } from "./errors.ts";
import { identifier, lowerExpression } from "./expressions.ts";
import {
  type MatchNode,
  ParseNodeType,
  type PatternAtomNode,
  type PatternClassNode,
  type PatternMappingNode,
  type PatternSequenceNode,
  type SuiteNode,
} from "./pyright.ts";
import { bind, boundSince, type Scope, temporary } from "./scope.ts";
import { outerSpan } from "./source.ts";

/** Classes whose one positional sub-pattern matches the subject itself (PEP 634). */
const SELF_MATCHING: ReadonlySet<string> = new Set(
  "bool bytearray bytes dict float frozenset int list set str tuple".split(" "),
);

/** A case: its conditions so far, and what it binds once all of them hold. */
interface Case {
  readonly scope: Scope;
  readonly tests: Expr[];
  /** Captured name to the hidden name that holds its value until the whole pattern has matched. */
  readonly captures: Map<string, string>;
  /** Which abstract classes the tests ask for. */
  readonly imports: Set<"Sequence" | "Mapping">;
}

/** Thrown and caught within this file: a pattern that has no precise lowering. */
class Unsupported extends Error {}

/**
 * `match` as a block: the subject is bound to a hidden name, and each case is an `if` on a chain of conditions whose
 * captures are bound last, before the guard. The next case is its `else`.
 */
export function lowerMatch(
  scope: Scope,
  node: MatchNode,
  lowerSuite: (scope: Scope, suite: SuiteNode) => readonly Stmt[],
): Stmt {
  const { source } = scope;
  const mark = scope.log.length;
  const subject = lowerExpression(scope, node.d.expr);
  const name = temporary(scope);
  const imports = new Set<"Sequence" | "Mapping">();
  let unsupported = false;
  const cases = node.d.cases.map((branch) => {
    const current: Case = { scope, tests: [], captures: new Map(), imports };
    const span = outerSpan(source, branch);
    try {
      addPattern(current, branch.d.pattern, () => ({ kind: "name", span: subject.span, name }));
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      unsupported = true;
    }
    for (const capture of patternNames(scope, branch.d.pattern)) bind(scope, capture);
    const bound = [...current.captures].map(([capture, hidden]): Expr => {
      const value: Expr = { kind: "name", span: branchSpan(span), name: hidden };
      return { kind: "bind", span: branchSpan(span), name: capture, value };
    });
    if (0 < bound.length) current.tests.push(always(bound, span));
    if (branch.d.guardExpr !== undefined) current.tests.push(lowerExpression(scope, branch.d.guardExpr));
    const body = lowerSuite(scope, branch.d.suite);
    const end = Math.max(span.end, body.at(-1)?.span.end ?? 0);
    return { span: { start: span.start, end }, tests: current.tests, body };
  });
  const end = Math.max(source.base + node.start, ...cases.map((branch) => branch.span.end));
  const span = { start: source.base + node.start, end };
  let otherwise: readonly Stmt[] = [];
  for (const branch of [...cases].reverse()) {
    const test = conjunction(branch.tests);
    const { span: branchRange, body: then } = branch;
    otherwise = test === undefined ? then : [{ kind: "if", span: branchRange, test, then, otherwise }];
  }
  if (unsupported) {
    const parts = cases.flatMap((branch) => branch.body);
    const message = "this pattern is not supported";
    return { kind: "error", span, message, parts, binds: boundSince(scope, mark) };
  }
  const needed = [...imports].map((type): Stmt => {
    bind(scope, `.${type}`);
    const names = [{ span: subject.span, name: type, alias: `.${type}` }];
    const base = { module: "collections.abc", level: 0, alias: undefined, from: true, names, star: false };
    return { kind: "import", span: subject.span, ...base };
  });
  const target = { kind: "name", span: subject.span, name } as const;
  const assign: Stmt = { kind: "assign", span: subject.span, target, value: subject, annotation: undefined };
  return withBrokenHeader(scope, node, mark, { kind: "block", span, body: [...needed, assign, ...otherwise] });
}

function branchSpan(span: Span): Span {
  return { start: span.start, end: span.start };
}

/** A condition that evaluates its parts in order and holds whatever they are. */
function always(items: readonly Expr[], span: Span): Expr {
  return {
    kind: "list",
    span: branchSpan(span),
    type: "tuple",
    items: items.map((value) => ({ value, star: false })),
  };
}

function conjunction(tests: readonly Expr[]): Expr | undefined {
  return tests.reduce<Expr | undefined>(
    (left, right) =>
      left === undefined
        ? right
        : { kind: "logic", span: { start: left.span.start, end: right.span.end }, op: "and", left, right },
    undefined,
  );
}

type Subject = () => Expr;

function addPattern(current: Case, node: PatternAtomNode, subject: Subject): void {
  const { scope, tests } = current;
  const span = outerSpan(scope.source, node);
  switch (node.nodeType) {
    case ParseNodeType.PatternCapture:
      if (!node.d.isWildcard) capture(current, identifier(scope, node.d.target), subject(), span);
      return;
    case ParseNodeType.PatternValue:
      tests.push({ kind: "compare", span, op: "==", left: subject(), right: lowerExpression(scope, node.d.expr) });
      return;
    case ParseNodeType.PatternLiteral: {
      const right = lowerExpression(scope, node.d.expr);
      const op = right.kind === "constant" ? "is" : "==";
      tests.push({ kind: "compare", span, op, left: subject(), right });
      return;
    }
    case ParseNodeType.PatternAs:
      addAlternatives(current, node.d.orPatterns, subject, span);
      if (node.d.target !== undefined) {
        capture(current, identifier(scope, node.d.target), subject(), outerSpan(scope.source, node.d.target));
      }
      return;
    case ParseNodeType.PatternSequence:
      addSequence(current, node, subject, span);
      return;
    case ParseNodeType.PatternMapping:
      addMapping(current, node.d.entries, subject, span);
      return;
    case ParseNodeType.PatternClass:
      addClass(current, node, subject, span);
      return;
    case ParseNodeType.Error:
      // The parser has no node for `{}`, only this one, without an error, where it closes.
      if (scope.source.text.charAt(node.start) !== "}" || scope.source.errors.length !== 0) throw new Unsupported();
      addMapping(current, [], subject, span);
      return;
  }
}

function capture({ scope, tests, captures }: Case, name: string, value: Expr, span: Span): void {
  const hidden = captures.get(name) ?? temporary(scope);
  captures.set(name, hidden);
  tests.push(always([{ kind: "bind", span, name: hidden, value }], span));
}

function addAlternatives(current: Case, alternatives: readonly PatternAtomNode[], subject: Subject, span: Span): void {
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) {
    addPattern(current, only, subject);
    return;
  }
  const tests = alternatives.map((alternative) => {
    const own: Case = { ...current, tests: [] };
    addPattern(own, alternative, subject);
    return conjunction(own.tests) ?? always([subject()], span);
  });
  current.tests.push(
    tests.reduce((left, right) => ({
      kind: "logic",
      span: { start: left.span.start, end: right.span.end },
      op: "or",
      left,
      right,
    })),
  );
}

function addSequence(current: Case, node: PatternSequenceNode, subject: Subject, span: Span): void {
  const { entries } = node.d;
  const star = entries.findIndex((entry) => isStar(entry));
  current.imports.add("Sequence");
  const isSequence = call("isinstance", [subject(), nameExpr(".Sequence", span)], span);
  const text: Expr = {
    kind: "list",
    span,
    type: "tuple",
    items: ["str", "bytes", "bytearray"].map((type) => ({ value: nameExpr(type, span), star: false })),
  };
  const isText = call("isinstance", [subject(), text], span);
  const length = star === -1 ? entries.length : entries.length - 1;
  current.tests.push(
    isSequence,
    { kind: "unary", span, op: "not", operand: isText },
    {
      kind: "compare",
      span,
      op: star === -1 ? "==" : ">=",
      left: call("len", [subject()], span),
      right: numberExpr(length, span),
    },
  );
  entries.forEach((entry, index) => {
    const entrySpan = outerSpan(current.scope.source, entry);
    const after = entries.length - index;
    const [pattern] = entry.d.orPatterns;
    if (index === star) {
      if (pattern?.nodeType !== ParseNodeType.PatternCapture || pattern.d.target.d.value === "_") return;
      const upper = after === 1 ? undefined : negative(after - 1, entrySpan);
      const slice: Expr = {
        kind: "slice",
        span: entrySpan,
        lower: numberExpr(index, entrySpan),
        upper,
        step: undefined,
      };
      const rest: Expr = { kind: "index", span: entrySpan, object: subject(), index: slice };
      capture(current, identifier(current.scope, pattern.d.target), call("list", [rest], entrySpan), entrySpan);
      return;
    }
    const at = (): Expr => ({
      kind: "index",
      span: entrySpan,
      object: subject(),
      index: star === -1 || index < star ? numberExpr(index, entrySpan) : negative(after, entrySpan),
    });
    addPart(current, entry, at, entrySpan);
  });
}

function isStar(node: PatternAtomNode): boolean {
  if (node.nodeType !== ParseNodeType.PatternAs) return false;
  const [only] = node.d.orPatterns;
  return only?.nodeType === ParseNodeType.PatternCapture && only.d.isStar;
}

/** A part of the subject is computed once, into a hidden name, unless nothing looks at it. */
function addPart(current: Case, pattern: PatternAtomNode, value: Subject, span: Span): void {
  if (isWildcard(pattern)) return;
  const name = temporary(current.scope);
  current.tests.push(always([{ kind: "bind", span, name, value: value() }], span));
  addPattern(current, pattern, () => nameExpr(name, span));
}

function isWildcard(node: PatternAtomNode): boolean {
  if (node.nodeType === ParseNodeType.PatternCapture) return node.d.isWildcard;
  const [only] = node.nodeType === ParseNodeType.PatternAs ? node.d.orPatterns : [];
  return (
    node.nodeType === ParseNodeType.PatternAs &&
    node.d.target === undefined &&
    node.d.orPatterns.length === 1 &&
    only !== undefined &&
    isWildcard(only)
  );
}

function addMapping(current: Case, entries: PatternMappingNode["d"]["entries"], subject: Subject, span: Span): void {
  current.imports.add("Mapping");
  current.tests.push(call("isinstance", [subject(), nameExpr(".Mapping", span)], span));
  const keys: (() => Expr)[] = [];
  for (const entry of entries) {
    const entrySpan = outerSpan(current.scope.source, entry);
    if (entry.nodeType === ParseNodeType.PatternMappingExpandEntry) {
      addRest(current, identifier(current.scope, entry.d.target), subject, keys, entrySpan);
      continue;
    }
    const { keyPattern, valuePattern } = entry.d;
    if (keyPattern.nodeType === ParseNodeType.Error) throw new Unsupported();
    const keyNode = keyPattern.d.expr;
    const key = (): Expr => lowerExpression(current.scope, keyNode);
    keys.push(key);
    current.tests.push({ kind: "compare", span: entrySpan, op: "in", left: key(), right: subject() });
    const at = (): Expr => ({ kind: "index", span: entrySpan, object: subject(), index: key() });
    addPart(current, valuePattern, at, entrySpan);
  }
}

/** `**rest`: a copy of the mapping without the keys that were asked for. */
function addRest(current: Case, name: string, subject: Subject, keys: readonly (() => Expr)[], span: Span): void {
  const copy = temporary(current.scope);
  const bound: Expr = { kind: "bind", span, name: copy, value: call("dict", [subject()], span) };
  const callee: Expr = { kind: "attribute", span, object: nameExpr(copy, span), name: "pop", nameSpan: span };
  const pops = keys.map((key): Expr => ({ kind: "call", span, callee, args: [{ span, value: key() }] }));
  current.tests.push(always([bound, ...pops], span));
  capture(current, name, nameExpr(copy, span), span);
}

function addClass(current: Case, node: PatternClassNode, subject: Subject, span: Span): void {
  const { scope, tests } = current;
  const { className, args } = node.d;
  const type = (): Expr => lowerExpression(scope, className);
  tests.push(call("isinstance", [subject(), type()], span));
  const self = className.nodeType === ParseNodeType.Name && SELF_MATCHING.has(className.d.value);
  args.forEach((arg, index) => {
    const argSpan = outerSpan(scope.source, arg);
    if (arg.d.name !== undefined) {
      const name = identifier(scope, arg.d.name);
      const nameSpan = outerSpan(scope.source, arg.d.name);
      const text: Expr = { kind: "string", span: nameSpan, value: name, bytes: false };
      tests.push(call("hasattr", [subject(), text], argSpan));
      const at = (): Expr => ({ kind: "attribute", span: argSpan, object: subject(), name, nameSpan });
      addPart(current, arg.d.pattern, at, argSpan);
    } else if (self) {
      if (index !== 0) throw new Unsupported();
      addPattern(current, arg.d.pattern, subject);
    } else {
      const names: Expr = { kind: "attribute", span, object: type(), name: "__match_args__", nameSpan: span };
      const attribute = (): Expr => ({
        kind: "index",
        span: argSpan,
        object: names,
        index: numberExpr(index, argSpan),
      });
      tests.push(call("hasattr", [subject(), attribute()], argSpan));
      addPart(current, arg.d.pattern, () => call("getattr", [subject(), attribute()], argSpan), argSpan);
    }
  });
}

function nameExpr(name: string, span: Span): Expr {
  return { kind: "name", span, name };
}

function numberExpr(value: number, span: Span): Expr {
  return { kind: "number", span, value, float: false };
}

function negative(value: number, span: Span): Expr {
  return { kind: "unary", span, op: "-", operand: numberExpr(value, span) };
}

function call(builtin: string, args: readonly Expr[], span: Span): Expr {
  return {
    kind: "call",
    span,
    callee: nameExpr(builtin, span),
    args: args.map((value) => ({ span: value.span, value })),
  };
}

/** Every name that a pattern captures, also in parts that have no lowering. */
function patternNames(scope: Scope, node: PatternAtomNode): readonly string[] {
  switch (node.nodeType) {
    case ParseNodeType.PatternCapture:
      return node.d.isWildcard || node.d.target.d.value === "_" ? [] : [identifier(scope, node.d.target)];
    case ParseNodeType.PatternAs: {
      const inner = node.d.orPatterns.flatMap((pattern) => patternNames(scope, pattern));
      return node.d.target === undefined ? inner : [...inner, identifier(scope, node.d.target)];
    }
    case ParseNodeType.PatternSequence:
      return node.d.entries.flatMap((inner) => patternNames(scope, inner));
    case ParseNodeType.PatternClass:
      return node.d.args.flatMap((arg) => patternNames(scope, arg.d.pattern));
    case ParseNodeType.PatternMapping:
      return node.d.entries.flatMap((entry) =>
        entry.nodeType === ParseNodeType.PatternMappingExpandEntry
          ? [identifier(scope, entry.d.target)]
          : patternNames(scope, entry.d.valuePattern),
      );
    default:
      return [];
  }
}
