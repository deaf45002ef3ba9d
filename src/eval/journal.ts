import type { DictValue, Value } from "./value.ts";

/** A place in the heap that was written, and what stood there. A plain record: a run makes millions. */
type Entry =
  | { readonly kind: "map"; readonly target: Map<string, unknown>; readonly key: string; readonly old: unknown }
  /** A field of an object; `old` is absent where it had none. */
  | { readonly kind: "field"; readonly target: object; readonly key: string; readonly old: unknown }
  /** An item at the end of a list. */
  | {
      readonly kind: "push";
      readonly target: { items: Value[] };
      readonly key: "items";
      readonly array: Value[];
      readonly length: number;
      readonly value: Value;
    };

/** What a speculated run changed: each written place with its value afterwards. */
export type Changes = ReadonlyMap<object, ReadonlyMap<string, { readonly entry: Entry; readonly value: unknown }>>;

const ABSENT: unique symbol = Symbol("absent");

/** The mark that was the innermost one when an object was made. */
const BORN: unique symbol = Symbol("born");

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
  /** Names the innermost mark: writes to what was made since then need not be recorded, nobody else sees it. */
  readonly now: () => number;
  /** Notes that an object was made now, and gives it: while the mark is the innermost one writes to it are not recorded. */
  readonly born: <T extends object>(object: T) => T;
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
  let marks: number[] = [0];
  let made = 0;
  const owners = new WeakMap<object, DictValue>();

  const open = (): void => {
    depth++;
    marks.push(++made);
  };
  const close = (): void => {
    depth--;
    marks.pop();
  };
  const mark = (): number => marks[marks.length - 1] ?? 0;
  const isNew = (target: object): boolean => (target as { readonly [BORN]?: number })[BORN] === mark();
  const noteMap = (target: Map<string, unknown>, key: string): void => {
    log.push({ kind: "map", target, key, old: target.has(key) ? target.get(key) : ABSENT });
  };
  const noteField = (target: object, key: string): void => {
    const old = Object.hasOwn(target, key) ? (target as Record<string, unknown>)[key] : ABSENT;
    log.push({ kind: "field", target, key, old });
  };

  return {
    set(map, key, value) {
      if (depth > 0 && !isNew(map)) noteMap(map as Map<string, unknown>, key);
      map.set(key, value);
    },
    setEntry(dict, key, entry) {
      if (depth > 0 && !isNew(dict.entries)) {
        noteMap(dict.entries as Map<string, unknown>, key);
        owners.set(dict.entries, dict);
      }
      dict.entries.set(key, entry);
    },
    ownerOf: (map) => owners.get(map),
    remove(owner, field, map, key) {
      // A new map: putting a removed key back would move it to the end of the insertion order.
      if (depth === 0 || isNew(map)) {
        map.delete(key);
        return;
      }
      noteField(owner, field);
      const copy = new Map(map);
      copy.delete(key);
      (owner as Record<string, unknown>)[field] = copy;
    },
    assign(target, key, value) {
      if (depth > 0 && !isNew(target)) noteField(target, key);
      target[key] = value;
    },
    push(owner, value) {
      if (depth > 0 && !isNew(owner)) {
        const { items: array } = owner;
        log.push({ kind: "push", target: owner, key: "items", array, length: array.length, value });
      }
      owner.items.push(value);
    },
    begin() {
      open();
      return log.length;
    },
    now: mark,
    born(object) {
      (object as { [BORN]?: number })[BORN] = mark();
      return object;
    },
    rollback(from) {
      const changes = new Map<object, Map<string, { entry: Entry; value: unknown }>>();
      for (let i = from; i < log.length; i++) {
        const entry = log[i];
        if (entry === undefined) continue;
        let keys = changes.get(entry.target);
        if (keys === undefined) {
          keys = new Map();
          changes.set(entry.target, keys);
        }
        if (!keys.has(entry.key)) keys.set(entry.key, { entry, value: read(entry) });
      }
      for (let i = log.length - 1; i >= from; i--) {
        const entry = log[i];
        if (entry !== undefined) restore(entry);
      }
      log.length = from;
      close();
      return changes;
    },
    commit(from) {
      close();
      if (depth === 0) log.length = from;
    },
    apart(body) {
      const saved = { log, depth, marks };
      const own: Entry[] = [];
      log = own;
      depth = 0;
      marks = [];
      open();
      try {
        body();
      } finally {
        log = saved.log;
        depth = saved.depth;
        marks = saved.marks;
      }
      return () => {
        for (const entry of own.reverse()) takeBack(entry);
        own.length = 0;
      };
    },
  };
}

/** What stands at a written place now. */
function read(entry: Entry): unknown {
  if (entry.kind === "map") return entry.target.has(entry.key) ? entry.target.get(entry.key) : ABSENT;
  if (entry.kind === "push") return entry.target.items.slice();
  return (entry.target as Record<string, unknown>)[entry.key];
}

function restore(entry: Entry): void {
  if (entry.kind === "map") put(entry.target, entry.key, entry.old);
  else if (entry.kind === "push") {
    entry.target.items = entry.array;
    entry.array.length = entry.length;
  } else if (entry.old === ABSENT) delete (entry.target as Record<string, unknown>)[entry.key];
  else (entry.target as Record<string, unknown>)[entry.key] = entry.old;
}

/** Undoes a write alone, where others have been made since. */
function takeBack(entry: Entry): void {
  if (entry.kind !== "push") {
    restore(entry);
    return;
  }
  const { items } = entry.target;
  const at = items.lastIndexOf(entry.value);
  if (0 <= at) items.splice(at, 1);
}

function put(map: Map<string, unknown>, key: string, value: unknown): void {
  if (value === ABSENT) map.delete(key);
  else map.set(key, value);
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
      const before = read(entry);
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
    if (value === ABSENT) entry.target.delete(entry.key);
    else journal.set(entry.target as Map<string, Value>, entry.key, value as Value);
    return;
  }
  journal.assign(entry.target as Record<string, unknown>, entry.key, value);
}
