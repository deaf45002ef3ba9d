import type { Argument, AssignStmt, CallExpr, ClassStmt, Expr, FunctionStmt, Module, Stmt } from "../core/core.ts";
import type { Span } from "../text/span.ts";

/** The syntax around a span, outermost first. */
export type Around = readonly (Expr | Stmt)[];

/** All expressions and statements whose text holds the span. */
export function around(module: Module, span: Span): Around {
  const found: (Expr | Stmt)[] = [];
  descend(module.body, span, found);
  return found;
}

/** The call whose own text is the span; else the innermost one around it. */
export function callAt(module: Module, span: Span): CallExpr | undefined {
  const calls = around(module, span).filter((node): node is CallExpr => node.kind === "call");
  return calls.find((call) => same(call.span, span)) ?? calls.at(-1);
}

/** The innermost call that has an argument around the span, and that argument's position. */
export function argumentAt(
  module: Module,
  span: Span,
): { readonly call: CallExpr; readonly argument: Argument; readonly index: number } | undefined {
  for (const call of around(module, span).toReversed()) {
    if (call.kind !== "call") continue;
    const index = call.args.findIndex((argument) => within(span, argument.span));
    const argument = call.args[index];
    if (argument !== undefined) return { call, argument, index };
  }
  return undefined;
}

/** The class whose name stands at the span. */
export function classAt(module: Module, span: Span): ClassStmt | undefined {
  const nodes = around(module, span).filter((node): node is ClassStmt => node.kind === "class");
  return nodes.find((node) => same(node.nameSpan, span)) ?? nodes.at(-1);
}

export function method(cls: ClassStmt, name: string): FunctionStmt | undefined {
  return cls.body.find((stmt): stmt is FunctionStmt => stmt.kind === "def" && stmt.value.name === name);
}

/** The assignment whose value is, or ends in, the span: `self.relu = nn.ReLU()`. */
export function assignmentOf(module: Module, span: Span): AssignStmt | undefined {
  return around(module, span)
    .filter((node): node is AssignStmt => node.kind === "assign")
    .find(({ value }) => value !== undefined && within(span, value.span));
}

/** Every call in the statements, in source order, with the statement that holds it. */
export function callsIn(body: readonly Stmt[]): readonly CallExpr[] {
  const found: CallExpr[] = [];
  collect(body, found);
  return found;
}

/** `self.name`, whatever the first parameter is called; undefined for anything else. */
export function attributeOf(expr: Expr, object: string): string | undefined {
  if (expr.kind !== "attribute" || expr.object.kind !== "name" || expr.object.name !== object) return undefined;
  return expr.name;
}

export function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function same(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

function descend(value: unknown, span: Span, found: (Expr | Stmt)[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) descend(item, span, found);
    return;
  }
  if (hasSpan(value) && !within(span, value.span)) return;
  if (isNode(value)) found.push(value);
  for (const child of Object.values(value)) descend(child, span, found);
}

function collect(value: unknown, found: CallExpr[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  if (isNode(value) && value.kind === "call") found.push(value);
  for (const child of Object.values(value)) collect(child, found);
}

function hasSpan(value: object): value is { readonly span: Span } {
  return "span" in value;
}

/** Parameters have a kind too, but are no nodes of their own. */
function isNode(value: object): value is Expr | Stmt {
  return "span" in value && "kind" in value && !("annotation" in value && "fallback" in value);
}
