import { type Args, flag, number } from "../args.ts";
import { adaptiveRank, adaptiveSizes, adaptiveWindows, countMap, mixAxis, spatialOf, windowsOf } from "../ops/pool.ts";
import { resampling } from "../ops/resize.ts";
import { product, range, type Value } from "../value.ts";
import { type Backward, elements, fromElements, incoming, type Rule, read, shapeOf } from "./rule.ts";

/** For each output of one axis, the positions of the input's elements that its window holds, padding left out. */
type AxisWindows = readonly (readonly number[])[];

/** For each output cell, row-major, the row-major positions within one plane that its window holds. */
function cellsOf(sizes: readonly number[], axes: readonly AxisWindows[]): readonly Int32Array[] {
  return axes.reduce<readonly Int32Array[]>(
    (cells, axis, i) =>
      cells.flatMap((cell) =>
        axis.map((positions) =>
          Int32Array.from([...cell].flatMap((before) => positions.map((at) => before * (sizes[i] ?? 1) + at))),
        ),
      ),
    [Int32Array.of(0)],
  );
}

/** Moves each output's gradient to the elements of its window. */
function spreadOver(
  b: Backward,
  spatial: number,
  axes: readonly AxisWindows[],
  give: (out: Float64Array, base: number, cell: Int32Array, gradient: number, index: number) => void,
): readonly Value[] {
  const shape = shapeOf(b);
  const sizes = shape.slice(-spatial);
  const cells = cellsOf(sizes, axes);
  const g = elements(incoming(b));
  const plane = product(sizes);
  const out = new Float64Array(product(shape));
  for (let base = 0, at = 0; base < out.length; base += plane)
    for (const [index, cell] of cells.entries()) give(out, base, cell, g[at++] ?? 0, index);
  return [fromElements(Float32Array.from(out), shape)];
}

/** To the first of a window's greatest elements. */
function toGreatest(b: Backward, spatial: number, axes: readonly AxisWindows[]): readonly Value[] {
  const x = elements(read(b));
  return spreadOver(b, spatial, axes, (out, base, cell, gradient) => {
    let best = -1;
    for (const at of cell) if (best < 0 || (x[best] ?? 0) < (x[base + at] ?? 0)) best = base + at;
    if (0 <= best) out[best] = (out[best] ?? 0) + gradient;
  });
}

function slidingWindows(shape: readonly number[], args: Args): readonly AxisWindows[] {
  return windowsOf(shape, args).map((w) =>
    range(0, w.out).map((i) =>
      range(0, w.kernel)
        .map((k) => i * w.stride - w.pad + k * w.dilation)
        .filter((at) => 0 <= at && at < w.size),
    ),
  );
}

export const maxPool: Rule = {
  reads: "inputs",
  run: (b) => {
    const shape = shapeOf(b);
    return toGreatest(b, spatialOf({ shape }, b.args), slidingWindows(shape, b.args));
  },
};

/** Each output's gradient in equal parts, `divisors` of which make a whole. */
function evenly(
  b: Backward,
  spatial: number,
  axes: readonly AxisWindows[],
  divisorOf: (index: number, cell: Int32Array) => number,
): readonly Value[] {
  return spreadOver(b, spatial, axes, (out, base, cell, gradient, index) => {
    const share = gradient / divisorOf(index, cell);
    for (const at of cell) out[base + at] = (out[base + at] ?? 0) + share;
  });
}

export const avgPool: Rule = {
  reads: "nothing",
  run: (b) => {
    const shape = shapeOf(b);
    const { divisor } = b.args;
    const counts = countMap(windowsOf(shape, b.args), flag(b.args, "count_include_pad", true));
    return evenly(b, spatialOf({ shape }, b.args), slidingWindows(shape, b.args), (index) =>
      typeof divisor === "number" ? divisor : (counts[index] ?? 1),
    );
  },
};

/** Windows that divide the last axes as evenly as possible into `sizes`. */
function evenWindows(shape: readonly number[], sizes: readonly number[]): readonly AxisWindows[] {
  return sizes.map((n, i) =>
    adaptiveWindows(shape[shape.length - sizes.length + i] ?? 0, n).map(([start, end]) => range(start, end)),
  );
}

function adaptiveSizesOf(shape: readonly number[], args: Args): readonly number[] {
  return adaptiveSizes({ shape }, args, adaptiveRank({ shape }, args));
}

export const adaptiveMaxPool: Rule = {
  reads: "inputs",
  run: (b) => {
    const sizes = adaptiveSizesOf(shapeOf(b), b.args);
    return toGreatest(b, sizes.length, evenWindows(shapeOf(b), sizes));
  },
};

export const adaptiveAvgPool: Rule = {
  reads: "nothing",
  run: (b) => {
    const sizes = adaptiveSizesOf(shapeOf(b), b.args);
    return evenly(b, sizes.length, evenWindows(shapeOf(b), sizes), (_, cell) => cell.length);
  },
};

/** Resampling is linear: each axis is mixed by the transposed weights. */
export const interpolate: Rule = {
  reads: "nothing",
  run: (b) => {
    const from = shapeOf(b).slice(2);
    const gradient = incoming(b);
    const to = gradient.shape.slice(2);
    if (b.args.mode === "area") return evenly(b, to.length, evenWindows(shapeOf(b), to), (_, cell) => cell.length);
    const rows = resampling(from, to, b.args);
    return [rows.reduce((value, weights, i) => mixAxis(value, i + 2, transposed(weights, from[i] ?? 0)), gradient)];
  },
};

function transposed(rows: readonly Float32Array[], width: number): readonly Float32Array[] {
  return range(0, width).map((column) => Float32Array.from(rows, (row) => row[column] ?? 0));
}

/** With d = k + α/size · Σ x² over the window of channels: g · d^−β − 2αβ/size · x · Σ g'x'd'^(−β−1) over the windows it lies in. */
export const localResponseNorm: Rule = {
  reads: "inputs",
  run: (b) => {
    const shape = shapeOf(b);
    const [x, g] = [elements(read(b)), elements(incoming(b))];
    const [size, alpha, beta] = [number(b.args, "size"), number(b.args, "alpha", 1e-4), number(b.args, "beta", 0.75)];
    const [channels = 1, space] = [shape[1], product(shape.slice(2))];
    const before = Math.floor(size / 2);
    /** Σ of `each` over the channels from `from` to `to` (inclusive) away of element `i`. */
    const around = (i: number, from: number, to: number, each: (j: number) => number): number => {
      const channel = Math.floor(i / space) % channels;
      let sum = 0;
      for (let c = Math.max(0, channel + from); c <= Math.min(channels - 1, channel + to); c++)
        sum += each(i + (c - channel) * space);
      return sum;
    };
    const square = (i: number): number => (x[i] ?? 0) ** 2;
    const bases = Float64Array.from(
      x,
      (_, i) => number(b.args, "k", 1) + (alpha / size) * around(i, -before, size - 1 - before, square),
    );
    const shares = bases.map((base, i) => (g[i] ?? 0) * (x[i] ?? 0) * base ** (-beta - 1));
    const out = g.map((each, i) => {
      const through = around(i, before + 1 - size, before, (j) => shares[j] ?? 0);
      return each * (bases[i] ?? 1) ** -beta - ((2 * alpha * beta) / size) * (x[i] ?? 0) * through;
    });
    return [fromElements(out, shape)];
  },
};
