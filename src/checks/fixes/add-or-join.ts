import type { CallExpr, Expr, Stmt } from "../../core/core.ts";
import type { GraphNode } from "../../graph/graph.ts";
import { wholeOf } from "../../ops/args.ts";
import { t } from "../../text/text.ts";
import { around, same } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { brief } from "./edits.ts";
import { shapeOf } from "./flow.ts";

/** Operators looked back through to the one that joined or added, at most. */
const MOST_BACK = 12;

/** Two tensors are joined where they should be added, or added where they should be joined: the count tells which. */
export function addOrJoin(context: Context, { node, run, refusal }: Fault, rank: number): readonly Candidate[] {
  const [found, expected] = [refusal.found?.size, refusal.expected?.size];
  if (typeof expected !== "number") return [];
  return back(run, node).flatMap((maker, depth) => {
    if (maker.op === "concat" && typeof found === "number") return added(context, run, maker, rank + depth);
    return maker.op === "add" ? joined(context, run, maker, expected, rank + depth) : [];
  });
}

/** The joins and additions that an operator's input comes through first. */
function back(run: Run, node: GraphNode): readonly GraphNode[] {
  const found: GraphNode[] = [];
  let at = node.inputs[0];
  for (let i = 0; i < MOST_BACK && at !== undefined; i++) {
    const maker = run.graph.nodes[at.node];
    if (maker === undefined || maker.op === "conv" || maker.op === "linear") break;
    if (maker.op === "concat" || maker.op === "add") found.push(maker);
    if (maker.op === "concat") break;
    at = maker.inputs[0];
  }
  return found;
}

/** `torch.cat([a, b], 1)` of two alike becomes `a + b`. */
function added(context: Context, run: Run, maker: GraphNode, rank: number): readonly Candidate[] {
  const shapes = maker.inputs.map((ref) => shapeOf(run, ref)?.join());
  if (shapes.length !== 2 || shapes[0] === undefined || shapes[0] !== shapes[1]) return [];
  return written(context, maker, (node, source) => {
    const list = node.kind === "call" ? node.args[0]?.value : undefined;
    const items = list?.kind === "list" ? list.items.map(({ value }) => value.span) : [];
    const texts = items.map(({ start, end }) => source.slice(start, end));
    return texts.length === 2 ? texts.join(" + ") : undefined;
  }).map(({ place, text, line, isWhole }) =>
    candidate(rank, t("Add instead of joining: {0} (line {1})", brief(text), line), [
      { place, text: isWhole ? text : `(${text})` },
    ]),
  );
}

/** `a + b` whose channels are too few by just that factor becomes a join. */
function joined(context: Context, run: Run, maker: GraphNode, expected: number, rank: number): readonly Candidate[] {
  const shape = shapeOf(run, maker.inputs[0]);
  return written(context, maker, (node, source) => {
    if (node.kind !== "binary" || node.op !== "+") return undefined;
    const parts = terms(node).map(({ span }) => source.slice(span.start, span.end));
    const axis = [1, -1].find((one) => (shape?.at(one) ?? 0) * parts.length === expected);
    if (axis === undefined) return undefined;
    return `torch.cat([${parts.join(", ")}], dim=${axis})`;
  }).map(({ place, text, line }) =>
    candidate(rank, t("Join instead of adding: {0} (line {1})", brief(text), line), [{ place, text }]),
  );
}

/** The parts of `a + b + c`. */
function terms(expr: Expr): readonly Expr[] {
  return expr.kind === "binary" && expr.op === "+" ? [...terms(expr.left), ...terms(expr.right)] : [expr];
}

/** Where an operator is written, the outermost expression of its kind, and what a text makes of it. */
function written(
  context: Context,
  { frames, args }: GraphNode,
  textOf: (node: CallExpr | Extract<Expr, { kind: "binary" }>, source: string) => string | undefined,
) {
  const frame = frames.findLast(({ own }) => own);
  const module = frame === undefined ? undefined : context.input.module(frame.place.file);
  const source = frame === undefined ? undefined : context.input.source(frame.place.file);
  if (frame === undefined || module === undefined || source === undefined) return [];
  if (args.axis !== undefined && ![1, -1].includes(wholeOf(args.axis) ?? 0)) return [];
  const nodes = around(module, frame.place.span);
  const own = nodes.find((node): node is CallExpr | Extract<Expr, { kind: "binary" }> => {
    if (node.kind === "binary") return node.op === "+" && nodes.some((one) => same(one.span, frame.place.span));
    return node.kind === "call" && same(node.span, frame.place.span);
  });
  const text = own === undefined ? undefined : textOf(own, source);
  const line = own === undefined ? undefined : context.line({ file: frame.place.file, span: own.span });
  if (own === undefined || text === undefined || line === undefined) return [];
  const isWhole = nodes.some(
    (node) => isStatement(node) && node.value !== undefined && same(node.value.span, own.span),
  );
  return [{ place: { file: frame.place.file, span: own.span }, text, line, isWhole }];
}

function isStatement(node: Expr | Stmt): node is Extract<Stmt, { kind: "assign" | "return" }> {
  return node.kind === "assign" || node.kind === "return";
}
