import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";
import { bundleOf } from "./bundle.mjs";

/** Edits, and the seed that they are drawn from: the same everywhere. */
const COUNT = 1000;
const SEED = 20;
/** New processes at a time. */
const PARALLEL = 2;

/**
 * Makes random edits in published code, imported files included, and compares after each what an analyzer that lives on
 * says with what a new process says.
 *
 * @param {string} corpus a folder with torchvision's source
 * @param {{ count?: number, seed?: number, progress?: (step: number) => void }} options
 * @returns {Promise<{ readonly made: number, readonly mismatches: readonly { readonly step: number, readonly file: string, readonly difference: string }[] }>}
 */
export async function edits(corpus, { count = COUNT, seed = SEED, progress } = {}) {
  const bundle = await bundleOf("edits", {
    "test/incremental/compare.ts": ["afterEdits", "freshOutcome"],
    "test/incremental/digest.ts": ["difference", "digest"],
    "src/server/disk.ts": ["diskFiles"],
  });
  const { afterEdits, difference, digest, diskFiles, freshOutcome } = createRequire(import.meta.url)(bundle);
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
  const mismatches = [];
  const running = new Set();
  for (const { step, file, asked, got } of afterEdits(diskFiles, options, projects, count, seed, 1)) {
    const compared = digestOfNew(bundle, options, asked).then((wanted) => {
      running.delete(compared);
      if (wanted === String(digest(got))) return;
      const detail =
        wanted === undefined ? "the new process failed" : difference(got, freshOutcome(diskFiles, options, asked));
      mismatches.push({ step, file, difference: detail ?? "a new analyzer in this process says the same" });
    });
    running.add(compared);
    while (PARALLEL <= running.size) await Promise.race(running);
    progress?.(step + 1);
  }
  await Promise.all(running);
  return { made: count, mismatches };
}

/** The digest of what a process says that has done nothing else; undefined if it failed. */
async function digestOfNew(bundle, options, asked) {
  const worker = inRoot("scripts", "conformance", "edits-fresh.mjs");
  const child = spawn(process.execPath, [worker, bundle], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ options, asked }));
  let text = "";
  for await (const part of child.stdout) text += part;
  return text === "" ? undefined : text;
}
