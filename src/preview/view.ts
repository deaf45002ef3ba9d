import type { Analysis, InputSpec } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import type { Graph } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { evaluate, printUser, symbolsOf } from "../shape/size.ts";
import type { Place } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import { graphKey } from "./graph-key.ts";
import { memoryOf } from "./memory.ts";
import type { PreviewView, ViewNode, ViewPlace } from "./model.ts";
import { networkOf } from "./nodes.ts";
import { batchOf, shapesOf } from "./shapes.ts";

/** Characters of a line of source that a search looks at. */
const MOST_CODE = 200;

/** What the drawing is made of, beside the analysis itself. */
export interface ViewSource {
  readonly analysis: Analysis;
  /** Root expressions to choose from, the shown one among them. */
  readonly roots: readonly string[];
  /** Inputs to offer beside the shown one. */
  readonly inputs?: readonly string[];
  /** 1-based line of a place; undefined where the file cannot be read. */
  readonly line?: (place: Place) => number | undefined;
  /** The line of source that a place begins in. */
  readonly code?: (place: Place) => string | undefined;
  /** The place in the document that shows it: a notebook's in its cell. Left out: the place itself. */
  readonly shown?: (place: Place) => Place;
}

/** A drawing, or why there is nothing to draw. */
export type ViewResult =
  | { readonly kind: "ok"; readonly view: PreviewView }
  | { readonly kind: "none"; readonly reason: Text };

/** The panel's content for one analyzed root; none where no forward pass could be followed at all. */
export function toView(source: ViewSource): ViewResult {
  const { analysis } = source;
  const run = analysis.concrete ?? analysis.symbolic;
  if (run === undefined || run.graph.nodes.length === 0) return { kind: "none", reason: reasonOf(analysis) };
  const graph = run.graph;
  const symbolic = analysis.concrete === undefined ? undefined : analysis.symbolic?.graph;
  const shapes = shapesOf(graph, symbolic);
  const code: Record<string, Record<string, string>> = {};
  const viewPlace = (place: Place | undefined): ViewPlace | undefined => {
    const shown = toViewPlace(place, source);
    if (place === undefined || shown?.line === undefined) return shown;
    code[shown.file] ??= {};
    const lines = code[shown.file];
    if (lines !== undefined) lines[shown.line] ??= source.code?.(place)?.trim().slice(0, MOST_CODE) ?? "";
    return shown;
  };
  const batch = batchOf(graph, symbolic);
  const memory = memoryOf(graph, batch);
  const network = networkOf({ graph, shapes, batch, memory, place: viewPlace });
  return {
    kind: "ok",
    view: {
      head: {
        root: analysis.root.model,
        roots: source.roots.includes(analysis.root.model) ? source.roots : [analysis.root.model, ...source.roots],
        input: inputText(graph, analysis.input),
        inputs: source.inputs ?? [],
        example: analysis.example,
        verdict: verdictOf(graph, analysis),
      },
      totals: {
        params: graph.params,
        madds: network.madds,
        output: network.output,
        memory: network.memory,
        peak: memory.peak,
      },
      inputs: graph.inputs.map(({ name, node, type }) => {
        const runs = runnable(type);
        return { name, shape: shapes.ref({ node, output: 0 }), ...(runs === undefined ? {} : { runs }) };
      }),
      network,
      key: graphKey(graph),
      code,
      notes: notesOf(analysis, viewPlace),
    },
  };
}

/** An input as it is run: every symbol is 1. */
function runnable({ shape, dtype }: TensorType): PreviewView["inputs"][number]["runs"] {
  if (shape === undefined || dtype === undefined) return undefined;
  const sizes = shape.map(({ size }) =>
    size === undefined || typeof size === "number"
      ? size
      : evaluate(size, new Map([...symbolsOf(size)].map((symbol) => [symbol, 1]))),
  );
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length ? { shape: known, dtype } : undefined;
}

/** Ids of the nodes that come from the given range of a file, the most specific places only. */
export function nodesAt(view: PreviewView, file: string, start: number, end: number): readonly string[] {
  let best = Number.POSITIVE_INFINITY;
  let ids: string[] = [];
  const visit = (node: ViewNode): void => {
    for (const place of node.places) {
      if (place.file !== file || end < place.start || place.end < start) continue;
      const length = place.end - place.start;
      if (best < length) continue;
      if (length < best) ids = [];
      best = length;
      if (!ids.includes(node.id)) ids.push(node.id);
    }
    node.children.forEach(visit);
  };
  visit(view.network);
  return ids;
}

function verdictOf(graph: Graph, analysis: Analysis): PreviewView["head"]["verdict"] {
  const all = graph.residualAdds.length;
  const misfits = graph.residualAdds.filter((add) => !add.fits).length;
  if (0 < misfits) return { state: "error", text: t("{0} of {1} shortcuts do not fit", misfits, all) };
  const errors = analysis.diagnostics.filter(({ severity }) => severity === "error").length;
  if (0 < errors) return { state: "error", text: errors === 1 ? t("1 error") : t("{0} errors", errors) };
  if (all === 0) return { state: "none", text: t("no shortcuts") };
  return { state: "ok", text: t("{0} of {1} shortcuts fit", all, all) };
}

/** `3 × 224 × 224`: the first input without its batch, further inputs after a comma. */
function inputText(graph: Graph, specs: readonly InputSpec[]): string {
  const texts = graph.inputs.map((input) => {
    const shape = input.type.shape;
    if (shape === undefined) return "?";
    const dims = shape.map((dim) => (dim.size === undefined ? "?" : printUser(dim.size)));
    return (dims.length < 2 ? dims : dims.slice(1)).join(" × ");
  });
  return 0 < texts.length ? texts.join(", ") : specs.map(specText).join(", ");
}

function specText(spec: InputSpec): string {
  if (spec.kind !== "tensor" || spec.shape === undefined) return "?";
  return spec.shape.slice(1).join(" × ");
}

function notesOf(
  analysis: Analysis,
  viewPlace: (place: Place | undefined) => ViewPlace | undefined,
): PreviewView["notes"] {
  const told = (diagnostic: Diagnostic): boolean =>
    diagnostic.code !== "gap" && (diagnostic.severity === "error" || diagnostic.severity === "warning");
  return [
    ...analysis.diagnostics.filter(told).map((diagnostic) => ({
      severity: diagnostic.severity === "error" ? ("error" as const) : ("warning" as const),
      text: diagnostic.message,
      place: viewPlace(diagnostic.place),
    })),
    ...analysis.gaps.map((gap) => ({ severity: "gap" as const, text: gap.reason, place: viewPlace(gap.place) })),
  ];
}

function reasonOf(analysis: Analysis): Text {
  const error = analysis.diagnostics.find((diagnostic) => diagnostic.severity === "error");
  return (
    error?.message ?? analysis.gaps[0]?.reason ?? analysis.unknown?.reason ?? t("no forward pass could be followed")
  );
}

function toViewPlace(place: Place | undefined, { line, shown }: ViewSource): ViewPlace | undefined {
  if (place === undefined) return undefined;
  const { file, span } = shown?.(place) ?? place;
  return {
    file,
    start: span.start,
    end: span.end,
    name: place.file.slice(Math.max(place.file.lastIndexOf("/"), place.file.lastIndexOf("\\")) + 1),
    line: line?.(place),
  };
}
