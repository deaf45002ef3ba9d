import type { CallExpr, Expr, FunctionExpr, Stmt } from "../core/core.ts";
import { evaluate } from "../eval/evaluate.ts";
import { Exhausted, Raised } from "../eval/interp.ts";
import { moduleFrame } from "../eval/module-level.ts";
import type { Scope } from "../eval/scope.ts";
import { lookup } from "../eval/scope.ts";
import type { Value } from "../eval/value.ts";
import { loadedModule, type Session } from "../evaluation.ts";
import { classAttribute } from "../lang/types.ts";
import { parseExpression } from "../syntax/python/parse.ts";
import { isModule, moduleClass } from "../torch/module.ts";

/** Steps in which one expression must show what it gives. */
const ASIDE_STEPS = 400_000;
/** Steps that the factories of one file may take to show what they give. */
const FACTORY_STEPS = 2_000_000;

/**
 * Whether a function's result is a module: told from its annotation, or from what it returns where that is a call; else
 * it is called once, and so is only one of the functions that return calls of the same names.
 */
export function createJudge(session: Session, file: string, scope: Scope): (fn: FunctionExpr) => boolean {
  const { interp } = session;
  const verdicts = new Map<string, boolean>();
  let left = FACTORY_STEPS;
  return ({ name, body, returns }) => {
    const calls = returnedCalls(body);
    if (calls.length === 0) return false;
    const values = calls.map((made) => (made === undefined ? undefined : lookup(scope, made.name)));
    // Called without an argument such a function fails for want of those that its callers give.
    if (calls.some((made, i) => made !== undefined && leavesOpen(made.call, values[i]))) return false;
    const annotated = annotatedAs(session, file, returns);
    if (annotated !== undefined) return annotated;
    const made = values.map((value) => builtBy(value, 1));
    if (made.every((known) => known === false)) return false;
    if (made.some((known) => known === true)) return true;
    const key = calls.includes(undefined) ? `${name}()` : [...new Set(calls.map((call) => call?.name))].sort().join();
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    if (left <= 0) return false;
    const before = interp.steps;
    const verdict = buildsModule(session, file, `${name}()`);
    left -= interp.steps - before;
    verdicts.set(key, verdict);
    return verdict;
  };
}

/** Whether a return annotation is a class of modules, or of none; undefined where it is no plain name of a class. */
function annotatedAs(session: Session, file: string, returns: Expr | undefined): boolean | undefined {
  if (returns === undefined) return undefined;
  if (returns.kind === "constant" && returns.value === "none") return false;
  const text = returns.kind === "string" ? returns.value : dottedName(returns);
  if (text === undefined || !/^[^\W\d][\w.]*$/.test(text)) return undefined;
  const value = evaluatedAside(session, file, text);
  return value?.kind === "class" ? builtBy(value, 0) : undefined;
}

function dottedName(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.name;
  const object = expr.kind === "attribute" ? dottedName(expr.object) : undefined;
  return expr.kind === "attribute" && object !== undefined ? `${object}.${expr.name}` : undefined;
}

/** Whether a call of the value gives a module; undefined where that is not told from its definition. */
export function builtBy(value: Value | undefined, depth: number): boolean | undefined {
  if (value?.kind === "class") {
    // A loss is built and called as a model is, and is none.
    if (value.place === undefined && value.name.endsWith("Loss")) return false;
    return value.mro.includes(moduleClass) || (value.mro.some((c) => c.unknownBase !== undefined) ? undefined : false);
  }
  if (value?.kind === "builtin") return false;
  if (value?.kind !== "function" || 4 < depth) return undefined;
  const { module, expr } = value;
  for (const made of returnedCalls(expr.body)) {
    const known = made === undefined ? undefined : builtBy(lookup(module.scope, made.name), depth + 1);
    if (known !== undefined) return known;
  }
  return undefined;
}

interface ReturnedCall {
  readonly name: string;
  readonly call: CallExpr;
}

/** What each `return` calls by a plain name; undefined where it is no such call. */
function returnedCalls(body: readonly Stmt[]): readonly (ReturnedCall | undefined)[] {
  const calls = new Map<string, ReturnedCall>();
  const found: (ReturnedCall | undefined)[] = [];
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      if (stmt.kind === "assign" && stmt.target.kind === "name") {
        const made = namedCall(stmt.value);
        if (made !== undefined) calls.set(stmt.target.name, made);
      }
      if (stmt.kind === "if") {
        visit(stmt.then);
        visit(stmt.otherwise);
      }
      if (stmt.kind === "with") visit(stmt.body);
      if (stmt.kind !== "return" || stmt.value === undefined) continue;
      if (stmt.value.kind === "call") found.push(namedCall(stmt.value));
      else found.push(stmt.value.kind === "name" ? calls.get(stmt.value.name) : undefined);
    }
  };
  visit(body);
  return found;
}

function namedCall(expr: Expr | undefined): ReturnedCall | undefined {
  return expr?.kind === "call" && expr.callee.kind === "name" ? { name: expr.callee.name, call: expr } : undefined;
}

/** Whether a call leaves parameters without a default to what it hands on with `*` or `**`. */
function leavesOpen({ args }: CallExpr, callee: Value | undefined): boolean {
  if (args.every(({ star }) => star === undefined)) return false;
  const init = callee?.kind === "class" ? classAttribute(callee, "__init__") : callee;
  if (init?.kind !== "function") return false;
  const params = init.expr.params.slice(callee?.kind === "class" ? 1 : 0);
  const named = new Set(args.flatMap(({ keyword }) => keyword ?? []));
  const positional = args.filter(({ keyword, star }) => keyword === undefined && star === undefined).length;
  return params.some(
    ({ name, kind, fallback }, i) =>
      fallback === undefined &&
      !kind.includes("star") &&
      !named.has(name) &&
      (kind === "keyword-only" || positional <= i),
  );
}

/** Whether the expression gives a module; so it is taken to if it takes longer than may be waited for. */
export function buildsModule(session: Session, file: string, model: string): boolean {
  const value = aside(session, file, model);
  return value === "long" || (value !== undefined && isModule(value));
}

/** What an expression gives in a file's own names, with its effects undone; undefined if it raises, is none or takes long. */
export function evaluatedAside(session: Session, file: string, text: string): Value | undefined {
  const value = aside(session, file, text);
  return value === "long" ? undefined : value;
}

function aside(session: Session, file: string, text: string): Value | "long" | undefined {
  const expr = parseExpression(text);
  if (expr === undefined) return undefined;
  const { interp } = session;
  const module = loadedModule(session, file);
  const { frames, limits } = interp;
  const mark = interp.journal.begin();
  interp.frames = [moduleFrame(module)];
  interp.limits = { ...limits, steps: Math.min(limits.steps, interp.steps + ASIDE_STEPS) };
  try {
    return evaluate(interp, expr, module.scope);
  } catch (error) {
    if (error instanceof Raised) return undefined;
    if (error instanceof Exhausted || error instanceof RangeError) return "long";
    throw error;
  } finally {
    interp.journal.rollback(mark);
    interp.frames = frames;
    interp.limits = limits;
    interp.handlers = 0;
    interp.speculating = 0;
    interp.problems = [];
  }
}
