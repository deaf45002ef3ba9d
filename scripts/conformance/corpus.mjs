import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { unzipSync } from "fflate";
import { CACHE } from "../lib/paths.mjs";
import { run } from "../lib/process.mjs";

/** The published package whose source is analyzed. The Python files are the same in its wheel for every system. */
const PINNED = {
  name: "torchvision",
  version: "0.29.1",
  file: "torchvision-0.29.1-cp312-cp312-manylinux_2_28_x86_64.whl",
  platform: "manylinux_2_28_x86_64",
  python: "3.12",
  sha256: "6c717bd68dddaebbd9525377a17a84e38a291a33a218f59fdb76e8bb41e61c99",
};
const DEFAULT_INDEX = "https://pypi.org/simple";

/** Folder with the package's Python source, fetched from PyPI on first use. @returns {Promise<string>} */
export async function corpus() {
  const folder = path.join(CACHE, "corpora", `${PINNED.name}-${PINNED.version}`);
  if (existsSync(folder)) return folder;
  const wheel = await fetchWheel();
  const digest = createHash("sha256").update(wheel).digest("hex");
  if (digest !== PINNED.sha256) throw new Error(`${PINNED.file} has another checksum than pinned: ${digest}`);
  // A folder that bears the final name is complete.
  const scratch = `${folder}.part`;
  await rm(scratch, { recursive: true, force: true });
  const sources = unzipSync(wheel, { filter: ({ name }) => name.endsWith(".py") });
  for (const [name, bytes] of Object.entries(sources)) {
    const file = path.join(scratch, ...name.split("/"));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  await rename(scratch, folder);
  return folder;
}

/** The wheel's bytes: through pip where there is one (it knows this machine's index, proxy, certificates), else plainly. */
async function fetchWheel() {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, "wheel-"));
  try {
    const pinned = [
      "--platform",
      PINNED.platform,
      "--python-version",
      PINNED.python,
      `${PINNED.name}==${PINNED.version}`,
    ];
    const args = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--dest",
      folder,
      ...pinned,
    ];
    for (const python of ["python3", "python"]) {
      const ended = await run([python, ...args], { quiet: true }).catch(() => ({ code: 1 }));
      if (ended.code === 0) return await readFile(path.join(folder, PINNED.file));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return download();
}

async function download() {
  const index = `${(process.env.PIP_INDEX_URL ?? DEFAULT_INDEX).replace(/\/$/, "")}/${PINNED.name}/`;
  const listing = await get(index, { accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.5" });
  const text = await listing.text();
  const links = listing.headers.get("content-type")?.includes("json")
    ? JSON.parse(text).files.map(({ url }) => url)
    : [...text.matchAll(/href="([^"]+)"/g)].map(([, url]) => url);
  const link = links.find((url) => url.split("#")[0].endsWith(PINNED.file));
  if (link === undefined) throw new Error(`${index} does not list ${PINNED.file}`);
  const wheel = await get(new URL(link, index));
  return new Uint8Array(await wheel.arrayBuffer());
}

async function get(url, headers = {}) {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
