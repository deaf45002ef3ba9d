import { t } from "../../text/text.ts";
import { type Args, flag, input, number, type Run, type Unsupported, type Upload } from "../args.ts";
import {
  add,
  broadcastTo,
  cast,
  fusedProduct,
  matmul,
  mul,
  reduce,
  reshape,
  scale,
  type Tensor,
  transpose,
  upload,
} from "../kernels.ts";
import { first, formOf, isWeight, ofFirst, permuteHost, product, range, tensorOf, type Value } from "../value.ts";
import { fusedActivation } from "./finish.ts";
import { softmaxLast } from "./reducing.ts";

/** x [*, in] · weightᵀ [out, in] + bias [out]. */
export const linear: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const weight = input(inputs, 1);
  // A weight [in] gives one number a row, without an axis for it.
  const outs = weight.shape.length === 1 ? [] : weight.shape.slice(0, 1);
  const width = x.shape[x.shape.length - 1] ?? 0;
  const lead = x.shape.slice(0, -1);
  const flat = reshape(x, [product(lead), width]);
  const columns = columnsOf(weight, width, product(outs));
  const bias = inputs[2] === undefined ? undefined : reshape(tensorOf(inputs[2]), [product(outs)]);
  return [ofFirst(reshape(fusedProduct(flat, columns, bias, fusedActivation(args)), [...lead, ...outs]))];
};

/** Weight and bias, in the forms that a product takes. */
export const uploadLinear: Upload = (shape, [weight, bias]) => {
  if (weight !== undefined)
    columnsOf(weight, shape.at(-1) ?? 0, weight.shape.length === 1 ? 1 : (weight.shape[0] ?? 0));
  if (bias !== undefined) tensorOf(bias);
};

/** The weight [outs, width] as [width, outs]. */
function columnsOf(weight: Value, width: number, outs: number): Tensor {
  const { stored } = weight;
  if (isWeight(stored)) return formOf(stored, "columns", () => permuteHost(stored.data, [outs, width], [1, 0]));
  return transpose(reshape(first(weight), [outs, width]), [1, 0]);
}

/** PyTorch's `matmul`: vectors get an axis and lose it again, batch axes broadcast. */
export const matrixProduct: Run = (inputs) => {
  const a = cast(first(input(inputs, 0)), "float32");
  const b = cast(first(input(inputs, 1)), "float32");
  const left = a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? reshape(b, [...b.shape, 1]) : b;
  const out = batchedProduct(left, right);
  const shape = [...out.shape];
  if (b.shape.length === 1) shape.splice(-1, 1);
  if (a.shape.length === 1) shape.splice(b.shape.length === 1 ? -1 : -2, 1);
  return [ofFirst(reshape(out, shape))];
};

/** Products of [*, m, k] and [*, k, n] whose batch axes broadcast. */
function batchedProduct(a: Tensor, b: Tensor): Tensor {
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const rank = Math.max(batchA.length, batchB.length);
  const liftA = [...Array<number>(rank - batchA.length).fill(1), ...batchA];
  const liftB = [...Array<number>(rank - batchB.length).fill(1), ...batchB];
  const batch = liftA.map((n, i) => (n === 1 ? (liftB[i] ?? 1) : n));
  // One broadcast axis is left to the kernel; more are repeated, since not every backend broadcasts each pattern.
  const whole = (lift: readonly number[]): boolean => product(lift) === 1 || lift.every((n, i) => n === batch[i]);
  const flat = (x: Tensor, lift: readonly number[]): Tensor => {
    const matrix = x.shape.slice(-2);
    const full = whole(lift) ? x : broadcastTo(reshape(x, [...lift, ...matrix]), [...batch, ...matrix]);
    return reshape(full, [product(full.shape.slice(0, -2)), ...matrix]);
  };
  const out = matmul(flat(a, liftA), flat(b, liftB));
  return reshape(out, [...batch, a.shape[a.shape.length - 2] ?? 0, b.shape[b.shape.length - 1] ?? 0]);
}

/** beta · bias + alpha · (a · b); the bias broadcasts. */
export const addedProduct: Run = (inputs, args) => {
  const [bias, a, b] = [0, 1, 2].map((i) => cast(first(input(inputs, i)), "float32"));
  if (bias === undefined || a === undefined || b === undefined) throw new Error("an input is missing");
  const product = scale(batchedProduct(a, b), number(args, "alpha", 1));
  return [ofFirst(add(product, scale(bias, number(args, "beta", 1))))];
};

/** Σ a_i · weight[o, i, j] · b_j + bias[o] for a [*, i] and b [*, j]. */
export const bilinear: Run = (inputs) => {
  const [a, b, weight] = [0, 1, 2].map((i) => first(input(inputs, i)));
  if (a === undefined || b === undefined || weight === undefined) throw new Error("an input is missing");
  const [outs = 0, left = 0, right = 0] = weight.shape;
  const lead = a.shape.slice(0, -1);
  const rows = product(lead);
  // [rows, i] · [i, o·j] gives [rows, o, j], which meets b's [rows, j, 1].
  const table = reshape(transpose(weight, [1, 0, 2]), [left, outs * right]);
  const half = reshape(matmul(reshape(a, [rows, left]), table), [rows, outs, right]);
  const out = reshape(matmul(half, reshape(b, [rows, right, 1])), [rows, outs]);
  const bias = inputs[3];
  return [ofFirst(reshape(bias === undefined ? out : add(out, tensorOf(bias)), [...lead, outs]))];
};

const repeated: Unsupported = { kind: "unsupported", reason: t("an einsum with a repeated index in one operand") };
const malformed: Unsupported = { kind: "unsupported", reason: t("this einsum equation") };

/** A tensor with one label an axis. */
export interface Labelled {
  readonly labels: readonly string[];
  readonly tensor: Tensor;
}

/** Einstein summation, operands contracted from left to right; `...` stands for leading axes. */
export const einsum: Run = (inputs, args) => {
  const read = labelled(inputs, args);
  if ("kind" in read) return read;
  const out = contracted(read.operands, read.target);
  return out === undefined ? malformed : [ofFirst(out)];
};

/** The operands of an equation with their labels, and the labels of what it gives. */
export function labelled(
  inputs: readonly Value[],
  args: Args,
): { readonly operands: readonly Labelled[]; readonly target: readonly string[] } | Unsupported {
  const equation = String(args.equation ?? "").replace(/\s/g, "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",");
  if (terms.length !== inputs.length) return malformed;
  const operands: Labelled[] = [];
  for (const [i, term] of terms.entries()) {
    const tensor = cast(first(input(inputs, i)), "float32");
    const labels = expandLabels(term, tensor.shape.length);
    if (labels === undefined) return malformed;
    if (new Set(labels).size !== labels.length) return repeated;
    operands.push({ labels, tensor });
  }
  return { operands, target: right === undefined ? implicit(operands) : expandTarget(right, operands) };
}

/** The products of the operands, summed over what `target` does not name; undefined where it names what none has. */
export function contracted(operands: readonly Labelled[], target: readonly string[]): Tensor | undefined {
  const [head, ...rest] = operands;
  if (head === undefined) return undefined;
  const joined = rest.reduce((sum, next, i) => {
    const later = new Set([...target, ...rest.slice(i + 1).flatMap((operand) => operand.labels)]);
    return contract(sum, next, later);
  }, head);
  const summed = sumOut(joined, new Set(target));
  if (summed.labels.length !== target.length) return undefined;
  return transpose(
    summed.tensor,
    target.map((label) => summed.labels.indexOf(label)),
  );
}

/** One label an axis; an ellipsis becomes numbered labels, counted from the right. */
function expandLabels(term: string, rank: number): readonly string[] | undefined {
  const [before = "", after] = term.split("...");
  if (after === undefined) return term.length === rank ? [...term] : undefined;
  const hidden = rank - before.length - after.length;
  if (hidden < 0) return undefined;
  return [...before, ...range(0, hidden).map((i) => `.${hidden - i}`), ...after];
}

function hiddenLabels(operands: readonly Labelled[]): readonly string[] {
  const all = operands.map((operand) => operand.labels.filter((label) => label.startsWith(".")));
  return all.reduce((longest, labels) => (longest.length < labels.length ? labels : longest), []);
}

function expandTarget(right: string, operands: readonly Labelled[]): readonly string[] {
  const [before = "", after] = right.split("...");
  return after === undefined ? [...right] : [...before, ...hiddenLabels(operands), ...after];
}

/** Without an arrow: labels that occur once, alphabetically. */
function implicit(operands: readonly Labelled[]): readonly string[] {
  const all = operands.flatMap((operand) => operand.labels).filter((label) => !label.startsWith("."));
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).sort();
  return [...hiddenLabels(operands), ...once];
}

function sumOut({ labels, tensor }: Labelled, keep: ReadonlySet<string>): Labelled {
  const over = range(0, labels.length).filter((i) => !keep.has(labels[i] ?? ""));
  if (over.length === 0) return { labels, tensor };
  return { labels: labels.filter((label) => keep.has(label)), tensor: reduce("Sum", tensor, over, false) };
}

/** Two operands as one batched matrix product; labels in `later` survive. */
function contract(left: Labelled, right: Labelled, later: ReadonlySet<string>): Labelled {
  const a = sumOut(left, new Set([...later, ...right.labels]));
  const b = sumOut(right, new Set([...later, ...left.labels]));
  const both = a.labels.filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => later.has(label));
  const inner = both.filter((label) => !later.has(label));
  const freeA = a.labels.filter((label) => !b.labels.includes(label));
  const freeB = b.labels.filter((label) => !a.labels.includes(label));
  const size = (labels: readonly string[]): readonly number[] =>
    labels.map((label) => {
      const at = a.labels.indexOf(label);
      const n = at < 0 ? 1 : (a.tensor.shape[at] ?? 1);
      return n === 1 ? (b.tensor.shape[b.labels.indexOf(label)] ?? n) : n;
    });
  const matrix = (
    operand: Labelled,
    order: readonly string[],
    rows: readonly string[],
    columns: readonly string[],
  ): Tensor => {
    const moved = transpose(
      operand.tensor,
      order.map((label) => operand.labels.indexOf(label)),
    );
    const full = broadcastTo(moved, size(order));
    return reshape(full, [product(size(batch)), product(size(rows)), product(size(columns))]);
  };
  const x = matrix(a, [...batch, ...freeA, ...inner], freeA, inner);
  const y = matrix(b, [...batch, ...inner, ...freeB], inner, freeB);
  const labels = [...batch, ...freeA, ...freeB];
  if (inner.length === 0 && freeA.length === 0 && freeB.length === 0)
    return { labels, tensor: reshape(mul(x, y), size(labels)) };
  return { labels, tensor: reshape(matmul(x, y), size(labels)) };
}

/** softmax(q · kᵀ · scale + mask) · v over the last two axes; a causal mask is aligned to the top left. */
export const attention: Run = (inputs, args) => {
  const [q, k, v] = [0, 1, 2].map((i) => first(input(inputs, i)));
  if (q === undefined || k === undefined || v === undefined) throw new Error("an input is missing");
  const factor = number(args, "scale", 1 / Math.sqrt(q.shape[q.shape.length - 1] ?? 1));
  const scores = maskedScores(q, k, inputs[3], flag(args, "causal"), factor);
  return [ofFirst(batchedProduct(softmaxLast(scores), v))];
};

/** q · kᵀ · factor, with what must not count hidden. */
export function maskedScores(q: Tensor, k: Tensor, mask: Value | undefined, causal: boolean, factor: number): Tensor {
  const rank = q.shape.length;
  const keys = transpose(k, [...range(0, rank - 2), rank - 1, rank - 2]);
  const scores = scale(batchedProduct(q, keys), factor);
  const masked = mask === undefined ? scores : add(scores, maskOf(first(mask)));
  return causal ? add(masked, causalMask(scores.shape)) : masked;
}

/** Added to a score that must not count: e^x is 0 in float32, and no NaN arises where a row has nothing else. */
const HIDDEN = -1e30;

function maskOf(mask: Tensor): Tensor {
  if (mask.dtype !== "bool") return mask;
  const hidden = scale(cast(mask, "float32"), -HIDDEN);
  return add(hidden, upload(Float32Array.of(HIDDEN), []));
}

function causalMask(shape: readonly number[]): Tensor {
  const [rows = 0, columns = 0] = shape.slice(-2);
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) data.fill(HIDDEN, i * columns + Math.min(i + 1, columns), (i + 1) * columns);
  return upload(data, [rows, columns]);
}
