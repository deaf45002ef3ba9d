import { type DType, ITEM_SIZES } from "../shape/dim.ts";

const { complex64: _single, complex128: _double, ...HELD } = ITEM_SIZES;

/** Bytes of one element, for the types that a file can hold here. */
export const ITEM_BYTES: Partial<Record<DType, number>> = HELD;

/** Number of elements, or undefined for a shape that no memory holds (negative, fractional, above 2^53). */
export function countOf(shape: readonly unknown[]): number | undefined {
  let count = 1;
  for (const length of shape) {
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) return undefined;
    count *= length;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/**
 * Elements as float32, rounded to nearest (int64 above 2^24 loses digits).
 * `bytes` holds whole elements; a float32 result is a view of `bytes` where its offset allows.
 */
export function toFloat32(dtype: DType, bytes: Uint8Array, bigEndian = false): Float32Array | undefined {
  const size = ITEM_BYTES[dtype];
  if (size === undefined) return undefined;
  const count = Math.floor(bytes.byteLength / size);
  if (dtype === "float32" && !bigEndian && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !bigEndian;
  const out = new Float32Array(count);
  const fill = (read: (at: number) => number): Float32Array => {
    for (let i = 0; i < count; i++) out[i] = read(i * size);
    return out;
  };
  switch (dtype) {
    case "float64":
      return fill((at) => view.getFloat64(at, little));
    case "float32":
      return fill((at) => view.getFloat32(at, little));
    case "float16":
      return fill((at) => halfToFloat(view.getUint16(at, little)));
    case "bfloat16": {
      const words = new Uint32Array(out.buffer);
      for (let i = 0; i < count; i++) words[i] = view.getUint16(i * 2, little) << 16;
      return out;
    }
    case "int64":
      return fill((at) => Number(view.getBigInt64(at, little)));
    case "int32":
      return fill((at) => view.getInt32(at, little));
    case "int16":
      return fill((at) => view.getInt16(at, little));
    case "int8":
      return fill((at) => view.getInt8(at));
    case "uint8":
      return fill((at) => view.getUint8(at));
    case "bool":
      return fill((at) => (view.getUint8(at) === 0 ? 0 : 1));
    default:
      return undefined;
  }
}

/** IEEE 754 binary16. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
