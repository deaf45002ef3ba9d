import type { Analysis, Analyzer } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import type { ShapeTree } from "../../src/graph/graph.ts";
import { printPython } from "../../src/shape/size.ts";

const FOLDER = "/w";

/** An analyzer over files of one folder, by name. */
export function analyzerOf(files: Readonly<Record<string, string>>): Analyzer {
  const textOf = (path: string): string | undefined => files[path.slice(FOLDER.length + 1)];
  return createAnalyzer(
    {
      read: textOf,
      kind: (path) => (textOf(path) !== undefined ? "file" : path === FOLDER ? "folder" : undefined),
      list: () => Object.keys(files),
      join: (folder, name) => `${folder}/${name}`,
      parent: (path) => path.slice(0, Math.max(1, path.lastIndexOf("/"))),
    },
    { paths: [], pythonPaths: [] },
  );
}

export function pathOf(name: string): string {
  return `${FOLDER}/${name}`;
}

/** A root as `model on input -> output`. */
export function lineOf({ root, input, concrete, symbolic }: Analysis): string {
  const given = input.map((spec) => (spec.kind === "tensor" ? (spec.shape?.join(",") ?? "?") : spec.kind)).join(" ");
  const output = (symbolic ?? concrete)?.graph.output;
  return `${root.model} on ${given} -> ${root.kind === "call" ? shapeText(concrete?.graph.output) : shapeText(output)}`;
}

function shapeText(tree: ShapeTree | undefined): string {
  if (tree?.kind !== "tensor") return tree?.kind ?? "?";
  return tree.type.shape?.map(({ size }) => (size === undefined ? "?" : printPython(size))).join(",") ?? "?";
}
