import type { CallExpr, Expr } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { at, callValue, evaluate, force, itemsOf } from "./evaluate.ts";
import { fail, type Interp, isWhy, topFrame } from "./interp.ts";
import { lazyArgument } from "./lazy.ts";
import { lookup, type Scope } from "./scope.ts";
import { type LazyValue, NONE, type PassedArg, type Value } from "./value.ts";

/** Evaluates a call: the callee, the arguments as Python does, then the call itself. */
export function evaluateCall(interp: Interp, expr: CallExpr, scope: Scope): Value {
  if (
    expr.callee.kind === "name" &&
    expr.callee.name === "super" &&
    expr.args.length === 0 &&
    lookup(scope, "super") === undefined
  ) {
    const frame = topFrame(interp);
    if (frame.cls !== undefined && frame.self !== undefined) return interp.lang.superOf(interp, frame.cls, frame.self);
  }
  const callee = evaluate(interp, expr.callee, scope);
  const outer = interp.argument;
  const positional: PassedArg[] = [];
  const keywords: [string, PassedArg][] = [];
  let more: Why | undefined;
  const args = expr.args.some((arg) => arg.star === 1) ? positionalFirst(expr.args) : expr.args;
  for (const arg of args) {
    const later = arg.star === undefined ? unread(arg.value, scope) : undefined;
    if (later !== undefined) {
      const passed = lazyArgument(() => forceName(interp, later.value, later.name, scope), arg.span);
      if (arg.keyword === undefined) positional.push(passed);
      else keywords.push([arg.keyword, passed]);
      continue;
    }
    interp.argument = { callee, index: positional.length, keyword: arg.keyword, span: arg.value.span, scope };
    const value = evaluate(interp, arg.value, scope);
    if (arg.star === undefined) {
      if (arg.keyword === undefined) positional.push({ value, span: arg.span });
      else keywords.push([arg.keyword, { value, span: arg.span }]);
      continue;
    }
    if (arg.star === 1) {
      if (isPlainScalar(value)) {
        at(interp, expr.span);
        const message = `argument after * must be an iterable, not ${interp.lang.typeName(interp, value)}`;
        fail(interp, "TypeError", `${interp.lang.calleeName(interp, callee)} ${message}`);
      }
      const items = itemsOf(interp, value);
      if (isWhy(items)) more = items;
      else for (const item of items) positional.push({ value: item, span: arg.span });
      continue;
    }
    if (value.kind === "unknown") {
      more = value.why;
      continue;
    }
    if (value.kind === "list" || value.kind === "tuple" || isPlainScalar(value)) {
      at(interp, expr.span);
      const message = `argument after ** must be a mapping, not ${interp.lang.typeName(interp, value)}`;
      const lost = fail(interp, "TypeError", `${interp.lang.calleeName(interp, callee)} ${message}`);
      more = lost.kind === "unknown" ? lost.why : undefined;
      continue;
    }
    const made =
      value.kind === "dict"
        ? value
        : interp.lang.call(interp, interp.lang.builtins.get("dict") ?? NONE, { positional: [{ value }], keywords: [] });
    if (made.kind !== "dict") continue;
    if (made.why !== undefined) {
      more = made.why;
      continue;
    }
    for (const entry of made.entries.values()) {
      const [key] = entry;
      if (key.kind !== "str") {
        fail(interp, "TypeError", "keywords must be strings");
        continue;
      }
      if (keywords.some(([name]) => name === key.value)) {
        at(interp, expr.span);
        const message = `got multiple values for keyword argument '${key.value}'`;
        fail(interp, "TypeError", `${interp.lang.calleeName(interp, callee)} ${message}`);
        continue;
      }
      keywords.push([key.value, { value: entry[1], span: arg.span }]);
    }
  }
  interp.argument = outer;
  at(interp, expr.span);
  return callValue(interp, callee, more === undefined ? { positional, keywords } : { positional, keywords, more });
}

/** Starred arguments are evaluated with the positional ones, before keywords that stand in front of them. */
function positionalFirst(args: CallExpr["args"]): CallExpr["args"] {
  const isKeyword = (arg: CallExpr["args"][number]): boolean => arg.keyword !== undefined || arg.star === 2;
  return [...args.filter((arg) => !isKeyword(arg)), ...args.filter(isKeyword)];
}

/** A value that nothing can iterate. */
export function isPlainScalar(value: Value): boolean {
  return value.kind === "int" || value.kind === "float" || value.kind === "bool" || value.kind === "none";
}

/** A name that an import bound and that nothing has read yet: where it is merely handed on, it stays so. */
export function unread(expr: Expr, scope: Scope): { readonly name: string; readonly value: LazyValue } | undefined {
  if (expr.kind !== "name") return undefined;
  const value = lookup(scope, expr.name);
  return value?.kind === "lazy" ? { name: expr.name, value } : undefined;
}

/** Reads a lazily imported name and keeps what it is. */
export function forceName(interp: Interp, value: Value, name: string, scope: Scope): Value {
  const resolved = force(interp, value);
  // Whoever reads what is not known is told why, each time.
  if (resolved.kind === "unknown") return resolved;
  let at: Scope | undefined = scope;
  while (at !== undefined) {
    if (at.vars.get(name) === value) {
      at.vars.set(name, resolved);
      break;
    }
    at = at.parent;
  }
  return resolved;
}
