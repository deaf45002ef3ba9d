// A page that runs the preview's worker as the panel does: what tests, the parity suite and the bench open.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { build } from "esbuild";
import { tfjsParts } from "../build/tfjs.mjs";
import { inRoot } from "../lib/paths.mjs";

/** The panel's policy: no eval, workers from blobs only. */
const POLICY = "default-src 'none'; script-src 'nonce-page' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'";

const TYPES = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".safetensors": "application/octet-stream",
  ".bin": "application/octet-stream",
};

const WASM = "node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";

/** A script for a browser. @param {string} entry @returns {Promise<string>} */
export async function browserScript(entry, minify = false) {
  const { outputFiles } = await build({
    entryPoints: [inRoot(entry)],
    bundle: true,
    minify,
    platform: "browser",
    format: "iife",
    target: "chrome120",
    plugins: [tfjsParts],
    write: false,
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * Serves a page that runs one script, under the panel's policy or another, and beside it the worker and its binary.
 *
 * @param {string} entry the page's script
 * @param {{ worker?: string, files?: ReadonlyMap<string, string | Uint8Array>, policy?: string }} [more] the worker's
 * entry; other files by path
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function servePage(entry, { worker = "src/runtime/worker.ts", files = new Map(), policy = POLICY } = {}) {
  const served = new Map([
    ["/", `<!doctype html><meta charset="utf-8"><script nonce="page">${await browserScript(entry)}</script>`],
    ["/worker.js", await browserScript(worker, true)],
    ["/tfjs-backend-wasm-simd.wasm", await readFile(inRoot(WASM))],
    ...files,
  ]);
  const server = createServer((request, response) => {
    const found = served.get(request.url ?? "");
    response.writeHead(found === undefined ? 404 : 200, {
      "content-type": TYPES[path.extname(request.url ?? "")] ?? "text/html",
      "content-security-policy": policy,
    });
    response.end(found);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const listening = server.address();
  const port = typeof listening === "object" ? listening?.port : undefined;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
