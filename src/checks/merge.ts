import { placeKey } from "./context.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * Several roots' diagnostics as one list: the same mistake of several roots is one entry that lists roots and instances,
 * worded as in the first. `used` has the keys of places whose layers some root uses: those are not unused.
 */
export function mergeDiagnostics<T extends Diagnostic>(
  lists: readonly (readonly T[])[],
  used: ReadonlySet<string> = new Set(),
): readonly T[] {
  const merged = new Map<string, T>();
  for (const diagnostic of lists.flat()) {
    if (diagnostic.code === "layer-unused" && used.has(placeKey(diagnostic.place))) continue;
    const key = keyOf(diagnostic);
    const before = merged.get(key);
    merged.set(key, before === undefined ? diagnostic : joined(before, diagnostic));
  }
  return [...merged.values()];
}

function keyOf({ code, place, related, original }: Diagnostic): string {
  const cause = placeKey(related[0]?.place);
  // Python's words tell two errors at one place apart; a tensor's sizes do not.
  const words = code === "python-error" ? (original ?? "") : "";
  return `${code} ${placeKey(place)} ${cause} ${words}`;
}

const RANK = { error: 0, warning: 1, info: 2, hint: 3 } as const;

function joined<T extends Diagnostic>(a: T, b: T): T {
  const severity = RANK[b.severity] < RANK[a.severity] ? b.severity : a.severity;
  return {
    ...a,
    severity,
    roots: [...new Set([...a.roots, ...b.roots])],
    instances: [...new Set([...a.instances, ...b.instances])],
  };
}
