import type { Setup } from "../analysis.ts";
import type { Expr, Module, Stmt } from "../core/core.ts";
import { assign, evaluate, itemsOf } from "../eval/evaluate.ts";
import { execBlock } from "../eval/execute.ts";
import { type Interp, Raised } from "../eval/interp.ts";
import { childScope, type Scope } from "../eval/scope.ts";
import type { ModuleValue, Value } from "../eval/value.ts";
import type { Span } from "../text/span.ts";
import { visit } from "./blocks.ts";

/**
 * The model as the code before its call leaves it: the statements of the block are run up to that call. Undefined if
 * the call is not found there. What fails before the model is built is left out; what fails in building it is raised.
 */
export function replay(interp: Interp, module: ModuleValue, tree: Module, setup: Setup): Value | undefined {
  const fn = tree.body.find((stmt) => stmt.kind === "def" && stmt.value.name === setup.within);
  if (fn?.kind !== "def") {
    const own = tree.body.filter(({ kind }) => kind !== "def" && kind !== "class" && kind !== "import");
    return run(interp, own, module.scope, setup);
  }
  const scope = childScope("function", module.scope, fn.value.scope);
  for (const param of fn.value.params) {
    if (param.fallback !== undefined)
      interp.journal.set(scope.vars, param.name, evaluate(interp, param.fallback, module.scope));
  }
  return run(interp, fn.value.body, scope, setup);
}

function run(interp: Interp, body: readonly Stmt[], scope: Scope, setup: Setup): Value | undefined {
  for (const stmt of body) {
    if (!holds(stmt.span, setup.call)) {
      before(interp, stmt, scope, setup);
      continue;
    }
    switch (stmt.kind) {
      case "if": {
        const part = [stmt.then, stmt.otherwise].find((some) => some.some(({ span }) => holds(span, setup.call)));
        return run(interp, part ?? [], scope, setup);
      }
      case "with":
      case "block":
        return run(interp, stmt.body, scope, setup);
      case "try":
        return run(interp, [...stmt.body, ...stmt.otherwise, ...stmt.final], scope, setup);
      case "iterate": {
        const items = itemsOf(interp, evaluate(interp, stmt.iterable, scope));
        const first = "length" in items ? items[0] : undefined;
        if (first === undefined) return undefined;
        assign(interp, stmt.target, first, scope);
        return run(interp, stmt.body, scope, setup);
      }
      case "loop":
        return run(interp, stmt.body, scope, setup);
      default: {
        let model: Expr | undefined;
        visit(stmt, (node) => {
          if (node.span.start === setup.model.start && node.span.end === setup.model.end) model ??= node;
        });
        return model === undefined ? undefined : evaluate(interp, model, scope);
      }
    }
  }
  return undefined;
}

function before(interp: Interp, stmt: Stmt, scope: Scope, setup: Setup): void {
  if (holds(stmt.span, setup.built)) {
    execBlock(interp, [stmt], scope);
    return;
  }
  const { problems } = interp;
  const depth = interp.frames.length;
  interp.problems = [];
  try {
    execBlock(interp, [stmt], scope);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    interp.frames.length = depth;
    interp.handlers = 0;
    interp.speculating = 0;
  }
  interp.problems = problems;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
