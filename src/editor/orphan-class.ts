import type { Place } from "../text/span.ts";

/** The last class of a text that derives from a module class and has a forward: the model that a reader looks for. */
export function orphanClass(file: string, text: string): { readonly name: string; readonly place: Place } | undefined {
  if (!/^[ \t]+(?:async[ \t]+)?def[ \t]+forward\b/m.test(text)) return undefined;
  const last = [...text.matchAll(/^class[ \t]+(\w+)[ \t]*\([^)\n]*\bModule\b[^)\n]*\)/gm)].at(-1);
  const name = last?.[1];
  if (last === undefined || name === undefined) return undefined;
  const start = last.index + last[0].indexOf(name);
  return { name, place: { file, span: { start, end: start + name.length } } };
}
