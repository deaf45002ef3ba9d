import { affineInputs } from "../affine.ts";
import { number } from "../args.ts";
import { kernel, mul, scalar } from "../kernels.ts";
import { EPS, normalizedAxes, RMS_EPS } from "../ops/norm.ts";
import { last, ofLast, product, range, tensorOf, type Value } from "../value.ts";
import { type Groups, groupsOf, sumsOf } from "./groups.ts";
import { type Backward, elements, fromElements, incoming, type Rule, read, shapeOf } from "./rule.ts";

/**
 * With g' the gradient times the weight and x̂ the normalized data, (g' − mean g' − x̂ · mean g'x̂) / σ; without
 * centering, the second term is left out.
 */
function throughStatistics(
  b: Backward,
  groups: Groups,
  eps: number,
  weightOf: (i: number) => number,
  centered = true,
): Value {
  const x = elements(read(b));
  const g = elements(incoming(b));
  const { of, size } = groups;
  const at = (values: Float64Array, i: number): number => (values[of[i] ?? 0] ?? 0) / size;
  const sums = centered ? sumsOf(groups, (i) => x[i] ?? 0) : new Float64Array(groups.count);
  const off = (i: number): number => (x[i] ?? 0) - at(sums, i);
  const squares = sumsOf(groups, (i) => off(i) ** 2);
  const inverse = squares.map((sum) => 1 / Math.sqrt(sum / size + eps));
  const given = (i: number): number => (g[i] ?? 0) * weightOf(i);
  const normal = (i: number): number => off(i) * (inverse[of[i] ?? 0] ?? 0);
  const means = centered ? sumsOf(groups, given) : new Float64Array(groups.count);
  const products = sumsOf(groups, (i) => given(i) * normal(i));
  const out = Float32Array.from(
    x,
    (_, i) => (inverse[of[i] ?? 0] ?? 0) * (given(i) - at(means, i) - normal(i) * at(products, i)),
  );
  return fromElements(out, shapeOf(b));
}

/** The weight of each element, which repeats every `period` elements, each of its numbers `run` times in a row. */
function repeating(weight: Value | undefined, run: number): (i: number) => number {
  if (weight === undefined) return () => 1;
  const data = elements(weight);
  return (i) => data[Math.floor(i / run) % data.length] ?? 1;
}

export const batchNorm: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const shape = shapeOf(b);
    const affine = affineInputs(b.inputs, b.args);
    if (affine === undefined) throw new Error("the inputs are not told apart");
    const eps = number(b.args, "eps", EPS);
    if (b.args.training === true) {
      const others = range(0, shape.length).filter((axis) => axis !== 1);
      return [throughStatistics(b, groupsOf(shape, others), eps, repeating(affine.weight, product(shape.slice(2))))];
    }
    // The statistics are constants: each channel is only scaled.
    const variance = kernel("Add", { a: tensorOf(read(b, 2)), b: scalar(eps) });
    const inverse = kernel("Rsqrt", { x: variance });
    const factor = affine.weight === undefined ? inverse : mul(inverse, tensorOf(affine.weight));
    return [ofLast(mul(last(incoming(b)), factor))];
  },
};

/** Over the last axes; `eps` where the program says none. */
function overLast(eps: number, centered: boolean): Rule {
  return {
    reads: "inputs",
    through: [0],
    run: (b) => {
      const shape = shapeOf(b);
      const groups = groupsOf(shape, normalizedAxes(b.args, shape.length));
      return [throughStatistics(b, groups, number(b.args, "eps", eps), repeating(b.inputs[1], 1), centered)];
    },
  };
}

export const layerNorm = overLast(EPS, true);
export const rmsNorm = overLast(RMS_EPS, false);

export const groupNorm: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const [batch = 1, channels = 1, ...space] = shapeOf(b);
    const count = number(b.args, "groups");
    const groups = groupsOf([batch * count, (channels / count) * product(space)], [1]);
    return [throughStatistics(b, groups, number(b.args, "eps", EPS), repeating(b.inputs[1], product(space)))];
  },
};

export const instanceNorm: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const shape = shapeOf(b);
    const single = typeof b.args.spatial === "number" && shape.length === b.args.spatial + 1;
    const space = product(shape.slice(single ? 1 : 2));
    const groups = groupsOf([product(shape) / Math.max(space, 1), space], [1]);
    return [throughStatistics(b, groups, number(b.args, "eps", EPS), repeating(b.inputs[1], space))];
  },
};
