import type { RangedReader } from "./reader.ts";

/** Bytes that are asked for at once: far below what one message may carry, and few messages for a large file. */
const BLOCK_BYTES = 4_000_000;
/** Blocks that are held: a directory at the end, and where the reading stands. */
const HELD = 4;

/**
 * The same file, read in blocks of which the last few are held: neighbouring small reads cost one request. `tell` is
 * told how many bytes were asked for so far.
 */
export function inBlocks(reader: RangedReader, tell: (bytes: number) => void = () => undefined): RangedReader {
  const held = new Map<number, Promise<Uint8Array>>();
  let asked = 0;
  const block = (index: number): Promise<Uint8Array> => {
    const start = index * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, reader.size - start);
    const found = held.get(index) ?? reader.read(start, length);
    if (!held.has(index)) {
      asked += length;
      tell(asked);
    }
    // The newest stands last.
    held.delete(index);
    held.set(index, found);
    for (const old of held.keys()) {
      if (held.size <= HELD) break;
      held.delete(old);
    }
    return found;
  };
  return {
    size: reader.size,
    read: async (offset, length) => {
      const end = Math.min(reader.size, offset + length);
      if (end <= offset) return new Uint8Array();
      const out = new Uint8Array(end - offset);
      for (let at = offset; at < end; ) {
        const index = Math.floor(at / BLOCK_BYTES);
        const from = at - index * BLOCK_BYTES;
        const part = (await block(index)).subarray(from, from + end - at);
        if (part.length === 0) throw new Error(`the file ended at ${at}`);
        out.set(part, at - offset);
        at += part.length;
      }
      return out;
    },
  };
}
