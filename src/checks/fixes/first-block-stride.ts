import type { IterateStmt, Module } from "../../core/core.ts";
import type { ResidualAdd } from "../../graph/graph.ts";
import type { Place } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { argumentAt, around, classAt, method } from "../code.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Edit, Fix } from "../diagnostic.ts";
import { argumentWithComma } from "./edits.ts";

/** The stride is passed to a stage's later blocks, which have no projection: only the first block should have it. */
export function keepStrideInFirstBlock(
  context: Context,
  run: Run,
  add: ResidualAdd,
  cause: Place | undefined,
  instances: readonly string[],
): readonly Fix[] {
  const module = cause === undefined ? undefined : context.input.module(cause.file);
  if (cause === undefined || module === undefined || add.kind !== "identity" || instances.length === 0) return [];
  const broken = instances.map((path) => ({ path, first: firstBlock(path) }));
  if (broken.some(({ first, path }) => first === undefined || first === path)) return [];
  const shared = broken.some(({ first }) => placeKey(run.modules.get(first ?? "")?.place) === builtAt(run, add));
  const edit = shared ? strideOfFirstRound(context, module, cause) : withoutStride(context, run, add, module, cause);
  const line = context.line(cause);
  if (edit === undefined || line === undefined) return [];
  return [
    {
      title: t("Keep the stride in the first block only (line {0})", line),
      edits: [edit],
      preferred: true,
      safe: true,
    },
  ];
}

/** `layer2.0` for `layer2.3`; undefined where the instance has no number. */
export function firstBlock(path: string): string | undefined {
  const parts = path.split(".");
  return /^\d+$/.test(parts.at(-1) ?? "") ? [...parts.slice(0, -1), "0"].join(".") : undefined;
}

function builtAt(run: Run, add: ResidualAdd): string {
  return placeKey(run.modules.get(add.path)?.place);
}

/** The argument goes if the parameter is 1 without it; else it becomes 1. */
function withoutStride(context: Context, run: Run, add: ResidualAdd, module: Module, cause: Place): Edit | undefined {
  const found = argumentAt(module, cause.span);
  if (found === undefined || found.argument.star !== undefined) return undefined;
  const { call, argument, index } = found;
  const droppable = argument.keyword !== undefined || index === call.args.length - 1;
  const span = argumentWithComma(call, index);
  if (droppable && span !== undefined && fallsBackToOne(context, run, add, argument.keyword, index)) {
    return { place: { file: cause.file, span }, text: "" };
  }
  return { place: { file: cause.file, span: argument.value.span }, text: "1" };
}

function fallsBackToOne(
  context: Context,
  run: Run,
  add: ResidualAdd,
  keyword: string | undefined,
  index: number,
): boolean {
  const place = run.modules.get(add.path)?.classPlace;
  const module = place === undefined ? undefined : context.input.module(place.file);
  const cls = place === undefined || module === undefined ? undefined : classAt(module, place.span);
  const params = cls === undefined ? undefined : method(cls, "__init__")?.value.params;
  const param = keyword === undefined ? params?.[index + 1] : params?.find(({ name }) => name === keyword);
  return param?.fallback?.kind === "number" && param.fallback.value === 1;
}

/** One call in a loop builds all blocks of a stage: the stride holds in its first round. */
function strideOfFirstRound(context: Context, module: Module, cause: Place): Edit | undefined {
  const found = argumentAt(module, cause.span);
  const source = context.input.source(cause.file);
  const loop = around(module, cause.span).findLast((node): node is IterateStmt => node.kind === "iterate");
  if (found === undefined || source === undefined || loop?.target.kind !== "name" || loop.target.name === "_") {
    return undefined;
  }
  const { iterable } = loop;
  const counted =
    iterable.kind === "call" &&
    iterable.args.length === 1 &&
    iterable.callee.kind === "name" &&
    iterable.callee.name === "range";
  if (!counted) return undefined;
  const { span } = found.argument.value;
  const text = `${source.slice(span.start, span.end)} if ${loop.target.name} == 0 else 1`;
  return { place: { file: cause.file, span }, text };
}
