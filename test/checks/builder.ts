import type { CheckInput } from "../../src/checks/check.ts";
import type { Diagnostic, Fix } from "../../src/checks/diagnostic.ts";
import type { Module } from "../../src/core/core.ts";
import type { Graph, GraphNode, ModuleInfo, Ref } from "../../src/graph/graph.ts";
import { findResidualAdds } from "../../src/graph/residual.ts";
import { operator } from "../../src/ops/catalogue.ts";
import type { Args } from "../../src/ops/operator.ts";
import { type Dim, dim, type Origin, type TensorType } from "../../src/shape/dim.ts";
import { parseSize, type Size } from "../../src/shape/size.ts";
import { parsePython } from "../../src/syntax/python/parse.ts";
import type { Place } from "../../src/text/span.ts";
import { parametersOf } from "../../src/torch/signatures.ts";

export const FILE = "/models/model.py";

/** The nth place of a text in the source. */
export function placeOf(source: string, text: string, nth = 0): Place {
  let start = -1;
  for (let i = 0; i <= nth; i++) start = source.indexOf(text, start + 1);
  if (start < 0) throw new Error(`no ${text}`);
  return { file: FILE, span: { start, end: start + text.length } };
}

export function argument(label: string, place: Place, ...from: readonly Origin[]): Origin {
  return { kind: "argument", label, place, from };
}

/** Builds a graph the way a forward pass does: the catalogue's rules give the outputs. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly modules: ModuleInfo[] = [];

  module(path: string, type: string, place?: Place, classPlace?: Place): void {
    this.modules.push({
      path,
      aliases: [],
      type,
      builtin: classPlace === undefined,
      place,
      classPlace,
      built: place === undefined ? [] : [place],
      children: [],
      params: 0,
      hint: "",
      calls: [],
    });
  }

  input(...shape: readonly (number | string)[]): Ref {
    return this.source("input", shape);
  }

  weight(...shape: readonly number[]): Ref {
    return this.source("weight", shape);
  }

  constant(...shape: readonly number[]): Ref {
    return this.source("constant", shape);
  }

  /** `after` replaces what a refusal leaves, as the evaluator's recovery does. */
  op(
    name: string,
    inputs: readonly Ref[],
    args: Args = {},
    where: { path?: string; place?: Place; after?: Ref } = {},
  ): Ref {
    const types = inputs.map((ref) => this.type(ref));
    const outcome = operator(name)?.shape(types, args);
    if (outcome === undefined) throw new Error(`no operator ${name}`);
    const { path = "", place, after } = where;
    const outputs = after !== undefined ? [this.type(after)] : outcome.kind === "ok" ? outcome.outputs : outcome.assume;
    const id = this.nodes.length;
    this.nodes.push({
      id,
      op: name,
      inputs,
      args,
      outputs,
      path,
      type: this.modules.find((module) => module.path === path)?.type ?? "",
      frames: place === undefined ? [] : [{ place, function: "forward", path, own: true }],
      place,
      ...(outcome.kind === "refused"
        ? { refusal: outcome }
        : outcome.guards === undefined
          ? {}
          : { guards: outcome.guards }),
    });
    return { node: id, output: 0 };
  }

  conv(
    x: Ref,
    out: number,
    kernel: number,
    options: { stride?: Dim; padding?: number; path?: string; place?: Place; into?: number } = {},
  ): Ref {
    const into = options.into ?? Number(this.type(x).shape?.[1]?.size);
    const stride = options.stride ?? { size: 1 };
    const pad = { size: options.padding ?? (kernel - 1) / 2 };
    const args = {
      stride: [stride, stride],
      padding: [
        [pad, pad],
        [pad, pad],
      ],
      dilation: [{ size: 1 }, { size: 1 }],
      groups: { size: 1 },
    };
    return this.op("conv", [x, this.weight(out, into, kernel, kernel)], args, options);
  }

  type(ref: Ref): TensorType {
    const type = this.nodes[ref.node]?.outputs[ref.output];
    if (type === undefined) throw new Error("no such output");
    return type;
  }

  shape(ref: Ref): readonly (Size | undefined)[] | undefined {
    return this.type(ref).shape?.map(({ size }) => size);
  }

  graph(): Graph {
    return {
      nodes: this.nodes,
      weights: [],
      modules: this.modules,
      inputs: [],
      output: undefined,
      residualAdds: findResidualAdds(this.nodes, this.modules),
      params: undefined,
      madds: undefined,
    };
  }

  private source(op: string, shape: readonly (number | string)[]): Ref {
    const id = this.nodes.length;
    const type: TensorType = { shape: shape.map((size) => dim(parseSize(String(size)) ?? 0)), dtype: "float32" };
    this.nodes.push({
      id,
      op,
      inputs: [],
      args: {},
      outputs: [type],
      path: "",
      type: "",
      frames: [],
      place: undefined,
    });
    return { node: id, output: 0 };
  }
}

/** The checks' input for one source file. */
export function inputFor(source: string, more: Partial<CheckInput>): CheckInput {
  const module: Module = parsePython(source).module;
  return {
    root: "Net()",
    place: { file: FILE, span: { start: 0, end: 0 } },
    concrete: undefined,
    symbolic: undefined,
    problems: [],
    fixedInput: true,
    example: new Map(),
    source: (file) => (file === FILE ? source : undefined),
    module: (file) => (file === FILE ? module : undefined),
    unusedModules: [],
    parameters: parametersOf,
    ...more,
  };
}

/** What a rule proposes as fixes, not proven. */
export function proposed(diagnostic: Diagnostic | undefined): readonly Fix[] {
  return diagnostic?.propose?.() ?? [];
}

/** The source with a fix's edits made. */
export function edited(source: string, edits: readonly { readonly place: Place; readonly text: string }[]): string {
  let text = source;
  for (const { place, text: put } of [...edits].sort((a, b) => b.place.span.start - a.place.span.start)) {
    text = text.slice(0, place.span.start) + put + text.slice(place.span.end);
  }
  return text;
}
