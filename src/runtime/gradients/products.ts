import { flag, number } from "../args.ts";
import { broadcastTo, cast, mul, reduce, reshape, scale, sub, type Tensor, transpose } from "../kernels.ts";
import { contracted, labelled, maskedScores, matrixProduct } from "../ops/products.ts";
import { softmaxLast } from "../ops/reducing.ts";
import { first, ofFirst, product, range, tensorOf, type Value } from "../value.ts";
import { type Backward, incoming, type Rule, read, shapeOf, unbroadcast } from "./rule.ts";

/** With respect to the data alone. */
export const linear: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const shape = shapeOf(b);
    const given = tensorOf(read(b, 1));
    const weight = given.shape.length === 1 ? reshape(given, [1, ...given.shape]) : given;
    const [outs = 1, width = 1] = weight.shape;
    const rows = product(shape) / Math.max(width, 1);
    const gradient = reshape(first(incoming(b)), [rows, outs]);
    return [ofFirst(reshape(times(gradient, weight), shape))];
  },
};

function times(a: Tensor, b: Tensor): Tensor {
  const out = matrixProduct([ofFirst(a), ofFirst(b)], {}, []);
  const [only] = "kind" in out ? [] : out;
  if (only === undefined) throw new Error("the product is not computed");
  return first(only);
}

/** The last two axes exchanged. */
function turned(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(x, [...range(0, rank - 2), rank - 1, rank - 2]);
}

/** Gradients of a [*, m, k] · b [*, k, n], whose batch axes broadcast; a vector is a row or a column. */
function productGradients(gradient: Tensor, a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const left = a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? reshape(b, [...b.shape, 1]) : b;
  const shape = [...gradient.shape];
  if (b.shape.length === 1) shape.push(1);
  if (a.shape.length === 1) shape.splice(-1, 0, 1);
  const whole = reshape(gradient, shape);
  return [times(whole, turned(right)), times(turned(left), whole)];
}

function operand(b: Backward, input: number): Tensor {
  return cast(first(read(b, input)), "float32");
}

/** A gradient [*, m, k] of an operand that may have been a vector, or broadcast. */
function settled(gradient: Tensor, shape: readonly number[], vector: "row" | "column"): Value {
  if (shape.length !== 1) return unbroadcast(ofFirst(gradient), shape);
  const lifted = vector === "row" ? [1, shape[0] ?? 1] : [shape[0] ?? 1, 1];
  return ofFirst(reshape(first(unbroadcast(ofFirst(gradient), lifted)), shape));
}

export const matmul: Rule = {
  reads: "inputs",
  run: (b) => {
    const gradients = productGradients(first(incoming(b)), operand(b, 0), operand(b, 1));
    return b.wanted.map(({ input, shape }) =>
      input === 0 ? settled(gradients[0], shape, "row") : settled(gradients[1], shape, "column"),
    );
  },
};

/** beta · bias + alpha · (a · b) */
export const addedProduct: Rule = {
  reads: "inputs",
  run: (b) => {
    const gradient = first(incoming(b));
    const factor = number(b.args, "alpha", 1);
    const [left, right] = productGradients(gradient, operand(b, 1), operand(b, 2));
    return b.wanted.map(({ input, shape }) => {
      if (input === 0) return unbroadcast(ofFirst(scale(gradient, number(b.args, "beta", 1))), shape);
      return unbroadcast(ofFirst(scale(input === 1 ? left : right, factor)), shape);
    });
  },
};

/** softmax(q · kᵀ · scale + mask) · v */
export const attention: Rule = {
  reads: "inputs",
  through: [0, 1, 2],
  run: (b) => {
    const [q, k, v] = [operand(b, 0), operand(b, 1), operand(b, 2)];
    const factor = number(b.args, "scale", 1 / Math.sqrt(q.shape.at(-1) ?? 1));
    const scores = maskedScores(q, k, b.inputs[3], flag(b.args, "causal"), factor);
    const shares = softmaxLast(scores);
    const [ofShares, ofValues] = productGradients(first(incoming(b)), shares, v);
    const mean = reduce("Sum", mul(ofShares, shares), [shares.shape.length - 1], true);
    const ofScores = scale(mul(shares, sub(ofShares, mean)), factor);
    const [ofQueries, ofKeys] = productGradients(ofScores, q, turned(k));
    return b.wanted.map(({ input, shape }) => {
      const gradient = input === 0 ? ofQueries : input === 1 ? turned(ofKeys) : ofValues;
      return unbroadcast(ofFirst(gradient), shape);
    });
  },
};

/** With respect to one operand: the gradient contracted with the others, and repeated along what only it has. */
export const einsum: Rule = {
  reads: "inputs",
  run: (b) => {
    const equation = labelled(b.inputs, b.args);
    if ("kind" in equation) throw new Error("the equation is not computed");
    const { operands, target } = equation;
    const outgoing = { labels: target, tensor: first(incoming(b)) };
    return b.wanted.map(({ input, shape }) => {
      const { labels = [] } = operands[input] ?? {};
      const others = [outgoing, ...operands.filter((_, i) => i !== input)];
      const shared = labels.filter((label) => others.some((other) => other.labels.includes(label)));
      const found = contracted(others, shared);
      if (found === undefined) throw new Error("the gradient is not contracted");
      const sizes = labels.map((label, axis) => found.shape[shared.indexOf(label)] ?? shape[axis] ?? 1);
      const lifted = labels.map((label) => found.shape[shared.indexOf(label)] ?? 1);
      return unbroadcast(ofFirst(broadcastTo(reshape(found, lifted), sizes)), shape);
    });
  },
};

/** Σ a_i · weight[o, i, j] · b_j, with respect to a and b. */
export const bilinear: Rule = {
  reads: "inputs",
  through: [0, 1],
  run: (b) => {
    const [left, right, weight] = [operand(b, 0), operand(b, 1), operand(b, 2)];
    const rows = (x: Tensor): Tensor => reshape(x, [product(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1]);
    const outgoing = { labels: ["n", "o"], tensor: rows(first(incoming(b))) };
    return b.wanted.map(({ input, shape }) => {
      const other =
        input === 0 ? { labels: ["n", "j"], tensor: rows(right) } : { labels: ["n", "i"], tensor: rows(left) };
      const parts = [outgoing, { labels: ["o", "i", "j"], tensor: weight }, other];
      const found = contracted(parts, ["n", input === 0 ? "i" : "j"]);
      if (found === undefined) throw new Error("the gradient is not contracted");
      return ofFirst(reshape(found, shape));
    });
  },
};
