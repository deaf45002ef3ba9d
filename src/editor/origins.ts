import type { Analysis } from "../analysis.ts";
import type { Graph, GraphNode, Ref } from "../graph/graph.ts";
import type { Arg } from "../ops/operator.ts";
import type { Origin, TensorType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import type { Context } from "./context.ts";
import { placeLink, plain } from "./markdown.ts";
import { typeOf } from "./residual.ts";
import { moduleAt } from "./root-text.ts";
import { dimText } from "./shape-text.ts";

/** Levels of arithmetic that a card spells out; deeper ones are an ellipsis. */
const DEPTH_LIMIT = 3;

/** `**C** = [planes] × [expansion]`: where a tensor's channel count comes from; undefined where that says nothing. */
export function channelOrigin(type: TensorType | undefined, context: Context): string | undefined {
  const shape = type?.shape;
  const channels = shape?.[1];
  if (channels?.origin === undefined || channels.size === undefined) return undefined;
  const text = originText(channels.origin, context, 0);
  const name = shape !== undefined && 2 < shape.length ? "C" : t("features");
  return `**${typeof name === "string" ? name : context.say(name)}** = ${text}`;
}

/** `**H, W** halved by [conv2], stride 2`: the operators that set the spatial sizes; undefined where none did. */
export function strideOrigin(
  analysis: Analysis,
  graph: Graph,
  nodes: readonly GraphNode[],
  context: Context,
): string | undefined {
  const found = new Map<string, { readonly node: GraphNode; readonly stride: number | undefined }>();
  for (const node of nodes) {
    const stride = strideOf(graph, node);
    if (stride === undefined) continue;
    const name = `${operatorName(analysis, node)} ${stride.factor}`;
    if (!found.has(name)) found.set(name, { node, stride: stride.factor });
  }
  const [first, ...more] = found.values();
  if (first === undefined) return undefined;
  const link = placeLink(operatorName(analysis, first.node), operatorPlace(analysis, first.node), context);
  const axes = `**${spatialNames(first.node)}**`;
  const all = 0 < more.length ? context.say(t("{0} and {1} more", link, more.length)) : link;
  const stride = more.every((other) => other.stride === first.stride) ? first.stride : undefined;
  if (stride === 2) return context.say(t("{0} halved by {1}, stride 2", axes, all));
  if (stride !== undefined) return context.say(t("{0} divided by {1}, stride {2}", axes, all, stride));
  return context.say(t("{0} set by {1}", axes, all));
}

/** The nodes from a value back to the operator that last changed its spatial sizes, through each first input. */
export function lastResize(graph: Graph, ref: Ref | undefined): readonly GraphNode[] {
  let node = ref === undefined ? undefined : graph.nodes[ref.node];
  for (let steps = 0; node !== undefined && steps < WALK_LIMIT; steps++) {
    if (strideOf(graph, node) !== undefined) return [node];
    const [input] = node.inputs;
    node = input === undefined ? undefined : graph.nodes[input.node];
  }
  return [];
}

/** Operators that the search for a stride goes back: the longest run without one in a ResNet-152 is 36 blocks of 10. */
const WALK_LIMIT = 500;

/** `[conv1 /2, conv2]`: the stride of an operator whose output has other spatial sizes than its first input. */
function strideOf(graph: Graph, node: GraphNode): { readonly factor: number | undefined } | undefined {
  const [input] = node.inputs;
  const before = input === undefined ? undefined : typeOf(graph, input)?.shape;
  const after = node.outputs[0]?.shape;
  if (before === undefined || after === undefined || before.length !== after.length || after.length < 3)
    return undefined;
  const from = before.slice(2).map(dimText);
  const to = after.slice(2).map(dimText);
  if (from.every((size, i) => size === to[i])) return undefined;
  const stride = wholeOf(node.args.stride);
  return { factor: stride === undefined || stride < 2 ? undefined : stride };
}

/** How a reader names an operator: its layer's attribute (`conv2`), or the function's name. */
export function operatorName(analysis: Analysis, node: GraphNode): string {
  const module = moduleAt(analysis, node.path);
  return module?.builtin === true && module.path !== "" ? (module.path.split(".").at(-1) ?? node.op) : node.op;
}

function operatorPlace(analysis: Analysis, node: GraphNode): GraphNode["place"] {
  const module = moduleAt(analysis, node.path);
  return module?.builtin === true ? (module.place ?? node.place) : node.place;
}

function spatialNames(node: GraphNode): string {
  const rank = node.outputs[0]?.shape?.length ?? 4;
  return rank === 3 ? "L" : rank === 5 ? "D, H, W" : "H, W";
}

function originText(origin: Origin, context: Context, depth: number): string {
  switch (origin.kind) {
    case "literal":
      return placeLink((0 < depth ? boundName(origin, context) : undefined) ?? origin.label, origin.place, context);
    case "argument":
      return placeLink(argumentName(origin, context) ?? origin.label, origin.place, context);
    case "input":
      return plain(origin.label);
    case "operator": {
      const [from] = origin.from;
      return from === undefined ? placeLink(origin.label, origin.place, context) : originText(from, context, depth);
    }
    case "computed": {
      if (depth === DEPTH_LIMIT) return "…";
      const sign = SIGNS[origin.label];
      const parts = origin.from.map((from) => originText(from, context, depth + 1));
      if (sign === undefined) return `${plain(origin.label)}(${parts.join(", ")})`;
      const text = parts.join(` ${sign} `);
      return depth === 0 ? text : `(${text})`;
    }
  }
}

/** The name that a number is bound to where it stands: `expansion` for `expansion = 4`. */
function boundName({ place }: Origin, context: Context): string | undefined {
  const before = place === undefined ? undefined : context.source(place)?.before;
  return before === undefined ? undefined : /(?:^|[\s,(])(\w+)\s*=\s*$/.exec(before)?.[1];
}

/** What was passed, where that is a name: `planes` for `conv3x3(inplanes, planes)`. */
function argumentName({ place }: Origin, context: Context): string | undefined {
  const text = place === undefined ? undefined : context.source(place)?.text;
  return text === undefined ? undefined : /^(?:\w+\s*=\s*)?(?:\w+\.)*([A-Za-z_]\w*)$/.exec(text)?.[1];
}

const SIGNS: Readonly<Record<string, string>> = {
  "*": "×",
  "+": "+",
  "-": "−",
  "//": "//",
  "/": "/",
  "%": "%",
  "**": "^",
};

function wholeOf(arg: Arg | undefined): number | undefined {
  if (typeof arg === "number") return arg;
  if (Array.isArray(arg)) return wholeOf(arg[0]);
  if (typeof arg === "object" && arg !== null && "size" in arg)
    return typeof arg.size === "number" ? arg.size : undefined;
  return undefined;
}
