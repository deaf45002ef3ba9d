import type { DType } from "../shape/dim.ts";

/** A file of which parts are read on demand; offsets and lengths in bytes. */
export interface RangedReader {
  readonly size: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** One tensor of a checkpoint; `bytes` reads its elements, little-endian, row-major. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** About where its elements stand in the file, in bytes: read in this order, a file is read from front to back. */
  readonly position: number;
  readonly bytes: () => Promise<Uint8Array>;
}

export interface StoredTensors {
  readonly kind: "tensors";
  readonly tensors: readonly StoredTensor[];
}

/** More axes than any tensor has. */
export const MAX_RANK = 64;

/** The whole file in memory as a reader. */
export function readerOf(source: Uint8Array | RangedReader): RangedReader {
  if (!(source instanceof Uint8Array)) return source;
  return { size: source.byteLength, read: async (offset, length) => source.subarray(offset, offset + length) };
}

/** These bytes and no fewer; throws where the file ended before them. */
export async function exactly(reader: RangedReader, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await reader.read(offset, length);
  if (bytes.byteLength !== length) throw new Error(`read ${bytes.byteLength} of ${length} bytes at ${offset}`);
  return bytes;
}
