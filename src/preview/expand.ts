import type { ViewNode } from "./model.ts";

/** With fewer boxes than this a drawing says too little: more is opened, the costliest first. */
const ENOUGH = 6;
/** A drawing that opens to more boxes than this is longer than a reader scrolls through. */
const TOO_MANY = 64;

/** Opens what a first look should see: the network, what holds blocks, and the way to every shortcut that does not fit. */
export function openByDefault(network: ViewNode): ViewNode {
  const open = new Set<string>([network.id]);
  const mark = (node: ViewNode): void => {
    const holds = node.children.some((child) => child.level === "block" || child.level === "stage");
    if (node.level === "stage" && holds) open.add(node.id);
    node.children.forEach(mark);
  };
  mark(network);
  while (visible(network, open).length < ENOUGH) {
    const candidates = visible(network, open).filter((node) => 0 < node.children.length);
    candidates.sort((a, b) => (b.madds ?? 0) - (a.madds ?? 0));
    const next = candidates.find((node) => visible(network, open).length + node.children.length <= TOO_MANY);
    if (next === undefined) break;
    open.add(next.id);
  }
  const apply = (node: ViewNode): ViewNode => ({
    ...node,
    expanded: open.has(node.id),
    children: node.children.map(apply),
  });
  return apply(network);
}

/** The closed boxes that are drawn. */
function visible(node: ViewNode, open: ReadonlySet<string>): readonly ViewNode[] {
  return open.has(node.id) ? node.children.flatMap((child) => visible(child, open)) : [node];
}
