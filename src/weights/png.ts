import { Unzlib } from "fflate";

/** A png's samples as they stand in the file: rows from the top, one number each. */
export interface Png {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  /** 1: grey or an index into the palette, 2: grey and alpha, 3: RGB, 4: RGB and alpha. */
  readonly channels: number;
  readonly samples: Uint16Array;
  /** R, G, B of each index. */
  readonly palette: Uint8Array | undefined;
}

/** What stands in a file's header. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly color: number;
  readonly interlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels by color type, and the depths that it may have. */
const COLORS: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
/** First column and row, and the steps, of each pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The header of a png file; undefined where it is none. */
export function pngHeader(bytes: Uint8Array): PngHeader | undefined {
  if (bytes.byteLength < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || nameAt(bytes, 12) !== "IHDR") return undefined;
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24] ?? 0,
    color: bytes[25] ?? 0,
    interlaced: bytes[28] === 1,
  };
}

/**
 * The samples of a png file; throws what is wrong with it. Checksums are checked, and no more is inflated than the
 * header says.
 * @see https://www.w3.org/TR/png-3/
 */
export function readPng(bytes: Uint8Array): Png {
  const header = pngHeader(bytes);
  const color = header === undefined ? undefined : COLORS[header.color];
  if (header === undefined || color?.depths.includes(header.depth) !== true) throw new Error("header");
  const { width, height, depth, interlaced } = header;
  const parts = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const bits = color.channels * depth;
  const passes = parts
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => 0 < pass.width && 0 < pass.height)
    .map((pass) => ({ ...pass, rowBytes: Math.ceil((pass.width * bits) / 8) }));
  const length = passes.reduce((sum, pass) => sum + (1 + pass.rowBytes) * pass.height, 0);
  const { palette, data } = readChunks(bytes, length);
  if (header.color === 3 && palette === undefined) throw new Error("PLTE");
  const samples = new Uint16Array(width * height * color.channels);
  let at = 0;
  for (const pass of passes) {
    const pixelBytes = Math.max(1, bits >> 3);
    let above: Uint8Array = new Uint8Array(pass.rowBytes);
    for (let row = 0; row < pass.height; row++) {
      const line = data.subarray(at + 1, at + 1 + pass.rowBytes);
      unfilter(data[at] ?? 0, line, above, pixelBytes);
      at += 1 + pass.rowBytes;
      above = line;
      const start = (pass.y + row * pass.dy) * width + pass.x;
      for (let i = 0; i < pass.width * color.channels; i++) {
        const column = Math.floor(i / color.channels);
        const to = (start + column * pass.dx) * color.channels + (i % color.channels);
        samples[to] = sampleOf(line, i, depth);
      }
    }
  }
  return { width, height, depth, channels: color.channels, samples, palette: header.color === 3 ? palette : undefined };
}

/** Sample `i` of a row; below 8 bits they are packed, high bits first. */
function sampleOf(line: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return line[i] ?? 0;
  if (depth === 16) return ((line[2 * i] ?? 0) << 8) | (line[2 * i + 1] ?? 0);
  const bit = i * depth;
  return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** Undoes a row's filter in place. */
function unfilter(kind: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  switch (kind) {
    case 0:
      return;
    case 1:
      for (let i = pixelBytes; i < line.length; i++) line[i] = (line[i] ?? 0) + (line[i - pixelBytes] ?? 0);
      return;
    case 2:
      for (let i = 0; i < line.length; i++) line[i] = (line[i] ?? 0) + (above[i] ?? 0);
      return;
    case 3:
      for (let i = 0; i < line.length; i++)
        line[i] = (line[i] ?? 0) + (((line[i - pixelBytes] ?? 0) + (above[i] ?? 0)) >> 1);
      return;
    case 4:
      for (let i = 0; i < line.length; i++)
        line[i] = (line[i] ?? 0) + paeth(line[i - pixelBytes] ?? 0, above[i] ?? 0, above[i - pixelBytes] ?? 0);
      return;
    default:
      throw new Error(`filter ${kind}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The palette, and the inflated data, of which exactly `length` bytes must be there. */
function readChunks(
  bytes: Uint8Array,
  length: number,
): { readonly palette: Uint8Array | undefined; readonly data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Uint8Array(length);
  let filled = 0;
  const inflate = new Unzlib((chunk) => {
    const room = data.subarray(filled);
    data.set(chunk.subarray(0, room.length), filled);
    filled += Math.min(chunk.length, room.length);
  });
  let palette: Uint8Array | undefined;
  for (let at = SIGNATURE.length; ; ) {
    if (bytes.byteLength < at + 12) throw new Error("cut off");
    const size = view.getUint32(at);
    if (bytes.byteLength < at + 12 + size) throw new Error("cut off");
    const name = nameAt(bytes, at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (checksum(bytes.subarray(at + 4, at + 8 + size)) !== view.getUint32(at + 8 + size))
      throw new Error(`CRC ${name}`);
    if (name === "PLTE") palette = body;
    else if (name === "IEND") break;
    else if (name === "IDAT") {
      // In pieces, so that a bomb is met before it is whole in memory.
      for (let from = 0; from < body.length && filled < length; from += INFLATE_STEP)
        inflate.push(body.subarray(from, from + INFLATE_STEP), false);
    }
    at += 12 + size;
  }
  if (filled !== length) throw new Error("cut off");
  return { palette, data };
}

/** Deflate expands at most 1,032-fold: one step never makes more than 17 MB. */
const INFLATE_STEP = 16_384;

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (CRC[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}
