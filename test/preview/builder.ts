import type { Graph, GraphNode, ModuleInfo, Ref, ResidualAdd, ShapeTree, Weight } from "../../src/graph/graph.ts";
import type { Args } from "../../src/ops/operator.ts";
import { type Dim, dim, type TensorType } from "../../src/shape/dim.ts";
import { mul, type Size } from "../../src/shape/size.ts";
import type { Place } from "../../src/text/span.ts";

/** A tensor of a graph that is being built: its shape, batch first, and where it comes from. */
export interface Value {
  readonly ref: Ref;
  readonly shape: readonly Size[];
}

export interface LayerSpec {
  readonly type: string;
  readonly hint?: string;
  readonly builtin?: boolean;
  /** Offset in the file `model.py` where it is built; its call stands 1,000 further. */
  readonly at?: number;
}

/** Builds a graph by hand, as the forward pass of a model would. Sizes are per example; the batch is `batch`. */
export function graphBuilder(batch: Size): ReturnType<typeof make> {
  return make(batch);
}

const FILE = "/models/model.py";

function make(batch: Size) {
  const nodes: GraphNode[] = [];
  const weights: Weight[] = [];
  const inputs: { name: string; node: number; type: TensorType }[] = [];
  const adds: ResidualAdd[] = [];
  const modules = new Map<string, ModuleInfo & { calls: ModuleInfo["calls"][number][] }>();
  const stack: { path: string; type: string }[] = [{ path: "", type: "Net" }];

  const typeOf = (shape: readonly Size[]): TensorType => ({
    shape: shape.map((size): Dim => dim(size)),
    dtype: "float32",
  });
  const tree = (value: Value): ShapeTree => ({ kind: "tensor", type: typeOf(value.shape), ref: value.ref });
  const place = (at: number | undefined): Place | undefined =>
    at === undefined ? undefined : { file: FILE, span: { start: at, end: at + 10 } };

  const input = (name: string, shape: readonly number[]): Value => {
    const full = [batch, ...shape];
    const id = nodes.length;
    nodes.push({
      id,
      op: "input",
      inputs: [],
      args: { index: inputs.length },
      outputs: [typeOf(full)],
      path: "",
      type: "",
      frames: [],
      place: undefined,
    });
    inputs.push({ name, node: id, type: typeOf(full) });
    return { ref: { node: id, output: 0 }, shape: full };
  };
  const weight = (key: string, shape: readonly number[]): Ref => {
    const at = stack.at(-1) ?? { path: "", type: "" };
    const id = nodes.length;
    weights.push({
      keys: [key],
      shape: shape.map((size) => dim(size)),
      dtype: "float32",
      trainable: true,
      persistent: true,
      init: { kind: "constant", value: 1 },
    });
    nodes.push({
      id,
      op: "weight",
      inputs: [],
      args: {},
      outputs: [typeOf(shape)],
      weight: weights.length - 1,
      path: at.path,
      type: at.type,
      frames: [],
      place: undefined,
    });
    return { node: id, output: 0 };
  };
  /** `madds` per example. `shape` per example. */
  const op = (
    name: string,
    from: readonly (Value | Ref)[],
    shape: readonly Size[],
    extra: { madds?: number; at?: number; args?: Args } = {},
  ): Value => {
    const here = stack.at(-1) ?? { path: "", type: "" };
    const id = nodes.length;
    const full = [batch, ...shape];
    nodes.push({
      id,
      op: name,
      inputs: from.map((one) => ("ref" in one ? one.ref : one)),
      args: extra.args ?? {},
      outputs: [typeOf(full)],
      path: here.path,
      type: here.type,
      frames: [],
      place: place(extra.at),
      ...(extra.madds === undefined ? {} : { madds: mul(batch, extra.madds) }),
    });
    return { ref: { node: id, output: 0 }, shape: full };
  };
  /** Calls a module: everything that `forward` makes belongs to it. */
  const call = (path: string, spec: LayerSpec, values: readonly Value[], forward: () => Value): Value => {
    const from = nodes.length;
    stack.push({ path, type: spec.type });
    const result = forward();
    stack.pop();
    const known = modules.get(path) ?? declare(path, spec);
    known.calls.push({ output: tree(result), from, to: nodes.length, inputs: values.map(tree) });
    return result;
  };
  /** Registers a module without calling it. */
  const declare = (path: string, spec: LayerSpec): ModuleInfo & { calls: ModuleInfo["calls"][number][] } => {
    const info = {
      path,
      aliases: [],
      type: spec.type,
      builtin: spec.builtin ?? false,
      place: place(spec.at),
      classPlace: spec.builtin === true ? undefined : place(9000 + spec.type.length),
      children: [],
      params: 0,
      hint: spec.hint ?? "",
      calls: [],
    };
    modules.set(path, info);
    return info;
  };
  const residual = (
    main: Value,
    shortcut: Value,
    add: Omit<ResidualAdd, "node" | "main" | "shortcut" | "path" | "type" | "fits">,
    at?: number,
  ): Value => {
    const here = stack.at(-1) ?? { path: "", type: "" };
    const fits = main.shape.every(
      (size, axis) => String(size) === String(shortcut.shape[axis]) || size === shortcut.shape[axis],
    );
    const result = op("add", [main, shortcut], shortcut.shape.slice(1), at === undefined ? {} : { at });
    adds.push({ ...add, node: result.ref.node, main: 0, shortcut: 1, path: here.path, type: here.type, fits });
    return result;
  };
  /** `sum(p.numel() for p in m.parameters())`. */
  const counted = (path: string): number =>
    weights
      .filter((one) => path === "" || one.keys[0]?.startsWith(`${path}.`))
      .reduce((sum, one) => sum + one.shape.reduce((product, size) => product * Number(size.size), 1), 0);
  const graph = (output: Value): Graph => {
    modules.set("", {
      path: "",
      aliases: [],
      type: "Net",
      builtin: false,
      place: undefined,
      classPlace: undefined,
      children: [],
      params: 0,
      hint: "",
      calls: [{ output: tree(output), from: 0, to: nodes.length, inputs: [] }],
    });
    return {
      nodes,
      weights,
      modules: [...modules.values()].map((module) => ({ ...module, params: counted(module.path) })),
      inputs,
      output: tree(output),
      residualAdds: adds,
      params: counted(""),
      madds: undefined,
    };
  };
  return { input, weight, op, call, declare, residual, graph, size: () => nodes.length };
}

export type Builder = ReturnType<typeof make>;

/** Node ids from `from` up to the newest. */
export function since(builder: Builder, from: number): readonly number[] {
  return Array.from({ length: builder.size() - from }, (_, i) => from + i);
}
