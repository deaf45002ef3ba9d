import type { Graph, GraphNode, ModuleInfo, ShapeTree } from "../graph/graph.ts";

/** One step of a module's forward pass, in execution order: a call, an operator of its own code, or a run of steps. */
export interface Step {
  readonly kind: "call" | "operator" | "run";
  /** Node ids `[from, to)` that it made, its own weights and constants included. */
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly type: string;
  /** The registered module, except for an operator and an unnamed run. */
  readonly module: ModuleInfo | undefined;
  /** Which call of the module; 0 for all else. */
  readonly call: number;
  readonly output: ShapeTree | undefined;
  /** For an operator. */
  readonly node: GraphNode | undefined;
  readonly steps: readonly Step[];
}

interface Call {
  readonly module: ModuleInfo;
  readonly call: number;
  readonly from: number;
  readonly to: number;
  readonly output: ShapeTree;
  readonly inner: Call[];
}

/** The root's forward pass as a tree of steps. Modules that are never called are not in it. */
export function stepsOf(graph: Graph): Step {
  const byPath = new Map(graph.modules.map((module) => [module.path, module]));
  const top = nest(graph);
  return toStep(top, graph, byPath);
}

/** Nests the calls by the nodes that they made; a call that made none goes to the innermost caller above it by path. */
function nest(graph: Graph): Call {
  const calls = graph.modules
    .filter((module) => module.path !== "")
    .flatMap((module) => module.calls.map((call, index): Call => ({ module, call: index, ...call, inner: [] })));
  const filled = calls.filter((call) => call.from < call.to);
  filled.sort((a, b) => a.from - b.from || b.to - a.to || a.module.path.length - b.module.path.length);
  const root: ModuleInfo = graph.modules.find((module) => module.path === "") ?? NO_ROOT;
  const top: Call = {
    module: root,
    call: 0,
    from: 0,
    to: graph.nodes.length,
    output: graph.output ?? root.calls.at(-1)?.output ?? { kind: "seq", items: [] },
    inner: [],
  };
  const open = [top];
  for (const call of filled) {
    while (1 < open.length && (open.at(-1)?.to ?? 0) < call.to) open.pop();
    while (1 < open.length && (open.at(-1)?.to ?? 0) <= call.from) open.pop();
    open.at(-1)?.inner.push(call);
    open.push(call);
  }
  for (const call of calls) if (call.from === call.to) placeEmpty(top, call);
  return top;
}

function placeEmpty(top: Call, call: Call): void {
  let parent = top;
  for (;;) {
    const deeper: Call | undefined = parent.inner.find(
      (inner) => inner.from <= call.from && call.from <= inner.to && isBelow(call.module.path, inner.module.path),
    );
    if (deeper === undefined) break;
    parent = deeper;
  }
  const before = parent.inner.findIndex((inner) => call.from <= inner.from && inner.from < inner.to);
  if (before < 0) parent.inner.push(call);
  else parent.inner.splice(before, 0, call);
}

const NO_ROOT: ModuleInfo = {
  path: "",
  aliases: [],
  type: "",
  builtin: false,
  place: undefined,
  classPlace: undefined,
  children: [],
  params: undefined,
  hint: "",
  calls: [],
};

function toStep(call: Call, graph: Graph, byPath: ReadonlyMap<string, ModuleInfo>): Step {
  const opaque = call.module.builtin && call.inner.length === 0;
  const flat = opaque ? [] : interleave(call, graph, byPath);
  return {
    kind: "call",
    from: call.from,
    to: call.to,
    path: call.module.path,
    type: call.module.type,
    module: call.module,
    call: call.call,
    output: call.output,
    node: undefined,
    steps: groupByParent(flat, call.module.path, { byPath, sums: new Set(graph.residualAdds.map((add) => add.node)) }),
  };
}

/** The calls of one forward, and between them the operators of its own code. */
function interleave(call: Call, graph: Graph, byPath: ReadonlyMap<string, ModuleInfo>): Step[] {
  const steps: Step[] = [];
  let at = call.from;
  const operators = (to: number): void => {
    for (; at < to; at++) {
      const node = graph.nodes[at];
      if (node === undefined || node.op === "input" || node.op === "weight") continue;
      steps.push(operatorStep(node));
    }
  };
  for (const inner of call.inner) {
    operators(inner.from);
    steps.push(toStep(inner, graph, byPath));
    at = Math.max(at, inner.to);
  }
  operators(call.to);
  return steps;
}

function operatorStep(node: GraphNode): Step {
  const type = node.outputs[0];
  return {
    kind: "operator",
    from: node.id,
    to: node.id + 1,
    path: node.path,
    type: node.op,
    module: undefined,
    call: 0,
    output: type === undefined ? undefined : { kind: "tensor", type, ref: { node: node.id, output: 0 } },
    node,
    steps: [],
  };
}

/**
 * Gathers neighbours that stand in one uncalled container (a `ModuleList`, or a module whose methods were called
 * directly) into one step, with the caller's own operators between them.
 */
function groupByParent(steps: readonly Step[], path: string, known: Known): readonly Step[] {
  const result: Step[] = [];
  for (let i = 0; i < steps.length; ) {
    const step = steps[i];
    if (step === undefined) break;
    const parent = step.path === path ? undefined : uncalledParent(step.path, path, known.byPath);
    const end = parent === undefined ? i + 1 : runEnd(steps, i, parent.path, path, known.sums);
    const members = steps.slice(i, end);
    const inside = members.filter((member) => parent !== undefined && isBelow(member.path, parent.path));
    if (parent === undefined || inside.length < 2) {
      result.push(step);
      i++;
      continue;
    }
    result.push({
      ...runOf(members),
      path: parent.path,
      type: parent.type,
      module: parent,
      steps: groupByParent(members, parent.path, known),
    });
    i = end;
  }
  return result;
}

interface Known {
  readonly byPath: ReadonlyMap<string, ModuleInfo>;
  /** Nodes that are residual adds. */
  readonly sums: ReadonlySet<number>;
}

/** Index after the last step of the run from `start` that stands below `parent`, and the residual add that ends it. */
function runEnd(
  steps: readonly Step[],
  start: number,
  parent: string,
  path: string,
  sums: ReadonlySet<number>,
): number {
  let end = start + 1;
  for (let i = start + 1; i < steps.length; i++) {
    const step = steps[i];
    if (step === undefined) break;
    if (step.path === parent || isBelow(step.path, parent)) end = i + 1;
    else if (step.kind !== "operator" || step.path !== path) break;
  }
  const next = steps[end];
  return next?.kind === "operator" && sums.has(next.from) ? end + 1 : end;
}

function uncalledParent(child: string, path: string, byPath: ReadonlyMap<string, ModuleInfo>): ModuleInfo | undefined {
  if (path !== "" && !isBelow(child, path)) return undefined;
  const rest = path === "" ? child : child.slice(path.length + 1);
  const dot = rest.indexOf(".");
  if (dot < 0) return undefined;
  const parent = byPath.get(path === "" ? rest.slice(0, dot) : `${path}.${rest.slice(0, dot)}`);
  return parent !== undefined && parent.calls.length === 0 ? parent : undefined;
}

/** Several neighbouring steps as one. */
export function runOf(steps: readonly Step[]): Step {
  const last = steps.findLast((step) => step.from < step.to) ?? steps.at(-1);
  return {
    kind: "run",
    from: Math.min(...steps.map((step) => step.from)),
    to: Math.max(...steps.map((step) => step.to)),
    path: "",
    type: "",
    module: undefined,
    call: 0,
    output: last?.output,
    node: undefined,
    steps,
  };
}

function isBelow(path: string, above: string): boolean {
  return above === "" ? path !== "" : path.startsWith(`${above}.`);
}
