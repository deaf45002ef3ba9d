import type { DType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { countOf, ITEM_BYTES } from "./elements.ts";
import { exactly, MAX_RANK, type RangedReader, readerOf, type StoredTensor, type StoredTensors } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";

const DTYPES: Readonly<Record<string, DType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

/** The format's own limit: a longer header is not a header. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * The tensors of a `.safetensors` file, without their elements: u64 header length, JSON header, data.
 * Refused where any offset, length, type or overlap is not as the format says.
 * @see https://huggingface.co/docs/safetensors/index#format
 */
export async function readSafetensors(source: Uint8Array | RangedReader): Promise<StoredTensors | Refused> {
  const reader = readerOf(source);
  if (reader.size < 8) return refused(t("the file is too short for a safetensors header"));
  const prefix = await reader.read(0, 8);
  if (prefix.byteLength !== 8) return refused(t("the file ended before its header"));
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
  if (MAX_HEADER_BYTES < length || reader.size - 8 < length)
    return refused(t("the safetensors header claims {0} bytes, the file has {1}", length, reader.size - 8));
  const text = await reader.read(8, length);
  if (text.byteLength !== length) return refused(t("the file ended before its header"));
  const header = parseHeader(text);
  if (header === undefined) return refused(t("the safetensors header is not a JSON object"));

  const start = 8 + length;
  const room = reader.size - start;
  const tensors: StoredTensor[] = [];
  const ranges: { readonly begin: number; readonly end: number; readonly name: string }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const parsed = parseEntry(entry);
    if (parsed === undefined) return refused(t("the entry of {0} in the safetensors header is malformed", name));
    const dtype = DTYPES[parsed.dtype];
    if (dtype === undefined) return refused(t("{0} has the element type {1}, which is not read", name, parsed.dtype));
    const count = countOf(parsed.shape);
    const bytes = count === undefined ? undefined : count * (ITEM_BYTES[dtype] ?? 0);
    if (bytes === undefined || bytes !== parsed.end - parsed.begin)
      return refused(t("{0} has {1} bytes, its shape needs {2}", name, parsed.end - parsed.begin, bytes ?? "?"));
    if (room < parsed.end) return refused(t("{0} lies outside the file", name));
    ranges.push({ begin: parsed.begin, end: parsed.end, name });
    const offset = start + parsed.begin;
    tensors.push({ name, dtype, shape: parsed.shape, position: offset, bytes: () => exactly(reader, offset, bytes) });
  }
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const range of ranges) {
    if (range.begin !== at) return refused(t("{0} overlaps another tensor or leaves a hole", range.name));
    at = range.end;
  }
  if (at !== room) return refused(t("{0} bytes follow the last tensor", room - at));
  return { kind: "tensors", tensors };
}

function parseHeader(text: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseEntry(
  entry: unknown,
):
  | { readonly dtype: string; readonly shape: readonly number[]; readonly begin: number; readonly end: number }
  | undefined {
  if (!isObject(entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Array.isArray(shape) || !Array.isArray(offsets)) return undefined;
  if (MAX_RANK < shape.length || countOf(shape) === undefined) return undefined;
  const [begin, end] = offsets;
  if (offsets.length !== 2 || !isOffset(begin) || !isOffset(end) || end < begin) return undefined;
  return { dtype, shape, begin, end };
}

function isOffset(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && 0 <= value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
