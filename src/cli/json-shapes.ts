import type { InputSpec } from "../analysis.ts";
import type { ShapeTree } from "../graph/graph.ts";
import type { Dim, TensorType } from "../shape/dim.ts";
import { printPython, type Size } from "../shape/size.ts";

/** A shape as the contracts write it. */
export type ShapeJson =
  | "?"
  | readonly (number | string)[]
  | { readonly seq: readonly (ShapeJson | null)[] }
  | { readonly dict: Readonly<Record<string, ShapeJson | null>> };

/** A size: a number, or its expression in Python syntax. */
export function sizeJson(size: Size): number | string {
  return typeof size === "number" ? size : printPython(size);
}

function tensorJson(type: TensorType): ShapeJson {
  return type.shape === undefined ? "?" : type.shape.map(dimJson);
}

export function treeJson(tree: ShapeTree): ShapeJson {
  switch (tree.kind) {
    case "tensor":
      return tensorJson(tree.type);
    case "seq":
      return { seq: tree.items.map((item) => (item === null ? null : treeJson(item))) };
    case "dict":
      return {
        dict: Object.fromEntries(tree.entries.map(([key, item]) => [key, item === null ? null : treeJson(item)])),
      };
    case "unknown":
      return "?";
  }
}

/** An input's shapes; its element type and name are not repeated. */
export function inputJson(spec: InputSpec): ShapeJson {
  switch (spec.kind) {
    case "tensor":
      return spec.shape ?? "?";
    case "any":
      return "?";
    case "seq":
      return { seq: spec.items.map((item) => (item === null ? null : inputJson(item))) };
    case "dict":
      return {
        dict: Object.fromEntries(spec.entries.map(([key, item]) => [key, item === null ? null : inputJson(item)])),
      };
  }
}

function dimJson(dim: Dim): number | string {
  return dim.size === undefined ? "?" : sizeJson(dim.size);
}
