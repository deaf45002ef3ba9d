import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { CACHE } from "../lib/paths.mjs";
import { need } from "../lib/process.mjs";
import { step } from "../lib/progress.mjs";
import { installChromiumPackage } from "./install.mjs";
import { CHROMIUM } from "./versions.mjs";

const INSTALLED = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA].map(
    (folder) => `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
  ),
  linux: ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"].flatMap((name) =>
    (process.env.PATH ?? "").split(":").map((folder) => path.join(folder, name)),
  ),
};

/**
 * A Chrome or Chromium to drive: the one that `CHROME_PATH` names, an installed one, or the one inside an npm package.
 *
 * @returns {Promise<{ executablePath: string, env: NodeJS.ProcessEnv, name: string }>}
 */
export async function findBrowser() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH names no file: ${chosen}`);
    return { executablePath: chosen, env: process.env, name: `${chosen} (CHROME_PATH)` };
  }
  const installed = (INSTALLED[process.platform] ?? []).find((file) => existsSync(file));
  if (installed) return { executablePath: installed, env: process.env, name: installed };
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no Chrome or Chromium is installed: install one, or name it with CHROME_PATH");
  return packagedChromium();
}

/** Chromium from npm, with the libraries that it ships for machines that have none. */
async function packagedChromium() {
  const packed = path.join(await installChromiumPackage(), "bin");
  const folder = path.join(CACHE, `chromium-${CHROMIUM}`);
  if (!existsSync(folder))
    await step(`unpacking Chromium ${CHROMIUM}`, async () => {
      const fresh = `${folder}.${process.pid}`;
      await mkdir(fresh, { recursive: true });
      await writeFile(path.join(fresh, "chromium"), await unpacked(path.join(packed, "chromium.br")), { mode: 0o755 });
      for (const name of ["al2023.tar", "swiftshader.tar"]) {
        const tar = path.join(fresh, name);
        await writeFile(tar, await unpacked(path.join(packed, `${name}.br`)));
        await need(["tar", "-xf", tar, "-C", fresh]);
        await rm(tar);
      }
      await rename(fresh, folder);
    });
  const libraries = [path.join(folder, "lib"), folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {
    executablePath: path.join(folder, "chromium"),
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
    name: `Chromium ${CHROMIUM} from npm`,
  };
}

async function unpacked(file) {
  return promisify(brotliDecompress)(await readFile(file));
}

/**
 * Starts that browser without a window, with WebGL in software, and no way to any other machine.
 *
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchBrowser() {
  const { chromium } = await import("playwright-core");
  const { executablePath, env, name } = await findBrowser();
  console.log(`browser: ${name}`);
  return chromium.launch({ executablePath, env, args: ARGUMENTS, timeout: 120_000 });
}

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE localhost,EXCLUDE *.localhost,EXCLUDE 127.0.0.1",
];
