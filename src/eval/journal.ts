import type { DictValue, Value } from "./value.ts";

/** A place in the heap that was written: an entry of a map, or a field of an object. */
interface Entry {
  readonly target: object;
  readonly key: string;
  readonly restore: () => void;
  readonly read: () => unknown;
  readonly write: (value: unknown) => void;
  /** Undoes this write alone, where others have been made since. */
  readonly takeBack?: () => void;
}

/** What a speculated run changed: each written place with its value afterwards. */
export type Changes = ReadonlyMap<object, ReadonlyMap<string, { readonly entry: Entry; readonly value: unknown }>>;

const ABSENT: unique symbol = Symbol("absent");

/**
 * Records every write to the abstract heap, so that a run can be undone: to try both ways of an unknown condition, and
 * to leave the modules as they were after a root's analysis.
 */
export interface Journal {
  readonly set: (map: Map<string, Value>, key: string, value: Value) => void;
  readonly remove: (owner: object, field: string, map: Map<string, Value>, key: string) => void;
  /** Writes a field (a list's `items`, a dict's `entries`, an iterator's `index`). */
  readonly assign: <T extends object, K extends keyof T & string>(target: T, key: K, value: T[K]) => void;
  readonly setEntry: (dict: DictValue, key: string, entry: readonly [Value, Value]) => void;
  /** The dict whose entries a written map holds. */
  readonly ownerOf: (map: object) => DictValue | undefined;
  readonly push: (owner: { items: Value[] }, value: Value) => void;
  readonly begin: () => number;
  /** Undoes all writes since the mark and returns what they had made. */
  readonly rollback: (mark: number) => Changes;
  /** Keeps the writes since the mark (an enclosing mark can still undo them). */
  readonly commit: (mark: number) => void;
  /**
   * Runs apart from all marks, for effects that stay, like loading a module; returns what takes its writes back, also
   * when others have written since.
   */
  readonly apart: (body: () => void) => () => void;
}

export function createJournal(): Journal {
  let log: Entry[] = [];
  let depth = 0;
  const owners = new WeakMap<object, DictValue>();

  const mapEntry = (map: Map<string, unknown>, key: string): Entry => {
    const old: unknown = map.has(key) ? map.get(key) : ABSENT;
    const write = (value: unknown): void => {
      if (value === ABSENT) map.delete(key);
      else map.set(key, value);
    };
    return { target: map, key, restore: () => write(old), read: () => (map.has(key) ? map.get(key) : ABSENT), write };
  };
  const fieldEntry = (target: object, key: string): Entry => {
    const record = target as Record<string, unknown>;
    const had = Object.hasOwn(record, key);
    const old = record[key];
    return {
      target,
      key,
      restore: () => {
        if (had) record[key] = old;
        else delete record[key];
      },
      read: () => record[key],
      write: (value) => {
        record[key] = value;
      },
    };
  };

  return {
    set(map, key, value) {
      if (depth > 0) log.push(mapEntry(map as Map<string, unknown>, key));
      map.set(key, value);
    },
    setEntry(dict, key, entry) {
      if (depth > 0) {
        log.push(mapEntry(dict.entries as Map<string, unknown>, key));
        owners.set(dict.entries, dict);
      }
      dict.entries.set(key, entry);
    },
    ownerOf: (map) => owners.get(map),
    remove(owner, field, map, key) {
      // A new map: putting a removed key back would move it to the end of the insertion order.
      if (depth === 0) {
        map.delete(key);
        return;
      }
      log.push(fieldEntry(owner, field));
      const copy = new Map(map);
      copy.delete(key);
      (owner as Record<string, unknown>)[field] = copy;
    },
    assign(target, key, value) {
      if (depth > 0) log.push(fieldEntry(target, key));
      target[key] = value;
    },
    push(owner, value) {
      if (depth > 0) {
        const array = owner.items;
        const length = array.length;
        const entry: Entry = {
          target: owner,
          key: "items",
          restore: () => {
            owner.items = array;
            array.length = length;
          },
          read: () => owner.items.slice(),
          write: (v) => {
            owner.items = v as Value[];
          },
          takeBack: () => {
            const at = owner.items.lastIndexOf(value);
            if (0 <= at) owner.items.splice(at, 1);
          },
        };
        log.push(entry);
      }
      owner.items.push(value);
    },
    begin() {
      depth++;
      return log.length;
    },
    rollback(mark) {
      const changes = new Map<object, Map<string, { entry: Entry; value: unknown }>>();
      for (let i = mark; i < log.length; i++) {
        const entry = log[i];
        if (entry === undefined) continue;
        let keys = changes.get(entry.target);
        if (keys === undefined) {
          keys = new Map();
          changes.set(entry.target, keys);
        }
        if (!keys.has(entry.key)) keys.set(entry.key, { entry, value: entry.read() });
      }
      for (let i = log.length - 1; i >= mark; i--) log[i]?.restore();
      log.length = mark;
      depth--;
      return changes;
    },
    commit(mark) {
      depth--;
      if (depth === 0) log.length = mark;
    },
    apart(body) {
      const saved = { log, depth };
      const own: Entry[] = [];
      log = own;
      depth = 1;
      try {
        body();
      } finally {
        log = saved.log;
        depth = saved.depth;
      }
      return () => {
        for (const entry of own.reverse()) (entry.takeBack ?? entry.restore)();
        own.length = 0;
      };
    },
  };
}

/** Applies changes of a speculated run again. */
export function reapply(changes: Changes, journal: Journal): void {
  for (const [, keys] of changes) for (const [, { entry, value }] of keys) write(entry, value, journal);
}

/**
 * Writes the join of two speculated runs: `join` decides about each place that one of them wrote. The heap must be in
 * the state before both.
 */
export function applyJoined(
  a: Changes,
  b: Changes,
  journal: Journal,
  join: (left: unknown, right: unknown, key: string, target: object) => unknown,
): void {
  const targets = new Set([...a.keys(), ...b.keys()]);
  for (const target of targets) {
    const left = a.get(target);
    const right = b.get(target);
    for (const key of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
      const entry = (left?.get(key) ?? right?.get(key))?.entry;
      if (entry === undefined) continue;
      const before = entry.read();
      const l = left?.get(key);
      const r = right?.get(key);
      write(entry, join(l === undefined ? before : l.value, r === undefined ? before : r.value, key, target), journal);
    }
  }
}

/** Whether a joined place is absent on that side. */
export function isAbsent(value: unknown): boolean {
  return value === ABSENT;
}

function write(entry: Entry, value: unknown, journal: Journal): void {
  if (entry.target instanceof Map) {
    if (value === ABSENT) {
      entry.write(value);
      return;
    }
    journal.set(entry.target as Map<string, Value>, entry.key, value as Value);
    return;
  }
  journal.assign(entry.target as Record<string, unknown>, entry.key, value);
}
