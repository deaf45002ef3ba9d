// Packs a set's records (.cache/truth/packages/<set>.jsonl) into test/data/truth/packages/<set>.jsonl.br.
//
// First line: what it was made from, and the models left out with the reason. Then a line a model, by columns, since a
// network repeats itself in each of them: { f, m, mode, runs: [{ i, o, p, at, ty, al, s, n, a, vk, vs }, …] }. Later runs
// of a model keep only what may differ. `unpack` is the inverse.

import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { CACHE, inRoot } from "../lib/paths.mjs";

const FOLDER = inRoot("test", "data", "truth", "packages");

/** The set's packed file. */
function packedFile(name) {
  return path.join(FOLDER, `${name}.jsonl.br`);
}

/** The set's list of models. */
export function listFile(name) {
  return path.join(FOLDER, `${name}.json`);
}

/** The set's records as the recorder appends them. */
export function recordedFile(name) {
  return path.join(CACHE, "truth", "packages", `${name}.jsonl`);
}

/** Packs what is recorded of a set. @returns {Promise<{ models: number, skipped: number, missing: number, bytes: number }>} */
export async function pack(name, stamp) {
  const list = JSON.parse(await readFile(listFile(name), "utf8"));
  const rows = new Map();
  for (const line of (await readFile(recordedFile(name), "utf8")).trim().split("\n")) {
    const row = JSON.parse(line);
    rows.set(keyOf(...JSON.parse(row.key)), row);
  }
  const lines = [];
  const skipped = {};
  let missing = 0;
  for (const { file, input, models } of list.files)
    for (const model of models) {
      const row = rows.get(keyOf(file, model, input));
      if (row === undefined) missing++;
      else if (row.skipped !== undefined) skipped[`${file} ${model}`] = row.skipped;
      else lines.push(JSON.stringify({ f: file, m: model, mode: row.mode, runs: row.runs.map(columns) }));
    }
  const head = JSON.stringify({ stamp, versions: list.versions, skipped });
  const text = Buffer.from([head, ...lines].join("\n"));
  const bytes = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 26,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(packedFile(name), bytes);
  return { models: lines.length, skipped: Object.keys(skipped).length, missing, bytes: bytes.length };
}

/** The head and the records of a packed set; undefined where nothing is packed. */
export async function unpack(name) {
  if (!existsSync(packedFile(name))) return undefined;
  const bytes = brotliDecompressSync(await readFile(packedFile(name)), {
    params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 },
  });
  const [head, ...lines] = bytes.toString("utf8").split("\n");
  return { ...JSON.parse(head), records: lines.map((line) => expand(JSON.parse(line))) };
}

function columns(run, at, runs) {
  const { input, output, params, modules, vars } = run;
  const later = 0 < at && sameModules(modules, runs[0].modules);
  return {
    i: input,
    o: output,
    ...(later
      ? {}
      : {
          p: params,
          at: modules.map((row) => row.path),
          ty: modules.map((row) => row.type),
          al: Object.fromEntries(modules.flatMap((row, i) => (row.aliases === undefined ? [] : [[i, row.aliases]]))),
          n: modules.map((row) => row.params),
        }),
    s: modules.map((row) => row.outputs),
    a: modules.map((row) => row.madds),
    ...(vars === undefined
      ? {}
      : { vk: vars.map((row) => [row.file, row.line, row.variable]), vs: vars.map((row) => row.shapes) }),
  };
}

function sameModules(a, b) {
  return a.length === b.length && a.every((row, at) => row.path === b[at].path && row.type === b[at].type);
}

function expand({ f, m, mode, runs }) {
  return {
    file: f,
    model: m,
    mode,
    runs: runs.map((run) => {
      const { at, ty, al, n, p } = run.at === undefined ? runs[0] : run;
      return {
        input: run.i,
        output: run.o,
        params: p,
        modules: at.map((path, row) => ({
          path,
          type: ty[row],
          outputs: run.s[row],
          params: n[row],
          madds: run.a[row],
          ...(al[row] === undefined ? {} : { aliases: al[row] }),
        })),
        vars: run.vk?.map(([file, line, variable], row) => ({ file, line, variable, shapes: run.vs[row] })),
      };
    }),
  };
}

function keyOf(...parts) {
  return JSON.stringify(parts);
}
