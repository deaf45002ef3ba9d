import type { CallExpr, Expr } from "../../core/core.ts";
import type { Frame, GraphNode, ModuleInfo } from "../../graph/graph.ts";
import { type Text, t } from "../../text/text.ts";
import { callAt, callsIn } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Fault } from "../faults.ts";
import { type Candidate, candidate, type Proposal } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { resize } from "./sizes.ts";
import { functionAt } from "./statement.ts";

/** A linear layer that gets another count of features: a forgotten flattening or pooling, or a layer before it that resizes. */
export function matchFeatures(context: Context, fault: Fault): readonly Proposal[] {
  const { node, run, refusal } = fault;
  const expected = refusal.expected?.size;
  if (node.op !== "linear" || typeof expected !== "number") return [];
  const flat = flatteningOf(run, node);
  return [
    ...flattened(context, fault, expected),
    ...(flat === undefined
      ? []
      : resize(context, run, flat.inputs[0], (sizes, channels) => product([channels, ...sizes]) === expected, 7)),
  ];
}

/** Axes that the layer should not see are flattened, or averaged first where the channels alone are expected. */
function flattened(context: Context, { node, run }: Fault, expected: number): readonly Candidate[] {
  const shape = shapeOf(run, node.inputs[0]);
  if (shape === undefined) return [];
  const rest = shape.slice(1);
  const found: Candidate[] = [];
  if (2 < shape.length) {
    if (product(rest) === expected) found.push(...wrapped(context, { node, run }, "flatten", 2, node, 1));
    if (shape[1] === expected) found.push(...wrapped(context, { node, run }, "pool", 3, node, shape.length - 2));
    return found;
  }
  // What was flattened had the wanted channels, and a length and width that should have been averaged away.
  const flat = flatteningOf(run, node);
  const before = flat === undefined ? undefined : shapeOf(run, flat.inputs[0]);
  const maker = flat?.inputs[0] === undefined ? undefined : run.graph.nodes[flat.inputs[0].node];
  const isPooled = maker?.op.startsWith("adaptive_") === true;
  if (flat !== undefined && before !== undefined && before[1] === expected && 2 < before.length && !isPooled)
    found.push(...wrapped(context, { node, run }, "average", 4, flat, before.length - 2));
  return found;
}

function flatteningOf(run: Run, node: GraphNode): GraphNode | undefined {
  let at = node.inputs[0] === undefined ? undefined : run.graph.nodes[node.inputs[0].node];
  while (at !== undefined && at.op !== "flatten" && at.op !== "reshape") {
    if (!PLAIN.has(at.op)) return undefined;
    at = at.inputs[0] === undefined ? undefined : run.graph.nodes[at.inputs[0].node];
  }
  return at;
}

const PLAIN: ReadonlySet<string> = new Set(["dropout", "relu", "identity", "contiguous", "cast"]);

/** The edit that puts a flattening or pooling around what an operator is given, in its function or its sequence. */
function wrapped(
  context: Context,
  { run }: { readonly node: GraphNode; readonly run: Run },
  what: "flatten" | "pool" | "average",
  rank: number,
  at: GraphNode,
  axes: number,
): readonly Candidate[] {
  const title = what === "flatten" ? t("Flatten what the layer gets") : t("Average over height and width first");
  const info = run.modules.get(at.path);
  return at.frames
    .filter(({ own }) => own)
    .toReversed()
    .slice(0, MOST_FRAMES)
    .flatMap((frame, depth) => wrappedAt(context, run, at, frame, what, title, rank + depth, axes, info));
}

/** Calls outward at which a tensor may have been flattened. */
const MOST_FRAMES = 3;

function wrappedAt(
  context: Context,
  run: Run,
  at: GraphNode,
  frame: Frame,
  what: "flatten" | "pool" | "average",
  title: Text,
  rank: number,
  axes: number,
  info: ModuleInfo | undefined,
): readonly Candidate[] {
  const module = context.input.module(frame.place.file);
  const source = context.input.source(frame.place.file);
  if (module === undefined || source === undefined) return [];
  const call = callAt(module, frame.place.span);
  const operand = operandOfCall(call, source);
  const inSequence = info?.builtin === true && call !== undefined ? sequencePlace(context, run, at) : undefined;
  const edits: Candidate[] = [];
  const { spelling } = context.input;
  if (operand !== undefined) {
    const text = source.slice(operand.span.start, operand.span.end);
    const pooled = what === "flatten" ? text : spelling?.averaged(source, text, axes);
    const put = what === "average" || pooled === undefined ? pooled : spelling?.flattened(source, pooled);
    if (put !== undefined)
      edits.push(candidate(rank, title, [{ place: { file: frame.place.file, span: operand.span }, text: put }]));
  }
  if (inSequence !== undefined && spelling !== undefined) {
    const { file, offset, prefix } = inSequence;
    const pool = `${prefix}${spelling.averaging(axes)}, `;
    const flat = `${prefix}${spelling.flattening}, `;
    const text = what === "flatten" ? flat : what === "average" ? pool : `${pool}${flat}`;
    edits.push(candidate(rank + 1, title, [{ place: { file, span: { start: offset, end: offset } }, text }]));
  }
  return edits;
}

/** Before a layer that is an argument of the call that makes its sequence. */
function sequencePlace(
  context: Context,
  run: Run,
  node: GraphNode,
): { readonly file: string; readonly offset: number; readonly prefix: string } | undefined {
  const place = run.modules.get(node.path)?.built?.at(-1);
  const module = place === undefined ? undefined : context.input.module(place.file);
  const source = place === undefined ? undefined : context.input.source(place.file);
  if (place === undefined || module === undefined || source === undefined) return undefined;
  const call = callAt(module, place.span);
  const fn = functionAt(module, place.span);
  const calls = callsIn(fn?.body ?? module.body);
  const isItem = calls.some((outer) => outer.args.some(({ value }) => value === call));
  if (call === undefined || !isItem || call.callee.kind !== "attribute") return undefined;
  const { object } = call.callee;
  return { file: place.file, offset: place.span.start, prefix: `${source.slice(object.span.start, object.span.end)}.` };
}

/** `x` of `self.fc(x)`, `torch.flatten(x, 1)`, `x.view(…)`. */
function operandOfCall(call: CallExpr | undefined, source: string): Expr | undefined {
  if (call === undefined) return undefined;
  const { callee } = call;
  if (callee.kind === "attribute") {
    const object = source.slice(callee.object.span.start, callee.object.span.end);
    const isMethod = /^(view|reshape|flatten)$/.test(callee.name) && object !== "torch";
    if (isMethod) return callee.object;
  }
  return call.args[0]?.value;
}

function product(sizes: readonly (number | undefined)[]): number | undefined {
  let all = 1;
  for (const size of sizes) {
    if (size === undefined || size < 1) return undefined;
    all *= size;
  }
  return all;
}
