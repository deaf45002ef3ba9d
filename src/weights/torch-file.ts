import { t } from "../text/text.ts";
import { ITEM_BYTES } from "./elements.ts";
import { unpickle } from "./pickle.ts";
import { isKind, type Pickled } from "./pickled.ts";
import { exactly, type RangedReader, readerOf } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";
import { mayCall, type Storage, type StorageId, storageIdOf } from "./torch-tensors.ts";
import { dataStart, readEntry, readZip, type ZipEntry } from "./zip.ts";

/** What `torch.save` wrote: the object as plain data, and the storages that its tensors refer to. */
export interface TorchFile {
  readonly kind: "torch";
  readonly value: Pickled;
  readonly storage: (id: StorageId) => Storage | Refused;
}

/** First bytes of a pickle of the number that every legacy file starts with, at any protocol from 2. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;
/** The pickles of a legacy file come before its storages; read this much at first, and more where they go on. */
const LEGACY_HEAD_BYTES = 1 << 20;

/**
 * A file of `torch.save`: the zip form (since 1.6) or the legacy one. Reads the directory and the pickle only; the
 * elements of a tensor are read when asked for. Nothing in it is executed.
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
export async function readTorchFile(source: Uint8Array | RangedReader): Promise<TorchFile | Refused> {
  const reader = readerOf(source);
  try {
    const head = await exactly(reader, 0, Math.min(4, reader.size));
    const isZip = head[0] === 0x50 && head[1] === 0x4b;
    return isZip ? await readZipped(reader) : await readLegacy(reader);
  } catch {
    return refused(t("the file is cut off"));
  }
}

async function readZipped(reader: RangedReader): Promise<TorchFile | Refused> {
  const zip = await readZip(reader);
  if (zip.kind === "refused") return zip;
  const pickle = [...zip.entries.values()].find(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined)
    return [...zip.entries.keys()].some((name) => /^[^/]+\/constants\.pkl$/.test(name))
      ? refused(t("the archive holds no data.pkl"))
      : refused(t("the archive is not of torch.save: it holds no data.pkl"));
  const prefix = pickle.name.slice(0, -"data.pkl".length);
  if (zip.entries.has(`${prefix}constants.pkl`) || [...zip.entries.keys()].some((n) => n.startsWith(`${prefix}code/`)))
    return refused(t("the file is a TorchScript program; save its state_dict() instead"));
  const order = zip.entries.get(`${prefix}byteorder`);
  if (order !== undefined) {
    const text = await readEntry(reader, order);
    if ("kind" in text) return text;
    if (new TextDecoder().decode(text).trim() === "big") return refused(t("the file is big-endian, which is not read"));
  }
  const bytes = await readEntry(reader, pickle);
  if ("kind" in bytes) return bytes;
  const read = unpickle(bytes, 0, mayCall);
  if (read.kind === "refused") return read;
  return { kind: "torch", value: read.value, storage: (id) => zippedStorage(reader, zip.entries, prefix, id) };
}

function zippedStorage(
  reader: RangedReader,
  entries: ReadonlyMap<string, ZipEntry>,
  prefix: string,
  { dtype, key, count }: StorageId,
): Storage | Refused {
  const entry = entries.get(`${prefix}data/${key}`);
  if (entry === undefined) return refused(t("the archive has no storage {0}", key));
  const bytes = count * (ITEM_BYTES[dtype] ?? 1);
  if (entry.size !== bytes) return refused(t("storage {0} has {1} bytes, {2} are needed", key, entry.size, bytes));
  let whole: Promise<Uint8Array | Refused> | undefined;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (entry.deflated) {
      whole ??= readEntry(reader, entry);
      const inflated = await whole;
      if ("kind" in inflated) throw new Error("damaged");
      return inflated.subarray(offset, offset + length);
    }
    const start = await dataStart(reader, entry);
    if (start === undefined) throw new Error("damaged");
    return exactly(reader, start + offset, length);
  };
  return { dtype, count, position: entry.header, read };
}

async function readLegacy(reader: RangedReader): Promise<TorchFile | Refused> {
  for (let size = Math.min(LEGACY_HEAD_BYTES, reader.size); ; size = Math.min(size * 8, reader.size)) {
    const read = parseLegacy(reader, await exactly(reader, 0, size));
    // A pickle that is cut by the part that was read is read again with more of the file.
    if (read.kind === "torch" || size === reader.size) return read.kind === "torch" ? read.open() : read;
  }
}

interface LegacyHead {
  readonly kind: "torch";
  readonly open: () => Promise<TorchFile | Refused>;
}

function parseLegacy(reader: RangedReader, bytes: Uint8Array): LegacyHead | Refused {
  const magic = unpickle(bytes, 0, () => false);
  if (magic.kind === "refused" || typeof magic.value !== "bigint" || magic.value !== LEGACY_MAGIC)
    return refused(t("the file is neither safetensors nor written by torch.save"));
  const protocol = unpickle(bytes, magic.end, () => false);
  if (protocol.kind === "refused") return protocol;
  if (protocol.value !== LEGACY_PROTOCOL) return refused(t("the file has another protocol than torch.save writes"));
  const system = unpickle(bytes, protocol.end, () => false);
  if (system.kind === "refused") return system;
  const little = isKind(system.value, "dict")
    ? system.value.entries.find(([key]) => key === "little_endian")?.[1]
    : undefined;
  if (little === false) return refused(t("the file is big-endian, which is not read"));
  const value = unpickle(bytes, system.end, mayCall);
  if (value.kind === "refused") return value;
  const keys = unpickle(bytes, value.end, () => false);
  if (keys.kind === "refused") return keys;
  return { kind: "torch", open: () => openLegacy(reader, value.value, keys.value, keys.end) };
}

/** Storages stand one after another: their number of elements (int64), then the elements. */
async function openLegacy(
  reader: RangedReader,
  value: Pickled,
  keys: Pickled,
  start: number,
): Promise<TorchFile | Refused> {
  if (!isKind(keys, "list")) return refused(t("the list of storages is malformed"));
  const types = storageTypes(value);
  const storages = new Map<string, { readonly at: number; readonly count: number; readonly item: number }>();
  let at = start;
  for (const key of keys.items) {
    const id = typeof key === "string" ? types.get(key) : undefined;
    if (typeof key !== "string" || id === undefined) return refused(t("a storage is listed that no tensor refers to"));
    if (reader.size < at + 8) return refused(t("the file is cut off"));
    const prefix = await exactly(reader, at, 8);
    const count = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigInt64(0, true));
    const item = ITEM_BYTES[id.dtype] ?? 1;
    if (count !== id.count) return refused(t("storage {0} has {1} elements, {2} are needed", key, count, id.count));
    at += 8;
    if (reader.size < at + count * item) return refused(t("the file is cut off"));
    storages.set(key, { at, count, item });
    at += count * item;
  }
  return {
    kind: "torch",
    value,
    storage: ({ dtype, key, count, view }) => {
      const found = storages.get(key);
      if (found === undefined || found.count !== count || found.item !== ITEM_BYTES[dtype])
        return refused(t("the file has no storage {0}", key));
      const first = view?.offset ?? 0;
      const length = view?.count ?? count;
      if (count < first + length) return refused(t("a view lies outside storage {0}", key));
      const base = found.at + first * found.item;
      return { dtype, count: length, position: base, read: (offset, size) => exactly(reader, base + offset, size) };
    },
  };
}

/** Every storage that the value refers to, by its key. */
function storageTypes(value: Pickled): ReadonlyMap<string, StorageId> {
  const found = new Map<string, StorageId>();
  const seen = new Set<unknown>();
  const queue: Pickled[] = [value];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    if (item === null || typeof item !== "object" || item instanceof Uint8Array || seen.has(item)) continue;
    seen.add(item);
    switch (item.kind) {
      case "list":
      case "tuple":
        for (const part of item.items) queue.push(part);
        break;
      case "dict":
        for (const pair of item.entries) queue.push(...pair);
        break;
      case "record":
        for (const part of [...item.args, ...item.items, ...item.entries.flat()]) queue.push(part);
        if (item.state !== undefined) queue.push(item.state);
        break;
      case "reference": {
        const id = storageIdOf(item.id);
        if (id !== undefined) found.set(id.key, id);
        break;
      }
      case "global":
        break;
    }
  }
  return found;
}
