import { createRequire } from "node:module";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";
import { bundleOf } from "./bundle.mjs";

/** Edits, and the seed that they are drawn from: the same everywhere. */
const COUNT = 1000;
const SEED = 20;

/**
 * Makes random edits in published code, imported files included, and compares after each what an analyzer that lives on
 * says with what a new one says.
 *
 * @param {string} corpus a folder with torchvision's source
 * @param {{ count?: number, seed?: number, progress?: (step: number) => void }} options
 * @returns {Promise<{ readonly made: number, readonly mismatches: readonly { readonly step: number, readonly file: string, readonly difference: string }[] }>}
 */
export async function edits(corpus, { count = COUNT, seed = SEED, progress } = {}) {
  const bundle = await bundleOf("edits", {
    "test/incremental/compare.ts": ["compareEdits"],
    "src/server/disk.ts": ["diskFiles"],
  });
  const { compareEdits, diskFiles } = createRequire(import.meta.url)(bundle);
  const models = path.join(corpus, "torchvision", "models");
  const own = inRoot("test", "data", "project");
  const inModels = (...names) => names.map((name) => path.join(models, `${name}.py`));
  const shared = [...inModels("_api", "_utils"), path.join(corpus, "torchvision", "utils.py")];
  const misc = path.join(corpus, "torchvision", "ops", "misc.py");
  const projects = [
    { open: path.join(models, "resnet.py"), around: shared },
    {
      open: path.join(own, "main.py"),
      around: ["__init__", "registry", "blocks", "resnet"].map((name) => path.join(own, "nets", `${name}.py`)),
    },
    { open: path.join(models, "mobilenetv2.py"), around: [misc, ...inModels("_utils")] },
    { open: path.join(models, "segmentation", "fcn.py"), around: inModels("resnet", "segmentation/_utils", "_utils") },
    { open: path.join(models, "vgg.py"), around: shared },
    { open: path.join(models, "quantization", "resnet.py"), around: inModels("resnet", "quantization/utils") },
    { open: path.join(models, "densenet.py"), around: shared },
    { open: path.join(models, "regnet.py"), around: [misc, ...inModels("_utils")] },
  ];
  const options = { paths: [corpus, own], pythonPaths: [], timeout: 60_000 };
  return { made: count, mismatches: compareEdits(diskFiles, options, projects, count, seed, 1, progress) };
}
