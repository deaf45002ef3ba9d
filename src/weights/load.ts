import { t } from "../text/text.ts";
import { ITEM_BYTES, toFloat32 } from "./elements.ts";
import { type RangedReader, readerOf, type StoredTensor, type StoredTensors } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";
import { readSafetensors } from "./safetensors.ts";
import { stateDictOf } from "./state-dict.ts";
import { readTorchFile } from "./torch-file.ts";

/** Weights by state-dict key, as float32, row-major. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/** A checkpoint whose elements are not read yet: its tensors by the model's own keys. */
export interface OpenCheckpoint {
  readonly kind: "open";
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Of the file, in bytes. */
  readonly size: number;
}

/** Every tensor of a checkpoint: {@link openCheckpoint}, and all of its elements. */
export async function loadCheckpoint(
  source: Uint8Array | RangedReader,
  known?: (key: string) => boolean,
): Promise<Checkpoint | Refused> {
  const open = await openCheckpoint(source, known);
  return open.kind === "refused" ? open : readWeights(open, [...open.tensors.keys()]);
}

/**
 * A checkpoint, told by its content: `.safetensors`, or a file of `torch.save` (`.pth`, `.pt`, `.ckpt`, `.bin`). Only
 * its directory is read. `known` says which keys the model has: a prefix that a wrapper put before them is taken off.
 */
export async function openCheckpoint(
  source: Uint8Array | RangedReader,
  known: (key: string) => boolean = () => false,
): Promise<OpenCheckpoint | Refused> {
  const reader = readerOf(source);
  const file = await readTensors(reader);
  if (file.kind === "refused") return file;
  const names = file.tensors.map(({ name }) => name);
  const strip = prefixOf(names, known);
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of file.tensors)
    tensors.set(tensor.name.startsWith(strip) ? tensor.name.slice(strip.length) : tensor.name, tensor);
  return { kind: "open", tensors, size: reader.size };
}

/** The elements of these tensors, read in the file's own order; `progress` is told how many bytes of how many. */
export async function readWeights(
  { tensors, size }: OpenCheckpoint,
  keys: readonly string[],
  progress: (done: number, total: number) => void = () => undefined,
): Promise<Checkpoint | Refused> {
  const wanted = keys.flatMap((key) => {
    const tensor = tensors.get(key);
    return tensor === undefined ? [] : [{ key, tensor }];
  });
  const bytesOf = ({ shape, dtype }: StoredTensor): number =>
    shape.reduce((product, length) => product * length, ITEM_BYTES[dtype] ?? 1);
  const total = wanted.reduce((sum, { tensor }) => sum + bytesOf(tensor), 0);
  // Before anything is read: what the file says of itself is enough to refuse it.
  if (MAX_READ_FACTOR * size + MAX_READ_SLACK < total)
    return refused(t("the tensors repeat the file's bytes too often"));
  const read = new Map<string, Float32Array>();
  let done = 0;
  for (const { key, tensor } of [...wanted].sort((a, b) => a.tensor.position - b.tensor.position)) {
    const { name, dtype } = tensor;
    let data: Float32Array | undefined;
    try {
      data = toFloat32(dtype, await tensor.bytes());
    } catch {
      return refused(t("the file ended within {0}", name));
    }
    if (data === undefined) return refused(t("{0} has the element type {1}, which is not read", name, dtype));
    read.set(key, data);
    done += bytesOf(tensor);
    progress(done, total);
  }
  const weights = new Map(
    wanted.map(({ key, tensor }) => [key, { shape: tensor.shape, data: read.get(key) ?? new Float32Array() }]),
  );
  return { kind: "checkpoint", weights };
}

/** Tied weights and buffers that share a storage repeat some bytes; a bomb repeats them without end. */
const MAX_READ_FACTOR = 4;
const MAX_READ_SLACK = 64_000_000;

/** The tensors of a checkpoint of any kind, without their elements. */
async function readTensors(source: Uint8Array | RangedReader): Promise<StoredTensors | Refused> {
  const reader = readerOf(source);
  let head: Uint8Array;
  try {
    head = await reader.read(0, Math.min(reader.size, 9));
  } catch {
    return refused(t("the file is cut off"));
  }
  // A safetensors file starts with a length whose high bytes are 0, then its JSON; a zip with PK, a pickle with 0x80.
  if (head[8] === 0x7b && head[6] === 0 && head[7] === 0) return readSafetensors(reader);
  const file = await readTorchFile(reader);
  return file.kind === "refused" ? file : stateDictOf(file);
}

/**
 * What stands before the model's own keys (`module.`, `model.backbone.`, …): the prefix under which the model knows the
 * most keys, the shortest of those. A file of another model loses `module.` only.
 */
function prefixOf(names: readonly string[], known: (key: string) => boolean): string {
  const hits = new Map<string, number>([["", 0]]);
  for (const name of names) {
    for (let at = 0; at !== -1; at = dotAfter(name, at)) {
      if (known(name.slice(at))) hits.set(name.slice(0, at), (hits.get(name.slice(0, at)) ?? 0) + 1);
    }
  }
  let best = "";
  for (const [prefix, count] of hits) {
    const most = hits.get(best) ?? 0;
    if (most < count || (most === count && prefix.length < best.length)) best = prefix;
  }
  const isWrapped = 0 < names.length && names.every((name) => name.startsWith("module."));
  return hits.get(best) === 0 && isWrapped ? "module." : best;
}

/** The position after the next dot from `at`, or -1. */
function dotAfter(name: string, at: number): number {
  const dot = name.indexOf(".", at);
  return dot === -1 ? -1 : dot + 1;
}
