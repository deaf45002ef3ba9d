// Packs the mutants' records (.cache/truth/mutants/part*.jsonl) into test/data/truth/mutants/labels.jsonl.br: a head, then
// a line a program, `{ base, sha256, label, mutants: [[kind, from, to, text, label], …] }`, in the order of bases.json.
// Positions are UTF-16 units of the file. A mutant's label has only those modules that are not as in the program's own;
// `null` for one that is not called any more.

import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { CACHE, inRoot } from "../lib/paths.mjs";

const FOLDER = inRoot("test", "data", "truth", "mutants");
const LABELS = path.join(FOLDER, "labels.jsonl.br");
const FIXED = path.join(FOLDER, "fixed.jsonl.br");
/** The programs whose mutants are made. */
export const BASES = path.join(FOLDER, "bases.json");
/** Where the recorder's processes append. */
export const PARTS = path.join(CACHE, "truth", "mutants");

/** What the packed labels were made from. */
export async function mutantsHead() {
  return existsSync(LABELS) ? (await read(LABELS))[0].stamp : undefined;
}

/** Packs what is recorded with that stamp. */
export async function packMutants(stamp) {
  const bases = JSON.parse(await readFile(BASES, "utf8"));
  const rows = new Map();
  for (const name of readdirSync(PARTS).filter((one) => /^part\d+\.jsonl$/.test(one)))
    for (const line of (await readFile(path.join(PARTS, name), "utf8")).trim().split("\n")) {
      const { stamp: made, runner: _, ...row } = JSON.parse(line);
      if (made === stamp.recorder) rows.set(JSON.stringify(row.base), row);
    }
  const found = bases.flatMap((base) => rows.get(JSON.stringify(base)) ?? []);
  const kept = found.map((row) => ({
    ...row,
    // Left out: what took too long, and what no line of the user's raises (an expression that builds no module).
    mutants: row.mutants.filter(
      ([, , , , { skipped, error, at }]) => skipped === undefined && (error === undefined || at),
    ),
  }));
  const bytes = await write(LABELS, [{ stamp }, ...kept]);
  const mutants = kept.reduce((sum, row) => sum + row.mutants.length, 0);
  return { programs: kept.length, missing: bases.length - found.length, mutants, bytes };
}

/** The programs with their mutants. */
export async function readMutants() {
  const [, ...rows] = await read(LABELS);
  return rows;
}

/** What real PyTorch made of programs to which fixes were applied: key → label. */
export async function readFixed() {
  if (!existsSync(FIXED)) return new Map();
  return new Map((await read(FIXED)).map(({ key, label }) => [key, label]));
}

/** @param {ReadonlyMap<string, object>} labels */
export async function writeFixed(labels) {
  const rows = [...labels].map(([key, label]) => ({ key, label })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return write(FIXED, rows);
}

async function read(file) {
  const params = { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 };
  const text = brotliDecompressSync(await readFile(file), { params }).toString("utf8");
  return text.split("\n").map((line) => JSON.parse(line));
}

async function write(file, rows) {
  const text = Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n"));
  const bytes = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 26,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  await writeFile(file, bytes);
  return bytes.length;
}
