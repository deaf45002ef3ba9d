import type { Argument, CallExpr, ClassStmt, Expr, FunctionExpr, Module } from "../../core/core.ts";
import type { GraphNode } from "../../graph/graph.ts";
import type { Place } from "../../text/span.ts";
import { around, same } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Edit } from "../diagnostic.ts";
import { indentAt, lineBreak } from "./edits.ts";
import { parametersAt } from "./statement.ts";

/**
 * One of the calls through which a layer gets one of its arguments: the layer's own call, the call of the helper around
 * that, the call of the block, and so on outward.
 */
export interface Level {
  readonly place: Place;
  readonly call: CallExpr;
  readonly module: Module;
  readonly source: string;
  /** The function that the call stands in, and the class of that. */
  readonly fn: FunctionExpr | undefined;
  readonly cls: ClassStmt | undefined;
  /** The parameter's name in what is called, and all names by position. */
  readonly name: string;
  readonly names: readonly string[];
  /** Undefined where the parameter falls back to its default. */
  readonly argument: Argument | undefined;
}

/** Where a layer's argument comes from, the layer's own call first; empty where that is not told by the syntax. */
export function levelsOf(
  context: Context,
  run: Run,
  path: string,
  parameter: string,
  node?: GraphNode,
): readonly Level[] {
  const module = run.modules.get(path);
  if (node !== undefined && module?.builtin !== true) return functionLevels(context, node, parameter);
  const names = parametersAt(context, run, path);
  return names === undefined ? [] : passedThrough(context, module?.built ?? [], names, parameter);
}

/** The same for an argument of a module of the user's own class. */
export function blockLevels(context: Context, run: Run, path: string, names: readonly string[]): Level | undefined {
  const place = run.modules.get(path)?.built?.at(-1);
  return place === undefined ? undefined : levelAt(context, place, names, "");
}

/** The call of a function that applies the operator, where its own name tells its parameters. */
function functionLevels(context: Context, node: GraphNode, parameter: string): readonly Level[] {
  const place = node.frames.findLast(({ own }) => own)?.place;
  const probe = place === undefined ? undefined : levelAt(context, place, [], parameter);
  const callee = probe?.call.callee;
  const called = callee?.kind === "attribute" || callee?.kind === "name" ? callee.name : undefined;
  const names = called === undefined ? undefined : context.input.parameters?.(called);
  const level = place === undefined || names === undefined ? undefined : levelAt(context, place, names, parameter);
  return level === undefined ? [] : [level];
}

function passedThrough(
  context: Context,
  calls: readonly Place[],
  layerNames: readonly string[],
  parameter: string,
): readonly Level[] {
  const levels: Level[] = [];
  let [names, name] = [layerNames, parameter];
  for (const place of [...calls].reverse()) {
    const level = levelAt(context, place, names, name);
    if (level === undefined) break;
    const handed = level.argument === undefined && handsOn(level);
    if (!handed) levels.push(level);
    const outer = level.fn?.params.filter(({ kind }) => kind === "normal" || kind === "positional-only") ?? [];
    const passed = handed
      ? name
      : level.argument === undefined
        ? undefined
        : parameterIn(level.argument.value, level.fn);
    if (passed === undefined) break;
    const isMethod = level.cls !== undefined && level.fn?.name !== "<lambda>";
    names = outer.map((param) => param.name).slice(isMethod ? 1 : 0);
    name = passed;
  }
  return levels;
}

/** Whether a call hands on all the keywords that its function takes: `**kwargs`. */
function handsOn({ call, fn }: Level): boolean {
  const rest = fn?.params.find(({ kind }) => kind === "double-star")?.name;
  return call.args.some(({ star, value }) => star === 2 && value.kind === "name" && value.name === rest);
}

function levelAt(context: Context, place: Place, names: readonly string[], name: string): Level | undefined {
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  if (module === undefined || source === undefined) return undefined;
  const nodes = around(module, place.span);
  const call = nodes.findLast((node): node is CallExpr => node.kind === "call" && same(node.span, place.span));
  if (call === undefined) return undefined;
  const fn = nodes.findLast((node): node is FunctionExpr => node.kind === "function" && !node.name.startsWith("<"));
  const cls = nodes.findLast((node): node is ClassStmt => node.kind === "class");
  const argument = argumentFor(call, names, name);
  return { place, call, module, source, fn, cls, name, names, argument };
}

/** The argument that a call passes to a parameter. */
export function argumentFor(call: CallExpr, names: readonly string[], name: string): Argument | undefined {
  const keyword = call.args.find((one) => one.keyword === name);
  if (keyword !== undefined) return keyword;
  const at = names.indexOf(name);
  const before = call.args.slice(0, at + 1);
  if (at < 0 || before.some((one) => one.star !== undefined || one.keyword !== undefined)) return undefined;
  return before[at];
}

/** The one parameter of the function that an expression reads. */
function parameterIn(expr: Expr, fn: FunctionExpr | undefined): string | undefined {
  const names = new Set(namesIn(expr));
  const found = fn?.params.filter(({ name }) => names.has(name)) ?? [];
  return found.length === 1 && found[0]?.name !== "self" ? found[0]?.name : undefined;
}

/** Names that an expression reads. */
export function namesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  const own = "kind" in value && value.kind === "name" && "name" in value ? [String(value.name)] : [];
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

export function textOf({ source }: Level, expr: Expr): string {
  return source.slice(expr.span.start, expr.span.end);
}

/** The edit after which the call passes a text for the parameter. */
export function setArgument(level: Level, text: string): Edit {
  const { place, argument, name } = level;
  if (argument !== undefined) return { place: { file: place.file, span: argument.value.span }, text };
  return addArgument(level, `${name}=${text}`);
}

/** The edit after which the call has one more argument, on a line of its own where the others have. */
export function addArgument({ place, call, source }: Level, text: string): Edit {
  const at = (offset: number, put: string): Edit => ({
    place: { file: place.file, span: { start: offset, end: offset } },
    text: put,
  });
  const last = call.args.filter(({ star }) => star !== 2).at(-1);
  if (last === undefined) {
    const [first] = call.args;
    return first === undefined ? at(call.span.end - 1, text) : at(first.span.start, `${text}, `);
  }
  const before = call.args[call.args.indexOf(last) - 1]?.span.end ?? call.callee.span.end;
  const alone = /[\r\n]\s*$/.test(source.slice(before, last.span.start));
  return at(last.span.end, alone ? `,${lineBreak(source)}${indentAt(source, last.span.start)}${text}` : `, ${text}`);
}
