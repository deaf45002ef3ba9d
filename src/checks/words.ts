import type { GraphNode } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { printUser } from "../shape/size.ts";
import { render, type Text, t } from "../text/text.ts";

/** Characters of a message, at most: one line of the Problems list. */
const MESSAGE_LIMIT = 120;

/** The first wording that fits into one line; else the last. */
export function fitting(wordings: readonly [Text, ...Text[]]): Text {
  return wordings.find((text) => render(text).length <= MESSAGE_LIMIT) ?? wordings[wordings.length - 1] ?? wordings[0];
}

/**
 * `[N, 64, 56, 56]`. `other` is the same tensor of the run with symbols: its batch stands in place of an example's.
 */
export function shapeWord(type: TensorType | undefined, other: TensorType | undefined): string {
  if (type?.shape === undefined) return "?";
  const words = type.shape.map((dim, axis) => {
    const size = axis === 0 && typeof dim.size === "number" ? (other?.shape?.[0]?.size ?? dim.size) : dim.size;
    return size === undefined ? "?" : printUser(size);
  });
  return `[${words.join(", ")}]`;
}

/** Names of the axes of a tensor `[n, c, …]`: `N, C, H, W`; plain numbers for other ranks. */
export function axisName(axis: number, rank: number): string {
  return NAMES[rank]?.[axis] ?? String(axis);
}

const NAMES: Readonly<Record<number, readonly string[]>> = {
  2: ["N", "C"],
  3: ["N", "C", "L"],
  4: ["N", "C", "H", "W"],
  5: ["N", "C", "D", "H", "W"],
};

/** `layer2.1 and 2 more blocks`. */
export function instancesWord(instances: readonly string[]): Text | string {
  const [first = "", ...rest] = instances;
  if (rest.length === 0) return first;
  return rest.length === 1 ? t("{0} and 1 more block", first) : t("{0} and {1} more blocks", first, rest.length);
}

/** How a reader names an operator: its layer's path, or the operator. */
export function nodeWord(node: GraphNode, isLayer: boolean): string {
  return isLayer && node.path !== "" ? node.path : node.op;
}
