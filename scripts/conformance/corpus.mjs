// The published packages whose source is analyzed: pinned, fetched from PyPI on first use: Python files, and
// the small text files that the code reads as data.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, strFromU8, unzipSync } from "fflate";
import { CACHE } from "../lib/paths.mjs";
import { run } from "../lib/process.mjs";

/** Package → pinned version, file and checksum. Wheels of one version hold the same Python files for every system. */
const PINNED = {
  torchvision: {
    version: "0.29.1",
    file: "torchvision-0.29.1-cp312-cp312-manylinux_2_28_x86_64.whl",
    target: ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.12"],
    sha256: "6c717bd68dddaebbd9525377a17a84e38a291a33a218f59fdb76e8bb41e61c99",
  },
  timm: {
    version: "1.0.31",
    file: "timm-1.0.31-py3-none-any.whl",
    sha256: "5bd50f7d0fe6d09bf9285ac2523234a1b7e6bf075c0be3e7aed09139fcb617c7",
  },
  pytorchcv: {
    version: "0.0.74",
    file: "pytorchcv-0.0.74-py3-none-any.whl",
    sha256: "9043ef0bd73870234361363522192be60a1938b836030415cc3dd85e254d3ac2",
  },
  "segmentation-models-pytorch": {
    version: "0.6.0",
    file: "segmentation_models_pytorch-0.6.0-py3-none-any.whl",
    sha256: "c46162221b5abe3bc296b222fbea8aa80d0b56e7130f7ddef654f707804534e2",
  },
  einops: {
    version: "0.8.2",
    file: "einops-0.8.2-py3-none-any.whl",
    sha256: "54058201ac7087911181bfec4af6091bb59380360f069276601256a76af08193",
  },
  packaging: {
    version: "26.3",
    file: "packaging-26.3-py3-none-any.whl",
    sha256: "d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c",
  },
  "huggingface-hub": {
    version: "2.4.0",
    file: "huggingface_hub-2.4.0-py3-none-any.whl",
    sha256: "42ecfd93ede47bdd333daebbf66a32d7bfe2e18752754fe4d2d4f98a0179d801",
  },
  "vit-pytorch": {
    version: "1.26.11",
    file: "vit_pytorch-1.26.11-py3-none-any.whl",
    sha256: "2c4a17ceea6862bc3e4a2367ef6f07092750ef6aa96ca15ab54e8b96754543d5",
  },
  monai: {
    version: "1.6.1",
    file: "monai-1.6.1-py3-none-any.whl",
    sha256: "dbd3b1dd309e752e0477ed73fde03b92f80ac74bfb8a8c4260f018b5d6ab2b0b",
  },
  pretrainedmodels: {
    version: "0.7.4",
    file: "pretrainedmodels-0.7.4.tar.gz",
    sha256: "7e77ead4619a3e11ab3c41982c8ad5b86edffe37c87fd2a37ec3c2cc6470b98a",
  },
  "efficientnet-pytorch": {
    version: "0.7.1",
    file: "efficientnet_pytorch-0.7.1.tar.gz",
    sha256: "00b9b261effce59d2d47aae2ad238c29a2a65175470f41ada7ecac439b7c1ee1",
  },
  "facenet-pytorch": {
    version: "2.6.0",
    file: "facenet_pytorch-2.6.0-py3-none-any.whl",
    sha256: "ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca",
  },
  geffnet: {
    version: "1.0.2",
    file: "geffnet-1.0.2-py3-none-any.whl",
    sha256: "259013030bf429bc7a4fc4e8dc3fef6364e9750a6cee24d28e1674f8c3048d3a",
  },
  resnest: {
    version: "0.0.5",
    file: "resnest-0.0.5-py3-none-any.whl",
    sha256: "e9daa6931f49bfd8487f91572c597b218e09755aac6cc7e6a18a665085b73009",
  },
  "resnet-pytorch": {
    version: "0.2.0",
    file: "resnet_pytorch-0.2.0-py2.py3-none-any.whl",
    sha256: "f95612bf4fedb89d54f3b9503889d1e4f9c1d68216ae51920d39d0d9eac3a01a",
  },
  "timm-3d": {
    version: "1.0.1",
    file: "timm_3d-1.0.1-py3-none-any.whl",
    sha256: "975317909370defc3340b0e8f2d2a67d7bab215ec92b7a8c16d9392a57b962a5",
  },
  torchsr: {
    version: "1.0.4",
    file: "torchsr-1.0.4-py3-none-any.whl",
    sha256: "458948b7feeca27e45aba62eb27bb3bb39d00014c7567f23b7269d51ca357f91",
  },
  "dynamic-network-architectures": {
    version: "0.4.4",
    file: "dynamic_network_architectures-0.4.4-py3-none-any.whl",
    sha256: "7c51bc6518d5c3ee5449b81e00b4e140bb5fd26d035744c01538cdb47b55751d",
  },
  "torch-resnet": {
    version: "0.0.4",
    file: "torch_resnet-0.0.4-py3-none-any.whl",
    sha256: "5cbac54c8450f3e5ebfd70b28ce02270267fa8f88bf50e8e8253f2c90681bd08",
  },
  resselt: {
    version: "1.4.1",
    file: "resselt-1.4.1-py3-none-any.whl",
    sha256: "7d2f4d11eb5a0d78f59f7fd849a93013e832b9531d8ffb6e09b1319fdd397187",
  },
  "self-attention-cv": {
    version: "1.2.3",
    file: "self_attention_cv-1.2.3-py3-none-any.whl",
    sha256: "3577c422c666c14234089900e620d701f15c4a8f06ffd86adb86843f63a19518",
  },
  "perceiver-pytorch": {
    version: "0.11.0",
    file: "perceiver_pytorch-0.11.0-py3-none-any.whl",
    sha256: "4c21ef3dd6d7cbb87ec8b0f3ddfd80acd3225c5d41220c85762ca878bc752e26",
  },
  "segment-anything": {
    version: "1.0",
    file: "segment_anything-1.0-py3-none-any.whl",
    sha256: "86f67d417a915823c3302098effe9008b688945772517310956bb49de0e7f02e",
  },
  easyfsl: {
    version: "1.5.0",
    file: "easyfsl-1.5.0-py3-none-any.whl",
    sha256: "40fb7747381d6afac5ca3db3193f158003d060507533188d655b98c5aff4e142",
  },
  unet: {
    version: "0.8.1",
    file: "unet-0.8.1-py3-none-any.whl",
    sha256: "9ffeffa23e2042c52e937b7d6749eae1a0d0fb2e2ff81c08ca15334194994893",
  },
  "convnext-unet": {
    version: "0.0.5",
    file: "convnext_unet-0.0.5-py3-none-any.whl",
    sha256: "f45aa97bd61907940515aaf5b98127b7189632acc0e895bc84dcedfe3270e486",
  },
  lightly: {
    version: "1.6.0",
    file: "lightly-1.6.0-py3-none-any.whl",
    sha256: "f1564244cec0a4d2a5206f818e9de90d5869becbcfcb4a8ef0d78ba61c5b9071",
  },
  "pytorch-tabnet": {
    version: "4.1.0",
    file: "pytorch_tabnet-4.1.0-py3-none-any.whl",
    sha256: "70e8c9803f68f7cb26930d4cdb88857d1d98c745e0daf99d0f870fc70698515f",
  },
};
/** What pip installs to have the packages themselves. */
export const REQUIREMENTS = Object.entries(PINNED).map(([name, { version }]) => `${name}==${version}`);

/** Modules, and data below a package. */
const SOURCE = /\.py$|^(?![^/]*\.dist-info\/)[^/]+\/.*\.(?:txt|json|ya?ml)$/;
const DEFAULT_INDEX = "https://pypi.org/simple";

/** Folder with a package's Python source, fetched from PyPI on first use. @param {string} name @returns {Promise<string>} */
export async function corpus(name) {
  const pinned = PINNED[name];
  const folder = path.join(CACHE, "sources", `${name}-${pinned.version}`);
  if (existsSync(folder)) return folder;
  const bytes = await fetchFile(name, pinned);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== pinned.sha256) throw new Error(`${pinned.file} has another checksum than pinned: ${digest}`);
  const entries = pinned.file.endsWith(".whl")
    ? Object.entries(unzipSync(bytes, { filter: (entry) => SOURCE.test(entry.name) }))
    : [...untar(gunzipSync(bytes))].filter(([entry]) => SOURCE.test(entry) && !entry.endsWith("setup.py"));
  // A folder that bears the final name is complete. Another run may make the same one meanwhile.
  await mkdir(path.dirname(folder), { recursive: true });
  const scratch = await mkdtemp(`${folder}.part-`);
  for (const [entry, content] of entries) {
    const file = path.join(scratch, ...entry.split("/"));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await rename(scratch, folder).catch(async (error) => {
    await rm(scratch, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The file's bytes: through pip where there is one (it knows this machine's index, proxy, certificates), else plainly. */
async function fetchFile(name, pinned) {
  // pip would run a source archive's setup.py.
  if (!pinned.file.endsWith(".whl")) return download(name, pinned);
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, "wheel-"));
  try {
    const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder];
    args.push(...(pinned.target ?? []), `${name}==${pinned.version}`);
    for (const python of ["python3", "python"]) {
      const ended = await run([python, ...args], { quiet: true }).catch(() => ({ code: 1 }));
      if (ended.code === 0) return new Uint8Array(await readFile(path.join(folder, pinned.file)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return download(name, pinned);
}

async function download(name, pinned) {
  const index = `${(process.env.PIP_INDEX_URL ?? DEFAULT_INDEX).replace(/\/$/, "")}/${name}/`;
  const listing = await get(index, { accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.5" });
  const text = await listing.text();
  const links = listing.headers.get("content-type")?.includes("json")
    ? JSON.parse(text).files.map(({ url }) => url)
    : [...text.matchAll(/href="([^"]+)"/g)].map(([, url]) => url);
  const link = links.find((url) => url.split("#")[0].endsWith(pinned.file));
  if (link === undefined) throw new Error(`${index} does not list ${pinned.file}`);
  const file = await get(new URL(link, index));
  return new Uint8Array(await file.arrayBuffer());
}

async function get(url, headers = {}) {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

/** Plain files of a tar archive by name, the leading folder left out. */
function* untar(bytes) {
  const text = (at, length) => strFromU8(bytes.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= bytes.length; ) {
    const name = text(at, 100);
    if (name === "") return;
    const size = Number.parseInt(text(at + 124, 12), 8);
    const type = text(at + 156, 1);
    if (type === "0" || type === "")
      yield [name.split("/").slice(1).join("/"), bytes.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
