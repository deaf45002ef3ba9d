import type { Expr, Parameter } from "../core/core.ts";
import { lookup, type Scope } from "../eval/scope.ts";
import type { InstanceValue, Value } from "../eval/value.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { InputSpec } from "../graph/input.ts";
import { classAttribute } from "../lang/types.ts";
import { asList } from "../ops/args.ts";
import { isFloating } from "../torch/dtypes.ts";
import { namedModules, namedTensors } from "../torch/nn/members.ts";
import { AXES } from "./axes.ts";

/** What a model may be called on. */
export interface Guess {
  readonly input: readonly InputSpec[];
  /**
   * The code leaves no other choice: one required parameter, whose rank and channels the first layer that takes it
   * fixes. Only then is what fails under it the code's own mistake.
   */
  readonly forced: boolean;
  /** Inputs of which nothing is taken for granted: what fails under them fails whatever the model is called on. */
  readonly open?: readonly InputSpec[];
}

/** A forward pass on such inputs: its graph, and whether all of it went well. */
export interface Probe {
  readonly graph: Graph;
  readonly sound: boolean;
}

/** Reads off a model's forward what its inputs are: from annotations, else from the first layers that take them. */
export function guessInputs(
  model: InstanceValue,
  probe: (input: readonly InputSpec[]) => Probe,
  read: (value: Value) => Value,
): Guess | undefined {
  const types = floatingTypes(model);
  const [dtype = "float32"] = types;
  const typed = (input: readonly InputSpec[]): readonly InputSpec[] =>
    dtype === "float32"
      ? input
      : input.map((spec) => (spec.kind === "tensor" && spec.dtype === undefined ? { ...spec, dtype } : spec));
  const guess = guessShapes(model, (input) => probe(typed(input)), read);
  if (guess === undefined) return undefined;
  const input = typed(guess.input);
  // Which of several types the input has, no layer tells: nothing that fails on a guess is certain then.
  if (1 < types.length || types.includes(undefined))
    return { input, forced: false, open: input.map(() => ({ kind: "any" })) };
  return { ...guess, input, ...(guess.open === undefined ? {} : { open: typed(guess.open) }) };
}

/** The types of a model's floating-point parameters, each once. */
function floatingTypes(model: InstanceValue): readonly (string | undefined)[] {
  const found = new Set<string | undefined>();
  for (const [, { type }] of namedTensors(model, "_parameters"))
    if (type.dtype === undefined || isFloating(type.dtype)) found.add(type.dtype);
  return [...found];
}

function guessShapes(
  model: InstanceValue,
  probe: (input: readonly InputSpec[]) => Probe,
  read: (value: Value) => Value,
): Guess | undefined {
  const { parameters, required } = parametersOf(model);
  const annotated = parameters.map(annotatedSpec);
  if (annotated.length !== 0 && annotated.every((spec) => spec?.kind === "tensor"))
    return { input: annotated.filter((spec) => spec !== undefined), forced: required };
  const open: readonly InputSpec[] =
    parameters.length === 0
      ? [{ kind: "tensor", shape: undefined, dtype: "?" }]
      : parameters.map((parameter, i) => annotated[i] ?? openSpec(parameter, scopeOf(model), read));
  const [only] = open;
  // What is annotated as something else than a tensor is no layer's input.
  if (open.length === 1 && only !== undefined && only.kind !== "tensor") return { input: open, forced: false, open };
  const likely = parameters.length < 2 && annotated[0] === undefined ? registered(model) : undefined;
  // Nearly always the first registered layer takes the input: then one pass tells.
  if (likely !== undefined && likely.shape?.length !== 2) {
    const [asked, ...others] = asks(probe([likely]).graph, 0);
    if (others.length === 0 && JSON.stringify(asked) === JSON.stringify(likely))
      return { input: [likely], forced: required };
  }
  const { graph } = probe(open);
  const asked = open.map((spec, i) => (spec.kind === "tensor" && spec.shape === undefined ? asks(graph, i) : [spec]));
  const single = asked.length === 1;
  const [first] = asked;
  if (!single || first === undefined || first.length === 0) {
    // The first registered layer may well take something else than the input: what the code makes of it before.
    if (single) return likely === undefined ? undefined : { input: [likely], forced: false, open };
    const input = asked.map((specs, i): InputSpec => suffixed(specs[0] ?? open[i] ?? { kind: "any" }, i));
    return { input, forced: false, open };
  }
  if (first.length === 1) return { input: first, forced: required };
  // The layer takes several ranks: those that the rest of the code takes as well.
  const sound = first.filter((spec) => probe([spec]).sound);
  return { input: [sound[0] ?? first[0] ?? { kind: "any" }], forced: required && sound.length === 1, open };
}

function scopeOf(model: InstanceValue): Scope | undefined {
  const forward = classAttribute(model.cls, "forward");
  return forward?.kind === "function" ? forward.module.scope : undefined;
}

/** Parameters that a call has to give: those without a default, else the first one. */
function parametersOf(model: InstanceValue): { readonly parameters: readonly Parameter[]; readonly required: boolean } {
  const forward = classAttribute(model.cls, "forward");
  if (forward?.kind !== "function") return { parameters: [], required: true };
  const own = forward.expr.params.slice(1).filter(({ kind }) => !kind.includes("star"));
  const required = own.filter(({ fallback }) => fallback === undefined);
  return required.length === 0
    ? { parameters: own.slice(0, 1), required: false }
    : { parameters: required, required: true };
}

/** Names of annotations of arguments that are no tensors. */
const PLAIN = /^(int|float|bool|str|None|List|list|Tuple|tuple|Dict|dict|Sequence|Iterable|Callable|Union)$/;
const LISTS = /^(List|list|Sequence)$/;

/** What an annotation leaves of an input: a tensor, a list of pictures, or something that is not guessed. */
function openSpec(parameter: Parameter, scope: Scope | undefined, read: (value: Value) => Value): InputSpec {
  const outer = parameter.annotation;
  const isOptional = outer?.kind === "index" && nameOf(outer.object) === "Optional";
  const annotation = isOptional ? outer.index : outer;
  const named = parameter.kind === "keyword-only" ? { name: parameter.name } : {};
  const tensor: InputSpec = { kind: "tensor", shape: undefined, dtype: "?", ...named };
  if (annotation?.kind === "index") {
    const head = nameOf(annotation.object) ?? "";
    if (LISTS.test(head) && nameOf(annotation.index) === "Tensor")
      return { kind: "seq", items: [{ kind: "tensor", shape: [3, "H", "W"] }] };
    return PLAIN.test(head) ? { kind: "any", ...named } : tensor;
  }
  const name = annotation === undefined ? undefined : nameOf(annotation);
  if (name === undefined) return tensor;
  const found = annotation?.kind === "name" && scope !== undefined ? lookup(scope, name) : undefined;
  const value = found === undefined ? undefined : read(found);
  // A class of the user's own that holds tensors is none.
  const isOther = value?.kind === "class" && value.place !== undefined && value.mro.every((c) => c.name !== "Tensor");
  return PLAIN.test(name) || isOther ? { kind: "any", ...named } : tensor;
}

/** `Float[Tensor, "n 3 h w"]`: jaxtyping's annotation as an input, its names as the usual symbols. */
function annotatedSpec(parameter: Parameter): InputSpec | undefined {
  const { annotation } = parameter;
  if (annotation?.kind !== "index" || annotation.index.kind !== "list") return undefined;
  const [, axes] = annotation.index.items.map((item) => item.value);
  const type = nameOf(annotation.object);
  if (axes?.kind !== "string" || type === undefined) return undefined;
  const words = axes.value
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^[#?_]*/, "").replace(/^.*=/, ""));
  if (words.some((word) => !/^(\d+|[A-Za-z]\w*)$/.test(word))) return undefined;
  const symbols = AXES[words.length];
  const shape = words.map((word, axis) => (/^\d+$/.test(word) ? Number(word) : (symbols?.[axis] ?? word)));
  const dtype = /^(Int|UInt|Integer)(\d*)$/.test(type) ? "int64" : type === "Bool" ? "bool" : undefined;
  return { kind: "tensor", shape, ...(dtype === undefined ? {} : { dtype }) };
}

function nameOf(expr: Expr): string | undefined {
  return expr.kind === "name" || expr.kind === "attribute" ? expr.name : undefined;
}

/** Shapes that the first layer which takes the input accepts, likeliest first. None where no layer tells. */
function asks(graph: Graph, index: number): readonly InputSpec[] {
  const start = graph.inputs[index]?.node;
  if (start === undefined) return [];
  // By node: how many times the input's channels it has.
  const reached = new Map([[start, 1]]);
  for (const node of graph.nodes) {
    const from = node.inputs[0]?.node;
    const times = from === undefined ? undefined : reached.get(from);
    if (times === undefined) continue;
    const shapes = askedBy(graph, node, times);
    if (shapes !== undefined) return shapes.map((shape) => ({ kind: "tensor", ...shape }));
    const kept = channelsOf(node, reached, times);
    if (kept !== undefined) reached.set(node.id, kept);
  }
  return [];
}

/** How many times the input's channels an operator's output has, its first operand having `times` as many. */
function channelsOf(node: GraphNode, reached: ReadonlyMap<number, number>, times: number): number | undefined {
  const factor = numberOf(node.args.factor);
  switch (node.op) {
    case "pixel_unshuffle":
      return factor === undefined ? undefined : times * factor * factor;
    case "pixel_shuffle":
      return factor === undefined ? undefined : times / (factor * factor);
    case "slice": {
      const [starts, ends, steps] = [node.args.starts, node.args.ends, node.args.steps].map((arg) => asList(arg)?.[1]);
      return (starts ?? null) === null && (ends ?? null) === null && (numberOf(steps) ?? 1) === 1 ? times : undefined;
    }
    case "concat": {
      const parts = node.inputs.map((ref) => reached.get(ref.node));
      if (numberOf(node.args.axis) !== 1 || parts.includes(undefined)) return undefined;
      return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
    }
    default:
      return KEEPS.has(node.op) ? times : undefined;
  }
}

type TensorSpec = Extract<InputSpec, { readonly kind: "tensor" }>;
type Asked = { readonly shape: readonly (number | string)[]; readonly dtype?: string };

/** Operators whose output has the input's rank and channels. */
const KEEPS = new Set([
  "relu",
  "relu6",
  "leaky_relu",
  "elu",
  "gelu",
  "silu",
  "sigmoid",
  "tanh",
  "hardswish",
  "dropout",
  "identity",
  "cast",
  "contiguous",
  "pad",
  "interpolate",
  "add",
  "sub",
  "mul",
  "div",
  "prelu",
]);

function askedBy(graph: Graph, node: GraphNode, times: number): readonly Asked[] | undefined {
  const weight = shapeAt(graph, node, 1);
  switch (node.op) {
    case "conv":
    case "conv_transpose": {
      const rank = weight?.length;
      if (weight === undefined || rank === undefined) return undefined;
      const groups = numberOf(node.args.groups) ?? 1;
      const channels = node.op === "conv" ? product(weight[1], groups) : weight[0];
      return batched(rank, channels, times);
    }
    case "batch_norm":
    case "instance_norm": {
      const spatial = numberOf(node.args.spatial) ?? Number(/(\d)d$/.exec(node.type)?.[1] ?? 2);
      return batched(spatial + 2, weight?.[0] ?? numberOf(node.args.channels), times);
    }
    case "max_pool":
    case "avg_pool":
    case "adaptive_avg_pool":
    case "adaptive_max_pool": {
      const rank = /(\d)d$/.exec(node.type)?.[1];
      return rank === undefined ? undefined : batched(Number(rank) + 2, undefined);
    }
    case "linear": {
      const features = weight?.[1];
      if (features === undefined) return undefined;
      return [["N"], ["N", "L"], ["N", "H", "W"]].map((lead) => ({ shape: [...lead, features] }));
    }
    case "layer_norm": {
      const features = weight?.[0];
      if (features === undefined || weight?.length !== 1) return undefined;
      return [
        ["N", "L"],
        ["N", "H", "W"],
      ].map((lead) => ({ shape: [...lead, features] }));
    }
    case "embedding":
      return [{ shape: ["N", "L"], dtype: "int64" }];
    default:
      return undefined;
  }
}

/** A batch of maps whose channels times `times` are those that a layer is built for. */
function batched(rank: number, channels: number | undefined, times = 1): readonly Asked[] | undefined {
  const axes = AXES[rank];
  if (axes === undefined || rank < 3) return undefined;
  const own = channels === undefined ? undefined : channels / times;
  return own !== undefined && !Number.isInteger(own)
    ? undefined
    : [{ shape: axes.map((axis) => (axis === "C" ? (own ?? "?") : axis)) }];
}

function product(size: number | undefined, by: number): number | undefined {
  return size === undefined ? undefined : size * by;
}

/** Known lengths of an input of a node. */
function shapeAt(graph: Graph, node: GraphNode, index: number): readonly (number | undefined)[] | undefined {
  const ref = node.inputs[index];
  const shape = ref === undefined ? undefined : graph.nodes[ref.node]?.outputs[ref.output]?.shape;
  return shape?.map(({ size }) => (typeof size === "number" ? size : undefined));
}

function numberOf(arg: unknown): number | undefined {
  const size = typeof arg === "object" && arg !== null && "size" in arg ? arg.size : undefined;
  return typeof size === "number" ? size : undefined;
}

/** The first registered layer's own demand, where the forward pass does not get to one. */
function registered(model: InstanceValue): TensorSpec | undefined {
  for (const { module } of namedModules(model)) {
    // A layer that is derived from one of the framework's is one.
    const layer = module.cls.mro.find(({ place }) => place === undefined)?.name ?? "";
    const conv = /^(?:Lazy)?Conv(?:Transpose)?(\d)d$/.exec(layer);
    const norm = /^BatchNorm(\d)d$/.exec(layer);
    if (conv !== null || norm !== null) {
      const rank = Number((conv ?? norm)?.[1]) + 2;
      const [asked] = batched(rank, sizeAttribute(module, conv === null ? "num_features" : "in_channels")) ?? [];
      return asked === undefined ? undefined : { kind: "tensor", shape: asked.shape };
    }
    if (layer === "Linear") {
      const features = sizeAttribute(module, "in_features");
      return features === undefined ? undefined : { kind: "tensor", shape: ["N", features] };
    }
  }
  return undefined;
}

function sizeAttribute(module: InstanceValue, name: string): number | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "int" && typeof value.dim.size === "number" ? value.dim.size : undefined;
}

/** The symbols of a second input are others than the first one's. */
function suffixed(spec: InputSpec, index: number): InputSpec {
  if (index === 0 || spec.kind !== "tensor") return spec;
  return {
    ...spec,
    ...(spec.shape === undefined
      ? {}
      : { shape: spec.shape.map((size) => (typeof size === "string" && size !== "?" ? `${size}${index + 1}` : size)) }),
  };
}
