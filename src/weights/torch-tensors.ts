import type { DType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { countOf, ITEM_BYTES } from "./elements.ts";
import { isKind, type Pickled, type PickledRecord } from "./pickled.ts";
import { MAX_RANK, type StoredTensor } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";

/** A tensor's storage in the file: where its bytes are, and how many elements of which type. */
export interface Storage {
  readonly dtype: DType;
  /** In elements. */
  readonly count: number;
  /** About where it starts in the file, in bytes. */
  readonly position: number;
  /** Reads `length` bytes at `offset` of the storage, little-endian. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** What a persistent id stands for: `('storage', torch.FloatStorage, key, location, count[, view])`. */
export interface StorageId {
  readonly dtype: DType;
  readonly key: string;
  readonly count: number;
  /** Legacy files: the first element and the number of elements within the storage `key`. */
  readonly view: { readonly offset: number; readonly count: number } | undefined;
}

/** Names that a checkpoint may call: all are read as data, none is called. */
const CALLABLE = new Set([
  "collections.OrderedDict",
  "collections.defaultdict",
  "collections.Counter",
  "collections.deque",
  "argparse.Namespace",
  "types.SimpleNamespace",
  "datetime.datetime",
  "datetime.date",
  "datetime.timedelta",
  "pathlib.PosixPath",
  "pathlib.PurePosixPath",
  "pathlib.WindowsPath",
  "pathlib._local.PosixPath",
  "_codecs.encode",
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  "torch.Size",
  "torch.device",
  "torch._utils._rebuild_tensor",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch._utils._rebuild_device_tensor_from_numpy",
  "torch._utils._rebuild_device_tensor_from_cpu_tensor",
  "torch._tensor._rebuild_from_type_v2",
  "torch.nn.parameter.Parameter",
  "torch.nn.parameter.Buffer",
  "torch.serialization._get_layout",
  "torch.storage._load_from_bytes",
  "numpy.core.multiarray._reconstruct",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray._reconstruct",
  "numpy._core.multiarray.scalar",
  "numpy.dtype",
  "numpy.random.__RandomState_ctor",
  "builtins.set",
  "builtins.frozenset",
  "builtins.complex",
  "builtins.bytearray",
  "builtins.slice",
  "builtins.range",
  "builtins.getattr",
  "__builtin__.set",
  "__builtin__.frozenset",
  "__builtin__.getattr",
]);

/** Whether a checkpoint may hold what this name makes. `getattr` is how an enumeration's member is written. */
export function mayCall(name: string): boolean {
  return CALLABLE.has(name);
}

const STORAGES: Readonly<Record<string, DType>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  UntypedStorage: "uint8",
};

/** The storage that a persistent id names; undefined where the id is malformed or its type is not read. */
export function storageIdOf(id: Pickled): StorageId | undefined {
  if (!isKind(id, "tuple")) return undefined;
  const [word, type, key, , count, view] = id.items;
  if (word !== "storage" || !isKind(type, "global") || typeof key !== "string" || typeof count !== "number")
    return undefined;
  const dtype = STORAGES[type.name.split(".").at(-1) ?? ""];
  if (dtype === undefined || !/^torch(\.cuda|\.storage)?\.\w+$/.test(type.name) || countOf([count]) === undefined)
    return undefined;
  if (view === undefined || view === null) return { dtype, key, count, view: undefined };
  if (!isKind(view, "tuple")) return undefined;
  const [, offset, size] = view.items;
  if (typeof offset !== "number" || typeof size !== "number") return undefined;
  return countOf([offset, size]) === undefined ? undefined : { dtype, key, count, view: { offset, count: size } };
}

/** Elements of a tensor whose storage holds fewer (a stride of 0 repeats them): more is refused. */
const MAX_REPEATED = 1 << 20;

const DTYPE_NAMES: ReadonlySet<string> = new Set(Object.keys(ITEM_BYTES));

/** Whether a record is a tensor or parameter as torch writes them. */
export function isTensor(value: Pickled): value is PickledRecord {
  return (
    isKind(value, "record") &&
    (/^torch\._utils\._rebuild_(tensor|parameter)(_v2|_v3|_with_state)?$/.test(value.of) ||
      value.of === "torch._tensor._rebuild_from_type_v2")
  );
}

/** The tensor that such a record describes, under this name; its storage is looked up by `storage`. */
export function tensorOf(
  name: string,
  record: PickledRecord,
  storage: (id: StorageId) => Storage | Refused,
): StoredTensor | Refused {
  const [first, ...rest] = record.args;
  if (first === undefined) return malformed(name);
  if (record.of.includes("_rebuild_parameter"))
    return isTensor(first) ? tensorOf(name, first, storage) : malformed(name);
  if (record.of === "torch._tensor._rebuild_from_type_v2") {
    const args = rest[1];
    if (!isKind(first, "global") || !isKind(args, "tuple")) return malformed(name);
    return tensorOf(name, { ...record, of: first.name, args: args.items }, storage);
  }
  const [offset, shapeValue, strideValue] = rest;
  const shape = wholes(shapeValue);
  const stride = wholes(strideValue);
  const id = isKind(first, "reference") ? storageIdOf(first.id) : undefined;
  if (id === undefined) return refused(t("{0} has a storage that is not read", name));
  if (shape === undefined || stride === undefined || typeof offset !== "number" || shape.length !== stride.length)
    return malformed(name);
  if (countOf([offset]) === undefined || MAX_RANK < shape.length) return malformed(name);
  const found = storage(id);
  if ("kind" in found) return found;
  const typed = record.of.endsWith("_v3") ? retyped(found, rest[5]) : found;
  if (typed === undefined)
    return refused(t("{0} has the element type {1}, which is not read", name, dtypeText(rest[5])));
  const count = countOf(shape);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (stride[axis] ?? 0), offset);
  if (count === undefined || !Number.isSafeInteger(last)) return malformed(name);
  if (0 < count && typed.count <= last) return refused(t("{0} lies outside its storage", name));
  if (typed.count < count && MAX_REPEATED < count)
    return refused(t("{0} has {1} elements, its storage {2}", name, count, typed.count));
  const position = typed.position + offset * (ITEM_BYTES[typed.dtype] ?? 1);
  return { name, dtype: typed.dtype, shape, position, bytes: () => gathered(typed, shape, stride, offset, count) };
}

function malformed(name: string): Refused {
  return refused(t("the entry of {0} in the checkpoint is malformed", name));
}

/** The elements of a view in row-major order. */
async function gathered(
  { dtype, read }: Storage,
  shape: readonly number[],
  stride: readonly number[],
  offset: number,
  count: number,
): Promise<Uint8Array> {
  const item = ITEM_BYTES[dtype] ?? 1;
  if (count === 0) return new Uint8Array(0);
  if (isContiguous(shape, stride)) return read(offset * item, count * item);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (stride[axis] ?? 0), 0);
  const source = await read(offset * item, (last + 1) * item);
  const out = new Uint8Array(count * item);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < count; to++) {
    for (let byte = 0; byte < item; byte++) out[to * item + byte] = source[from * item + byte] ?? 0;
    for (let axis = shape.length - 1; 0 <= axis; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += stride[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      from -= next * (stride[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return out;
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; 0 <= axis; axis--) {
    const length = shape[axis] ?? 0;
    if (length !== 1 && stride[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}

/** `_rebuild_tensor_v3` gives the type apart, and its storage counts bytes. */
function retyped(storage: Storage, dtype: Pickled | undefined): Storage | undefined {
  const name = dtypeText(dtype);
  if (!isDType(name)) return undefined;
  const bytes = storage.count * (ITEM_BYTES[storage.dtype] ?? 1);
  return {
    dtype: name,
    count: Math.floor(bytes / (ITEM_BYTES[name] ?? 1)),
    position: storage.position,
    read: storage.read,
  };
}

function isDType(name: string): name is DType {
  return DTYPE_NAMES.has(name);
}

function dtypeText(dtype: Pickled | undefined): string {
  return isKind(dtype, "global") ? dtype.name.replace(/^torch\./, "") : "?";
}

/** Whole numbers of a tuple, list or `torch.Size`. */
function wholes(value: Pickled | undefined): readonly number[] | undefined {
  if (isKind(value, "record") && value.of === "torch.Size") return wholes(value.args[0]);
  if (!isKind(value, "tuple") && !isKind(value, "list")) return undefined;
  const items: readonly Pickled[] = value.items;
  const numbers = items.filter((item) => typeof item === "number");
  return numbers.length === items.length && countOf(numbers) !== undefined ? numbers : undefined;
}
