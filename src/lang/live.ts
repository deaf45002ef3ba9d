import type { Interp } from "../eval/interp.ts";
import { type DictValue, str, type Value } from "../eval/value.ts";

/** What holds names and values: an instance's attributes, a module's names. */
interface Owner {
  readonly names: () => Map<string, Value>;
  /** Takes a name away by the journal. */
  readonly remove: (interp: Interp, name: string) => void;
}

/** The entries of a `__dict__` that is the attributes themselves: what is written to it is an attribute at once. */
class LiveEntries extends Map<string, readonly [Value, Value]> {
  readonly owner: Owner;
  constructor(owner: Owner) {
    super();
    this.owner = owner;
  }
  override get size(): number {
    let count = 0;
    for (const name of this.owner.names().keys()) if (!name.startsWith(".")) count++;
    return count;
  }
  override has(key: string): boolean {
    return key.startsWith("s:") && this.owner.names().has(key.slice(2));
  }
  override get(key: string): readonly [Value, Value] | undefined {
    const value = key.startsWith("s:") ? this.owner.names().get(key.slice(2)) : undefined;
    return value === undefined ? undefined : Object.freeze([str(key.slice(2)), value] as const);
  }
  override set(key: string, entry: readonly [Value, Value]): this {
    // Map's own constructor calls this before there is an owner.
    if (key.startsWith("s:")) this.owner.names().set(key.slice(2), entry[1]);
    return this;
  }
  override delete(key: string): boolean {
    return key.startsWith("s:") && this.owner.names().delete(key.slice(2));
  }
  override *entries(): MapIterator<[string, readonly [Value, Value]]> {
    for (const [name, value] of this.owner.names())
      if (!name.startsWith(".")) yield [`s:${name}`, Object.freeze([str(name), value] as const)];
  }
  override *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }
  override *values(): MapIterator<readonly [Value, Value]> {
    for (const [, entry] of this.entries()) yield entry;
  }
  override [Symbol.iterator](): MapIterator<[string, readonly [Value, Value]]> {
    return this.entries();
  }
}

/** A dict whose entries are an owner's names. */
export function liveDict(owner: Owner): DictValue {
  return { kind: "dict", entries: new LiveEntries(owner) };
}

/** Takes an entry out of a dict. */
export function removeEntry(interp: Interp, dict: DictValue, key: string): void {
  if (dict.entries instanceof LiveEntries) dict.entries.owner.remove(interp, key.slice(2));
  else interp.journal.remove(dict, "entries", dict.entries as unknown as Map<string, Value>, key);
}

/** Takes all entries out of a dict. */
export function clearEntries(interp: Interp, dict: DictValue): void {
  if (dict.entries instanceof LiveEntries) for (const key of [...dict.entries.keys()]) removeEntry(interp, dict, key);
  else interp.journal.assign(dict, "entries", new Map());
}
