import type { PreviewView, ViewNode } from "./model.ts";

/** A number before and after; undefined where it is not known. */
export interface Step {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** How a node is another. */
export interface NodeChange {
  readonly id: string;
  readonly label: string;
  /** `new` and `gone`: it is in one of the views alone. */
  readonly kind: "new" | "gone" | "changed";
  readonly shape?: { readonly before: string; readonly after: string };
  readonly params?: Step;
  readonly madds?: Step;
}

/** What one view has other than another. */
export interface Changes {
  readonly params: Step;
  readonly madds: Step;
  readonly memory: Step;
  readonly peak: Step;
  readonly output: { readonly before: string; readonly after: string };
  /** In the order of the network; what is gone stands last. */
  readonly nodes: readonly NodeChange[];
}

/** What an edit did to shapes, parameters and cost. Nodes are the same where their paths are. */
export function changesBetween(before: PreviewView, after: PreviewView): Changes {
  const old = byId(before.network);
  const now = byId(after.network);
  const nodes: NodeChange[] = [];
  for (const [id, node] of now) {
    const was = old.get(id);
    if (was === undefined) nodes.push({ id, label: node.label, kind: "new" });
    else {
      const change = nodeChange(was, node);
      if (change !== undefined) nodes.push(change);
    }
  }
  for (const [id, node] of old) if (!now.has(id)) nodes.push({ id, label: node.label, kind: "gone" });
  return {
    params: { before: before.totals.params, after: after.totals.params },
    madds: { before: before.totals.madds, after: after.totals.madds },
    memory: { before: before.totals.memory?.bytes, after: after.totals.memory?.bytes },
    peak: { before: before.totals.peak, after: after.totals.peak },
    output: { before: before.totals.output.text, after: after.totals.output.text },
    nodes,
  };
}

function nodeChange(was: ViewNode, node: ViewNode): NodeChange | undefined {
  const shape =
    was.output.text === node.output.text ? {} : { shape: { before: was.output.text, after: node.output.text } };
  const params = was.params === node.params ? {} : { params: { before: was.params, after: node.params } };
  const madds = was.madds === node.madds ? {} : { madds: { before: was.madds, after: node.madds } };
  const change = { ...shape, ...params, ...madds };
  const same = Object.keys(change).length === 0 && was.count === node.count;
  return same ? undefined : { id: node.id, label: node.label, kind: "changed", ...change };
}

function byId(network: ViewNode): ReadonlyMap<string, ViewNode> {
  const nodes = new Map<string, ViewNode>();
  const visit = (node: ViewNode): void => {
    nodes.set(node.id, node);
    node.children.forEach(visit);
  };
  visit(network);
  return nodes;
}
