import type { Analysis } from "../analysis.ts";
import type { Graph, GraphNode, Ref } from "../graph/graph.ts";
import type { Arg } from "../ops/operator.ts";
import type { Origin, TensorType } from "../shape/dim.ts";
import type { Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import type { Context } from "./context.ts";
import { placeLink, plain } from "./markdown.ts";
import { typeOf } from "./residual.ts";
import { moduleAt } from "./root-text.ts";
import { dimText } from "./shape-text.ts";

/** Levels of arithmetic that a card spells out; deeper ones are an ellipsis. */
const DEPTH_LIMIT = 3;

/**
 * `**C** = [planes] × [expansion]`: where the channel count of all these tensors comes from; undefined where that says
 * nothing, differs, or does not give the whole count.
 */
export function channelOrigin(types: readonly TensorType[], context: Context): string | undefined {
  const texts = new Set(types.map((type) => channelText(type, context)));
  return texts.size === 1 ? [...texts][0] : undefined;
}

function channelText({ shape }: TensorType, context: Context): string | undefined {
  // Of three axes the second may be a length as well as a channel count.
  if (shape === undefined || shape.length < 2 || shape.length === 3) return undefined;
  const channels = shape[1];
  if (channels?.origin === undefined || channels.size === undefined || !accounts(channels.origin, channels.size))
    return undefined;
  const text = originText(channels.origin, context, 0);
  const name = 2 < shape.length ? "C" : context.say(t("features"));
  return `**${name}** = ${text}`;
}

/** Whether an origin, as it is shown, is all of a size: what was computed from something without an origin is not. */
function accounts(origin: Origin, size: Size): boolean {
  const value = numberOf(origin);
  return value === undefined ? isWhole(origin) : value === size;
}

/** What an origin's literals give; undefined where it ends in something else. */
function numberOf({ kind, label, from }: Origin): number | undefined {
  if (kind === "literal") return /^\d+$/.test(label) ? Number(label) : undefined;
  const [a, b] = from.map(numberOf);
  if (kind !== "computed") return a;
  if (a === undefined || b === undefined || from.length !== 2) return undefined;
  return ARITHMETIC[label]?.(a, b);
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "*": (a, b) => a * b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "//": (a, b) => Math.floor(a / b),
  "**": (a, b) => a ** b,
};

function isWhole({ kind, label, from }: Origin): boolean {
  if (kind === "input" || (kind === "operator" && from.length !== 1)) return false;
  if (kind === "computed" && SIGNS[label] !== undefined && from.length !== 2) return false;
  return from.every(isWhole);
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
  const links = [first, ...more]
    .slice(0, NAME_LIMIT)
    .map(({ node }) => placeLink(operatorName(analysis, node), operatorPlace(analysis, node), context))
    .join(", ");
  const axes = `**${spatialNames(first.node)}**`;
  const rest = found.size - NAME_LIMIT;
  const all = 0 < rest ? context.say(t("{0} and {1} more", links, rest)) : links;
  const stride = more.every((other) => other.stride === first.stride) ? first.stride : undefined;
  if (stride === 2) return context.say(t("{0} halved by {1}, stride 2", axes, all));
  if (stride !== undefined) return context.say(t("{0} divided by {1}, stride {2}", axes, all, stride));
  return context.say(t("{0} set by {1}", axes, all));
}

/** Operators that one line names. */
const NAME_LIMIT = 2;

/** The nodes from a value back to the operator that last changed its spatial sizes, through each first input. */
export function lastResize(graph: Graph, ref: Ref | undefined): readonly GraphNode[] {
  let node = ref === undefined ? undefined : graph.nodes[ref.node];
  for (let steps = 0; node !== undefined && !MIXES_AXES.test(node.op) && steps < WALK_LIMIT; steps++) {
    if (strideOf(graph, node) !== undefined) return [node];
    const [input] = node.inputs;
    node = input === undefined ? undefined : graph.nodes[input.node];
  }
  return [];
}

/** Operators that the search for a stride goes back: the longest run without one in a ResNet-152 is 36 blocks of 10. */
const WALK_LIMIT = 500;

/** Operators after which the axes are no longer known by their positions. */
const MIXES_AXES = /^(?:permute|transpose|movedim|swapaxes|swapdims|reshape|view|flatten|unflatten|unfold|fold)/;

/** `[conv1 /2, conv2]`: the stride of an operator whose output has other spatial sizes than its first input. */
function strideOf(graph: Graph, node: GraphNode): { readonly factor: number | undefined } | undefined {
  if (MIXES_AXES.test(node.op)) return undefined;
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
  return module?.builtin === true && module.path !== "" ? attributeOf(module.path) : node.op;
}

/** A module's name in its owner's code: `conv2`; an item's with what it is an item of: `downsample.0`. */
function attributeOf(path: string): string {
  const parts = path.split(".");
  const named = parts.findLastIndex((part) => !/^\d+$/.test(part));
  return parts.slice(Math.max(0, named)).join(".");
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
    case "argument": {
      const shown = builtWith(origin, context);
      const name = argumentName(shown, context);
      const [from] = shown.from;
      // What was passed is spelt out where it is an expression.
      if (name === undefined && from?.kind === "computed") return originText(from, context, depth);
      return placeLink(name ?? shown.label, shown.place, context);
    }
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

/** The argument of the call that builds a layer (`self.conv1 = conv3x3(…)`), past those of the helpers that it goes through. */
function builtWith(origin: Origin, context: Context): Origin {
  let at: Origin | undefined = origin;
  while (at?.kind === "argument") {
    const before = at.place === undefined ? undefined : context.source(at.place)?.before;
    if (before !== undefined && /^\s*self\.\w+\s*(?::[^=]*)?=/.test(before)) return at;
    [at] = at.from;
  }
  return origin;
}

/** The name that a number is bound to where it stands: `expansion` for `expansion = 4`. */
function boundName({ place }: Origin, context: Context): string | undefined {
  const source = place === undefined ? undefined : context.source(place);
  // `True` is a number too, but not the size that its name says.
  const before = source !== undefined && /^\d/.test(source.text) ? source.before : undefined;
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
