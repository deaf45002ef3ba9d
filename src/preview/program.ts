import type { Arg, Graph, GraphNode, ShapeTree } from "../graph/graph.ts";
import type { OutputTree, PlainArg, Program, ProgramNode } from "../graph/program.ts";
import type { Dim, DType, TensorType, Why } from "../shape/dim.ts";
import { type Text, t } from "../text/text.ts";

/** A program, or why there is none. */
export type ProgramResult =
  | { readonly kind: "ok"; readonly program: Program }
  | { readonly kind: "gap"; readonly reason: Text };

type Plain<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "gap"; readonly reason: Text };

/** The runnable form of a run on a concrete input; a gap where a size, an element type or the output is not known. */
export function toProgram(graph: Graph): ProgramResult {
  const weights: Program["weights"][number][] = [];
  for (const weight of graph.weights) {
    const name = weight.keys[0] ?? "?";
    const shape = sizes(weight.shape);
    if (shape === undefined) return gap(t("the shape of {0} is not known", name));
    if (weight.init.kind === "unknown" && weight.persistent === false)
      return gap(because(t("the values of {0} are not known", name), weight.init.why));
    weights.push({ keys: weight.keys, shape, dtype: weight.dtype, persistent: weight.persistent, init: weight.init });
  }
  const inputs: Program["inputs"][number][] = [];
  for (const input of graph.inputs) {
    const type = plainType(input.type);
    if (type === undefined) return gap(t("the shape of {0} is not known", input.name));
    inputs.push({ node: input.node, name: input.name, shape: type.shape, dtype: type.dtype });
  }
  const nodes: ProgramNode[] = [];
  for (const node of graph.nodes) {
    const plain = plainNode(node);
    if (plain.kind === "gap") return plain;
    nodes.push(plain.value);
  }
  if (graph.output === undefined) return gap(t("the model's output is not known"));
  const output = plainOutput(graph.output);
  if (output.kind === "gap") return output;
  if (output.value === null) return gap(t("the model's output is not a tensor"));
  return { kind: "ok", program: { inputs, weights, nodes, output: output.value, taps: tapsOf(graph) } };
}

function plainNode(node: GraphNode): Plain<ProgramNode> {
  const where = node.path === "" ? node.op : `${node.path} (${node.op})`;
  if (node.refusal !== undefined) return gap(t("{0} refuses its inputs: {1}", where, node.refusal.detail));
  const outputs: ProgramNode["outputs"][number][] = [];
  for (const type of node.outputs) {
    const plain = plainType(type);
    if (plain === undefined) {
      const why = type.why ?? type.shape?.find((dim) => dim.size === undefined)?.why;
      return gap(because(t("the shape that {0} gives is not known", where), why));
    }
    outputs.push(plain);
  }
  const args: Record<string, PlainArg> = {};
  for (const [name, arg] of Object.entries(node.args)) {
    const plain = plainArg(arg);
    if (plain.kind === "gap") return gap(t("{0} of {1} is not known", name, where));
    args[name] = plain.value;
  }
  return {
    kind: "ok",
    value: {
      id: node.id,
      op: node.op,
      inputs: node.inputs,
      args,
      outputs,
      path: node.path,
      type: node.type,
      ...(node.weight === undefined ? {} : { weight: node.weight }),
      ...(node.place === undefined ? {} : { place: node.place }),
    },
  };
}

function plainArg(arg: Arg): Plain<PlainArg> {
  if (arg === null || typeof arg !== "object") return { kind: "ok", value: arg };
  if (isList(arg)) {
    const items: PlainArg[] = [];
    for (const item of arg) {
      const plain = plainArg(item);
      if (plain.kind === "gap") return plain;
      items.push(plain.value);
    }
    return { kind: "ok", value: items };
  }
  return typeof arg.size === "number" ? { kind: "ok", value: arg.size } : gap(t("not a number"));
}

function isList(arg: Dim | readonly Arg[]): arg is readonly Arg[] {
  return Array.isArray(arg);
}

function plainType(type: TensorType): { readonly shape: readonly number[]; readonly dtype: DType } | undefined {
  const shape = type.shape === undefined ? undefined : sizes(type.shape);
  return shape === undefined || type.dtype === undefined ? undefined : { shape, dtype: type.dtype };
}

function sizes(shape: readonly Dim[]): readonly number[] | undefined {
  const result: number[] = [];
  for (const dim of shape) {
    if (typeof dim.size !== "number") return undefined;
    result.push(dim.size);
  }
  return result;
}

function plainOutput(tree: ShapeTree): Plain<OutputTree | null> {
  switch (tree.kind) {
    case "unknown":
      return gap(because(t("the model's output is not known"), tree.why));
    case "tensor":
      if (tree.ref === undefined) return gap(t("the model's output is not computed from its inputs"));
      return { kind: "ok", value: { kind: "tensor", ref: tree.ref } };
    case "seq": {
      const items: (OutputTree | null)[] = [];
      for (const item of tree.items) {
        const plain = item === null ? { kind: "ok" as const, value: null } : plainOutput(item);
        if (plain.kind === "gap") return plain;
        items.push(plain.value);
      }
      return { kind: "ok", value: { kind: "seq", items } };
    }
    case "dict": {
      const entries: (readonly [string, OutputTree | null])[] = [];
      for (const [key, item] of tree.entries) {
        const plain = item === null ? { kind: "ok" as const, value: null } : plainOutput(item);
        if (plain.kind === "gap") return plain;
        entries.push([key, plain.value]);
      }
      return { kind: "ok", value: { kind: "dict", entries } };
    }
  }
}

function tapsOf(graph: Graph): Program["taps"] {
  const taps: Program["taps"][number][] = [];
  for (const module of graph.modules) {
    const output = module.calls.at(-1)?.output;
    if (output?.kind !== "tensor" || output.ref === undefined) continue;
    taps.push({ path: module.path, type: module.type, ref: output.ref });
  }
  return taps;
}

function because(text: Text, why: Why | undefined): Text {
  return why === undefined ? text : t("{0}: {1}", text, why.reason);
}

function gap(reason: Text): { readonly kind: "gap"; readonly reason: Text } {
  return { kind: "gap", reason };
}
