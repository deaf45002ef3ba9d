import { force } from "../eval/evaluate.ts";
import type { Interp } from "../eval/interp.ts";
import { lazyEntry } from "../eval/lazy.ts";
import { type DictValue, str, type Value } from "../eval/value.ts";

/** A dict over the names of a module: reads and writes are the module's own. */
export function namespaceDict(interp: Interp, vars: Map<string, Value>): DictValue {
  return { kind: "dict", entries: new NamespaceEntries(interp, vars) };
}

type Entry = readonly [Value, Value];

/** The evaluator's map of a dict's entries, by hashed key, kept in a scope's variables. */
class NamespaceEntries extends Map<string, Entry> {
  readonly #interp: Interp;
  readonly #vars: Map<string, Value>;

  constructor(interp: Interp, vars: Map<string, Value>) {
    super();
    this.#interp = interp;
    this.#vars = vars;
  }

  #entry(name: string, value: Value): Entry {
    return value.kind === "lazy"
      ? lazyEntry(str(name), () => force(this.#interp, value))
      : Object.freeze([str(name), value] as const);
  }

  #names(): readonly string[] {
    return [...this.#vars.keys()].filter((name) => !name.startsWith("."));
  }

  override get size(): number {
    return this.#names().length;
  }

  override has(key: string): boolean {
    return key.startsWith("s:") && this.#vars.has(key.slice(2));
  }

  override get(key: string): Entry | undefined {
    const name = key.slice(2);
    const value = key.startsWith("s:") ? this.#vars.get(name) : undefined;
    return value === undefined ? undefined : this.#entry(name, value);
  }

  override set(key: string, entry: Entry): this {
    if (key.startsWith("s:")) this.#vars.set(key.slice(2), entry[1]);
    return this;
  }

  override delete(key: string): boolean {
    return key.startsWith("s:") && this.#vars.delete(key.slice(2));
  }

  override *keys(): MapIterator<string> {
    for (const name of this.#names()) yield `s:${name}`;
  }

  override *values(): MapIterator<Entry> {
    for (const [, entry] of this) yield entry;
  }

  override *entries(): MapIterator<[string, Entry]> {
    for (const name of this.#names()) {
      const value = this.#vars.get(name);
      if (value !== undefined) yield [`s:${name}`, this.#entry(name, value)];
    }
  }

  override [Symbol.iterator](): MapIterator<[string, Entry]> {
    return this.entries();
  }

  override forEach(each: (entry: Entry, key: string, map: Map<string, Entry>) => void): void {
    for (const [key, entry] of this) each(entry, key, this);
  }
}
