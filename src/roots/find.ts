import type { Root } from "../analysis.ts";
import type { CallExpr, Module } from "../core/core.ts";
import { loadedModule, type Session } from "../evaluation.ts";
import { type InputSpec, parseInput } from "../graph/input.ts";
import { classAttribute } from "../lang/types.ts";
import { moduleClass } from "../torch/module.ts";
import { calledRoots } from "./called.ts";
import { mayBuild } from "./factories.ts";

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
  roots.push(...calledRoots(session, file));
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
