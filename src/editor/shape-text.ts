import type { ShapeTree } from "../graph/graph.ts";
import type { Dim, TensorType, Why } from "../shape/dim.ts";
import { printUser } from "../shape/size.ts";

/** One dim as users see it: `56`, `N`, `ceil(H/4)`; `?` where it is unknown. */
export function dimText(dim: Dim): string {
  return dim.size === undefined ? "?" : printUser(dim.size);
}

/** A tensor's shape as users see it: `[N, 64, 56, 56]`; `?` where not even the rank is known. */
export function shapeText(type: TensorType): string {
  return type.shape === undefined ? "?" : `[${type.shape.map(dimText).join(", ")}]`;
}

/** A value's shapes: `[…]`, `([…], […])` for a sequence, `{key: […]}` for a dict, `–` for what is not a tensor. */
export function treeText(tree: ShapeTree | null): string {
  if (tree === null) return "–";
  switch (tree.kind) {
    case "tensor":
      return shapeText(tree.type);
    case "seq":
      return `(${tree.items.map(treeText).join(", ")})`;
    case "dict":
      return `{${tree.entries.map(([key, item]) => `${key}: ${treeText(item)}`).join(", ")}}`;
    case "unknown":
      return "?";
  }
}

/** The first reason why something of a value is unknown. */
export function whyOf(tree: ShapeTree | null): Why | undefined {
  if (tree === null) return undefined;
  switch (tree.kind) {
    case "tensor":
      return tree.type.shape === undefined ? tree.type.why : tree.type.shape.find((dim) => dim.size === undefined)?.why;
    case "seq":
      return firstOf(tree.items, whyOf);
    case "dict":
      return firstOf(tree.entries, ([, item]) => whyOf(item));
    case "unknown":
      return tree.why;
  }
}

/** Whether a value rests on a recovery after an error. */
export function isAssumed(tree: ShapeTree | null): boolean {
  if (tree === null) return false;
  switch (tree.kind) {
    case "tensor":
      return tree.type.assumed === true || (tree.type.shape ?? []).some((dim) => dim.assumed === true);
    case "seq":
      return tree.items.some(isAssumed);
    case "dict":
      return tree.entries.some(([, item]) => isAssumed(item));
    case "unknown":
      return false;
  }
}

function firstOf<A, B>(items: readonly A[], of: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
