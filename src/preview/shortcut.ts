import type { Graph, ResidualAdd, ShortcutKind } from "../graph/graph.ts";
import type { ViewPlace, ViewShortcut } from "./model.ts";
import type { Shapes } from "./shapes.ts";

/** How a residual add's shortcut is drawn: line style by kind, and the words beside it. */
export function shortcutOf(add: ResidualAdd, graph: Graph, shapes: Shapes, place: ViewPlace | undefined): ViewShortcut {
  const style = STYLE[add.kind];
  const mismatch = add.fits ? undefined : mismatchOf(add, graph, shapes);
  return {
    kind: add.kind,
    label: labelOf(add, graph),
    style,
    fits: add.fits,
    ...(mismatch === undefined ? {} : { mismatch }),
    place,
  };
}

const STYLE: Readonly<Record<ShortcutKind, ViewShortcut["style"]>> = {
  identity: "solid",
  projection: "dashed",
  "zero-padding": "dotted",
  other: "dashed",
};

function labelOf(add: ResidualAdd, graph: Graph): string {
  switch (add.kind) {
    case "identity":
      return "identity";
    case "projection":
      return [kernelOf(add, graph) ?? "projection", strideText(add.shortcutStride)].filter(Boolean).join(" ");
    case "zero-padding": {
      const added = paddedBy(add, graph);
      return added === undefined ? "pad" : `pad +${added}`;
    }
    case "other":
      return ["shortcut", strideText(add.shortcutStride)].filter(Boolean).join(" ");
  }
}

/** The spatial extent of the first convolution kernel on the shortcut, `1×1`; from its weight's shape (O, I, kh, kw). */
function kernelOf(add: ResidualAdd, graph: Graph): string | undefined {
  for (const id of add.shortcutNodes) {
    for (const input of graph.nodes[id]?.inputs ?? []) {
      const index = graph.nodes[input.node]?.weight;
      const shape = index === undefined ? undefined : graph.weights[index]?.shape;
      if (shape === undefined || shape.length < 3) continue;
      const kernel = shape.slice(2).map((dim) => dim.size);
      if (kernel.every((size) => typeof size === "number")) return kernel.join("×");
    }
  }
  return undefined;
}

/** `/2`, or `/2×1` where the axes differ; empty for stride 1 or an unknown one. */
function strideText(stride: readonly number[] | undefined): string {
  if (stride === undefined || stride.every((step) => step === 1)) return "";
  const first = stride[0];
  return stride.every((step) => step === first) ? `/${first}` : `/${stride.join("×")}`;
}

/** How many channels the shortcut's end has more than its start. */
function paddedBy(add: ResidualAdd, graph: Graph): number | undefined {
  const end = graph.nodes[add.node]?.inputs[add.shortcut];
  const from = graph.nodes[add.fork.node]?.outputs[add.fork.output]?.shape;
  const to = end === undefined ? undefined : graph.nodes[end.node]?.outputs[end.output]?.shape;
  if (from === undefined || to === undefined || from.length !== to.length) return undefined;
  for (const [axis, dim] of to.entries()) {
    const before = from[axis]?.size;
    if (typeof dim.size === "number" && typeof before === "number" && before < dim.size) return dim.size - before;
  }
  return undefined;
}

function mismatchOf(add: ResidualAdd, graph: Graph, shapes: Shapes): ViewShortcut["mismatch"] {
  const inputs = graph.nodes[add.node]?.inputs;
  const main = inputs?.[add.main];
  const shortcut = inputs?.[add.shortcut];
  if (main === undefined || shortcut === undefined) return undefined;
  const left = shapes.ref(main);
  const right = shapes.ref(shortcut);
  if (left.dims?.length !== right.dims?.length || left.dims === undefined)
    return { left: left.text, right: right.text };
  const pairs = left.dims
    .map((size, axis) => ({ left: size, right: right.dims?.[axis] ?? "?" }))
    .filter((pair) => pair.left !== pair.right && pair.left !== "1" && pair.right !== "1");
  const first = pairs[0];
  if (first === undefined) return { left: left.text, right: right.text };
  if (pairs.every((pair) => pair.left === first.left && pair.right === first.right)) return first;
  return { left: pairs.map((pair) => pair.left).join("×"), right: pairs.map((pair) => pair.right).join("×") };
}
