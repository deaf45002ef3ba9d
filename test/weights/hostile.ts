import { strToU8, type Zippable, zipSync } from "fflate";

/** Checkpoints that were made to harm who reads them, by what they try. */
export function hostileFiles(): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [name, given] of Object.entries(TENSORS)) files.set(name, archive(dictOf(tensor(given))));
  for (const [name, body] of Object.entries(PICKLES)) files.set(name, archive(body));
  for (const [name, zip] of Object.entries(archives())) files.set(name, zip);
  for (const [name, bytes] of Object.entries(safetensors())) files.set(name, bytes);
  return files;
}

/** Opcodes and arguments of a pickle, one after another; text as its own bytes. */
type Part = string | Uint8Array;

function join(...parts: readonly Part[]): Uint8Array {
  const bytes = parts.map((part) => (typeof part === "string" ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : part));
  const out = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of bytes) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

function little(value: number, size: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setInt32(0, value, true);
  else view.setBigInt64(0, BigInt(value), true);
  return new Uint8Array(view.buffer);
}

function text(value: string): Uint8Array {
  return join("X", little(value.length, 4), value);
}

/** A whole number in 4 or 8 bytes, any other as a double. */
function number(value: number): Uint8Array {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return join("J", little(value, 4));
  if (Number.isSafeInteger(value)) return join("\x8a\x08", little(value, 8));
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return join("G", new Uint8Array(view.buffer));
}

function tuple(...items: readonly Part[]): Uint8Array {
  return join("(", ...items, "t");
}

interface Given {
  readonly storage?: string;
  readonly key?: string;
  readonly count?: number;
  readonly offset?: number;
  readonly size?: readonly number[];
  readonly stride?: readonly number[];
}

/** A tensor as torch.save writes it, a whole one of four elements where nothing else is given. */
function tensor(given: Given): Uint8Array {
  const { storage = "torch\nFloatStorage", key = "0", count = 4, offset = 0, size = [2, 2], stride = [2, 1] } = given;
  const id = tuple(text("storage"), `c${storage}\n`, text(key), text("cpu"), number(count));
  const numbers = (values: readonly number[]): Uint8Array => tuple(...values.map(number));
  const args = tuple(id, "Q", number(offset), numbers(size), numbers(stride), "\x89", "ccollections\nOrderedDict\n)R");
  return join("ctorch._utils\n_rebuild_tensor_v2\n", args, "R");
}

function dictOf(value: Part): Uint8Array {
  return join("\x80\x02}", text("weight"), value, "s.");
}

function archive(pickle: Uint8Array, more: Zippable = {}): Uint8Array {
  const entries = {
    "archive/data.pkl": pickle,
    "archive/version": strToU8("3\n"),
    "archive/data/0": new Uint8Array(16),
  };
  return zipSync({ ...entries, ...more }, { level: 0 });
}

function calls(module: string, name: string, argument: string): Uint8Array {
  return dictOf(join(`c${module}\n${name}\n`, tuple(text(argument)), "R"));
}

const TENSORS: Readonly<Record<string, Given>> = {
  "an offset outside": { offset: 1 },
  "an offset below 0": { offset: -1 },
  "an offset that is no number": { offset: Number.NaN },
  "an offset without end": { offset: Number.POSITIVE_INFINITY },
  "a stride outside": { stride: [1000, 1] },
  "a stride beyond 2^31": { stride: [2 ** 40, 1] },
  "a stride below 0": { stride: [-2, 1] },
  "a stride that is no number": { stride: [Number.NaN, 1] },
  "fewer strides than axes": { stride: [1] },
  "an axis below 0": { size: [-2, -2] },
  "an axis that is no number": { size: [Number.NaN, 2] },
  "half an axis": { size: [2.5, 2] },
  "axes that no memory holds": { size: [2 ** 40, 2 ** 40] },
  "an element repeated a billion times": { size: [1_000_000_000], stride: [0] },
  "a storage of fewer elements than its entry": { count: 3 },
  "a storage of more elements than its entry": { count: 5 },
  "a storage whose length is no number": { count: Number.NaN },
  "a storage whose length is below 0": { count: -4 },
  "a storage that is not there": { key: "7" },
  "a storage out of the archive": { key: "../../../etc/passwd" },
  "a storage of no type of torch's": { storage: "torch\nEvilStorage" },
  "a storage of another module's": { storage: "os\nFloatStorage" },
};

const DEEP = 1_000_000;

const PICKLES: Readonly<Record<string, Uint8Array>> = {
  "a call of os.system": calls("os", "system", "echo"),
  "a call of posix.system": calls("posix", "system", "echo"),
  "a call of nt.system": calls("nt", "system", "echo"),
  "a call of eval": calls("builtins", "eval", "1"),
  "a call of exec in Python 2": calls("__builtin__", "execfile", "a.py"),
  "a call of subprocess": calls("subprocess", "Popen", "echo"),
  "a call of torch.load": calls("torch", "load", "other.pth"),
  "a call of the web browser": calls("webbrowser", "open", "about:blank"),
  "a call by protocol 4": join(
    "\x80\x04}",
    text("weight"),
    text("os"),
    text("system"),
    "\x93",
    tuple(text("echo")),
    "Rs.",
  ),
  "a call by INST": join("\x80\x02}", text("weight"), "(", text("echo"), "ios\nsystem\n", "s."),
  "a call by OBJ": join("\x80\x02}", text("weight"), "(cos\nsystem\n", text("echo"), "os."),
  "a call of an attribute": dictOf(
    join("cbuiltins\ngetattr\n", tuple("cos\nsystem\n", text("__call__")), "R", tuple(text("echo")), "R"),
  ),
  "a list that holds itself": join("\x80\x02]q\x00h\x00a."),
  "a dict that holds itself": join("\x80\x02}q\x00", text("state_dict"), "h\x00s."),
  "a million lists in each other": join("\x80\x02", "]".repeat(DEEP), "a".repeat(DEEP - 1), "."),
  "a million tuples in each other": join("\x80\x02)", "\x85".repeat(DEEP), "."),
  // Each level holds the one before ten times: 10^30 dicts, if anything walked them all.
  "a billion laughs": join(
    "\x80\x02}q\x00",
    ...Array.from({ length: 30 }, (_, level) =>
      join(
        "}",
        ...Array.from({ length: 10 }, (_, i) => join(text(`k${i}`), `h${String.fromCharCode(level)}`, "s")),
        `q${String.fromCharCode(level + 1)}`,
      ),
    ),
    ".",
  ),
  "what was never remembered": join("\x80\x02h\x63."),
  "what is remembered far away": join("\x80\x02}r", little(0x7fffffff, 4), "."),
  "a mark that is not there": join("\x80\x02t."),
  "more taken than given": join("\x80\x02sss."),
  "a text longer than the file": join("\x80\x02X", little(0x7fffffff, 4), "a."),
  "bytes longer than any file": join("\x80\x04\x8e", little(Number.MAX_SAFE_INTEGER, 8), "a."),
  "a number of a billion bytes": join("\x80\x02\x8b", little(1_000_000_000, 4), "."),
  "a protocol to come": join("\x80\x63}."),
  "no end": join("\x80\x02}"),
  nothing: new Uint8Array(),
};

function archives(): Readonly<Record<string, Uint8Array>> {
  const whole = archive(dictOf(tensor({})));
  const end = whole.length - 22;
  const changed = (change: (view: DataView) => void): Uint8Array => {
    const copy = Uint8Array.from(whole);
    change(new DataView(copy.buffer));
    return copy;
  };
  return {
    "a zip bomb": zipSync({ "archive/data.pkl": [new Uint8Array(300_000_000), { level: 1 }] }),
    "an archive cut in its middle": whole.slice(0, whole.length >> 1),
    "an archive cut in its directory": whole.slice(0, end - 10),
    "a directory outside of the file": changed((view) => view.setUint32(end + 16, 0x7fffffff, true)),
    "a directory of more entries than it has": changed((view) => view.setUint16(end + 10, 0xfffe, true)),
    "an archive of something else": zipSync({ "a.txt": strToU8("a") }),
  };
}

function safetensors(): Readonly<Record<string, Uint8Array>> {
  const file = (header: string, length = header.length, data = 16): Uint8Array =>
    join(little(length, 8), header, new Uint8Array(data));
  const one = (entry: object): Uint8Array => file(JSON.stringify({ weight: entry }));
  return {
    "a header longer than the file": file("{}", 2 ** 52),
    "a header that is no JSON": file('{"weight": NaN}'),
    "a header in a hundred thousand brackets": file(`{"weight": ${"[".repeat(100_000)}`),
    "offsets outside": one({ dtype: "F32", shape: [2, 2], data_offsets: [0, 1e15] }),
    "offsets that are no numbers": one({ dtype: "F32", shape: [2, 2], data_offsets: [null, "16"] }),
    "offsets turned round": one({ dtype: "F32", shape: [2, 2], data_offsets: [16, 0] }),
    "a shape below 0": one({ dtype: "F32", shape: [-2, -2], data_offsets: [0, 16] }),
    "a shape that no memory holds": one({ dtype: "F32", shape: [1e9, 1e9, 1e9], data_offsets: [0, 16] }),
    "an element type to come": one({ dtype: "F1", shape: [2, 2], data_offsets: [0, 16] }),
  };
}
