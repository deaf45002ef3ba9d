import type { Root } from "../analysis.ts";
import type { CallExpr, Module } from "../core/core.ts";
import { loadedModule, type Session } from "../evaluation.ts";
import { type InputSpec, parseInput } from "../graph/input.ts";
import { classAttribute } from "../lang/types.ts";
import type { Span } from "../text/span.ts";
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
        input: inputNear(parsed.module, text, comment.span),
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
      input: inputNear(parsed.module, text, { start: stmt.span.start, end: stmt.span.start }),
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
      input: inputNear(parsed.module, text, { start: stmt.span.start, end: stmt.span.start }),
      place: { file, span: stmt.nameSpan },
      kind: "class",
    });
  }
  return roots;
}

/** What the `# resnet-lens: input …` comments around a stretch give, with nothing but our comments between; one an input. */
function inputNear(module: Module, text: string, { start, end }: Span): readonly InputSpec[] | undefined {
  const own = module.comments.filter(({ text: comment }) => /^resnet-lens:\s*(?:input|model)\b/.test(comment));
  const blank = (from: number, to: number): boolean => from <= to && text.slice(from, to).trim() === "";
  const around: (typeof own)[number][] = [];
  let top = start;
  for (const comment of own.toReversed())
    if (blank(comment.span.end, top)) {
      around.unshift(comment);
      top = comment.span.start;
    }
  let bottom = end;
  for (const comment of own)
    if (blank(bottom, comment.span.start)) {
      around.push(comment);
      bottom = comment.span.end;
    }
  const specs = around.flatMap(({ text: comment }) => /^resnet-lens:\s*input\s+(.+)$/.exec(comment)?.[1] ?? []);
  const inputs = specs.flatMap((spec) => {
    const parsed = parseInput(spec);
    return parsed.kind === "ok" ? [parsed.input] : [];
  });
  return 0 < inputs.length && inputs.length === specs.length ? inputs : undefined;
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
