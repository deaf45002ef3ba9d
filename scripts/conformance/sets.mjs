import { readFile } from "node:fs/promises";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";
import { corpus } from "./corpus.mjs";

/** Set of compared models → the pinned package it is of, and those it imports. */
export const SETS = {
  torchvision: { package: "torchvision", imports: [] },
  "torchvision-dense": { package: "torchvision", imports: [] },
  "timm-residual": { package: "timm", imports: ["torchvision"] },
  timm: { package: "timm", imports: ["torchvision"] },
  pytorchcv: { package: "pytorchcv", imports: ["torchvision"] },
  smp: { package: "segmentation-models-pytorch", imports: ["timm", "torchvision"] },
};

const LISTS = inRoot("test", "data", "truth", "packages");

/**
 * One set's models, and where its source and that of its imports lie.
 *
 * @param {keyof typeof SETS} name
 * @returns {Promise<{ source: string, pythonPath: string[], models: { file: string, model: string, input: any[] }[] }>}
 */
export async function modelsOf(name) {
  const { package: own, imports } = SETS[name];
  const source = await corpus(own);
  const pythonPath = [];
  for (const other of imports) pythonPath.push(await corpus(other));
  const list = JSON.parse(await readFile(path.join(LISTS, `${name}.json`), "utf8"));
  const models = list.files.flatMap(({ file, input, models }) => models.map((model) => ({ file, model, input })));
  return { source, pythonPath, models };
}
