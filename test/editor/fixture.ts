import type { Analysis, Observation, Root } from "../../src/analysis.ts";
import type { Diagnostic } from "../../src/checks/diagnostic.ts";
import type { Context, FileView } from "../../src/editor/context.ts";
import type { Graph, GraphNode, ModuleInfo, Ref, ResidualAdd, ShapeTree, Weight } from "../../src/graph/graph.ts";
import type { Args } from "../../src/ops/operator.ts";
import type { Dim, Origin, TensorType } from "../../src/shape/dim.ts";
import { parseSize } from "../../src/shape/size.ts";
import { lineIndex, type Place, type Span } from "../../src/text/span.ts";
import { render, t } from "../../src/text/text.ts";

/** A shape from its text: `N, 64, (H + 1) // 2, W`; `?` is an unknown size. */
export function tensor(dims: string, origins: Readonly<Record<number, Origin>> = {}): TensorType {
  const shape = dims.split(",").map((text, axis): Dim => {
    const size = text.trim() === "?" ? undefined : parseSize(text.trim());
    const origin = origins[axis];
    return { size, ...(origin === undefined ? {} : { origin }) };
  });
  return { shape, dtype: "float32" };
}

export function tree(type: TensorType, ref?: Ref): ShapeTree {
  return { kind: "tensor", type, ...(ref === undefined ? {} : { ref }) };
}

/** The span of the `nth` (0-based) occurrence of a piece of a text. */
export function spanOf(text: string, piece: string, nth = 0): Span {
  let start = text.indexOf(piece);
  for (let i = 0; i < nth; i++) start = text.indexOf(piece, start + 1);
  if (start < 0) throw new Error(`no ${piece}`);
  return { start, end: start + piece.length };
}

/** Builds a graph by hand, node after node. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly weights: Weight[] = [];
  readonly modules: ModuleInfo[] = [];
  readonly adds: ResidualAdd[] = [];
  readonly inputs: { name: string; node: number; type: TensorType }[] = [];
  output: ShapeTree | undefined;
  params: number | undefined;
  madds: Graph["madds"];

  module(path: string, type: string, extra: Partial<ModuleInfo> = {}): void {
    const base = { path, type, aliases: [], builtin: false, place: undefined, classPlace: undefined, children: [] };
    this.modules.push({ ...base, params: undefined, hint: "", calls: [], ...extra });
  }

  input(name: string, type: TensorType): Ref {
    const ref = this.node("input", [], [type]);
    this.inputs.push({ name, node: ref.node, type });
    return ref;
  }

  node(
    op: string,
    inputs: readonly Ref[],
    outputs: readonly TensorType[],
    extra: Partial<GraphNode> & { readonly args?: Args } = {},
  ): Ref {
    const id = this.nodes.length;
    const base = { path: "", type: "", frames: [], place: undefined, args: {} };
    this.nodes.push({ id, op, inputs, outputs, ...base, ...extra });
    return { node: id, output: 0 };
  }

  weight(shape: string): Ref {
    const type = tensor(shape);
    this.weights.push({
      keys: [],
      shape: type.shape ?? [],
      dtype: "float32",
      trainable: true,
      persistent: true,
      init: { kind: "constant", value: 0 },
    });
    return this.node("weight", [], [type], { weight: this.weights.length - 1 });
  }

  graph(): Graph {
    const { nodes, weights, modules, inputs, output, adds, params, madds } = this;
    return { nodes, weights, modules, inputs, output, residualAdds: adds, params, madds };
  }
}

export const FILE = "/ws/resnet.py";

export function rootOf(model: string, place: Place = { file: FILE, span: { start: 0, end: 0 } }): Root {
  return { file: FILE, model, input: undefined, place, kind: "factory" };
}

export function analysisOf(
  parts: Partial<Analysis> & { readonly concrete?: Analysis["concrete"] },
  model = "resnet50()",
): Analysis {
  return {
    root: rootOf(model),
    input: [{ kind: "tensor", shape: ["N", 3, "H", "W"] }],
    example: true,
    concrete: undefined,
    symbolic: undefined,
    status: "ok",
    gaps: [],
    diagnostics: [],
    time: 1,
    ...parts,
  };
}

export function viewOf(
  text: string,
  analyses: readonly Analysis[],
  diagnostics: readonly Diagnostic[] = [],
  file = FILE,
): FileView {
  return { file, text, lines: lineIndex(text), analyses, diagnostics };
}

/** English, places as `file://` locations, command links as `command:name`. */
export function contextOf(texts: Readonly<Record<string, string>>): Context {
  return {
    say: (text) => render(text),
    location: ({ file, span }) => {
      const lines = lineIndex(texts[file] ?? "");
      const start = lines.position(span.start);
      const end = lines.position(span.end);
      return {
        uri: `file://${file}`,
        range: {
          start: { line: start.line, character: start.column },
          end: { line: end.line, character: end.column },
        },
      };
    },
    source: ({ file, span }) => {
      const text = texts[file] ?? "";
      const line = text.lastIndexOf("\n", span.start - 1) + 1;
      return { text: text.slice(span.start, span.end), before: text.slice(line, span.start) };
    },
    command: (name) => `command:${name}`,
  };
}

export function observation(
  span: Span,
  role: Observation["role"],
  instances: Observation["instances"],
  extra: { readonly name?: string; readonly statement?: number } = {},
): Observation {
  return { span, role, instances, ...extra };
}

export function diagnosticOf(parts: Partial<Diagnostic> & Pick<Diagnostic, "place" | "code">): Diagnostic {
  return {
    severity: "error",
    message: t("message"),
    roots: ["resnet50()"],
    instances: [],
    related: [],
    fixes: [],
    ...parts,
  };
}
