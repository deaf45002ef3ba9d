import { Inflate } from "fflate";
import { t } from "../text/text.ts";
import { exactly, type RangedReader } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";

/** One file of an archive; sizes and offsets in bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Where its local header starts. */
  readonly header: number;
  readonly packed: number;
  readonly deflated: boolean;
}

export interface ZipDirectory {
  readonly kind: "zip";
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record and the longest comment behind it. */
const TAIL_BYTES = 22 + 65_535;
/** A directory beyond this is no checkpoint's: 100 bytes a tensor. */
const MAX_DIRECTORY_BYTES = 64_000_000;
/** A deflated entry (a pickle; storages are stored) that inflates beyond this is refused. */
const MAX_INFLATED_BYTES = 256_000_000;
const ALL_ONES_32 = 0xffffffff;

/**
 * The directory of a zip archive, zip64 included, without its contents.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZip(reader: RangedReader): Promise<ZipDirectory | Refused> {
  const tailStart = Math.max(0, reader.size - TAIL_BYTES);
  const tail = await exactly(reader, tailStart, reader.size - tailStart);
  const view = viewOf(tail);
  let at = tail.byteLength - 22;
  while (0 <= at && view.getUint32(at, true) !== END) at -= 1;
  if (at < 0) return refused(t("the archive has no directory: the file is cut off or is no checkpoint"));
  let count = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  if (20 <= at && view.getUint32(at - 20, true) === END64_LOCATOR) {
    const where = Number(view.getBigUint64(at - 20 + 8, true));
    if (reader.size < where + 56) return refused(t("the archive's directory lies outside the file"));
    const end = viewOf(await exactly(reader, where, 56));
    if (end.getUint32(0, true) !== END64) return refused(t("the archive's directory is damaged"));
    count = Number(end.getBigUint64(32, true));
    size = Number(end.getBigUint64(40, true));
    offset = Number(end.getBigUint64(48, true));
  }
  if (MAX_DIRECTORY_BYTES < size || reader.size < offset + size)
    return refused(t("the archive's directory lies outside the file"));
  const entries = entriesOf(await exactly(reader, offset, size), count, reader.size);
  return entries === undefined ? refused(t("the archive's directory is damaged")) : { kind: "zip", entries };
}

function entriesOf(directory: Uint8Array, count: number, fileSize: number): ReadonlyMap<string, ZipEntry> | undefined {
  const view = viewOf(directory);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (directory.byteLength < at + 46 || view.getUint32(at, true) !== ENTRY) return undefined;
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (directory.byteLength < next) return undefined;
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const sizes = wideSizes(view, at, at + 46 + nameLength, extraLength);
    if (sizes === undefined || (flags & 1) !== 0 || (method !== 0 && method !== 8)) return undefined;
    if (fileSize < sizes.header + 30 + sizes.packed || (method === 0 && sizes.packed !== sizes.size)) return undefined;
    if (entries.has(name)) return undefined;
    entries.set(name, { name, ...sizes, deflated: method === 8 });
    at = next;
  }
  return entries;
}

/** Sizes and offset of a directory entry; those of all ones stand in its zip64 field. */
function wideSizes(
  view: DataView,
  at: number,
  extraStart: number,
  extraLength: number,
): { readonly size: number; readonly packed: number; readonly header: number } | undefined {
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let header = view.getUint32(at + 42, true);
  let field = extraStart;
  while (field + 4 <= extraStart + extraLength) {
    const id = view.getUint16(field, true);
    const end = field + 4 + view.getUint16(field + 2, true);
    if (extraStart + extraLength < end) return undefined;
    if (id === 1) {
      let part = field + 4;
      const wide = (): number => {
        const value = part + 8 <= end ? Number(view.getBigUint64(part, true)) : Number.NaN;
        part += 8;
        return value;
      };
      if (size === ALL_ONES_32) size = wide();
      if (packed === ALL_ONES_32) packed = wide();
      if (header === ALL_ONES_32) header = wide();
    }
    field = end;
  }
  return [size, packed, header].every(Number.isSafeInteger) ? { size, packed, header } : undefined;
}

/** Where the bytes of an entry start. Throws where the file is cut off; undefined where its header is damaged. */
export async function dataStart(reader: RangedReader, entry: ZipEntry): Promise<number | undefined> {
  const header = viewOf(await exactly(reader, entry.header, 30));
  if (header.getUint32(0, true) !== LOCAL) return undefined;
  const start = entry.header + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return reader.size < start + entry.packed ? undefined : start;
}

/** An entry's content, inflated where it is deflated; refused beyond a bound (a bomb) or where it is damaged. */
export async function readEntry(reader: RangedReader, entry: ZipEntry): Promise<Uint8Array | Refused> {
  if (MAX_INFLATED_BYTES < entry.size)
    return refused(t("{0} in the archive has {1} bytes, more than are read", entry.name, entry.size));
  const start = await dataStart(reader, entry);
  if (start === undefined) return refused(t("{0} in the archive is damaged", entry.name));
  const packed = await exactly(reader, start, entry.packed);
  if (!entry.deflated) return packed;
  const out = new Uint8Array(entry.size);
  let filled = 0;
  let over = false;
  try {
    const inflate = new Inflate((chunk) => {
      if (out.length < filled + chunk.length) over = true;
      else out.set(chunk, filled);
      filled += chunk.length;
    });
    // In pieces, so that a bomb is met before it is whole in memory.
    for (let at = 0; at < packed.length && !over; at += INFLATE_STEP)
      inflate.push(packed.subarray(at, at + INFLATE_STEP), packed.length <= at + INFLATE_STEP);
  } catch {
    return refused(t("{0} in the archive is damaged", entry.name));
  }
  return over || filled !== entry.size ? refused(t("{0} in the archive is damaged", entry.name)) : out;
}

/** Deflate expands at most 1,032-fold: one step never makes more than 17 MB. */
const INFLATE_STEP = 16_384;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
