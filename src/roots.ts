import type { Root } from "./analysis.ts";
import type { CallExpr, Expr, Module, Stmt } from "./core/core.ts";
import { evaluate } from "./eval/evaluate.ts";
import { Raised } from "./eval/interp.ts";
import type { Scope } from "./eval/scope.ts";
import { loadedModule, moduleFrame, type Session } from "./evaluation.ts";
import { type InputSpec, parseInput } from "./graph/input.ts";
import { classAttribute } from "./lang/types.ts";
import { parseExpression } from "./syntax/python/parse.ts";
import { isModule, moduleClass } from "./torch/module.ts";

/** What a file builds and could be analyzed from, best first: comments, calls, factories, classes. */
export function findRoots(session: Session, file: string): readonly Root[] {
  const parsed = session.parsed(file);
  if (parsed === undefined) return [];
  const module = loadedModule(session, file);
  const roots: Root[] = [];
  const { text } = parsed;
  for (const comment of parsed.module.comments) {
    const model = /^resnet-lens:\s*model\s+(.+)$/.exec(comment.text)?.[1];
    if (model !== undefined)
      roots.push({
        file,
        model: model.trim(),
        input: inputNear(parsed.module, text, comment.span.end),
        place: { file, span: comment.span },
        kind: "comment",
      });
  }
  roots.push(...calledRoots(parsed.module, text, file));
  for (const stmt of parsed.module.body) {
    if (
      stmt.kind !== "def" ||
      stmt.value.params.some(
        (param) =>
          (param.kind === "normal" || param.kind === "positional-only" || param.kind === "keyword-only") &&
          param.fallback === undefined,
      )
    )
      continue;
    const model = `${stmt.value.name}()`;
    if (roots.some((root) => root.model === model) || !mayBuild(session, file, module.scope, stmt.value.body, model))
      continue;
    roots.push({
      file,
      model,
      input: inputNear(parsed.module, text, stmt.span.start),
      place: { file, span: stmt.nameSpan },
      kind: "factory",
    });
  }
  const constructed = new Set<string>();
  visitCalls(parsed.module.body, (call) => {
    if (call.callee.kind === "name") constructed.add(call.callee.name);
    for (const arg of call.args) if (arg.value.kind === "name") constructed.add(arg.value.name);
  });
  for (const stmt of parsed.module.body) {
    if (stmt.kind !== "class" || constructed.has(stmt.name)) continue;
    const cls = module.scope.vars.get(stmt.name);
    if (
      cls?.kind !== "class" ||
      !cls.mro.includes(moduleClass) ||
      parsed.module.body.some(
        (other) =>
          other.kind === "class" &&
          other.bases.some((base) => base.value.kind === "name" && base.value.name === stmt.name),
      )
    )
      continue;
    const init = classAttribute(cls, "__init__");
    if (init?.kind !== "function" || classAttribute(cls, "forward") === undefined) continue;
    const needs = init.expr.params
      .slice(1)
      .some((param) => (param.kind === "normal" || param.kind === "keyword-only") && param.fallback === undefined);
    roots.push({
      file,
      model: needs ? stmt.name : `${stmt.name}()`,
      input: inputNear(parsed.module, text, stmt.span.start),
      place: { file, span: stmt.nameSpan },
      kind: "class",
    });
  }
  return roots;
}

/** Calls at module level, under `if __name__ == …` or in a test function that build a model and call it. */
function calledRoots(module: Module, text: string, file: string): readonly Root[] {
  const roots: Root[] = [];
  const blocks: (readonly Stmt[])[] = [module.body];
  for (const stmt of module.body) {
    if (stmt.kind === "if") blocks.push(stmt.then);
    if (stmt.kind === "def" && (/^(test|main|demo|example)/.test(stmt.value.name) || stmt.value.name === "test"))
      blocks.push(stmt.value.body);
  }
  for (const block of blocks) {
    const built = new Map<string, { readonly call: CallExpr; readonly model: string }>();
    const tensors = new Map<string, InputSpec>();
    for (const stmt of block) {
      visitCalls([stmt], (call) => {
        const name = call.callee.kind === "name" ? call.callee.name : undefined;
        const made = name === undefined ? undefined : built.get(name);
        if (made === undefined) return;
        const inputs = call.args.map((arg) =>
          arg.value.kind === "name" ? tensors.get(arg.value.name) : tensorSpec(arg.value),
        );
        if (inputs.length === 0 || inputs.some((spec) => spec === undefined)) return;
        if (roots.some((root) => root.model === made.model)) return;
        roots.push({
          file,
          model: made.model,
          input: inputs as InputSpec[],
          place: { file, span: made.call.span },
          kind: "call",
        });
      });
      if (stmt.kind !== "assign" || stmt.target.kind !== "name" || stmt.value?.kind !== "call") continue;
      const spec = tensorSpec(stmt.value);
      if (spec !== undefined) tensors.set(stmt.target.name, spec);
      else
        built.set(stmt.target.name, {
          call: stmt.value,
          model: text.slice(stmt.value.span.start, stmt.value.span.end).replace(/\s+/g, " "),
        });
    }
  }
  return roots;
}

/** `torch.randn(2, 3, 224, 224)` and its like, with literal sizes. */
function tensorSpec(expr: Expr): InputSpec | undefined {
  if (
    expr.kind !== "call" ||
    expr.callee.kind !== "attribute" ||
    !/^(randn|rand|zeros|ones|empty)$/.test(expr.callee.name)
  )
    return undefined;
  const positional = expr.args.filter((arg) => arg.keyword === undefined).map((arg) => arg.value);
  const first = positional[0];
  const sizes = positional.length === 1 && first?.kind === "list" ? first.items.map((item) => item.value) : positional;
  const shape = sizes.map((size) => (size.kind === "number" && !size.float ? size.value : Number.NaN));
  return shape.length === 0 || shape.some(Number.isNaN) ? undefined : { kind: "tensor", shape };
}

/** Whether a factory's result is a module, told from what it returns where that is a call; else it is built once. */
function mayBuild(session: Session, file: string, scope: Scope, body: readonly Stmt[], model: string): boolean {
  const made = returnedCalls(body).map((callee) => (callee === undefined ? undefined : builtBy(scope, callee, 0)));
  if (made.length === 0) return false;
  if (made.every((known) => known === false)) return false;
  return made.some((known) => known === true) || buildsModule(session, file, model);
}

/** Name of what each `return` calls; undefined where it is no call of a plain name. */
function returnedCalls(body: readonly Stmt[]): readonly (string | undefined)[] {
  const calls = new Map<string, string>();
  const found: (string | undefined)[] = [];
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      if (
        stmt.kind === "assign" &&
        stmt.target.kind === "name" &&
        stmt.value?.kind === "call" &&
        stmt.value.callee.kind === "name"
      )
        calls.set(stmt.target.name, stmt.value.callee.name);
      if (stmt.kind === "if") {
        visit(stmt.then);
        visit(stmt.otherwise);
      }
      if (stmt.kind === "with") visit(stmt.body);
      if (stmt.kind !== "return" || stmt.value === undefined) continue;
      if (stmt.value.kind === "call")
        found.push(stmt.value.callee.kind === "name" ? stmt.value.callee.name : undefined);
      else found.push(stmt.value.kind === "name" ? calls.get(stmt.value.name) : undefined);
    }
  };
  visit(body);
  return found;
}

/** Whether a call of that name gives a module; undefined where it is not told from its definition. */
function builtBy(scope: Scope, name: string, depth: number): boolean | undefined {
  const value = scope.vars.get(name);
  if (value?.kind === "class")
    return value.mro.includes(moduleClass) || (value.mro.some((c) => c.unknownBase !== undefined) ? undefined : false);
  if (value?.kind === "builtin") return false;
  if (value?.kind !== "function" || value.module.scope !== scope || 4 < depth) return undefined;
  const made = returnedCalls(value.expr.body).map((callee) =>
    callee === undefined ? undefined : builtBy(scope, callee, depth + 1),
  );
  return made.find((known) => known !== undefined) ?? undefined;
}

/** Whether the expression gives a module; its effects are undone. */
function buildsModule(session: Session, file: string, model: string): boolean {
  const { interp } = session;
  const module = loadedModule(session, file);
  const expr = parseExpression(model);
  if (expr === undefined) return false;
  const mark = interp.journal.begin();
  const frames = interp.frames;
  interp.frames = [moduleFrame(module)];
  try {
    const value = evaluate(interp, expr, module.scope);
    return isModule(value) || value.kind === "unknown";
  } catch (error) {
    if (error instanceof Raised) return false;
    throw error;
  } finally {
    interp.journal.rollback(mark);
    interp.frames = frames;
    interp.handlers = 0;
    interp.speculating = 0;
    interp.problems = [];
  }
}

/** The `# resnet-lens: input …` comment right above an offset. */
function inputNear(module: Module, text: string, offset: number): readonly InputSpec[] | undefined {
  for (const comment of module.comments) {
    const spec = /^resnet-lens:\s*input\s+(.+)$/.exec(comment.text)?.[1];
    if (spec === undefined || offset < comment.span.end || text.slice(comment.span.end, offset).trim() !== "") continue;
    const parsed = parseInput(spec);
    if (parsed.kind === "ok") return [parsed.input];
  }
  return undefined;
}

function visitCalls(node: unknown, visit: (call: CallExpr) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) visitCalls(item, visit);
    return;
  }
  const record = node as Record<string, unknown>;
  if (record.kind === "call") visit(record as unknown as CallExpr);
  for (const key of Object.keys(record)) if (key !== "span" && key !== "scope") visitCalls(record[key], visit);
}
