import type { Scores } from "./class-head.ts";

/** One channel's or class's values at each place, row-major. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * Where the last maps speak for a class: their sum, weighted by the class's row. Its mean and the class's bias make the
 * logit.
 * @param features [C, H, W], row-major
 * @param row C weights
 * @see https://arxiv.org/abs/1512.04150 (Zhou et al. 2016)
 */
export function classMap(features: Float32Array, row: Float32Array, height: number, width: number): Plane {
  const size = height * width;
  const sums = new Float64Array(size);
  for (const [channel, weight] of row.entries()) {
    const from = channel * size;
    for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + weight * (features[from + i] ?? 0);
  }
  return { height, width, data: Float32Array.from(sums) };
}

/**
 * Bilinear, as PyTorch's `interpolate` without aligned corners.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 */
export function enlarge(plane: Plane, height: number, width: number): Plane {
  const rows = stepsOf(plane.height, height);
  const columns = stepsOf(plane.width, width);
  const data = new Float32Array(height * width);
  const at = (y: number, x: number): number => plane.data[y * plane.width + x] ?? 0;
  let to = 0;
  for (const row of rows) {
    for (const { near, far, share } of columns) {
      const upper = at(row.near, near) * (1 - share) + at(row.near, far) * share;
      const lower = at(row.far, near) * (1 - share) + at(row.far, far) * share;
      data[to++] = upper * (1 - row.share) + lower * row.share;
    }
  }
  return { height, width, data };
}

/** For each place of the large axis, its two neighbours on the small one and the share of the farther. */
function stepsOf(
  small: number,
  large: number,
): readonly { readonly near: number; readonly far: number; readonly share: number }[] {
  return Array.from({ length: large }, (_, i) => {
    const exact = Math.max(0, ((i + 0.5) * small) / large - 0.5);
    const near = Math.min(small - 1, Math.floor(exact));
    return { near, far: Math.min(small - 1, near + 1), share: exact - near };
  });
}

/** Each class's share of a row of the model's output. */
export function sharesOf(row: Float32Array, scores: Scores): Float32Array {
  if (scores === "logits") return softmax(row);
  return scores === "shares" ? row : row.map((x) => Math.exp(x));
}

/** Each class's share, summing to 1. */
export function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(logits, (x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (x) => x / sum);
}

/** The `count` greatest values, greatest first; of equal ones the first. */
export function greatest(
  values: Float32Array,
  count: number,
): readonly { readonly index: number; readonly value: number }[] {
  return [...values.entries()]
    .map(([index, value]) => ({ index, value }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, count);
}
