import { readFile } from "node:fs/promises";
import path from "node:path";
import { listFile, unpack } from "../truth/pack.mjs";
import { corpus } from "./corpus.mjs";

/**
 * Set of compared models → the pinned packages they are of, those that these import, and the least share of module
 * outputs and of local variables that must be known, in percent.
 */
export const SETS = {
  torchvision: { packages: ["torchvision"], imports: [], outputs: 99.5, vars: 99.5 },
  "torchvision-dense": { packages: ["torchvision"], imports: [], outputs: 99, vars: 95 },
  "timm-residual": { packages: ["timm"], imports: ["torchvision"], outputs: 99.9, vars: 99.9 },
  timm: { packages: ["timm"], imports: ["torchvision"], outputs: 99.5, vars: 99.5 },
  pytorchcv: { packages: ["pytorchcv"], imports: ["torchvision"], outputs: 99.5, vars: 99.5 },
  smp: {
    packages: ["segmentation-models-pytorch"],
    imports: ["timm", "torchvision", "huggingface-hub"],
    outputs: 99.5,
    vars: 99.5,
  },
  pretrainedmodels: { packages: ["pretrainedmodels"], imports: ["torchvision"], outputs: 99.5, vars: 99.5 },
  geffnet: { packages: ["geffnet"], imports: [], outputs: 99.5, vars: 99.5 },
  small: {
    packages: [
      "resnest",
      "resnet-pytorch",
      "efficientnet-pytorch",
      "facenet-pytorch",
      "torchsr",
      "dynamic-network-architectures",
    ],
    imports: ["timm", "einops", "torchvision"],
    outputs: 99.5,
    vars: 99.5,
  },
  hands: {
    packages: [
      "torch-resnet",
      "resselt",
      "self-attention-cv",
      "perceiver-pytorch",
      "segment-anything",
      "easyfsl",
      "unet",
      "convnext-unet",
      "lightly",
      "pytorch-tabnet",
    ],
    imports: ["timm", "einops", "torchvision", "huggingface-hub"],
    outputs: 99.5,
    vars: 98.5,
  },
  monai: { packages: ["monai"], imports: ["einops", "torchvision"], outputs: 99.5, vars: 99.5 },
  "vit-pytorch": {
    packages: ["vit-pytorch"],
    imports: ["einops", "packaging", "torchvision"],
    outputs: 99.5,
    vars: 98,
  },
  "timm-3d": { packages: ["timm-3d"], imports: ["timm", "torchvision"], outputs: 99.5, vars: 99.5 },
};

/**
 * Published files that are really broken, by how their names begin, and on which lines: real Python or PyTorch raises
 * there as well.
 *
 * @type {readonly (readonly [string, readonly number[]?])[]}
 */
export const TRUE_ERRORS = [
  // Names that the module never binds.
  ["pretrainedmodels/models/wideresnet.py", [58, 63, 66]],
  ["resnest/torch/splat.py", [44]],
  // Rotary embeddings of a current timm are longer than the heads.
  ["dynamic_network_architectures/building_blocks/eva.py"],
  ["dynamic_network_architectures/architectures/dinov2_eva.py"],
  // A port to three dimensions that is not finished: layers of two, and names that its own packages lack.
  ["timm_3d/"],
  // Its test calls the model without three of its inputs.
  ["pytorchcv/models/propainter.py", [786]],
];

/**
 * Where a set's source lies: `sourceOf` gives the folder that a file is below, `pythonPath` those of its imports.
 *
 * @param {keyof typeof SETS} name
 */
export async function sourcesOf(name) {
  const own = new Map();
  for (const each of SETS[name].packages) own.set(each.replaceAll("-", "_"), await corpus(each));
  const pythonPath = [];
  for (const each of SETS[name].imports) pythonPath.push(await corpus(each));
  return { folders: [...own.values()], sourceOf: (file) => own.get(file.split("/")[0]), pythonPath };
}

/** One set's models as listed. @returns {Promise<{ file: string, model: string, input: any[] }[]>} */
export async function modelsOf(name) {
  const list = JSON.parse(await readFile(listFile(name), "utf8"));
  return list.files.flatMap(({ file, input, models }) => models.map((model) => ({ file, model, input })));
}

/** One set's records. */
export async function recordsOf(name) {
  const packed = await unpack(name);
  return packed?.records ?? [];
}

/** Each `every`-th model of each file, its first included, whose file or expression matches. */
export function sampled(models, { every = 1, match = "" }) {
  const pattern = new RegExp(match);
  const seen = new Map();
  return models.filter(({ file, model }) => {
    if (!pattern.test(`${file} ${model}`)) return false;
    const at = seen.get(file) ?? 0;
    seen.set(file, at + 1);
    return at % every === 0;
  });
}

/** A file as the records name it: relative to the folder of the package that it is of. */
export function namedBelow(folders) {
  return (file) => {
    const folder = folders.find((each) => file.startsWith(each + path.sep));
    return folder === undefined ? file : path.relative(folder, file).replaceAll("\\", "/");
  };
}
