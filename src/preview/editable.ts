import { type Literal, sharedLiteral } from "../editor/literal.ts";
import type { Arg, Graph, GraphNode, ModuleInfo } from "../graph/graph.ts";
import type { Dim } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";

/** A number of a module as the code gives it: `stride` 2. */
export interface ModuleNumber {
  /** The argument's name, or `blocks`: how often a block is repeated. */
  readonly name: string;
  readonly value: number;
  readonly literal: Literal;
}

/** The numbers of a module that stand in the code: its layer's arguments, or how many blocks it holds. */
export function numbersOf(
  graph: Graph,
  path: string,
  source: (place: Place) => string | undefined,
): readonly ModuleNumber[] {
  const module = graph.modules.find((one) => one.path === path);
  if (module === undefined) return [];
  const number = (name: string, dims: readonly Dim[]): readonly ModuleNumber[] => {
    const [first, ...others] = dims;
    if (first?.origin === undefined || typeof first.size !== "number") return [];
    if (others.some(({ size }) => size !== first.size)) return [];
    return [{ name, value: first.size, literal: sharedLiteral(dims, source) }];
  };
  const node = graph.nodes.find((one) => one.path === path && !SOURCES.has(one.op));
  const layer = module.builtin && node !== undefined ? argumentsOf(graph, node) : [];
  const blocks = repeatsOf(graph, module).map((dim): readonly [string, readonly Dim[]] => ["blocks", [dim]]);
  return [...blocks, ...layer].flatMap(([name, dims]) => number(name, dims));
}

const SOURCES = new Set(["weight", "input", "constant", "gap"]);

function argumentsOf(graph: Graph, node: GraphNode): readonly (readonly [string, readonly Dim[]])[] {
  const named = Object.entries(node.args).map(([name, arg]): readonly [string, readonly Dim[]] => [name, dimsOf(arg)]);
  const weight = node.inputs.map((ref) => graph.nodes[ref.node]?.weight).find((index) => index !== undefined);
  const kernel = weight === undefined ? [] : (graph.weights[weight]?.shape.slice(2) ?? []);
  const own = kernel.length === 0 ? [] : [["kernel_size", kernel] as const];
  // What a layer puts out is what a reader changes most.
  const order = ([name]: readonly [string, readonly Dim[]]): number => (name.startsWith("out") ? 0 : 1);
  return [...named, ...own].sort((a, b) => order(a) - order(b));
}

function dimsOf(arg: Arg): readonly Dim[] {
  if (Array.isArray(arg)) return arg.flatMap(dimsOf);
  return typeof arg === "object" && arg !== null && "size" in arg ? [arg] : [];
}

/** Where the loop stops that built a container's modules, if that is the number of those of one class. */
function repeatsOf(graph: Graph, { children }: ModuleInfo): readonly Dim[] {
  const inside = graph.modules.filter(({ path }) => children.includes(path));
  const looped = inside.filter(({ repeated }) => 0 < (repeated?.length ?? 0));
  const [first] = looped;
  const stop = first?.repeated?.[0];
  if (first === undefined || stop === undefined) return [];
  const alike = inside.filter(({ type }) => type === first.type).length;
  const same = looped.every(({ repeated }) => repeated?.[0]?.size === stop.size);
  return same && stop.size === alike ? [stop] : [];
}
