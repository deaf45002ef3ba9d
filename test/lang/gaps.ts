/** Snippets whose result is not CPython's yet, by key. To be empty: one that is met must be taken out. */
export const KNOWN_GAPS: ReadonlySet<string> = new Set<string>(["strings: characters by name"]);
