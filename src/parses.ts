import { type Exports, exportsOf } from "./syntax/python/exports.ts";
import { type ParsedFile, parsePython } from "./syntax/python/parse.ts";

/** Parsed texts by file, shared by analyzers: what a text means does not depend on who asks. Bounded. */
export interface ParseCache {
  readonly parse: (file: string, text: string) => ParsedFile;
  readonly exports: (file: string, text: string) => Exports;
}

/** Versions of one file that are kept: as stored, as edited, as a fix would make it. */
const VERSIONS = 3;
/** Characters of source whose parses are kept; a parse takes about 16 bytes a character. */
const MOST = 4_000_000;

/** Keeps the parses that were asked for last. */
export function createParseCache(most = MOST): ParseCache {
  const parses = new Map<string, readonly ParsedFile[]>();
  const exported = new Map<string, { readonly text: string; readonly exports: Exports }>();
  let held = 0;

  const weigh = (list: readonly ParsedFile[]): number => list.reduce((sum, { text }) => sum + text.length, 0);
  const keep = (file: string, list: readonly ParsedFile[]): void => {
    held += weigh(list) - weigh(parses.get(file) ?? []);
    parses.delete(file);
    parses.set(file, list);
    for (const [oldest, old] of parses) {
      if (held <= most || oldest === file) break;
      held -= weigh(old);
      parses.delete(oldest);
    }
  };

  return {
    parse(file, text) {
      const known = parses.get(file) ?? [];
      const same = known.find((parsed) => parsed.text === text);
      const made = same ?? parsePython(text, known[0]);
      keep(file, [made, ...known.filter((parsed) => parsed !== made)].slice(0, VERSIONS));
      return made;
    },
    exports(file, text) {
      const known = exported.get(file);
      if (known?.text === text) return known.exports;
      const made = exportsOf(text);
      exported.set(file, { text, exports: made });
      return made;
    },
  };
}
