import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { tfjsParts } from "../../scripts/build/tfjs.mjs";
import { panelHtml } from "../../src/preview/html.ts";
import type { ToHost, ToPage } from "../../src/preview/messages.ts";
import type { Table } from "../../src/text/text.ts";
import type { Theme } from "./themes.ts";

/** Screenshots land here; the folder is not part of the repository. */
export const SHOTS = "screenshots/webview";

declare global {
  interface Window {
    posted: ToHost[];
    remembered: unknown;
  }
}

/** The panel's page in a real browser, with a stand-in for the extension's side. */
interface Bench {
  readonly open: (
    theme: Theme,
    size: { readonly width: number; readonly height: number },
    table?: Table,
    /** Runs in the page before its own script. */
    prepare?: () => void,
  ) => Promise<Page>;
  readonly close: () => Promise<void>;
}

/** A browser on a busy machine, in milliseconds. */
export const SLOW = 120_000;
/** A forward pass on software WebGL on a busy machine, in milliseconds. */
export const SLOW_RUN = 240_000;

/** The bench of a file of tests, from its first test to its last. */
export function useBench(runtime = false): Pick<Bench, "open"> {
  let bench: Bench | undefined;
  beforeAll(async () => {
    bench = await startBench(runtime);
  }, SLOW_RUN);
  afterAll(async () => {
    await bench?.close();
  });
  return {
    open: async (...given) => {
      if (bench === undefined) throw new Error("no test runs");
      return bench.open(...given);
    },
  };
}

/** Serves the bundled page under the panel's own content policy; with the runtime's worker and binaries if asked for. */
async function startBench(runtime = false): Promise<Bench> {
  const files: Record<string, Uint8Array> = runtime ? { ...(await runtimeFiles()) } : {};
  const bundled = await build({
    entryPoints: ["src/webview/main.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
  });
  const script = bundled.outputFiles[0]?.contents ?? new Uint8Array();
  const layout = await build({
    entryPoints: ["src/webview/layout-worker.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
  });
  files["/layout.js"] = layout.outputFiles[0]?.contents ?? new Uint8Array();
  const styles = await build({ entryPoints: ["src/webview/panel.css"], bundle: true, write: false });
  const style = styles.outputFiles[0]?.contents ?? new Uint8Array();
  let table: Table = {};
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const send = (type: string, body: Uint8Array | string): void => {
      response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" });
      response.end(body);
    };
    if (path === "/") send("text/html", html(origin(server), table));
    else if (path === "/main.js") send("text/javascript", script);
    else if (path === "/panel.css") send("text/css", style);
    else if (path.endsWith(".jpg")) send("image/jpeg", readFileSync(`media/pictures${path}`));
    else {
      const file = files[path];
      if (file === undefined) response.writeHead(404).end();
      else send(path.endsWith(".wasm") ? "application/wasm" : "text/javascript", file);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launch();
  mkdirSync(SHOTS, { recursive: true });
  return {
    open: async (theme, size, words = {}, prepare = () => undefined) => {
      table = words;
      const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
      page.setDefaultTimeout(150_000);
      page.on("pageerror", (error) => {
        throw error;
      });
      page.on("console", (message) => {
        if (/Content Security Policy/.test(message.text())) throw new Error(message.text());
      });
      await page.addInitScript(standIn, theme);
      await page.addInitScript(prepare);
      await page.goto(`${origin(server)}/`);
      await page.waitForFunction(() => window.posted.some((message) => message.kind === "ready"));
      return page;
    },
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function runtimeFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
  const worker = await build({
    entryPoints: ["src/runtime/worker.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "chrome120",
    plugins: [tfjsParts],
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
  return {
    "/worker.js": worker.outputFiles[0]?.contents ?? new Uint8Array(),
    "/backend.wasm": readFileSync("node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"),
    "/jpeg.wasm": readFileSync("node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  };
}

/** Posts a message as the extension does. */
export async function send(page: Page, message: ToPage): Promise<void> {
  const { bytes, ...plain } = { bytes: undefined, ...message };
  const json = JSON.stringify({ plain, bytes: bytes === undefined ? undefined : Array.from(bytes) });
  await page.evaluate((text: string) => {
    const { plain, bytes } = JSON.parse(text) as { plain: object; bytes?: number[] };
    window.postMessage(bytes === undefined ? plain : { ...plain, bytes: Uint8Array.from(bytes) }, "*");
  }, json);
}

/** Has the chosen picture prepared as the records of the digits were: ImageNet's numbers, no resizing. */
export async function prepareAsRecorded(page: Page): Promise<void> {
  await page.getByRole("button", { name: "run options" }).click();
  await page.getByRole("combobox", { name: "prepared as" }).selectOption("imagenet");
  await page.getByText("change", { exact: true }).click();
  await page.getByRole("spinbutton", { name: "resize" }).fill("");
  await page.getByRole("spinbutton", { name: "resize" }).press("Tab");
  await page.getByRole("button", { name: "run options" }).click();
}

export async function posted(page: Page): Promise<readonly ToHost[]> {
  return page.evaluate(() => window.posted);
}

function standIn(theme: Theme): void {
  window.posted = [];
  const remembered = sessionStorage.getItem("remembered");
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: ToHost) => window.posted.push(message),
      getState: () => (remembered === null ? undefined : JSON.parse(remembered)),
      setState: (state: unknown) => sessionStorage.setItem("remembered", JSON.stringify(state)),
    }),
  });
  const apply = (): void => {
    for (const [name, value] of Object.entries(theme.variables))
      document.documentElement.style.setProperty(name, value);
    document.body?.classList.add(theme.bodyClass);
  };
  document.addEventListener("readystatechange", apply);
  document.addEventListener("DOMContentLoaded", apply);
}

function html(base: string, table: Table): string {
  return panelHtml({
    scriptUri: `${base}/main.js`,
    styleUri: `${base}/panel.css`,
    workerUri: `${base}/worker.js`,
    layoutUri: `${base}/layout.js`,
    wasmUri: `${base}/backend.wasm`,
    jpegUri: `${base}/jpeg.wasm`,
    pictures: ["clock.jpg", "daisy.jpg"].map((name) => ({ name, uri: `${base}/${name}` })),
    cspSource: base,
    nonce: "abc123",
    locale: "en",
    table,
  });
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function launch(): Promise<Browser> {
  const executablePath = [process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) throw new Error("no Chromium or Chrome found; set CHROME_PATH to one");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
    ],
  });
}
