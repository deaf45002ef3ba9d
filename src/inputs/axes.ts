import type { InputSpec } from "../graph/input.ts";

/** Symbols of an input's axes, by its rank. */
export const AXES: Readonly<Record<number, readonly string[]>> = {
  1: ["N"],
  2: ["N", "L"],
  3: ["N", "C", "L"],
  4: ["N", "C", "H", "W"],
  5: ["N", "C", "D", "H", "W"],
};

export function hasSymbols(spec: InputSpec): boolean {
  if (spec.kind === "seq") return spec.items.some((item) => item !== null && hasSymbols(item));
  return spec.kind === "tensor" && (spec.shape === undefined || spec.shape.some((size) => typeof size === "string"));
}

/** The same input with its batch and spatial sizes open. */
export function withSymbols(spec: InputSpec, index: number): InputSpec {
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  const axes = AXES[spec.shape.length];
  if (axes === undefined || (spec.dtype !== undefined && !spec.dtype.startsWith("float"))) return spec;
  const suffix = index === 0 ? "" : String(index + 1);
  return {
    ...spec,
    shape: spec.shape.map((size, axis) =>
      typeof size === "number" && (axis === 0 || (axis !== 1 && 2 < axes.length)) ? `${axes[axis]}${suffix}` : size,
    ),
  };
}

/** The same input at known sizes. */
export function fill(spec: InputSpec, sizes: ReadonlyMap<string, number>): InputSpec {
  if (spec.kind === "seq") return { ...spec, items: spec.items.map((item) => item && fill(item, sizes)) };
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  return { ...spec, shape: spec.shape.map((size) => (typeof size === "string" ? (sizes.get(size) ?? size) : size)) };
}
