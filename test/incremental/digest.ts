// Results are graphs of plain data that share much: comparing their texts would take exponential space.

/** Where two results differ as JSON would show it (`undefined` like an absent field, times left out), if they do. */
export function difference(a: unknown, b: unknown, path = ""): string | undefined {
  if (digest(a) === digest(b)) return undefined;
  if (!isObject(a) || !isObject(b)) return `${path}: ${shown(a)} and ${shown(b)}`;
  const left = new Map(fields(a));
  const right = new Map(fields(b));
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const found = difference(left.get(key), right.get(key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return `${path}: in the order of its entries`;
}

/** Results do not change once they are made. */
const known = new WeakMap<object, number>();
const words = new Map<string, number>();
const IN_PROGRESS = 1;

/** 53 bits of a value and all that it holds: the same in every process. */
export function digest(value: unknown): number {
  if (!isObject(value)) return typeof value === "string" ? wordOf(value) : wordOf(`${typeof value} ${String(value)}`);
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, IN_PROGRESS);
  let a = Array.isArray(value) ? 7 : 11;
  let b = 13;
  const mix = (part: number): void => {
    const high = Math.floor(part / 4294967296);
    a = Math.imul(a ^ (part >>> 0), 2654435761) ^ (a >>> 15);
    b = Math.imul(b ^ high ^ (part >>> 7), 1597334677) ^ (b >>> 13);
  };
  const add = (key: string, field: unknown): void => {
    if (field === undefined || key === "time") return;
    mix(wordOf(key));
    mix(digest(field));
  };
  if (Array.isArray(value)) for (const item of value) mix(digest(item));
  else if (value instanceof Map || value instanceof Set) for (const [key, field] of fields(value)) add(key, field);
  else for (const key in value) add(key, (value as Record<string, unknown>)[key]);
  const made = ((a ^ (b << 7)) >>> 0) * 2097152 + (b >>> 11);
  known.set(value, made);
  return made;
}

function wordOf(text: string): number {
  const before = text.length < 40 ? words.get(text) : undefined;
  if (before !== undefined) return before;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ (b >>> 13);
  b = Math.imul(b ^ (b >>> 16), 3266489909) ^ (a >>> 13);
  const made = (a >>> 0) * 2097152 + (b >>> 11);
  if (text.length < 40) words.set(text, made);
  return made;
}

function* fields(value: object): Iterable<readonly [string, unknown]> {
  const entries: Iterable<readonly [unknown, unknown]> =
    value instanceof Map ? value : value instanceof Set ? [...value].entries() : Object.entries(value);
  for (const [key, field] of entries) if (field !== undefined && key !== "time") yield [String(key), field];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return (isObject(value) ? Object.keys(value).join() : String(value)).slice(0, 300);
}
