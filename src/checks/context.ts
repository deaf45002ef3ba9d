import type { Module } from "../core/core.ts";
import type { Problem } from "../eval/interp.ts";
import type { Graph, GraphNode, ModuleInfo, ResidualAdd } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { lineIndex, type Place } from "../text/span.ts";
import type { LineNumber, Text } from "../text/text.ts";
import type { Code, Diagnostic, Fix, Related, Severity } from "./diagnostic.ts";
import type { Heard, Question } from "./fixes/ask.ts";

/** What one root's runs gave, and the sources they came from. */
export interface CheckInput {
  /** The root's expression. */
  readonly root: string;
  /** Where the root stands: what no line of the user's leads to is reported there. */
  readonly place: Place;
  readonly concrete: Graph | undefined;
  readonly symbolic: Graph | undefined;
  readonly problems: readonly Problem[];
  /** The input is given by the user's code, or its size was solved for. */
  readonly fixedInput: boolean;
  /** Sizes of the concrete input by symbol. */
  readonly example: ReadonlyMap<string, number>;
  readonly source: (file: string) => string | undefined;
  readonly module: (file: string) => Module | undefined;
  /** Registered and used in neither mode. */
  readonly unusedModules: readonly { readonly path: string; readonly place: Place; readonly type: string }[];
  /** The framework's own words for a node's refusal of inputs of these types. */
  readonly original?: (node: GraphNode, inputs: readonly TensorType[]) => string | undefined;
  /** The names of the arguments that a library's layer is built with, or its function called, in their order. */
  readonly parameters?: (type: string) => readonly string[] | undefined;
  /** How the framework's code writes what fixes insert. */
  readonly spelling?: Spelling;
  /** Runs the root once more to hear what expressions would give where others stand. */
  readonly ask?: (questions: readonly Question[]) => readonly Heard[];
}

/** Expressions as a file of the framework's writes them, by what it has imported. */
export interface Spelling {
  /** All axes but the batch joined. */
  readonly flattened: (source: string, operand: string) => string;
  /** One number for each channel: the mean over so many axes, which stay with length 1. */
  readonly averaged: (source: string, operand: string, axes: number) => string;
  /** The layers that do the same, without the library's name before them. */
  readonly flattening: string;
  readonly averaging: (axes: number) => string;
}

/** One mistake at one instance. Those of the same key are one diagnostic. */
export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  readonly place: Place;
  /** What tells mistakes at one place apart. */
  readonly cause: string;
  readonly instance: string | undefined;
  /** For all instances together, the first one's finding being asked. */
  readonly message: (instances: readonly string[]) => Text;
  readonly related: readonly Related[];
  readonly fixes: (instances: readonly string[]) => readonly Fix[];
  readonly original?: string | undefined;
  readonly residual?: Diagnostic["residual"];
  readonly unnecessary?: true;
}

/** One run's graph with what the rules look up in it. */
export interface Run {
  readonly graph: Graph;
  readonly modules: ReadonlyMap<string, ModuleInfo>;
  readonly adds: ReadonlyMap<number, ResidualAdd>;
}

/** What every rule reads. */
export interface Context {
  readonly input: CheckInput;
  readonly concrete: Run | undefined;
  readonly symbolic: Run | undefined;
  /** The node of the other run that stands for the same step of the model. */
  readonly symbolicOf: (node: GraphNode) => GraphNode | undefined;
  readonly concreteOf: (node: GraphNode) => GraphNode | undefined;
  /** Sizes of the concrete input by symbol, read off both runs' inputs where they were not given. */
  readonly example: ReadonlyMap<string, number>;
  /** 1-based; undefined where the file is not at hand. */
  readonly line: (place: Place) => LineNumber | undefined;
}

export function makeContext(input: CheckInput): Context {
  const [concrete, symbolic] = [runOf(input.concrete), runOf(input.symbolic)];
  const lines = new Map<string, ReturnType<typeof lineIndex> | undefined>();
  return {
    input,
    concrete,
    symbolic,
    symbolicOf: counterpart(concrete, symbolic),
    concreteOf: counterpart(symbolic, concrete),
    example: new Map([...exampleOf(concrete, symbolic), ...input.example]),
    line: (place) => {
      if (!lines.has(place.file)) {
        const source = input.source(place.file);
        lines.set(place.file, source === undefined ? undefined : lineIndex(source));
      }
      const index = lines.get(place.file);
      return index === undefined ? undefined : { line: index.position(place.span.start).line + 1, place };
    },
  };
}

export function inputTypes(graph: Graph, node: GraphNode): readonly TensorType[] {
  return node.inputs.flatMap((ref) => graph.nodes[ref.node]?.outputs[ref.output] ?? []);
}

/** The instance in whose own code the operator stands; undefined for the root's own. */
export function instanceOf(node: GraphNode): string | undefined {
  const path = node.frames.findLast((frame) => frame.own)?.path ?? node.path;
  return path === "" ? undefined : path;
}

export function placeKey(place: Place | undefined): string {
  return place === undefined ? "" : `${place.file}:${place.span.start}-${place.span.end}`;
}

export function overlap(a: Place | undefined, b: Place | undefined): boolean {
  if (a === undefined || b === undefined || a.file !== b.file) return false;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

function runOf(graph: Graph | undefined): Run | undefined {
  if (graph === undefined) return undefined;
  return {
    graph,
    modules: new Map(graph.modules.map((module) => [module.path, module])),
    adds: new Map(graph.residualAdds.map((add) => [add.node, add])),
  };
}

function exampleOf(concrete: Run | undefined, symbolic: Run | undefined): ReadonlyMap<string, number> {
  const inputs = (run: Run | undefined): readonly GraphNode[] =>
    run?.graph.nodes.filter(({ op }) => op === "input") ?? [];
  const known = inputs(concrete);
  const sizes = new Map<string, number>();
  for (const [i, node] of inputs(symbolic).entries()) {
    for (const [axis, { size }] of (node.outputs[0]?.shape ?? []).entries()) {
      const at = known[i]?.outputs[0]?.shape?.[axis]?.size;
      if (typeof size === "object" && /^\w+$/.test(size.text) && typeof at === "number") sizes.set(size.text, at);
    }
  }
  return sizes;
}

function counterpart(from: Run | undefined, to: Run | undefined): (node: GraphNode) => GraphNode | undefined {
  let pairs: Map<number, GraphNode> | undefined;
  return (node) => {
    pairs ??= pairUp(from?.graph.nodes ?? [], to?.graph.nodes ?? []);
    return pairs.get(node.id);
  };
}

/** Nodes are the same step if path, operator, place and how often these came before are the same. */
function pairUp(from: readonly GraphNode[], to: readonly GraphNode[]): Map<number, GraphNode> {
  const others = new Map<string, GraphNode>();
  number(to, (key, node) => others.set(key, node));
  const pairs = new Map<number, GraphNode>();
  number(from, (key, node) => {
    const other = others.get(key);
    if (other !== undefined) pairs.set(node.id, other);
  });
  return pairs;
}

function number(nodes: readonly GraphNode[], each: (key: string, node: GraphNode) => void): void {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const key = `${node.path}|${node.op}|${placeKey(node.place)}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    each(`${key}|${count}`, node);
  }
}
