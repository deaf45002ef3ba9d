import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";

const PARTS = inRoot("l10n/parts");

/**
 * Merges each part's translations into the one table that VS Code, the server and the command line read.
 *
 * @returns {Promise<number>} how many sentences it holds; an error where two parts translate one differently
 */
export async function mergeTranslations() {
  const names = (await readdir(PARTS).catch(() => [])).filter((name) => name.endsWith(".zh-cn.json")).sort();
  /** @type {Map<string, { translation: string, name: string }>} */
  const table = new Map();
  for (const name of names) {
    const part = JSON.parse(await readFile(path.join(PARTS, name), "utf8"));
    for (const [template, translation] of Object.entries(part)) {
      const other = table.get(template);
      if (other !== undefined && other.translation !== translation)
        throw new Error(`l10n: ${other.name} and ${name} translate "${template}" differently`);
      table.set(template, { translation, name });
    }
  }
  const entries = [...table].map(([template, { translation }]) => [template, translation]);
  const merged = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(inRoot("l10n/bundle.l10n.zh-cn.json"), `${JSON.stringify(merged, null, 2)}\n`);
  return entries.length;
}
