import { type TensorType, upload } from "../kernels.ts";
import { first, ofFirst, product, range, type Value } from "../value.ts";

/**
 * A tensor read back, row-major in PyTorch's order. What depends on values (an order, a place, a mask) is computed on the
 * host: networks reach it on small tensors, and no backend has kernels for it.
 */
export interface Host {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  readonly dtype: TensorType;
}

export function hosted(value: Value): Host {
  const tensor = first(value);
  const dtype = tensor.dtype === "int32" || tensor.dtype === "bool" ? tensor.dtype : "float32";
  return { shape: tensor.shape, data: tensor.dataSync<"float32">(), dtype };
}

export function ofHost({ shape, data, dtype }: Host): Value {
  return ofFirst(upload(Float32Array.from(data), shape, dtype));
}

/** How an axis cuts a row-major tensor: element i of line (b, k) lies at (b · size + i) · behind + k. */
export function linesOf(
  shape: readonly number[],
  axis: number,
): { readonly before: number; readonly size: number; readonly behind: number } {
  return {
    before: product(shape.slice(0, axis)),
    size: shape[axis] ?? 1,
    behind: product(shape.slice(axis + 1)),
  };
}

/** The shape that tensors of these shapes are broadcast to. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return range(0, rank).map((i) => {
    const sizes = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
}

/** Elements broadcast to a shape. */
export function spread({ shape, data }: Host, to: readonly number[]): Float64Array {
  const out = new Float64Array(product(to));
  const missing = to.length - shape.length;
  for (let i = 0; i < out.length; i++) {
    const at = placeOf(i, to).slice(missing);
    out[i] =
      data[
        offsetOf(
          at.map((n, axis) => (shape[axis] === 1 ? 0 : n)),
          shape,
        )
      ] ?? 0;
  }
  return out;
}

/** Coordinates of a row-major offset. */
export function placeOf(offset: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = offset;
  for (let axis = shape.length - 1; 0 <= axis; axis--) {
    const size = shape[axis] ?? 1;
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place;
}

export function offsetOf(place: readonly number[], shape: readonly number[]): number {
  return place.reduce((offset, n, axis) => offset * (shape[axis] ?? 1) + n, 0);
}
