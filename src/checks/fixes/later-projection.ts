import type { AssignStmt, CallExpr, Expr, IfStmt, Module } from "../../core/core.ts";
import type { ResidualAdd } from "../../graph/graph.ts";
import type { Place, Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, callAt, classAt, method, within } from "../code.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import { firstBlock } from "./first-block-stride.ts";

/**
 * The first block of a stage is handed a projection that the later ones lack: they get one of their own, made by the same
 * expression under the same condition.
 */
export function projectLaterBlocks(
  context: Context,
  run: Run,
  add: ResidualAdd,
  instances: readonly string[],
): readonly Fix[] {
  const first = firstBlock(instances[0] ?? "");
  const built = run.modules.get(add.path)?.place;
  const model = first === undefined ? undefined : run.modules.get(first)?.place;
  if (built === undefined || model === undefined || built.file !== model.file || add.kind !== "identity") return [];
  if (placeKey(built) === placeKey(model)) return [];
  const module = context.input.module(built.file);
  const source = context.input.source(built.file);
  if (module === undefined || source === undefined) return [];
  const [later, earlier] = [callAt(module, built.span), callAt(module, model.span)];
  const last = later?.args.at(-1);
  const given = earlier === undefined ? undefined : projectionOf(context, run, add, module, model, earlier);
  if (given === undefined || last === undefined || later?.args.some(({ keyword }) => keyword === given.parameter)) {
    return [];
  }
  const made = oneLine(source, given.value.span);
  const test = given.test === undefined ? undefined : oneLine(source, given.test.span);
  if (made === undefined || (given.test !== undefined && test === undefined)) return [];
  const value = test === undefined ? made : `${made} if ${test} else None`;
  const place = { file: built.file, span: { start: last.span.end, end: last.span.end } };
  return [
    {
      title: t("Give later blocks a projection shortcut"),
      edits: [{ place, text: `, ${given.parameter}=${value}` }],
      preferred: false,
      safe: false,
    },
  ];
}

interface Projection {
  readonly parameter: string;
  readonly value: Expr;
  readonly test: Expr | undefined;
}

/** The argument of the first block's call that is a name, assigned from a call in the same function. */
function projectionOf(
  context: Context,
  run: Run,
  add: ResidualAdd,
  module: Module,
  place: Place,
  call: CallExpr,
): Projection | undefined {
  const cls = run.modules.get(add.path)?.classPlace;
  const classModule = cls === undefined ? undefined : context.input.module(cls.file);
  const stmt = cls === undefined || classModule === undefined ? undefined : classAt(classModule, cls.span);
  const params = stmt === undefined ? undefined : method(stmt, "__init__")?.value.params;
  const scope = around(module, place.span).findLast((node) => node.kind === "function");
  if (scope?.kind !== "function") return undefined;
  for (const [index, argument] of call.args.entries()) {
    const name = argument.value.kind === "name" ? argument.value.name : undefined;
    const parameter = argument.keyword ?? params?.[index + 1]?.name;
    if (name === undefined || parameter === undefined) continue;
    const found = assigned(scope.body, name, undefined, place.span);
    if (found !== undefined) return { parameter, value: found.value, test: found.test };
  }
  return undefined;
}

function assigned(
  body: IfStmt["then"],
  name: string,
  test: Expr | undefined,
  before: Span,
): { readonly value: Expr; readonly test: Expr | undefined } | undefined {
  for (const stmt of body) {
    if (stmt.kind === "if" && !within(before, stmt.span)) {
      const found = assigned(stmt.then, name, stmt.test, before);
      if (found !== undefined) return found;
    }
    if (isAssignment(stmt, name) && stmt.value?.kind === "call") return { value: stmt.value, test };
  }
  return undefined;
}

function isAssignment(stmt: IfStmt["then"][number], name: string): stmt is AssignStmt {
  return stmt.kind === "assign" && stmt.target.kind === "name" && stmt.target.name === name;
}

/** The text of an expression on one line; undefined where that is not simply its lines joined. */
function oneLine(source: string, span: Span): string | undefined {
  const text = source.slice(span.start, span.end);
  if (/[#\\]|"""|'''/.test(text)) return undefined;
  return text
    .replace(/\s*[\r\n]\s*/g, " ")
    .replace(/([([{]) /g, "$1")
    .replace(/,? ([)\]}])/g, "$1");
}
