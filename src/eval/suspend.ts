import type { Expr, Stmt, Target } from "../core/core.ts";
import type { Span } from "../text/span.ts";

// A generator's body is rewritten once so that each `yield` stands alone, as a statement or as the whole value of an
// assignment: what is evaluated before it in the same expression is kept in hidden names. The rest of the evaluator
// never meets a `yield`.

const known = new WeakMap<object, boolean>();

function remember(node: object, compute: () => boolean): boolean {
  let answer = known.get(node);
  if (answer === undefined) {
    answer = compute();
    known.set(node, answer);
  }
  return answer;
}

/** Whether evaluating this expression suspends the function that it stands in. */
function yields(expr: Expr | undefined): boolean {
  if (expr === undefined) return false;
  switch (expr.kind) {
    case "name":
    case "number":
    case "string":
    case "constant":
    case "function":
      return false;
    case "yield":
      return expr.await !== true || yields(expr.value);
    case "conditional":
      return remember(expr, () => yields(expr.test) || yields(expr.then) || yields(expr.otherwise));
    default:
      return remember(expr, () => parts(expr).some(yields));
  }
}

/** Whether running this statement may suspend the function that it stands in. */
export function suspends(stmt: Stmt): boolean {
  return remember(stmt, () => {
    const inBody = (body: readonly Stmt[]): boolean => body.some(suspends);
    switch (stmt.kind) {
      case "expression":
        return yields(stmt.value);
      case "assign":
        return yields(stmt.value) || targetParts(stmt.target).some(yields);
      case "return":
        return yields(stmt.value);
      case "raise":
        return yields(stmt.value) || yields(stmt.cause);
      case "assert":
        return yields(stmt.test) || yields(stmt.message);
      case "if":
        return yields(stmt.test) || inBody(stmt.then) || inBody(stmt.otherwise);
      case "loop":
        return yields(stmt.test) || inBody(stmt.body) || inBody(stmt.otherwise);
      case "iterate":
        return yields(stmt.iterable) || inBody(stmt.body) || inBody(stmt.otherwise);
      case "try":
        return (
          inBody(stmt.body) ||
          stmt.handlers.some((handler) => inBody(handler.body)) ||
          inBody(stmt.otherwise) ||
          inBody(stmt.final)
        );
      case "with":
        return stmt.items.some((item) => yields(item.manager)) || inBody(stmt.body);
      case "block":
        return inBody(stmt.body);
      case "error":
        return inBody(stmt.parts);
      default:
        return false;
    }
  });
}

const bodies = new WeakMap<readonly Stmt[], readonly Stmt[]>();

/** The body with each `yield` standing alone. */
export function isolateYields(body: readonly Stmt[]): readonly Stmt[] {
  let made = bodies.get(body);
  if (made === undefined) {
    made = body.some(suspends) ? body.flatMap(isolate) : body;
    bodies.set(body, made);
  }
  return made;
}

let temporaries = 0;

function temporary(span: Span): { readonly read: Expr & Target; readonly set: (value: Expr) => Stmt } {
  temporaries++;
  const read = { kind: "name", span, name: `.y${temporaries}` } as const;
  return { read, set: (value) => ({ kind: "assign", span, target: read, value, annotation: undefined }) };
}

function isolate(stmt: Stmt): readonly Stmt[] {
  if (!suspends(stmt)) return [stmt];
  const before: Stmt[] = [];
  switch (stmt.kind) {
    case "expression":
      if (stmt.value.kind === "yield") {
        const value = liftOptional(stmt.value.value, before);
        return [...before, { ...stmt, value: { ...stmt.value, value } }];
      }
      {
        const value = lift(stmt.value, before);
        return [...before, { ...stmt, value }];
      }
    case "assign": {
      if (stmt.value?.kind === "yield" && !targetParts(stmt.target).some(yields)) {
        const value = liftOptional(stmt.value.value, before);
        return [...before, { ...stmt, value: { ...stmt.value, value } }];
      }
      const value = stmt.value === undefined ? undefined : lift(stmt.value, before);
      if (!targetParts(stmt.target).some(yields) || value === undefined) return [...before, { ...stmt, value }];
      const held = temporary(value.span);
      before.push(held.set(value));
      return [...before, { ...stmt, target: liftTarget(stmt.target, before), value: held.read }];
    }
    case "return": {
      const value = liftOptional(stmt.value, before);
      return [...before, { ...stmt, value }];
    }
    case "raise": {
      const value = liftOptional(stmt.value, before);
      const cause = liftOptional(stmt.cause, before);
      return [...before, { ...stmt, value, cause }];
    }
    case "assert": {
      const test = lift(stmt.test, before);
      if (!yields(stmt.message)) return [...before, { ...stmt, test }];
      const inner: Stmt[] = [];
      const message = liftOptional(stmt.message, inner);
      inner.push({ ...stmt, test: { kind: "constant", span: stmt.test.span, value: false }, message });
      return [...before, { kind: "if", span: stmt.span, test, then: [], otherwise: inner }];
    }
    case "if": {
      const test = lift(stmt.test, before);
      return [...before, { ...stmt, test, then: isolateYields(stmt.then), otherwise: isolateYields(stmt.otherwise) }];
    }
    case "loop": {
      const body = isolateYields(stmt.body);
      const otherwise = isolateYields(stmt.otherwise);
      if (!yields(stmt.test)) return [{ ...stmt, body, otherwise }];
      const span = stmt.test.span;
      const ended = temporary(span);
      const test = lift(stmt.test, before);
      const leave: Stmt[] = [ended.set({ kind: "constant", span, value: true }), { kind: "jump", span, to: "break" }];
      return [
        ended.set({ kind: "constant", span, value: false }),
        {
          ...stmt,
          test: { kind: "constant", span, value: true },
          body: [...before, { kind: "if", span, test, then: [], otherwise: leave }, ...body],
          otherwise: [],
        },
        { kind: "if", span, test: ended.read, then: otherwise, otherwise: [] },
      ];
    }
    case "iterate": {
      const iterable = lift(stmt.iterable, before);
      return [
        ...before,
        { ...stmt, iterable, body: isolateYields(stmt.body), otherwise: isolateYields(stmt.otherwise) },
      ];
    }
    case "try":
      return [
        {
          ...stmt,
          body: isolateYields(stmt.body),
          handlers: stmt.handlers.map((handler) => ({ ...handler, body: isolateYields(handler.body) })),
          otherwise: isolateYields(stmt.otherwise),
          final: isolateYields(stmt.final),
        },
      ];
    case "with": {
      const [first, ...rest] = stmt.items;
      if (first === undefined) return isolateYields(stmt.body);
      const manager = lift(first.manager, before);
      const inner: Stmt = { ...stmt, items: rest };
      const body = rest.length === 0 ? isolateYields(stmt.body) : isolate(inner);
      return [...before, { ...stmt, items: [{ ...first, manager }], body }];
    }
    case "block":
      return [{ ...stmt, body: isolateYields(stmt.body) }];
    case "error":
      return [{ ...stmt, parts: isolateYields(stmt.parts) }];
    default:
      return [stmt];
  }
}

function liftOptional(expr: Expr | undefined, before: Stmt[]): Expr | undefined {
  return expr === undefined ? undefined : lift(expr, before);
}

/** The expression without its yields; what must run first is added to `before`. */
function lift(expr: Expr, before: Stmt[]): Expr {
  if (!yields(expr)) return expr;
  const held = temporary(expr.span);
  switch (expr.kind) {
    case "yield":
      before.push(held.set({ ...expr, value: liftOptional(expr.value, before) }));
      return held.read;
    case "conditional": {
      const test = lift(expr.test, before);
      const way = (value: Expr): Stmt[] => {
        const inner: Stmt[] = [];
        const lifted = lift(value, inner);
        return [...inner, held.set(lifted)];
      };
      before.push({ kind: "if", span: expr.span, test, then: way(expr.then), otherwise: way(expr.otherwise) });
      return held.read;
    }
    case "logic": {
      before.push(held.set(lift(expr.left, before)));
      const inner: Stmt[] = [];
      const right = lift(expr.right, inner);
      inner.push(held.set(right));
      const [then, otherwise] = expr.op === "and" ? [inner, []] : [[], inner];
      before.push({ kind: "if", span: expr.span, test: held.read, then, otherwise });
      return held.read;
    }
    default: {
      const all = parts(expr);
      const last = all.findLastIndex(yields);
      const lifted = all.map((part, index) => {
        if (last < index || part.kind === "constant" || part.kind === "number" || part.kind === "string") return part;
        const value = lift(part, before);
        if (yields(part)) return value;
        const kept = temporary(part.span);
        before.push(kept.set(value));
        return kept.read;
      });
      return rebuild(expr, lifted);
    }
  }
}

function liftTarget(target: Target, before: Stmt[]): Target {
  switch (target.kind) {
    case "attribute":
      return { ...target, object: lift(target.object, before) };
    case "index": {
      const [object = target.object, index = target.index] = [target.object, target.index].map((part) => {
        const kept = temporary(part.span);
        before.push(kept.set(lift(part, before)));
        return kept.read;
      });
      return { ...target, object, index };
    }
    case "unpack":
      return {
        ...target,
        items: target.items.map((item) => ({ ...item, target: liftTarget(item.target, before) })),
      };
    default:
      return target;
  }
}

function targetParts(target: Target): readonly Expr[] {
  switch (target.kind) {
    case "attribute":
      return [target.object];
    case "index":
      return [target.object, target.index];
    case "unpack":
      return target.items.flatMap((item) => targetParts(item.target));
    default:
      return [];
  }
}

/** The direct parts of an expression in the order of their evaluation. */
function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "attribute":
      return [expr.object];
    case "index":
      return [expr.object, expr.index];
    case "slice":
      return [expr.lower, expr.upper, expr.step].filter((part) => part !== undefined);
    case "call":
      return [expr.callee, ...expr.args.map((arg) => arg.value)];
    case "list":
      return expr.items.map((item) => item.value);
    case "record":
      return expr.entries.flatMap((entry) => (entry.key === undefined ? [entry.value] : [entry.key, entry.value]));
    case "unary":
      return [expr.operand];
    case "binary":
    case "compare":
    case "logic":
      return [expr.left, expr.right];
    case "bind":
      return [expr.value];
    case "format":
      return expr.parts.flatMap((part) =>
        typeof part === "string" ? [] : part.spec === undefined ? [part.value] : [part.value, part.spec],
      );
    case "yield":
      return expr.value === undefined ? [] : [expr.value];
    case "error":
      return expr.parts;
    default:
      return [];
  }
}

/** The same expression with other parts, in the order of {@link parts}. */
function rebuild(expr: Expr, made: readonly Expr[]): Expr {
  let at = 0;
  const next = (old: Expr): Expr => made[at++] ?? old;
  const optional = (old: Expr | undefined): Expr | undefined => (old === undefined ? undefined : next(old));
  switch (expr.kind) {
    case "attribute":
      return { ...expr, object: next(expr.object) };
    case "index": {
      const object = next(expr.object);
      return { ...expr, object, index: next(expr.index) };
    }
    case "slice": {
      const lower = optional(expr.lower);
      const upper = optional(expr.upper);
      return { ...expr, lower, upper, step: optional(expr.step) };
    }
    case "call": {
      const callee = next(expr.callee);
      return { ...expr, callee, args: expr.args.map((arg) => ({ ...arg, value: next(arg.value) })) };
    }
    case "list":
      return { ...expr, items: expr.items.map((item) => ({ ...item, value: next(item.value) })) };
    case "record":
      return {
        ...expr,
        entries: expr.entries.map((entry) => {
          const key = optional(entry.key);
          return { key, value: next(entry.value) };
        }),
      };
    case "unary":
      return { ...expr, operand: next(expr.operand) };
    case "binary":
    case "compare": {
      const left = next(expr.left);
      return { ...expr, left, right: next(expr.right) };
    }
    case "bind":
      return { ...expr, value: next(expr.value) };
    case "format":
      return {
        ...expr,
        parts: expr.parts.map((part) => {
          if (typeof part === "string") return part;
          const value = next(part.value);
          return { ...part, value, spec: optional(part.spec) };
        }),
      };
    default:
      return expr;
  }
}
