/** Largest absolute difference over the largest finite absolute value of `expected`; infinite where a NaN or a length differs. */
export function relMax(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[i] ?? 0, expected[i] ?? 0];
    if (Number.isNaN(got) !== Number.isNaN(wanted)) return Number.POSITIVE_INFINITY;
    if (Number.isNaN(wanted)) continue;
    if (got !== wanted) difference = Math.max(difference, Math.abs(got - wanted));
    if (Number.isFinite(wanted)) largest = Math.max(largest, Math.abs(wanted));
  }
  return difference === 0 ? 0 : difference / largest;
}
