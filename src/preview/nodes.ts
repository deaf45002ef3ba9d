import type { Graph, Ref, ResidualAdd, ShapeTree } from "../graph/graph.ts";
import { evaluate, type Size } from "../shape/size.ts";
import type { Place } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import { runOf, type Step, stepsOf } from "./calls.ts";
import { openByDefault } from "./expand.ts";
import { type Levels, levelsOf } from "./levels.ts";
import type { Memory } from "./memory.ts";
import type { Level, ViewArc, ViewEdge, ViewMemory, ViewNode, ViewPlace, ViewShortcut } from "./model.ts";
import { BATCH, type Shapes } from "./shapes.ts";
import { shortcutOf } from "./shortcut.ts";

export interface NodeSource {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** Examples in the batch that the graph's multiply-adds count. */
  readonly batch: number;
  readonly memory: Memory;
  readonly place: (place: Place | undefined) => ViewPlace | undefined;
}

interface Context extends NodeSource {
  readonly ids: Map<string, number>;
  readonly adds: ReadonlyMap<number, ResidualAdd>;
  readonly levels: Levels;
  /** What a step is inside, as text to compare. */
  readonly inside: Map<Step, unknown>;
}

/** The whole network as Network – Stage – Block – Layer, told by its structure alone; equal neighbours are one node. */
export function networkOf(source: NodeSource): ViewNode {
  const adds = new Map(source.graph.residualAdds.map((add) => [add.node, add]));
  const root = stepsOf(source.graph);
  const levels = levelsOf(root, source.graph);
  const context: Context = { ...source, ids: new Map(), adds, levels, inside: new Map() };
  return openByDefault(toNode([root], context, "network", true));
}

/** One node for steps that are equal but for their path. */
function toNode(group: readonly [Step, ...Step[]], context: Context, level: Level, root: boolean): ViewNode {
  const [step] = group;
  const last = group.at(-1) ?? step;
  const { graph } = context;
  const id = root ? "/" : idOf(step, context);
  const gathered = gatherRuns(step, context, level);
  const folded = foldEqual(gathered, context, context.levels.fits(step));
  const children = folded.map((steps) =>
    toNode(steps, context, level === "block" || level === "layer" ? "layer" : context.levels.level(steps[0]), false),
  );
  const own = context.levels.ownAdds(step).map((add) => shortcutFor(add, context));
  const { edges, arcs } = wiring(step, folded, children, context);
  const places = placesOf(group, context);
  const add = step.kind === "operator" && context.adds.has(step.from);
  const title = step.kind === "run" && step.module === undefined ? runTitle(step, context) : undefined;
  return {
    id,
    label: labelOf(group),
    ...(title === undefined ? {} : { title }),
    detail: step.kind === "run" && step.module === undefined ? runDetail(children) : (step.module?.hint ?? ""),
    type: step.type,
    level,
    kind: add ? "add" : step.kind === "operator" ? "operator" : title === undefined ? "module" : "run",
    paths: group.map((one) => one.path),
    count: group.length,
    output: context.shapes.tree(last.output, undefined),
    params: root ? graph.params : sumOf(group, (one) => paramsOf(one)),
    madds: sumOf(group, (one) => maddsOf(one, context)),
    memory: memoryOf(group, context),
    shortcuts: root ? [] : own,
    fits: group.every((one) => context.levels.fits(one)),
    place: places[0],
    places,
    expanded: false,
    drawn: step.from < step.to,
    children,
    edges,
    arcs,
  };
}

/** In a module that holds blocks or stages, two or more layers in a row stand together: what leads in, and what follows. */
function gatherRuns(step: Step, context: Context, level: Level): readonly Step[] {
  const holds = level === "network" || level === "stage";
  const single = step.steps.every((inner) => context.levels.isLayer(inner));
  if (!holds || single || (step.kind === "run" && step.module === undefined)) return step.steps;
  const result: Step[] = [];
  let run: Step[] = [];
  const flush = (): void => {
    if (1 < run.length) result.push(runOf(run));
    else result.push(...run);
    run = [];
  };
  for (const inner of step.steps) {
    if (context.levels.isLayer(inner)) run.push(inner);
    else {
      flush();
      result.push(inner);
    }
  }
  flush();
  return result;
}

function runTitle(step: Step, context: Context): Text {
  if (feeds(step, context).some((ref) => context.graph.nodes[ref.node]?.op === "input")) return t("stem");
  const output = refsOf(context.graph.output ?? null);
  if (output.some((ref) => step.from <= ref.node && ref.node < step.to)) return t("head");
  return t("layers");
}

/** Names the layers of a run that compute or that change the shape: `conv1 7×7 /2, maxpool /2`. */
function runDetail(children: readonly ViewNode[]): string {
  let before = "";
  const told: string[] = [];
  for (const child of children) {
    if (0 < (child.madds ?? 0) || (before !== "" && child.output.text !== before)) {
      told.push([child.label, child.detail].filter(Boolean).join(" "));
    }
    before = child.output.text;
  }
  return told.join(", ");
}

/** Neighbours of one class that are the same inside and out; none are folded where a shortcut below does not fit. */
function foldEqual(steps: readonly Step[], context: Context, fold: boolean): readonly (readonly [Step, ...Step[]])[] {
  const groups: [Step, ...Step[]][] = [];
  let previous = "";
  for (const step of steps) {
    const signature = fold && !context.levels.isLayer(step) && step.kind === "call" ? signatureOf(step, context) : "";
    const group = groups.at(-1);
    if (signature !== "" && signature === previous && group !== undefined && group[0].path !== step.path)
      group.push(step);
    else groups.push([step]);
    previous = signature;
  }
  return groups;
}

function signatureOf(step: Step, context: Context): string {
  const inputs = feeds(step, context).map((ref) => context.shapes.ref(ref).text);
  return JSON.stringify([inputs, innerSignature(step, context)]);
}

function innerSignature(step: Step, context: Context): unknown {
  const known = context.inside.get(step);
  if (known !== undefined) return known;
  const shortcuts = context.levels
    .ownAdds(step)
    .map((add) => shortcutOf(add, context.graph, context.shapes, undefined));
  const made = [
    step.type,
    step.module?.hint ?? "",
    paramsOf(step) ?? null,
    context.shapes.tree(step.output, undefined).text,
    shortcuts,
    step.steps.map((inner) => innerSignature(inner, context)),
  ];
  context.inside.set(step, made);
  return made;
}

/** Activations from outside that the step reads, in order, each once. */
function feeds(step: Step, context: Context): readonly Ref[] {
  const seen = new Set<string>();
  const refs: Ref[] = [];
  for (let id = step.from; id < step.to; id++) {
    for (const ref of context.graph.nodes[id]?.inputs ?? []) {
      if (step.from <= ref.node && ref.node < step.to) continue;
      const key = `${ref.node}.${ref.output}`;
      if (seen.has(key) || context.graph.nodes[ref.node]?.op === "weight") continue;
      seen.add(key);
      refs.push(ref);
    }
  }
  return refs;
}

function wiring(
  step: Step,
  folded: readonly (readonly [Step, ...Step[]])[],
  children: readonly ViewNode[],
  context: Context,
): { readonly edges: readonly ViewEdge[]; readonly arcs: readonly ViewArc[] } {
  const childOf = (node: number): string => {
    const index = folded.findIndex((group) => group.some((one) => one.from <= node && node < one.to));
    return children[index]?.id ?? "";
  };
  const flows = new Map<string, { readonly from: string; readonly to: string; readonly refs: Map<string, Ref> }>();
  const connect = (from: string, to: string, ref: Ref): void => {
    if (from === to) return;
    const key = `${from}\n${to}`;
    const flow = flows.get(key) ?? { from, to, refs: new Map() };
    flow.refs.set(`${ref.node}.${ref.output}`, ref);
    flows.set(key, flow);
  };
  for (const [index, group] of folded.entries()) {
    const id = children[index]?.id ?? "";
    for (const one of group) for (const ref of feeds(one, context)) connect(childOf(ref.node), id, ref);
  }
  for (const ref of refsOf(step.output ?? null)) {
    const from = childOf(ref.node);
    if (from !== "") connect(from, "", ref);
  }
  const edges = [...flows.values()].map(
    ({ from, to, refs }): ViewEdge => ({ from, to, shape: shapesText([...refs.values()], context) }),
  );
  const arcs = folded.flatMap(([one], index): ViewArc[] => {
    const add = one.kind === "operator" ? context.adds.get(one.from) : undefined;
    const to = children[index]?.id;
    if (add === undefined || to === undefined) return [];
    const onShortcut = new Set(add.shortcutNodes);
    const through = folded.flatMap((group, i) => {
      const inside = group.every((member) => isOn(member, onShortcut, context.graph));
      return inside ? (children[i]?.id ?? []) : [];
    });
    return [{ from: childOf(add.fork.node), to, through, shortcut: shortcutFor(add, context) }];
  });
  return { edges, arcs };
}

/** Shapes of the values of one edge; of equal blocks folded, the last one's. */
function shapesText(refs: readonly Ref[], context: Context): string {
  const texts = [...new Set(refs.map((ref) => context.shapes.ref(ref).text))];
  return texts.length < 3 ? texts.join(", ") : `${texts[0]} +${texts.length - 1}`;
}

/** Everything that the step computes lies on the given branch. */
function isOn(step: Step, branch: ReadonlySet<number>, graph: Graph): boolean {
  let computes = false;
  for (let id = step.from; id < step.to; id++) {
    const op = graph.nodes[id]?.op;
    if (op === undefined || op === "weight" || op === "input") continue;
    if (!branch.has(id)) return false;
    computes = true;
  }
  return computes;
}

function shortcutFor(add: ResidualAdd, context: Context): ViewShortcut {
  return shortcutOf(add, context.graph, context.shapes, context.place(context.graph.nodes[add.node]?.place));
}

function refsOf(tree: ShapeTree | null): readonly Ref[] {
  if (tree === null || tree.kind === "unknown") return [];
  if (tree.kind === "tensor") return tree.ref === undefined ? [] : [tree.ref];
  if (tree.kind === "seq") return tree.items.flatMap((item) => refsOf(item));
  return tree.entries.flatMap(([, item]) => refsOf(item));
}

function paramsOf(step: Step): number | undefined {
  if (step.module !== undefined) return step.module.params;
  const seen = new Set<string>();
  let sum = 0;
  for (const inner of step.steps) {
    if (inner.module === undefined || seen.has(inner.path)) continue;
    seen.add(inner.path);
    if (inner.module.params === undefined) return undefined;
    sum += inner.module.params;
  }
  return sum;
}

function maddsOf(step: Step, context: Context): number | undefined {
  let sum = 0;
  for (let id = step.from; id < step.to; id++) {
    const node = context.graph.nodes[id];
    if (node?.op === "gap" || node?.uncounted) return undefined;
    const madds = node?.madds;
    if (madds === undefined) continue;
    const number = perExample(madds, context.batch);
    if (number === undefined) return undefined;
    sum += number;
  }
  return sum;
}

/** A count for one example; unknown where it depends on more than the batch. */
function perExample(madds: Size, batch: number): number | undefined {
  return typeof madds === "number" ? madds / batch : evaluate(madds, new Map([[BATCH, 1]]));
}

function memoryOf(group: readonly Step[], { memory }: Context): ViewMemory | undefined {
  let bytes = 0;
  const dtypes = new Set<string>();
  for (const { from, to } of group) {
    const made = memory.made(from, to);
    if (made === undefined) return undefined;
    bytes += made.bytes;
    for (const dtype of made.dtypes) dtypes.add(dtype);
  }
  return { bytes, dtypes: [...dtypes] };
}

function sumOf(group: readonly Step[], of: (step: Step) => number | undefined): number | undefined {
  let sum = 0;
  for (const step of group) {
    const value = of(step);
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

/**
 * What a click reveals comes first: the code that calls a layer (the code that builds it inside the framework's own
 * containers, whose calls share one place), the class of a user's module, else where it was built.
 */
function placesOf(group: readonly Step[], context: Context): readonly ViewPlace[] {
  const found: ViewPlace[] = [];
  const push = (place: Place | undefined): void => {
    const shown = context.place(place);
    if (shown === undefined) return;
    if (found.some((other) => other.file === shown.file && other.start === shown.start && other.end === shown.end))
      return;
    found.push(shown);
  };
  for (const step of group) {
    if (step.kind === "run" && step.module === undefined) continue;
    if (step.kind === "operator") {
      push(step.node?.place);
      continue;
    }
    const parent = context.graph.modules.find((module) => module.path === parentPath(step.path));
    const called = step.steps.length === 0 ? callPlace(step, context.graph) : undefined;
    if (parent?.builtin === false) push(called);
    if (step.module?.builtin === false) push(step.module.classPlace);
    push(step.module?.place);
  }
  return found;
}

function callPlace(step: Step, graph: Graph): Place | undefined {
  for (let id = step.from; id < step.to; id++) {
    const node = graph.nodes[id];
    if (node !== undefined && node.op !== "weight" && node.place !== undefined) return node.place;
  }
  return undefined;
}

function parentPath(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? "" : path.slice(0, dot);
}

function idOf(step: Step, context: Context): string {
  const first = step.steps[0];
  const base =
    step.kind === "operator"
      ? `${step.path}:${step.type}`
      : step.kind === "run" && step.module === undefined
        ? `run:${first?.path ?? ""}${first?.kind === "operator" ? `:${first.type}` : ""}`
        : step.path;
  const seen = context.ids.get(base) ?? 0;
  context.ids.set(base, seen + 1);
  return seen === 0 ? base : `${base}#${seen}`;
}

/** `layer1.1–2` for equal neighbours; a number keeps its parent's name, as in `features.0`. */
function labelOf(group: readonly [Step, ...Step[]]): string {
  const [step] = group;
  if (step.kind === "operator") return step.type;
  if (step.path === "") return step.type;
  const name = shortName(step.path);
  const last = group.at(-1);
  if (last === undefined || last === step) return name;
  const end = last.path.slice(last.path.lastIndexOf(".") + 1);
  return parentPath(last.path) === parentPath(step.path) ? `${name}–${end}` : `${name}–${shortName(last.path)}`;
}

/** The last name of a path, with as many before it as it takes to have one that is not a number. */
function shortName(path: string): string {
  const parts = path.split(".");
  let from = parts.length - 1;
  while (0 < from && /^\d+$/.test(parts[from] ?? "")) from--;
  return parts.slice(from).join(".");
}
