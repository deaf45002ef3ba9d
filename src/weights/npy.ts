import type { DType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { countOf, ITEM_BYTES, toFloat32 } from "./elements.ts";
import { type Refused, refused } from "./refusal.ts";

/** An array of a `.npy` file: elements as float32 in row-major order, and the type that the file had. */
export interface NpyArray {
  readonly kind: "array";
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** numpy's own default limit for the header of a file that is not trusted. */
const MAX_HEADER_BYTES = 10_000;
const MAX_RANK = 64;

const DTYPES: Readonly<Record<string, DType>> = {
  f8: "float64",
  f4: "float32",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u1: "uint8",
  b1: "bool",
};

/**
 * Reads a `.npy` file of version 1, 2 or 3 with float, int or bool elements, either byte order, C or Fortran order.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array): NpyArray | Refused {
  if (bytes.byteLength < 12 || MAGIC.some((byte, i) => bytes[i] !== byte))
    return refused(t("the file is not a .npy file"));
  const version = bytes[6] ?? 0;
  if (version < 1 || 3 < version) return refused(t(".npy version {0} is not read", version));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (MAX_HEADER_BYTES < length || bytes.byteLength < start + length)
    return refused(t("the .npy header claims {0} bytes", length));
  const header = new TextDecoder("utf-8").decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dims = /'shape':\s*\(([\d,\sL]*)\)/.exec(header);
  if (descr === null || order === null || dims === null)
    return refused(t("the .npy header is not read: {0}", header.trim().slice(0, 80)));
  const dtype = DTYPES[descr[2] ?? ""];
  if (dtype === undefined) return refused(t("{0} elements in a .npy file are not read", descr[2] ?? ""));
  const shape = (dims[1] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  const count = countOf(shape);
  if (count === undefined || MAX_RANK < shape.length) return refused(t("the .npy header has an impossible shape"));
  const size = count * (ITEM_BYTES[dtype] ?? 0);
  const at = start + length;
  if (bytes.byteLength - at !== size)
    return refused(t("the .npy data has {0} bytes, its shape needs {1}", bytes.byteLength - at, size));
  const data = toFloat32(dtype, bytes.subarray(at, at + size), descr[1] === ">");
  if (data === undefined) return refused(t("{0} elements in a .npy file are not read", descr[2] ?? ""));
  return { kind: "array", shape, dtype, data: order[1] === "True" ? fromFortran(data, shape) : data };
}

/** A `.npy` file (version 1, little-endian float32, C order) of row-major elements. */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  const dims = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${dims}, }`;
  // Data begins at a multiple of 64 bytes, and the header ends with a newline.
  const headerLength = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const out = new Uint8Array(10 + headerLength + data.length * 4);
  out.set(MAGIC);
  out[6] = 1;
  const view = new DataView(out.buffer);
  view.setUint16(8, headerLength, true);
  out.set(new TextEncoder().encode(`${text.padEnd(headerLength - 1)}\n`), 10);
  const start = 10 + headerLength;
  for (let i = 0; i < data.length; i++) view.setFloat32(start + i * 4, data[i] ?? 0, true);
  return out;
}

function fromFortran(data: Float32Array, shape: readonly number[]): Float32Array {
  const out = new Float32Array(data.length);
  const index = shape.map(() => 0);
  const steps: number[] = [];
  let step = 1;
  for (const length of shape) {
    steps.push(step);
    step *= length;
  }
  for (let i = 0; i < data.length; i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (index[axis] ?? 0) * (steps[axis] ?? 0);
    out[i] = data[from] ?? 0;
    for (let axis = shape.length - 1; 0 <= axis; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 0) ? next : 0;
      if (index[axis] !== 0) break;
    }
  }
  return out;
}
