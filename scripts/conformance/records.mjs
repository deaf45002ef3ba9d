import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, strFromU8 } from "fflate";
import { inRoot } from "../lib/paths.mjs";

const TRUTH = inRoot("test", "data", "truth");
/** Where the recorded files of our own lie. */
export const MODELS = inRoot("test", "data", "models");

/** Records of the published models that are required in full, as `scripts/truth/record_models.py` writes them. */
export function publishedModels() {
  return readAll(path.join(TRUTH, "models"));
}

/** Records of our own files, as `scripts/truth/record_files.py` writes them. */
export function ownFiles() {
  return readAll(path.join(TRUTH, "files"));
}

async function readAll(folder) {
  const names = existsSync(folder)
    ? (await readdir(folder)).filter((name) => name.endsWith(".json.gz")).toSorted()
    : [];
  if (names.length === 0) throw new Error(`no record in ${folder}`);
  return Promise.all(
    names.map(async (name) => JSON.parse(strFromU8(gunzipSync(await readFile(path.join(folder, name)))))),
  );
}
