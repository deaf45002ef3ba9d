import type { AssignStmt, CallExpr, FunctionExpr, Stmt } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { around, attributeOf, callsIn, classAt, method, same } from "../code.ts";
import type { Context } from "../context.ts";
import type { Edit, Fix } from "../diagnostic.ts";
import { indentAt, lineBreak, lineEnd } from "./edits.ts";

/** Calls the layer after the one that is registered before it, where that is called once. It changes the numbers. */
export function callAfterPrevious(context: Context, path: string): readonly Fix[] {
  const run = context.concrete ?? context.symbolic;
  const parts = path.split(".");
  const name = parts.at(-1) ?? "";
  const parent = parts.slice(0, -1).join(".");
  const siblings = [...(run?.modules.keys() ?? [])].filter((one) => one !== "" && parentOf(one) === parent);
  const before = siblings[siblings.indexOf(path) - 1]?.split(".").at(-1);
  const place = run?.modules.get(parent)?.classPlace;
  const module = place === undefined ? undefined : context.input.module(place.file);
  const source = place === undefined ? undefined : context.input.source(place.file);
  if (before === undefined || place === undefined || module === undefined || source === undefined) return [];
  const cls = classAt(module, place.span);
  const forward = cls === undefined ? undefined : method(cls, "forward")?.value;
  const self = forward?.params[0]?.name;
  if (forward === undefined || self === undefined) return [];
  const [call, ...more] = callsIn(forward.body).filter(({ callee }) => attributeOf(callee, self) === before);
  if (call === undefined || more.length !== 0) return [];
  const edit = editAfter(source, place.file, forward, call, `${self}.${name}`);
  const title = t("Call {0} after {1}", `${self}.${name}`, `${self}.${before}`);
  return [{ title, edits: [edit], preferred: false, safe: false }];
}

function editAfter(source: string, file: string, forward: FunctionExpr, call: CallExpr, layer: string): Edit {
  const stmt = innermost(forward.body, call);
  if (stmt?.kind === "assign" && isWholeOf(stmt, call) && stmt.target.kind === "name") {
    const { name } = stmt.target;
    const end = lineEnd(source, stmt.span.end);
    const text = `${lineBreak(source)}${indentAt(source, stmt.span.start)}${name} = ${layer}(${name})`;
    return { place: { file, span: { start: end, end } }, text };
  }
  const text = `${layer}(${source.slice(call.span.start, call.span.end)})`;
  return { place: { file, span: call.span }, text };
}

function innermost(body: readonly Stmt[], call: CallExpr): Stmt | undefined {
  const nodes = around({ body, comments: [], names: [], syntaxErrors: [] }, call.span);
  return nodes.findLast((node): node is AssignStmt => node.kind === "assign");
}

function isWholeOf(stmt: AssignStmt, call: CallExpr): boolean {
  return stmt.value !== undefined && same(stmt.value.span, call.span) && stmt.augmented === undefined;
}

function parentOf(path: string): string {
  return path.split(".").slice(0, -1).join(".");
}
