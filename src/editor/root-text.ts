import type { Analysis, InputSpec } from "../analysis.ts";
import type { ModuleInfo } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { shownRun } from "./context.ts";
import { dimText } from "./shape-text.ts";

/** Characters of a root's expression that a card or the status bar has room for. */
const MODEL_LIMIT = 40;

/** A root's expression, shortened in its middle. */
export function modelText(model: string, limit = MODEL_LIMIT): string {
  const line = model.replace(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 2)}…)`;
}

/** A root's name for the status bar: `resnet50` for `resnet50()`. */
export function modelName(model: string): string {
  return modelText(model.replace(/\(\s*\)$/, ""), 30);
}

/** The sizes that a root is shown at, the symbolic batch left out: `3×224×224`. `?` for an unknown input. */
export function inputText(analysis: Analysis, times = "×"): string {
  const graph = shownRun(analysis)?.graph;
  if (graph !== undefined && 0 < graph.inputs.length)
    return graph.inputs.map(({ type }) => sizesText(type, times)).join(", ");
  return analysis.input.map((spec) => specText(spec, times)).join(", ") || "?";
}

/** The class of the module at an instance path; the root's own for `""`. */
export function typeAt(analysis: Analysis, path: string): string {
  return moduleAt(analysis, path)?.type ?? modelName(analysis.root.model);
}

export function moduleAt(analysis: Analysis, path: string): ModuleInfo | undefined {
  return shownRun(analysis)?.graph.modules.find((module) => module.path === path || module.aliases.includes(path));
}

function sizesText(type: TensorType, times: string): string {
  if (type.shape === undefined) return "?";
  const [batch, ...rest] = type.shape.map(dimText);
  if (batch === undefined) return "[]";
  return (batch === "N" && 0 < rest.length ? rest : [batch, ...rest]).join(times);
}

function specText(spec: InputSpec | null, times: string): string {
  if (spec === null) return "–";
  switch (spec.kind) {
    case "tensor": {
      if (spec.shape === undefined) return "?";
      const [batch, ...rest] = spec.shape.map(String);
      if (batch === undefined) return "[]";
      return (batch === "N" && 0 < rest.length ? rest : [batch, ...rest]).join(times);
    }
    case "any":
      return "?";
    case "seq":
      return `(${spec.items.map((item) => specText(item, times)).join(", ")})`;
    case "dict":
      return `{${spec.entries.map(([key, item]) => `${key}: ${specText(item, times)}`).join(", ")}}`;
  }
}
