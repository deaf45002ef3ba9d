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
    case "conv_transpose":
      if (refusal.fault === "channels") return convChannels(node, shapes);
      return refusal.fault === "empty" && node.op === "conv" ? convEmpty(node, shapes) : undefined;
    case "batch_norm":
      return refusal.fault === "channels" ? normChannels(node, shapes) : undefined;
    case "layer_norm":
      return refusal.fault === "channels" ? layerNormShape(node, shapes) : undefined;
    case "group_norm":
      return refusal.fault === "channels" ? groupNormChannels(node, shapes) : undefined;
    case "linear":
      return refusal.fault === "channels" ? linearFeatures(shapes) : undefined;
    case "matmul":
    case "mm":
    case "bmm":
      if (refusal.fault !== "shapes") return undefined;
      return node.op === "bmm" ? plainBatches(shapes[0], shapes[1]) : products(shapes[0], shapes[1]);
    case "stack":
      return refusal.fault === "shapes" ? stackSizes(shapes) : undefined;
    case "concat":
      return refusal.fault === "shapes" ? concatSizes(node, shapes) : undefined;
    case "reshape":
      return refusal.fault === "shapes" ? reshapeSize(node, shapes[0]) : undefined;
    case "addmm":
    case "assign":
    case "expand":
    case "masked_fill":
    case "masked_select":
      return undefined;
    default:
      if (refusal.fault !== "broadcast") return undefined;
      return (
        broadcast(shapes[0], shapes[1]) ?? (node.args.in_place === true ? inPlace(shapes[0], shapes[1]) : undefined)
      );
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

/** A result that has not the shape of the operand that it is written into. */
function inPlace(a: Shape, b: Shape): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  const rank = Math.max(a.length, b.length);
  const common = Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    return left === undefined || left.size === 1 ? (right ?? left) : left;
  });
  return `output with shape ${list(a)} doesn't match the broadcast shape [${common.map(text).join(", ")}]`;
}

function convChannels(node: GraphNode, [x, weight]: readonly Shape[]): string | undefined {
  if (x === undefined || weight === undefined) return undefined;
  const groups = wholeOf(node.args.groups) ?? 1;
  // A single map is taken as a batch of one.
  const batch = x.length === weight.length - 1 ? [{ size: 1 }, ...x] : x;
  const per = weight[1]?.size;
  const channels = batch[1];
  if (typeof per !== "number" || channels === undefined) return undefined;
  if (node.op === "conv_transpose")
    return `Given transposed=1, weight of size ${list(weight)}, expected input${list(batch)} to have ${text(weight[0])} channels, but got ${text(channels)} channels instead`;
  return `Given groups=${groups}, weight of size ${list(weight)}, expected input${list(batch)} to have ${per * groups} channels, but got ${text(channels)} channels instead`;
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

function layerNormShape(node: GraphNode, [x]: readonly Shape[]): string | undefined {
  const normalized = asList(node.args.normalized)?.map((item) => wholeOf(item));
  if (x === undefined || normalized === undefined || normalized.includes(undefined)) return undefined;
  const own = x.slice(x.length - normalized.length).map(({ size }) => size);
  // Where the input fits it is the weight that does not.
  if (x.length < normalized.length || `${own}` === `${normalized}`) return undefined;
  const words = normalized.join(", ");
  return `Given normalized_shape=[${words}], expected input with shape [*, ${words}], but got input of size${list(x)}`;
}

function groupNormChannels(node: GraphNode, [x, weight]: readonly Shape[]): string | undefined {
  const groups = wholeOf(node.args.groups);
  const channels = x?.[1]?.size;
  if (x === undefined || groups === undefined || typeof channels !== "number") return undefined;
  if (channels % groups !== 0)
    return `Expected number of channels in input to be divisible by num_groups, but got input of shape ${list(x)} and num_groups=${groups}`;
  return weight === undefined
    ? undefined
    : `Expected weight to be a vector of size equal to the number of channels in input, but got weight of shape ${list(weight)} and input of shape ${list(x)}`;
}

function linearFeatures([x, weight]: readonly Shape[]): string | undefined {
  if (x === undefined || weight?.length === 1) return products(x, weight);
  const [out, features] = weight ?? [];
  if (out === undefined || features === undefined || weight?.length !== 2) return undefined;
  return matrices(x.length === 1 ? [{ size: 1 }, ...x] : x, [features, out]);
}

const ONE: Dim = { size: 1 };

/** Two operands of a product, each a vector, a matrix or a batch of these. */
function products(a: Shape, b: Shape): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.length === 1 && b.length === 1) {
    const [left, right] = [text(a[0]), text(b[0])];
    return `inconsistent tensor size, expected tensor [${left}] and src [${right}] to have the same number of elements, but got ${left} and ${right} elements respectively`;
  }
  if (2 <= a.length && b.length === 1) return vectorWords(a, b);
  if (a.length === 1 && b.length === 2) return matrices([{ size: 1 }, ...a], b);
  if (a.length === 1) return undefined;
  const [left, right] = [a, b].map((shape) => [
    ...Array<Dim>(Math.max(a.length, b.length) - shape.length).fill(ONE),
    ...shape,
  ]);
  return matrices(a, b) ?? batches(left ?? a, right ?? b);
}

/** A matrix, or a stack of them taken as one, times a vector. */
function vectorWords(matrix: readonly Dim[], vector: readonly Dim[]): string | undefined {
  const lengths = matrix.slice(0, -1).map(({ size }) => size);
  if (!lengths.every((size) => typeof size === "number")) return undefined;
  const rows = lengths.reduce<number>((product, size) => product * Number(size), 1);
  const columns = text(matrix.at(-1));
  return `size mismatch, got input (${rows}), mat (${rows}x${columns}), vec (${text(vector[0])})`;
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

/** Batches of matrices, whose axes before the last two are joined into one. */
function batches(a: readonly Dim[], b: readonly Dim[]): string | undefined {
  if (a.length < 3 || b.length !== a.length) return undefined;
  const [left, right] = [a, b].map((shape) => shape.slice(0, -2).map(({ size }) => size));
  if (left === undefined || right === undefined) return undefined;
  if (![...left, ...right].every((size) => typeof size === "number")) return undefined;
  const fits = left.every((size, i) => size === right[i] || size === 1 || right[i] === 1);
  // Those that `matmul` broadcasts are as long as the longer by then.
  const joined = left.map((size, i) => (fits ? Math.max(Number(size), Number(right[i])) : Number(size)));
  const count = joined.reduce((product, size) => product * size, 1);
  return `Expected size for first two dimensions of batch2 tensor to be: [${count}, ${text(a.at(-1))}] but got: [${count}, ${text(b.at(-2))}].`;
}

/** What `torch.bmm` says, which broadcasts nothing. */
function plainBatches(a: Shape, b: Shape): string | undefined {
  if (a?.length !== 3 || b?.length !== 3) return undefined;
  return `Expected size for first two dimensions of batch2 tensor to be: [${text(a[0])}, ${text(a[2])}] but got: [${text(b[0])}, ${text(b[1])}].`;
}

function stackSizes(shapes: readonly Shape[]): string | undefined {
  const [first] = shapes;
  const other = shapes.findIndex((shape) => shape !== undefined && first !== undefined && list(shape) !== list(first));
  const found = shapes[other];
  if (first === undefined || found === undefined) return undefined;
  return `stack expects each tensor to be equal size, but got ${list(first)} at entry 0 and ${list(found)} at entry ${other}`;
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
