import type { GraphNode } from "../../graph/graph.ts";
import { wholeOf } from "../../ops/args.ts";
import { t } from "../../text/text.ts";
import { around, same } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { brief } from "./edits.ts";
import { shapeOf } from "./flow.ts";

/** Operators looked back through to the one that joined, at most. */
const MOST_BACK = 12;

/** Two branches of one shape that are joined where the channels of one are expected: `torch.cat([a, b], 1)` becomes `a + b`. */
export function addBranches(context: Context, { node, run }: Fault, rank: number): readonly Candidate[] {
  const maker = joinBefore(run, node);
  const shapes = maker?.inputs.map((ref) => shapeOf(run, ref)?.join()) ?? [];
  if (maker === undefined || shapes.length !== 2 || shapes[0] === undefined || shapes[0] !== shapes[1]) return [];
  if (maker.args.axis !== undefined && ![1, -1].includes(wholeOf(maker.args.axis) ?? 0)) return [];
  const place = maker.frames.findLast(({ own }) => own)?.place;
  const module = place && context.input.module(place.file);
  const source = place && context.input.source(place.file);
  const line = place && context.line(place);
  if (place === undefined || module === undefined || source === undefined || line === undefined) return [];
  const nodes = around(module, place.span);
  const list = nodes.flatMap((one) =>
    one.kind === "call" && same(one.span, place.span) ? (one.args[0]?.value ?? []) : [],
  )[0];
  const items =
    list?.kind === "list" ? list.items.map(({ value: { span } }) => source.slice(span.start, span.end)) : [];
  if (items.length !== 2) return [];
  const sum = items.join(" + ");
  const isWhole = nodes.some(
    (one) => (one.kind === "assign" || one.kind === "return") && one.value && same(one.value.span, place.span),
  );
  const title = t("Add instead of joining: {0} (line {1})", brief(sum), line);
  return [candidate(rank, title, [{ place, text: isWhole ? sum : `(${sum})` }])];
}

/** The join that an operator's input comes through first. */
function joinBefore({ graph }: Run, node: GraphNode): GraphNode | undefined {
  let at = node.inputs[0];
  for (let i = 0; i < MOST_BACK && at !== undefined; i++) {
    const maker = graph.nodes[at.node];
    if (maker === undefined || maker.op === "concat") return maker;
    if (maker.op === "conv" || maker.op === "linear") return undefined;
    at = maker.inputs[0];
  }
  return undefined;
}
