import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";

/** Data of others that is kept in the sources, with the license beside it. */
const KEPT = ["src/preview/imagenet/names.json"];

/**
 * Writes the licenses of every package whose code went into a bundle, and of others' data, as they ask for.
 *
 * @param {Iterable<string>} inputs the bundles' source files, relative to the checkout
 */
export async function writeNotices(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    // A module that a bundle leaves out has no notice.
    if (input.startsWith("(disabled):")) continue;
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  const sections = await Promise.all([...[...packages].sort().map(section), ...KEPT.map(dataSection)]);
  await writeFile(inRoot("dist/THIRD-PARTY-NOTICES.txt"), sections.join(`\n${"-".repeat(80)}\n\n`));
}

async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(inRoot(folder, "package.json"), "utf8"));
  const files = (await readdir(inRoot(folder))).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(inRoot(folder), file), "utf8")));
  return `${name} ${version}, ${license ?? "license as below"}\n\n${texts.map((text) => `${text.trim()}\n`).join("\n")}`;
}

async function dataSection(file) {
  const { of } = JSON.parse(await readFile(inRoot(file), "utf8"));
  const text = await readFile(path.join(path.dirname(inRoot(file)), "LICENSE"), "utf8");
  return `${path.basename(path.dirname(file))} ${path.basename(file)} of ${of}\n\n${text.trim()}\n`;
}
