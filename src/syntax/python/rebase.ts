import type { Span } from "../../text/span.ts";

/** A deep copy of lowered syntax in which every span is moved by `delta` characters. */
export function rebase<T>(tree: T, delta: number): T {
  return copy(tree, delta) as T;
}

function copy(value: unknown, delta: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Set) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, delta));
  if (isSpan(value)) return { start: value.start + delta, end: value.end + delta };
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) result[key] = copy(item, delta);
  return result;
}

function isSpan(value: object): value is Span {
  return "start" in value && "end" in value;
}
