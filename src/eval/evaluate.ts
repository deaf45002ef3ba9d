import type { Expr, FunctionExpr, Target } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import type { Span } from "../text/span.ts";
import { t } from "../text/text.ts";
import { evaluateCall, forceName, isPlainScalar, unread } from "./arguments.ts";
import { callFunction } from "./call.ts";
import { speculate } from "./execute.ts";
import { fail, gap, here, type Interp, isWhy, step, topFrame } from "./interp.ts";
import { advance } from "./iterate.ts";
import { joinValues } from "./join.ts";
import { lazyEntry } from "./lazy.ts";
import { record } from "./record.ts";
import { isLocal, isUnboundAround, lookup, type Scope, targetScope } from "./scope.ts";
import {
  bool,
  type CallArgs,
  ELLIPSIS,
  FALSE,
  type FunctionValue,
  float,
  type IntValue,
  int,
  list,
  NONE,
  str,
  TRUE,
  tuple,
  unknown,
  type Value,
} from "./value.ts";

/** Evaluates an expression. Throws only {@link Raised} (a Python exception for a handler) and `Exhausted`. */
export function evaluate(interp: Interp, expr: Expr, scope: Scope): Value {
  interp.probe?.(expr, scope);
  switch (expr.kind) {
    case "number":
      if (expr.big !== undefined)
        return {
          kind: "int",
          dim: { size: undefined, why: { reason: t("a number too large for a size") } },
          big: expr.big,
        };
      return numberValue(interp, expr.value, expr.float, expr.imaginary, expr, scope);
    case "string":
      return expr.bytes ? { kind: "bytes", value: expr.value } : str(expr.value);
    case "constant":
      if (expr.value === "none") return NONE;
      if (expr.value === "ellipsis") return ELLIPSIS;
      return expr.value ? TRUE : FALSE;
    case "name": {
      const value = readName(interp, expr.name, expr.span, scope);
      see(interp, expr.span, value);
      return value;
    }
    case "attribute": {
      const object = evaluate(interp, expr.object, scope);
      at(interp, expr.span);
      const value = force(interp, interp.lang.getAttribute(interp, object, expr.name, scope));
      see(interp, expr.span, value);
      return value;
    }
    case "index": {
      const object = evaluate(interp, expr.object, scope);
      const index = evaluate(interp, expr.index, scope);
      at(interp, expr.span);
      const value = force(interp, interp.lang.getItem(interp, object, index));
      see(interp, expr.span, value);
      return value;
    }
    case "slice":
      return {
        kind: "slice",
        lower: expr.lower === undefined ? NONE : evaluate(interp, expr.lower, scope),
        upper: expr.upper === undefined ? NONE : evaluate(interp, expr.upper, scope),
        step: expr.step === undefined ? NONE : evaluate(interp, expr.step, scope),
      };
    case "call": {
      const value = evaluateCall(interp, expr, scope);
      see(interp, expr.span, value);
      return value;
    }
    case "list": {
      const items: Value[] = [];
      let why: Why | undefined;
      for (const item of expr.items) {
        const value = evaluate(interp, item.value, scope);
        if (!item.star) {
          items.push(value);
          continue;
        }
        const all = itemsOf(interp, value);
        if (isWhy(all)) why = all;
        else items.push(...all);
      }
      if (expr.type === "tuple") return why === undefined ? tuple(items) : unknown(why);
      if (expr.type === "list")
        return interp.journal.born(why === undefined ? list(items) : { kind: "list", items, why });
      const set = interp.lang.call(interp, interp.lang.builtins.get("set") ?? NONE, {
        positional: [{ value: list(items) }],
        keywords: [],
      });
      return why === undefined ? set : unknown(why);
    }
    case "record": {
      const dict = interp.lang.call(interp, interp.lang.builtins.get("dict") ?? NONE, { positional: [], keywords: [] });
      for (const entry of expr.entries) {
        const later = entry.key === undefined ? undefined : unread(entry.value, scope);
        if (later !== undefined && dict.kind === "dict" && entry.key?.kind === "string" && !entry.key.bytes) {
          const read = (): Value => forceName(interp, later.value, later.name, scope);
          interp.journal.setEntry(dict, `s:${entry.key.value}`, lazyEntry(str(entry.key.value), read));
          continue;
        }
        const key = entry.key === undefined ? undefined : evaluate(interp, entry.key, scope);
        const value = evaluate(interp, entry.value, scope);
        if (key === undefined)
          interp.lang.call(interp, interp.lang.getAttribute(interp, dict, "update", undefined), {
            positional: [{ value }],
            keywords: [],
          });
        else interp.lang.setItem(interp, dict, key, value);
      }
      return dict;
    }
    case "function":
      return makeFunction(interp, expr, scope);
    case "unary": {
      const operand = evaluate(interp, expr.operand, scope);
      at(interp, expr.span);
      if (expr.op === "not") {
        const truth = interp.lang.truth(interp, operand);
        return isWhy(truth) ? unknown(truth) : bool(!truth);
      }
      const value = interp.lang.unary(interp, expr.op, operand);
      see(interp, expr.span, value);
      return value;
    }
    case "binary": {
      const left = evaluate(interp, expr.left, scope);
      const right = evaluate(interp, expr.right, scope);
      at(interp, expr.span);
      const value = interp.lang.binary(interp, expr.op, left, right, expr.inPlace === true);
      see(interp, expr.span, value);
      return value;
    }
    case "compare": {
      const left = evaluate(interp, expr.left, scope);
      const right = evaluate(interp, expr.right, scope);
      at(interp, expr.span);
      return interp.lang.compare(interp, expr.op, left, right);
    }
    case "logic": {
      const left = evaluate(interp, expr.left, scope);
      const truth = interp.lang.truth(interp, left);
      if (!isWhy(truth)) return truth === (expr.op === "and") ? evaluate(interp, expr.right, scope) : left;
      return joinWays(
        interp,
        truth,
        () => evaluate(interp, expr.right, scope),
        () => left,
      );
    }
    case "conditional": {
      const truth = interp.lang.truth(interp, evaluate(interp, expr.test, scope));
      const value = isWhy(truth)
        ? joinWays(
            interp,
            truth,
            () => evaluate(interp, expr.then, scope),
            () => evaluate(interp, expr.otherwise, scope),
          )
        : evaluate(interp, truth ? expr.then : expr.otherwise, scope);
      see(interp, expr.span, value);
      return value;
    }
    case "bind": {
      const value = evaluate(interp, expr.value, scope);
      writeName(interp, expr.name, value, scope);
      if (!expr.name.startsWith(".")) seeBind(interp, expr.span, expr.name, value);
      return value;
    }
    case "format":
      return evaluateFormat(interp, expr.parts, scope);
    case "yield": {
      // Of a generator these are isolated (suspend.ts); what is left awaits or stands outside of a function.
      const value = expr.value === undefined ? NONE : evaluate(interp, expr.value, scope);
      if (expr.await) return value.kind === "iterator" && value.why !== undefined ? unknown(value.why) : value;
      return unknown(gap(interp, t("a yield outside of a function")));
    }
    case "error":
      return unknown({ reason: t("this is not valid Python"), ...placeHere(interp, expr.span) });
  }
}

/** Calls a value with arguments already evaluated. */
export function callValue(interp: Interp, callee: Value, args: CallArgs): Value {
  step(interp);
  switch (callee.kind) {
    case "function":
      return callFunction(interp, callee, args);
    case "method": {
      const all: CallArgs = { ...args, positional: [{ value: callee.self }, ...args.positional] };
      return callValue(interp, callee.fn, all);
    }
    case "builtin":
      return callee.call(interp, args);
    case "lazy":
      return callValue(interp, force(interp, callee), args);
    default:
      return interp.lang.call(interp, callee, args);
  }
}

/** All values of an iterable, or why they are not known. */
export function itemsOf(interp: Interp, value: Value): readonly Value[] | Why {
  if (value.kind === "tuple") return value.items;
  if (value.kind === "list") return value.why ?? value.items.slice();
  const iterator = interp.lang.iterate(interp, value);
  const items: Value[] = [];
  for (;;) {
    step(interp);
    const next = advance(interp, iterator);
    if (next === undefined) break;
    items.push(next);
    if (100_000 < items.length) return gap(interp, t("an iteration without end"));
  }
  return iterator.why ?? items;
}

/** Writes to a target. Unpacking reports a wrong number of values. */
export function assign(interp: Interp, target: Target, value: Value, scope: Scope): void {
  switch (target.kind) {
    case "name":
      writeName(interp, target.name, value, scope);
      if (!target.name.startsWith(".")) seeBind(interp, target.span, target.name, value);
      return;
    case "attribute": {
      const object = evaluate(interp, target.object, scope);
      at(interp, target.span);
      interp.lang.setAttribute(interp, object, target.name, value);
      if (target.object.kind === "name" && target.object.name === "self")
        seeBind(interp, target.span, `self.${target.name}`, value);
      return;
    }
    case "index": {
      const object = evaluate(interp, target.object, scope);
      const index = evaluate(interp, target.index, scope);
      at(interp, target.span);
      interp.lang.setItem(interp, object, index, value);
      return;
    }
    case "unpack": {
      at(interp, target.span);
      if (isPlainScalar(value) || value.kind === "function") {
        const message = `cannot unpack non-iterable ${interp.lang.typeName(interp, value)} object`;
        const lost = fail(interp, "TypeError", message);
        for (const item of target.items) assign(interp, item.target, lost, scope);
        return;
      }
      const items = itemsOf(interp, value);
      if (isWhy(items)) {
        for (const item of target.items) assign(interp, item.target, unknown(items), scope);
        return;
      }
      const star = target.items.findIndex((item) => item.star);
      const need = target.items.length - (star < 0 ? 0 : 1);
      if (star < 0 ? items.length !== need : items.length < need) {
        const message =
          items.length < need
            ? `not enough values to unpack (expected ${star < 0 ? "" : "at least "}${need}, got ${items.length})`
            : `too many values to unpack (expected ${need})`;
        const lost = fail(interp, "ValueError", message);
        for (const item of target.items) assign(interp, item.target, lost, scope);
        return;
      }
      target.items.forEach((item, i) => {
        const after = items.length - (target.items.length - i);
        if (star < 0 || i < star) assign(interp, item.target, items[i] ?? NONE, scope);
        else if (i === star) assign(interp, item.target, list(items.slice(i, after + 1)), scope);
        else assign(interp, item.target, items[after] ?? NONE, scope);
      });
      return;
    }
    case "error":
      return;
  }
}

/** Reads a name as Python does: local, enclosing, module, builtin. */
function readName(interp: Interp, name: string, span: Span, scope: Scope): Value {
  const value = lookup(scope, name);
  if (value !== undefined) {
    if (value.kind !== "lazy") return value;
    at(interp, span);
    return forceName(interp, value, name, scope);
  }
  if (isLocal(scope, name)) {
    at(interp, span);
    return interp.lang.missingName(interp, name, span, scope, true);
  }
  const builtin = isUnboundAround(scope, name) ? undefined : interp.lang.builtins.get(name);
  if (builtin !== undefined) return builtin;
  if (name === "__class__" && scope.cell?.cls !== undefined) return scope.cell.cls;
  at(interp, span);
  return interp.lang.missingName(interp, name, span, scope, false);
}

export function writeName(interp: Interp, name: string, value: Value, scope: Scope): void {
  const { vars, born } = targetScope(scope, name);
  if (born === interp.journal.now()) vars.set(name, value);
  else interp.journal.set(vars, name, value);
}

/** A value itself, a lazily imported one resolved. */
export function force(interp: Interp, value: Value): Value {
  return value.kind === "lazy" ? force(interp, value.resolve(interp)) : value;
}

/** Marks the expression under evaluation, for places of errors and operators. */
export function at(interp: Interp, span: Span): void {
  const frame = interp.frames[interp.frames.length - 1];
  if (frame !== undefined) frame.span = span;
}

/** Evaluates both ways of an unknown condition on copies of the state and joins them. */
function joinWays(interp: Interp, why: Why, a: () => Value, b: () => Value): Value {
  let left: Value | undefined;
  let right: Value | undefined;
  speculate(
    interp,
    why,
    () => {
      left = a();
    },
    () => {
      right = b();
    },
  );
  if (left === undefined) return right ?? unknown(why);
  return right === undefined ? left : joinValues(left, right, why);
}

export function makeFunction(interp: Interp, expr: FunctionExpr, scope: Scope): FunctionValue {
  const defaults = new Map<string, Value>();
  for (const param of expr.params) {
    if (param.fallback === undefined) continue;
    defaults.set(param.name, unread(param.fallback, scope)?.value ?? evaluate(interp, param.fallback, scope));
  }
  const frame = topFrame(interp);
  return {
    kind: "function",
    expr,
    module: frame.module,
    closure: scope.kind === "class" ? (scope.parent ?? scope) : scope,
    defaults,
    cell: scope.cell,
    qualname: frame.qualname === undefined ? expr.name : `${frame.qualname}.${expr.name}`,
    attrs: undefined,
  };
}

/** Shows a value at a place of the source, if this is the user's code in a forward pass. */
function see(interp: Interp, span: Span, value: Value): void {
  const recorder = interp.recorder;
  if (
    recorder === undefined ||
    (value.kind !== "tensor" &&
      value.kind !== "tuple" &&
      value.kind !== "list" &&
      value.kind !== "unknown" &&
      value.kind !== "dict")
  )
    return;
  const frame = interp.frames[interp.frames.length - 1];
  const file = frame?.module.file;
  if (frame === undefined || file === undefined || !recorder.enabled(file)) return;
  record(recorder, file, span, "value", undefined, frame.statement, frame.path ?? "", value);
}

function seeBind(interp: Interp, span: Span, name: string, value: Value): void {
  const recorder = interp.recorder;
  const frame = interp.frames[interp.frames.length - 1];
  const file = frame?.module.file;
  if (
    recorder === undefined ||
    frame === undefined ||
    file === undefined ||
    frame.function.startsWith("<") ||
    !recorder.enabled(file)
  )
    return;
  record(recorder, file, span, "bind", name, frame.statement, frame.path ?? "", value);
}

function evaluateFormat(interp: Interp, parts: Extract<Expr, { kind: "format" }>["parts"], scope: Scope): Value {
  let text = "";
  let lost: Value | undefined;
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = evaluate(interp, part.value, scope);
    const spec = part.spec === undefined ? str("") : evaluate(interp, part.spec, scope);
    const formatted = spec.kind === "str" ? interp.lang.format(interp, value, part.conversion, spec.value) : spec;
    if (formatted.kind === "str") text += formatted.value;
    else lost = formatted;
  }
  return lost ?? str(text);
}

const literals = new WeakMap<Expr, IntValue>();

function numberValue(
  interp: Interp,
  value: number,
  isFloat: boolean,
  imaginary: true | undefined,
  expr: Expr,
  _scope: Scope,
): Value {
  if (imaginary) return { kind: "complex", re: 0, im: value };
  if (isFloat) return float(value);
  const known = literals.get(expr);
  if (known !== undefined) return known;
  const file = topFrame(interp).module.file;
  const made: IntValue =
    file === undefined
      ? int(value)
      : {
          kind: "int",
          dim: {
            size: value,
            origin: { kind: "literal", label: String(value), place: { file, span: expr.span }, from: [] },
          },
        };
  literals.set(expr, made);
  return made;
}

function placeHere(interp: Interp, span: Span): { place?: { file: string; span: Span } } {
  at(interp, span);
  const place = here(interp);
  return place === undefined ? {} : { place };
}
