import type { CallExpr, Expr } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate, type Proposal } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { resize } from "./sizes.ts";

/** A view whose last length does not fit: what comes in is made to fit, or the length and the layers that repeat it. */
export function fitView(context: Context, { node, run }: Fault): readonly Proposal[] {
  const shape = shapeOf(run, node.inputs[0]);
  const frame = node.frames.findLast(({ own }) => own);
  const module = frame === undefined ? undefined : context.input.module(frame.place.file);
  const source = frame === undefined ? undefined : context.input.source(frame.place.file);
  if (node.op !== "reshape" || frame === undefined || module === undefined || source === undefined) return [];
  const call = around(module, frame.place.span).findLast((one): one is CallExpr => one.kind === "call");
  const last = call?.args.at(-1)?.value;
  const length = last === undefined ? undefined : numberIn(last);
  const features = shape?.slice(1).reduce<number | undefined>(times, 1);
  if (call === undefined || last === undefined || length === undefined || features === undefined) return [];
  const fits = (sizes: readonly number[], channels: number): boolean =>
    sizes.reduce((a, b) => a * b, channels) === length;
  return [
    ...resize(context, run, node.inputs[0], fits, 6),
    ...recounted(context, frame.place.file, source, module, last, features),
  ];
}

function recounted(
  context: Context,
  file: string,
  source: string,
  module: Parameters<typeof around>[0],
  last: Expr,
  features: number,
): readonly Candidate[] {
  const text = (expr: Expr): string => source.slice(expr.span.start, expr.span.end);
  const plain = (expr: Expr): string => text(expr).replaceAll(/\s/g, "");
  const scope = around(module, last.span).findLast((one) => one.kind === "class");
  const others = callsIn(scope?.kind === "class" ? scope.body : module.body).flatMap(({ args }) =>
    args.flatMap(({ value }) =>
      value !== last && plain(value) === plain(last) && 2 < plain(last).length ? [value] : [],
    ),
  );
  const line = context.line({ file, span: last.span });
  if (line === undefined) return [];
  const edits = [last, ...others].map(({ span }) => ({ place: { file, span }, text: String(features) }));
  return [candidate(10, t("Set {0} to {1} (line {2})", text(last), String(features), line), edits)];
}

/** A number, or a product of numbers. */
function numberIn(expr: Expr): number | undefined {
  if (expr.kind === "number") return expr.value;
  if (expr.kind !== "binary" || expr.op !== "*") return undefined;
  const [left, right] = [numberIn(expr.left), numberIn(expr.right)];
  return left === undefined || right === undefined ? undefined : left * right;
}

function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}
