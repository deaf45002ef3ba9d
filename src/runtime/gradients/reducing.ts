import { type Args, axes, axis, number } from "../args.ts";
import { normOrder, softmaxAxis } from "../ops/reducing.ts";
import { type Groups, groupsOf, sumsOf } from "./groups.ts";
import { type Backward, elements, fromElements, incoming, type Rule, read, readOutput, shapeOf } from "./rule.ts";

/** What a reduction's gradient is made of. */
interface Reduced {
  readonly groups: Groups;
  readonly x: Float32Array;
  /** The reduced value of an element's group, and the loss's gradient with respect to it. */
  readonly y: (i: number) => number;
  readonly g: (i: number) => number;
  readonly args: Args;
}

type Each = (i: number) => number;

function over(args: Args, rank: number): readonly number[] {
  return typeof args.axis === "number" ? [axis(args, rank)] : axes(args, rank);
}

/** Each element's gradient, in float64. */
function reducing(reads: Rule["reads"], eachOf: (reduced: Reduced) => Each): Rule {
  return {
    reads,
    run: (b) => {
      const shape = shapeOf(b);
      const groups = groupsOf(shape, over(b.args, shape.length));
      const g = elements(incoming(b));
      const x = reads === "nothing" ? new Float32Array() : elements(read(b));
      const y = reads === "both" ? elements(readOutput(b)) : new Float32Array();
      const ofGroup =
        (values: Float32Array): Each =>
        (i) =>
          values[groups.of[i] ?? 0] ?? 0;
      const each = eachOf({ groups, x, y: ofGroup(y), g: ofGroup(g), args: b.args });
      return [
        fromElements(
          Float32Array.from(groups.of, (_, i) => each(i)),
          shape,
        ),
      ];
    },
  };
}

/** Split evenly among the elements that equal the reduced value, times `slope`. */
function amongEqual(
  { groups, x, y, g }: Reduced,
  size: (x: number) => number = (value) => value,
  slope: (x: number) => number = () => 1,
): Each {
  const equal = (i: number): boolean => size(x[i] ?? 0) === y(i);
  const counts = sumsOf(groups, (i) => Number(equal(i)));
  return (i) => (equal(i) ? (g(i) / (counts[groups.of[i] ?? 0] ?? 1)) * slope(x[i] ?? 0) : 0);
}

const extreme = reducing("both", (reduced) => amongEqual(reduced));

/** To the first element that equals the reduced value. */
const firstExtreme = reducing("both", ({ groups, x, y, g }) => {
  const first = new Int32Array(groups.count).fill(-1);
  groups.of.forEach((group, i) => {
    if ((first[group] ?? 0) < 0 && x[i] === y(i)) first[group] = i;
  });
  return (i) => (first[groups.of[i] ?? 0] === i ? g(i) : 0);
});

/** Distance from the mean of its group. */
function centred({ groups, x }: Reduced): Each {
  const sums = sumsOf(groups, (i) => x[i] ?? 0);
  return (i) => (x[i] ?? 0) - (sums[groups.of[i] ?? 0] ?? 0) / groups.size;
}

const freedom = ({ groups, args }: Reduced): number => groups.size - number(args, "correction", 1);

const norm = reducing("both", (reduced) => {
  const { x, y, g, args } = reduced;
  const p = normOrder(args);
  if (!Number.isFinite(p)) return amongEqual(reduced, Math.abs, Math.sign);
  return (i) => {
    const value = x[i] ?? 0;
    // At 0 the slope is taken as 0.
    if (y(i) === 0 || value === 0) return 0;
    return g(i) * Math.sign(value) * (Math.abs(value) / y(i)) ** (p - 1);
  };
});

const product = reducing("both", ({ groups, x, y, g }) => {
  const zeros = sumsOf(groups, (i) => Number(x[i] === 0));
  const logs = sumsOf(groups, (i) => (x[i] === 0 ? 0 : Math.log(Math.abs(x[i] ?? 1))));
  const signs = sumsOf(groups, (i) => Number((x[i] ?? 0) < 0));
  return (i) => {
    const group = groups.of[i] ?? 0;
    const value = x[i] ?? 0;
    if (zeros[group] === 0) return (g(i) * y(i)) / value;
    // Of the others, none may be 0.
    if (value !== 0 || zeros[group] !== 1) return 0;
    return g(i) * Math.exp(logs[group] ?? 0) * ((signs[group] ?? 0) % 2 === 0 ? 1 : -1);
  };
});

/** An operator that keeps the shape and whose output depends on all elements along some axes. */
function normalizing(
  axesOf: (b: Backward) => readonly number[],
  eachOf: (g: Float32Array, y: Float32Array, groups: Groups) => Each,
): Rule {
  return {
    reads: "output",
    run: (b) => {
      const groups = groupsOf(shapeOf(b), axesOf(b));
      const each = eachOf(elements(incoming(b)), elements(readOutput(b)), groups);
      return [
        fromElements(
          Float32Array.from(groups.of, (_, i) => each(i)),
          shapeOf(b),
        ),
      ];
    },
  };
}

const alongSoftmax = (b: Backward): readonly number[] => [softmaxAxis({ shape: shapeOf(b) }, b.args)];

const softmax = normalizing(alongSoftmax, (g, y, groups) => {
  const sums = sumsOf(groups, (i) => (g[i] ?? 0) * (y[i] ?? 0));
  return (i) => (y[i] ?? 0) * ((g[i] ?? 0) - (sums[groups.of[i] ?? 0] ?? 0));
});

const logSoftmax = normalizing(alongSoftmax, (g, y, groups) => {
  const sums = sumsOf(groups, (i) => g[i] ?? 0);
  return (i) => (g[i] ?? 0) - Math.exp(y[i] ?? 0) * (sums[groups.of[i] ?? 0] ?? 0);
});

/** x / max(‖x‖, eps) for the Euclidean length. */
const normalize: Rule = {
  reads: "inputs",
  run: (b) => {
    if (normOrder(b.args) !== 2) throw new Error("a normalization by another length than the Euclidean");
    const shape = shapeOf(b);
    const groups = groupsOf(shape, axes(b.args, shape.length));
    const x = elements(read(b));
    const g = elements(incoming(b));
    const lengths = sumsOf(groups, (i) => (x[i] ?? 0) ** 2).map(Math.sqrt);
    const products = sumsOf(groups, (i) => (x[i] ?? 0) * (g[i] ?? 0));
    const eps = number(b.args, "eps", 1e-12);
    const out = g.map((each, i) => {
      const group = groups.of[i] ?? 0;
      const length = lengths[group] ?? 0;
      if (length <= eps) return each / eps;
      return (each - ((x[i] ?? 0) * (products[group] ?? 0)) / length ** 2) / length;
    });
    return [fromElements(out, shape)];
  },
};

/** The sums of what lies on the other side. */
const cumsum: Rule = {
  reads: "nothing",
  run: (b) => {
    const shape = shapeOf(b);
    const along = axis(b.args, shape.length);
    const groups = groupsOf(shape, [along]);
    const g = elements(incoming(b));
    const out = new Float32Array(g.length);
    const sums = new Float64Array(groups.count);
    const forward = b.args.reverse === true;
    for (let step = 0; step < g.length; step++) {
      const i = forward ? step : g.length - 1 - step;
      const group = groups.of[i] ?? 0;
      sums[group] = (sums[group] ?? 0) + (g[i] ?? 0);
      out[i] = sums[group] ?? 0;
    }
    return [fromElements(out, shape)];
  },
};

export const REDUCTIONS: Readonly<Record<string, Rule>> = {
  sum: reducing("nothing", ({ g }) => g),
  mean: reducing(
    "nothing",
    ({ g, groups }) =>
      (i) =>
        g(i) / groups.size,
  ),
  prod: product,
  max: extreme,
  min: extreme,
  max_with_indices: firstExtreme,
  min_with_indices: firstExtreme,
  logsumexp: reducing(
    "both",
    ({ x, y, g }) =>
      (i) =>
        g(i) * Math.exp((x[i] ?? 0) - y(i)),
  ),
  var: reducing("inputs", (reduced) => {
    const off = centred(reduced);
    return (i) => (2 * reduced.g(i) * off(i)) / freedom(reduced);
  }),
  std: reducing("both", (reduced) => {
    const off = centred(reduced);
    return (i) => (reduced.g(i) * off(i)) / (freedom(reduced) * reduced.y(i));
  }),
  norm,
  softmax,
  log_softmax: logSoftmax,
  normalize,
  cumsum,
};
