/** A batch normalization by running statistics; numbers are indices of a program's weights. */
export interface Norm {
  readonly mean: number;
  readonly variance: number;
  readonly scale: number | undefined;
  readonly shift: number | undefined;
  readonly eps: number;
}

/** A weight made of others: what a convolution or product and the normalization behind it do together, or the latter alone. */
export interface Derived {
  readonly kind: "filter" | "bias";
  readonly shape: readonly number[];
  /** Undefined where nothing stands before the normalization: its factor for each channel. */
  readonly filter: number | undefined;
  readonly bias: number | undefined;
  /** Of a transposed convolution, whose filter [C, O/groups, *K] has its output channels in the second axis. */
  readonly groups: number | undefined;
  readonly norm: Norm;
}

/** Elements, row-major. Sums and products are made in float64. */
export function derivedValues(derived: Derived, valuesOf: (weight: number) => Float32Array): Float32Array {
  const optional = (weight: number | undefined): Float32Array | undefined =>
    weight === undefined ? undefined : valuesOf(weight);
  const { mean, variance, scale, shift, eps } = derived.norm;
  const [means, scales, shifts] = [valuesOf(mean), optional(scale), optional(shift)];
  const exact = Float64Array.from(valuesOf(variance), (v, o) => (scales?.[o] ?? 1) / Math.sqrt(v + eps));
  // Rounded first where it is applied as it is, so that the mean still becomes the shift.
  const factors = derived.filter === undefined ? Float64Array.from(exact, Math.fround) : exact;
  if (derived.kind === "bias") {
    const biases = optional(derived.bias);
    return Float32Array.from(factors, (f, o) => ((biases?.[o] ?? 0) - (means[o] ?? 0)) * f + (shifts?.[o] ?? 0));
  }
  if (derived.filter === undefined) return Float32Array.from(factors);
  const filter = valuesOf(derived.filter);
  const out = new Float32Array(filter.length);
  const [rows = 1, columns = 1] = derived.shape;
  if (derived.groups === undefined) {
    scaleRows(filter, out, rows, (row) => factors[row] ?? 1);
    return out;
  }
  const perGroup = rows / derived.groups;
  scaleRows(filter, out, rows * columns, (row) => {
    const group = Math.floor(Math.floor(row / columns) / perGroup);
    return factors[group * columns + (row % columns)] ?? 1;
  });
  return out;
}

function scaleRows(from: Float32Array, to: Float32Array, rows: number, factor: (row: number) => number): void {
  const width = from.length / rows;
  for (let row = 0, at = 0; row < rows; row++) {
    const by = factor(row);
    for (const end = at + width; at < end; at++) to[at] = (from[at] ?? 0) * by;
  }
}
