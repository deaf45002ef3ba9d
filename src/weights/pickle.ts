import { type Text, t } from "../text/text.ts";
import { isKind, type Pickled } from "./pickled.ts";

export interface Unpickled {
  readonly kind: "unpickled";
  readonly value: Pickled;
  /** Offset of the first byte after the pickle. */
  readonly end: number;
}

export interface NotUnpickled {
  readonly kind: "refused";
  readonly reason: Text;
}

/** A stack, memo or nesting beyond these is no checkpoint's: the largest published ones need a few thousand. */
const MAX_OBJECTS = 4_000_000;
const MAX_LONG_BYTES = 64;
const HIGHEST_PROTOCOL = 5;

/** Marks the start of a variable number of operands on the stack. */
const MARK = Symbol("mark");
type Slot = Pickled | typeof MARK;

class Malformed extends Error {
  readonly reason: Text;
  constructor(reason: Text) {
    super();
    this.reason = reason;
  }
}

/**
 * Reads one pickle (protocols 0 to 5) at `start`. Calls of a name that `callable` refuses, extension codes and
 * out-of-band buffers are refused, as are a truncated or inconsistent stream.
 * @see https://docs.python.org/3/library/pickletools.html
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  callable: (name: string) => boolean,
): Unpickled | NotUnpickled {
  try {
    return new Machine(bytes, start, callable).run();
  } catch (error) {
    if (error instanceof Malformed) return { kind: "refused", reason: error.reason };
    throw error;
  }
}

class Machine {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly callable: (name: string) => boolean;
  private at: number;
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, Pickled>();
  private made = 0;

  constructor(bytes: Uint8Array, start: number, callable: (name: string) => boolean) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.callable = callable;
    this.at = start;
  }

  run(): Unpickled {
    for (;;) {
      const at = this.at;
      const code = this.byte();
      if (code === 0x2e) return { kind: "unpickled", value: this.pop(), end: this.at };
      this.step(code, at);
      if (MAX_OBJECTS < this.stack.length || MAX_OBJECTS < this.made)
        throw new Malformed(t("the pickle has more than {0} objects", MAX_OBJECTS));
    }
  }

  private step(code: number, at: number): void {
    switch (code) {
      case 0x80: {
        const protocol = this.byte();
        if (HIGHEST_PROTOCOL < protocol) throw new Malformed(t("pickle protocol {0} is not read", protocol));
        return;
      }
      case 0x95: // FRAME: a length that only helps to read ahead
        this.take(8);
        return;
      case 0x28:
        this.stack.push(MARK);
        return;
      case 0x30: // POP
        if (this.stack.pop() === undefined) throw this.underflow();
        return;
      case 0x31: // POP_MARK
        this.sinceMark();
        return;
      case 0x32: // DUP
        this.push(this.top());
        return;
      // Constants and numbers.
      case 0x4e:
        this.push(null);
        return;
      case 0x88:
        this.push(true);
        return;
      case 0x89:
        this.push(false);
        return;
      case 0x49: // INT
        this.push(this.decimal(this.line()));
        return;
      case 0x4c: // LONG
        this.push(this.decimal(this.line().replace(/L$/, "")));
        return;
      case 0x46: // FLOAT
        this.push(this.floating(this.line()));
        return;
      case 0x4a:
        this.push(this.view.getInt32(this.take(4), true));
        return;
      case 0x4b:
        this.push(this.byte());
        return;
      case 0x4d:
        this.push(this.view.getUint16(this.take(2), true));
        return;
      case 0x47:
        this.push(this.view.getFloat64(this.take(8), false));
        return;
      case 0x8a:
        this.push(this.long(this.byte()));
        return;
      case 0x8b:
        this.push(this.long(this.length4()));
        return;
      // Strings and bytes.
      case 0x53: {
        const text = this.line();
        this.push(text.slice(1, -1));
        return;
      }
      case 0x56:
        this.push(this.line());
        return;
      case 0x54:
        this.push(this.text(this.length4()));
        return;
      case 0x55:
      case 0x8c:
        this.push(this.text(this.byte()));
        return;
      case 0x58:
        this.push(this.text(this.length4()));
        return;
      case 0x8d:
        this.push(this.text(this.length8()));
        return;
      case 0x42:
        this.push(this.raw(this.length4()));
        return;
      case 0x43:
        this.push(this.raw(this.byte()));
        return;
      case 0x8e:
      case 0x96:
        this.push(this.raw(this.length8()));
        return;
      // Containers.
      case 0x29:
        this.push({ kind: "tuple", items: [] });
        return;
      case 0x74:
        this.push({ kind: "tuple", items: this.sinceMark() });
        return;
      case 0x85:
        this.push({ kind: "tuple", items: this.popped(1) });
        return;
      case 0x86:
        this.push({ kind: "tuple", items: this.popped(2) });
        return;
      case 0x87:
        this.push({ kind: "tuple", items: this.popped(3) });
        return;
      case 0x5d:
      case 0x8f:
        this.push({ kind: "list", items: [] });
        return;
      case 0x6c:
      case 0x91:
        this.push({ kind: "list", items: this.sinceMark() });
        return;
      case 0x7d:
        this.push({ kind: "dict", entries: [] });
        return;
      case 0x64:
        this.push({ kind: "dict", entries: pairs(this.sinceMark()) });
        return;
      case 0x61: {
        const item = this.pop();
        this.append([item]);
        return;
      }
      case 0x65:
      case 0x90:
        this.append(this.sinceMark());
        return;
      case 0x73: {
        const [key = null, value = null] = this.popped(2);
        this.setItems([[key, value]]);
        return;
      }
      case 0x75:
        this.setItems(pairs(this.sinceMark()));
        return;
      // Names, calls, references.
      case 0x63: {
        const module = this.line();
        this.push({ kind: "global", name: `${module}.${this.line()}` });
        return;
      }
      case 0x93: {
        const [module, name] = this.popped(2);
        if (typeof module !== "string" || typeof name !== "string") throw this.inconsistent(at);
        this.push({ kind: "global", name: `${module}.${name}` });
        return;
      }
      case 0x52: {
        const [of, args] = this.popped(2);
        this.call(of, args, true, at);
        return;
      }
      case 0x81: {
        const [of, args] = this.popped(2);
        this.call(of, args, false, at);
        return;
      }
      case 0x92: {
        const [of, args] = this.popped(3);
        this.call(of, args, false, at);
        return;
      }
      case 0x6f: {
        const [of, ...items] = this.sinceMark();
        this.call(of, { kind: "tuple", items }, true, at);
        return;
      }
      case 0x69: {
        const module = this.line();
        const name = this.line();
        this.call({ kind: "global", name: `${module}.${name}` }, { kind: "tuple", items: this.sinceMark() }, true, at);
        return;
      }
      case 0x62: {
        const state = this.pop();
        const object = this.top();
        if (isKind(object, "record")) object.state = state;
        else if (!isKind(object, "reference")) throw this.inconsistent(at);
        return;
      }
      case 0x51: {
        this.push({ kind: "reference", id: this.pop() });
        return;
      }
      case 0x50:
        this.push({ kind: "reference", id: this.line() });
        return;
      // Memo.
      case 0x70:
        this.remember(Number(this.line()));
        return;
      case 0x71:
        this.remember(this.byte());
        return;
      case 0x72:
        this.remember(this.length4());
        return;
      case 0x94:
        this.remember(this.memo.size);
        return;
      case 0x67:
        this.recall(Number(this.line()));
        return;
      case 0x68:
        this.recall(this.byte());
        return;
      case 0x6a:
        this.recall(this.length4());
        return;
      default:
        throw new Malformed(t("the pickle has the opcode 0x{0}, which is not read", code.toString(16)));
    }
  }

  private call(of: Slot | undefined, args: Slot | undefined, checked: boolean, at: number): void {
    const name = nameOf(of);
    if (name === undefined || !isKind(args, "tuple")) throw this.inconsistent(at);
    if (checked && !this.callable(name)) throw new Malformed(t("the file calls {0}, which is never done", name));
    this.push({ kind: "record", of: name, args: args.items, items: [], entries: [], state: undefined });
  }

  private append(items: readonly Pickled[]): void {
    const object = this.top();
    if (!isKind(object, "list") && !isKind(object, "record")) throw this.inconsistent(this.at);
    for (const item of items) object.items.push(item);
  }

  private setItems(entries: readonly [Pickled, Pickled][]): void {
    const object = this.top();
    if (!isKind(object, "dict") && !isKind(object, "record")) throw this.inconsistent(this.at);
    for (const entry of entries) object.entries.push(entry);
  }

  private remember(key: number): void {
    if (!Number.isSafeInteger(key) || key < 0) throw this.inconsistent(this.at);
    this.memo.set(key, this.top());
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.inconsistent(this.at);
    this.push(value);
  }

  private push(value: Pickled): void {
    this.made += 1;
    this.stack.push(value);
  }

  private pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw this.underflow();
    return value;
  }

  private top(): Pickled {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw this.underflow();
    return value;
  }

  private popped(count: number): Pickled[] {
    const items: Pickled[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.pop());
    return items;
  }

  private sinceMark(): Pickled[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.underflow();
    const items = this.stack.splice(mark);
    return items.flatMap((item) => (item === MARK ? [] : [item]));
  }

  private take(length: number): number {
    const at = this.at;
    if (this.bytes.byteLength - at < length) throw new Malformed(t("the pickle ends too early"));
    this.at += length;
    return at;
  }

  private byte(): number {
    return this.view.getUint8(this.take(1));
  }

  private length4(): number {
    return this.view.getUint32(this.take(4), true);
  }

  private length8(): number {
    const length = Number(this.view.getBigUint64(this.take(8), true));
    if (this.bytes.byteLength < length) throw new Malformed(t("the pickle ends too early"));
    return length;
  }

  private raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.raw(length));
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new Malformed(t("the pickle ends too early"));
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  private long(length: number): number | bigint {
    if (MAX_LONG_BYTES < length) throw new Malformed(t("the pickle has a number of {0} bytes", length));
    const bytes = this.raw(length);
    let value = 0n;
    for (let i = bytes.length - 1; 0 <= i; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    if (0 < length && (bytes[length - 1] ?? 0) & 0x80) value -= 1n << BigInt(8 * length);
    return narrowed(value);
  }

  private decimal(text: string): number | bigint | boolean {
    if (text === "00") return false;
    if (text === "01") return true;
    if (!/^-?\d{1,150}$/.test(text)) throw this.inconsistent(this.at);
    return narrowed(BigInt(text));
  }

  private floating(text: string): number {
    if (/^-?inf$/.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const value = Number(text);
    if (text.trim() === "" || (Number.isNaN(value) && text !== "nan")) throw this.inconsistent(this.at);
    return value;
  }

  private underflow(): Malformed {
    return new Malformed(t("the pickle is inconsistent at byte {0}", this.at));
  }

  private inconsistent(at: number): Malformed {
    return new Malformed(t("the pickle is inconsistent at byte {0}", at));
  }
}

/** The name of what is called: legacy files refer to a module's class by `('module', class, file, source)`. */
function nameOf(of: Slot | undefined): string | undefined {
  if (isKind(of, "global")) return of.name;
  if (!isKind(of, "reference") || !isKind(of.id, "tuple")) return undefined;
  const [word, type] = of.id.items;
  return word === "module" && isKind(type, "global") ? type.name : undefined;
}

function narrowed(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function pairs(items: readonly Pickled[]): [Pickled, Pickled][] {
  const out: [Pickled, Pickled][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) out.push([items[i] ?? null, items[i + 1] ?? null]);
  return out;
}
