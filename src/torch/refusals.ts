import type { GraphNode } from "../graph/graph.ts";
import { asList, wholeOf } from "../ops/args.ts";
import type { Dim, TensorType } from "../shape/dim.ts";
import { printUser } from "../shape/size.ts";

/** PyTorch 2.14's own words for a node's refusal of inputs of these types; undefined where they are not known. */
export function originalWords(node: GraphNode, inputs: readonly TensorType[]): string | undefined {
  const { refusal } = node;
  if (refusal === undefined) return undefined;
  const shapes = inputs.map(({ shape }) => shape);
  switch (node.op) {
    case "conv":
      if (refusal.fault === "channels") return convChannels(node, shapes);
      return refusal.fault === "empty" ? convEmpty(node, shapes) : undefined;
    case "batch_norm":
      return refusal.fault === "channels" ? normChannels(node, shapes) : undefined;
    case "linear":
      return refusal.fault === "channels" ? linearFeatures(shapes) : undefined;
    case "matmul":
    case "mm":
      return refusal.fault === "shapes" ? matrices(shapes[0], shapes[1]) : undefined;
    case "concat":
      return refusal.fault === "shapes" ? concatSizes(node, shapes) : undefined;
    case "reshape":
      return refusal.fault === "shapes" ? reshapeSize(node, shapes[0]) : undefined;
    default:
      return refusal.fault === "broadcast" ? broadcast(shapes[0], shapes[1]) : undefined;
  }
}

type Shape = readonly Dim[] | undefined;

/** PyTorch compares from the last axis and names the first pair that differs. */
function broadcast(a: Shape, b: Shape): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const rank = Math.max(a.length, b.length);
  for (let axis = rank - 1; 0 <= axis; axis--) {
    const [left, right] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    if (left?.size === 1 || right?.size === 1 || left === undefined || right === undefined) continue;
    const [x, y] = [text(left), text(right)];
    if (x === y) continue;
    return `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${axis}`;
  }
  return undefined;
}

function convChannels(node: GraphNode, [x, weight]: readonly Shape[]): string | undefined {
  if (x === undefined || weight === undefined) return undefined;
  const groups = wholeOf(node.args.groups) ?? 1;
  const per = weight[1]?.size;
  const channels = x[x.length - weight.length + 1];
  if (typeof per !== "number" || channels === undefined) return undefined;
  return `Given groups=${groups}, weight of size ${list(weight)}, expected input${list(x)} to have ${per * groups} channels, but got ${text(channels)} channels instead`;
}

function convEmpty(node: GraphNode, [x, weight]: readonly Shape[]): string | undefined {
  if (x === undefined || weight === undefined) return undefined;
  const kernel = weight.slice(2).map(({ size }) => size);
  const padding = asList(node.args.padding) ?? [];
  const dilation = asList(node.args.dilation) ?? [];
  const lengths = x.slice(x.length - kernel.length).map(({ size }, i) => {
    const pair = asList(padding[i]);
    const both = pair === undefined ? 2 * (wholeOf(padding[i]) ?? Number.NaN) : sum(pair.map(wholeOf));
    return typeof size === "number" ? size + both : Number.NaN;
  });
  const spans = kernel.map((size, i) =>
    typeof size === "number" ? (wholeOf(dilation[i]) ?? 1) * (size - 1) + 1 : Number.NaN,
  );
  if ([...lengths, ...spans].some(Number.isNaN)) return undefined;
  return `Calculated padded input size per channel: (${lengths.join(" x ")}). Kernel size: (${spans.join(" x ")}). Kernel size can't be greater than actual input size`;
}

function normChannels(node: GraphNode, [x, vector]: readonly Shape[]): string | undefined {
  const [channels, own] = [x?.[1], vector?.[0]];
  if (channels === undefined || own === undefined || node.inputs.length < 4) return undefined;
  return `running_mean should contain ${text(channels)} elements not ${text(own)}`;
}

function linearFeatures([x, weight]: readonly Shape[]): string | undefined {
  const [out, features] = weight ?? [];
  if (x === undefined || x.length < 2 || out === undefined || features === undefined) return undefined;
  return matrices([...x], [features, out]);
}

/** A stack of matrices is multiplied as one of all rows. */
function matrices(a: Shape, b: Shape): string | undefined {
  if (a === undefined || b?.length !== 2 || a.length < 2) return undefined;
  const rows = a.slice(0, -1).map(({ size }) => size);
  const [only] = rows;
  const known = rows.every((size) => typeof size === "number");
  if (!known && rows.length !== 1) return undefined;
  const count =
    rows.length === 1 && only !== undefined ? printUser(only) : rows.reduce<number>((n, size) => n * Number(size), 1);
  return `mat1 and mat2 shapes cannot be multiplied (${count}x${text(a.at(-1))} and ${text(b[0])}x${text(b[1])})`;
}

function concatSizes(node: GraphNode, shapes: readonly Shape[]): string | undefined {
  const first = shapes[0];
  const asked = wholeOf(node.args.axis);
  if (first === undefined || asked === undefined) return undefined;
  const along = asked < 0 ? asked + first.length : asked;
  for (const [index, shape] of shapes.entries()) {
    if (shape?.length !== first.length) return undefined;
    const axis = shape.findIndex((dim, i) => i !== along && text(dim) !== text(first[i]));
    if (axis < 0) continue;
    return `Sizes of tensors must match except in dimension ${along}. Expected size ${text(first[axis])} but got size ${text(shape[axis])} for tensor number ${index} in the list.`;
  }
  return undefined;
}

function reshapeSize(node: GraphNode, x: Shape): string | undefined {
  const wanted = asList(node.args.shape)?.map(wholeOf);
  const size = x?.reduce((n, dim) => n * (typeof dim.size === "number" ? dim.size : Number.NaN), 1);
  if (wanted === undefined || wanted.includes(undefined) || size === undefined || Number.isNaN(size)) return undefined;
  return `shape '[${wanted.join(", ")}]' is invalid for input of size ${size}`;
}

function list(shape: readonly Dim[]): string {
  return `[${shape.map(text).join(", ")}]`;
}

function text(dim: Dim | undefined): string {
  return dim?.size === undefined ? "?" : printUser(dim.size);
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0);
}
