// Mutants as requests for the analyzer.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { MODELS } from "../conformance/records.mjs";
import { SETS, sourcesOf } from "../conformance/sets.mjs";
import { readMutants } from "../truth/pack-mutants.mjs";

/**
 * @typedef {object} Program
 * @property {{ set: string, file: string, model: string, input: any[] }} base
 * @property {string} text its file's text
 * @property {string} folder what the file is below
 * @property {any} label what real PyTorch makes of it unchanged
 * @property {any} request
 * @property {Mutant[]} mutants
 *
 * @typedef {object} Mutant
 * @property {string} id place in the data: `12.3`
 * @property {string} kind
 * @property {number} from @property {number} to @property {string} replacement
 * @property {any} label what real PyTorch makes of it
 */

/** Every recorded program with its mutants. @returns {Promise<Program[]>} */
export async function programs() {
  const rows = await readMutants();
  const sources = new Map();
  for (const set of Object.keys(SETS))
    if (rows.some(({ base }) => base.set === set)) sources.set(set, await sourcesOf(set));
  return Promise.all(
    rows.map(async ({ base, sha256, label, mutants }, at) => {
      const source = sources.get(base.set);
      const folder = source?.sourceOf(base.file) ?? MODELS;
      const file = path.join(folder, base.file);
      const text = await readFile(file, "utf8");
      const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
      if (digest !== sha256) throw new Error(`${base.file} is not the text that was recorded`);
      return {
        base,
        text,
        folder,
        label,
        request: {
          file,
          model: base.model,
          input: base.input,
          path: source === undefined ? [] : [folder],
          pythonPath: source?.pythonPath ?? [],
        },
        mutants: mutants.map(([kind, from, to, replacement, own], index) => ({
          id: `${at}.${index}`,
          kind,
          from,
          to,
          replacement,
          label: own,
        })),
      };
    }),
  );
}

/** The file with the mutant's edit. */
export function textOf({ text }, { from, to, replacement }) {
  return text.slice(0, from) + replacement + text.slice(to);
}

/** The edit as people read it: `line 12: "stride=1" → "stride=2"`. */
export function described({ base, text }, { id, kind, from, to, replacement }) {
  const line = text.slice(0, from).split("\n").length;
  const short = (part) => JSON.stringify(part.length < 60 ? part : `${part.slice(0, 57)}…`);
  return `${id} ${kind} ${base.file}:${line} ${short(text.slice(from, to))} → ${short(replacement)}; ${base.model}`;
}
