import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { OUT } from "../lib/paths.mjs";
import { need, tool } from "../lib/process.mjs";
import { step } from "../lib/progress.mjs";

/** The extension stays at or below this size, in bytes. */
const VSIX_LIMIT = 2_000_000;

/** What is built and not a part of the extension. */
const COMMAND_LINE = ["cli.js", "meta.json"];

/**
 * Packages an extension's folder, whose bundles stand already.
 *
 * @returns {Promise<string>} the `.vsix`, an absolute path
 */
export async function buildVsix(extension) {
  const { name, version } = JSON.parse(await readFile(path.join(extension, "package.json"), "utf8"));
  await holdsAllBuilt(extension);
  const file = path.join(OUT, `${name}-${version}.vsix`);
  await mkdir(OUT, { recursive: true });
  const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--no-rewrite-relative-links"];
  await step(`packaging ${path.basename(file)}`, () =>
    need(tool("@vscode/vsce/vsce", "package", ...options, "--out", file), { cwd: extension }),
  );
  const { size } = await stat(file);
  console.log(`${file}: ${(size / 1000).toFixed(0)} kB`);
  if (VSIX_LIMIT < size) throw new Error(`the .vsix is larger than ${VSIX_LIMIT / 1000} kB`);
  return file;
}

/** A built file that `.vscodeignore` leaves out is missing on the user's machine alone. */
async function holdsAllBuilt(extension) {
  const packaged = await listFiles({ cwd: extension, packageManager: PackageManager.None });
  const built = (await readdir(path.join(extension, "dist"))).filter((name) => !COMMAND_LINE.includes(name));
  const missing = built.filter((name) => !packaged.includes(`dist/${name}`));
  if (0 < missing.length) throw new Error(`the .vsix would lack ${missing.join(", ")}: see .vscodeignore`);
}
