import type { Expr, FunctionExpr, IterateStmt, Stmt } from "../../core/core.ts";
import { around, callsIn, within } from "../code.ts";
import type { Context } from "../context.ts";
import { layerCall } from "./layer-call.ts";
import { type Level, namesIn } from "./level.ts";

/** Expressions tried at one place, at most. */
const MOST_TEXTS = 100;
/** Characters of an expression that is repeated. */
const LONGEST = 48;

/**
 * Texts that may stand for a number at a call, likeliest first: what the same function writes for numbers, most often
 * written first, then its parameters, then products with what blocks multiply by.
 */
export function expressionsAt(level: Level): readonly string[] {
  const { fn, source, cls, module } = level;
  const body = fn?.body ?? module.body;
  const counts = new Map<string, number>();
  const note = (text: string, weight = 1): void => {
    if (text.length <= LONGEST && !/[\r\n#]/.test(text)) counts.set(text, (counts.get(text) ?? 0) + weight);
  };
  for (const expr of numbersIn(body, fn)) note(source.slice(expr.span.start, expr.span.end));
  const params = fn?.params.map(({ name }) => name).filter((name) => name !== "self" && name !== "cls") ?? [];
  const written = [...counts].sort((a, b) => b[1] - a[1]).map(([text]) => text);
  const multiplied = written.flatMap((text) => /^[\w.]+ \* ([\w.]+)$/.exec(text)?.[1] ?? []);
  const factors = [...new Set([...multiplied, ...factorsOf(level)])];
  const bases = [...new Set([...written.filter((text) => /^[\w.]+$/.test(text)), ...params])];
  const products = bases.flatMap((base) =>
    factors.filter((factor) => factor !== base).map((factor) => `${base} * ${factor}`),
  );
  const stripped = written.flatMap((text) => {
    const [, left] = /^([\w.]+) (?:\*|\/\/) [\w.]+$/.exec(text) ?? [];
    return left === undefined ? [] : [left];
  });
  const counter = counterAround(level);
  const running =
    counter === undefined
      ? []
      : bases.flatMap((base) =>
          bases
            .filter((step) => step !== base && base !== counter && step !== counter && !/^\d/.test(step))
            .map((step) => `${base} + ${counter} * ${step}`),
        );
  const attributes = cls === undefined ? [] : selfNumbers(cls.body);
  const all = [
    ...written,
    ...params,
    ...stripped,
    ...products,
    ...attributes,
    ...doubled(bases),
    ...running.slice(0, MOST_RUNNING),
  ];
  return [...new Set(all)].filter((text) => !/^\d+$/.test(text)).slice(0, MOST_TEXTS);
}

/** The variable of a loop over a range around the call. */
function counterAround({ module, call }: Level): string | undefined {
  const loop = around(module, call.span).findLast((node): node is IterateStmt => node.kind === "iterate");
  const over = loop?.iterable;
  const isRange = over?.kind === "call" && over.callee.kind === "name" && over.callee.name === "range";
  return isRange && loop?.target.kind === "name" ? loop.target.name : undefined;
}

/** Arguments of layers that are numbers of their own kind. */
const OTHERS = ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups"];

/** Sums with a multiple of a loop's variable, at most. */
const MOST_RUNNING = 24;

/**
 * Texts for a small number such as a stride: what other calls of the function pass for it, the function's parameters of
 * that name, then its parameters that are numbers by default.
 */
export function likeTexts(context: Context, { fn, module, source, name }: Level, parameter: string): readonly string[] {
  const passed = callsIn(fn?.body ?? module.body).flatMap((call) => {
    const value = layerCall(context, module, call)?.argument(parameter)?.value;
    return value === undefined || value.kind === "number" ? [] : [source.slice(value.span.start, value.span.end)];
  });
  // What is handed on as something else is none of these.
  const otherwise = new Set(
    callsIn(fn?.body ?? module.body).flatMap((call) => {
      const layer = layerCall(context, module, call);
      return OTHERS.filter((one) => one !== parameter).flatMap((one) => namesIn(layer?.argument(one)?.value));
    }),
  );
  const isOther = (one: string): boolean => one !== parameter && one !== name && OTHERS.includes(one);
  const params = (fn?.params ?? []).filter((param) => !otherwise.has(param.name) && !isOther(param.name));
  const own = params.map((param) => param.name).filter((one) => one === parameter || one === name);
  const numbers = params.flatMap((param) => (param.fallback?.kind === "number" ? [param.name] : []));
  const plain = parameter === "stride" ? params.map((param) => param.name).filter((one) => one !== "self") : [];
  return [...new Set([...passed, ...own, ...(parameter === "stride" ? numbers : []), ...plain])].filter(
    (text) => text.length <= LONGEST && !/[\r\n#]/.test(text),
  );
}

function doubled(bases: readonly string[]): readonly string[] {
  return bases.filter((base) => !/^\d/.test(base)).flatMap((base) => [`${base} * 2`, `${base} // 2`]);
}

/** `self.expansion` in the class's own methods, `block.expansion` where a parameter may be the class. */
function factorsOf({ module, fn, cls }: Level): readonly string[] {
  const owned = module.body.flatMap((stmt) => (stmt.kind === "class" ? classNumbers(stmt.body) : []));
  const names = [...new Set(owned)];
  const own = cls === undefined ? [] : classNumbers(cls.body);
  const holders = fn?.params.map(({ name }) => name).filter((name) => name !== "self") ?? [];
  return [...own.map((name) => `self.${name}`), ...holders.flatMap((holder) => names.map((n) => `${holder}.${n}`))];
}

function classNumbers(body: readonly Stmt[]): readonly string[] {
  return body.flatMap((stmt) =>
    stmt.kind === "assign" && stmt.target.kind === "name" && stmt.value?.kind === "number" ? [stmt.target.name] : [],
  );
}

function selfNumbers(body: readonly Stmt[]): readonly string[] {
  const found = new Set<string>();
  for (const stmt of body) {
    if (stmt.kind !== "def" || stmt.value.name !== "__init__") continue;
    const self = stmt.value.params[0]?.name;
    for (const one of stmt.value.body)
      if (
        one.kind === "assign" &&
        one.target.kind === "attribute" &&
        one.target.object.kind === "name" &&
        one.target.object.name === self &&
        one.value !== undefined &&
        isNumber(one.value)
      )
        found.add(`${self}.${one.target.name}`);
  }
  return [...found];
}

/** Expressions of a function that may be numbers: arguments, compared and assigned values. */
function numbersIn(body: readonly Stmt[], fn: FunctionExpr | undefined): readonly Expr[] {
  const found: Expr[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (isFunction(value) && fn !== undefined && value !== fn && !value.name.startsWith("<")) return;
    if (isCall(value)) for (const { value: given } of value.args) if (isNumber(given)) found.push(given);
    if (isCompare(value)) for (const side of [value.left, value.right]) if (isNumber(side)) found.push(side);
    if (isAssign(value) && value.value !== undefined && isNumber(value.value)) found.push(value.value);
    if (isAssign(value) && (value.target.kind === "name" || value.target.kind === "attribute"))
      if (isNumber(value.target)) found.push(value.target);
    for (const child of Object.values(value)) visit(child);
  };
  visit(body);
  return found.filter((expr) => fn === undefined || within(expr.span, fn.span));
}

function isNumber(expr: Expr): boolean {
  switch (expr.kind) {
    case "name":
      return !expr.name.startsWith(".");
    case "number":
      return true;
    case "attribute":
      return expr.object.kind === "name";
    case "index":
      return expr.object.kind === "name" && (expr.index.kind === "number" || expr.index.kind === "name");
    case "binary":
      return isNumber(expr.left) && isNumber(expr.right);
    case "call":
      return expr.callee.kind === "name" && expr.callee.name === "int" && expr.args.every((a) => isNumber(a.value));
    default:
      return false;
  }
}

function isFunction(value: object): value is FunctionExpr {
  return "kind" in value && value.kind === "function";
}
function isCall(value: object): value is Extract<Expr, { kind: "call" }> {
  return "kind" in value && value.kind === "call";
}
function isCompare(value: object): value is Extract<Expr, { kind: "compare" }> {
  return "kind" in value && value.kind === "compare";
}
function isAssign(value: object): value is Extract<Stmt, { kind: "assign" }> {
  return "kind" in value && value.kind === "assign";
}
