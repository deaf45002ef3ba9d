import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { onExit } from "./process.mjs";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/**
 * Serves folders on this machine only.
 *
 * @param {readonly (readonly [prefix: string, folder: string])[]} folders the first prefix that fits is taken
 * @param {(port: number) => ReadonlyMap<string, string>} pages made-up HTML pages by path
 * @returns {Promise<{ port: number, stop: () => void }>}
 */
export function serveFolders(folders, pages) {
  let made = new Map();
  const server = createServer(async (request, response) => {
    const pathname = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const page = made.get(pathname);
    if (page !== undefined) return response.setHeader("Content-Type", "text/html").end(page);
    const found = folders.find(([prefix]) => pathname.startsWith(prefix));
    const file = found && path.join(found[1], pathname.slice(found[0].length));
    const inside = found && file?.startsWith(found[1] + path.sep);
    const body = inside ? await readFile(file).catch(() => undefined) : undefined;
    if (body === undefined) return response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[path.extname(file)] ?? "application/octet-stream");
    response.setHeader("Cache-Control", "no-store");
    response.end(body);
  });
  const stop = onExit(() => {
    server.close();
    server.closeAllConnections();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      made = pages(port);
      resolve({ port, stop });
    });
  });
}
