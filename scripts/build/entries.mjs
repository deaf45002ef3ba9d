/**
 * Every bundle: what it is built from, and for which loader. VS Code's hosts load CommonJS; a worker is a classic
 * script, since it is started from a blob under the panel's content policy.
 *
 * @type {readonly { from: string, to: string, options: import("esbuild").BuildOptions }[]}
 */
export const ENTRIES = [
  { from: "src/cli/main.ts", to: "dist/cli.js", options: node({ banner: { js: "#!/usr/bin/env node" } }) },
  { from: "src/server/node.ts", to: "dist/server.js", options: node() },
  { from: "src/server/web.ts", to: "dist/server-web.js", options: page() },
  { from: "src/extension/main.ts", to: "dist/extension.js", options: node({ external: ["vscode"] }) },
  {
    from: "src/extension/web.ts",
    to: "dist/extension-web.js",
    options: { platform: "browser", format: "cjs", external: ["vscode"] },
  },
  { from: "src/webview/main.ts", to: "dist/webview.js", options: page() },
  { from: "src/webview/panel.css", to: "dist/webview.css", options: { target: "chrome120" } },
  { from: "src/webview/layout-worker.ts", to: "dist/layout-worker.js", options: page() },
  { from: "src/runtime/worker.ts", to: "dist/runtime-worker.js", options: page() },
];

/** Files that are shipped as they are. */
export const COPIES = [
  {
    from: "node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    to: "dist/tfjs-backend-wasm-simd.wasm",
  },
  { from: "media/pictures/clock.jpg", to: "dist/clock.jpg" },
  { from: "media/pictures/daisy.jpg", to: "dist/daisy.jpg" },
  { from: "node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", to: "dist/mozjpeg_dec.wasm" },
];

/** The oldest Node and browser that the bundles run in: VS Code 1.100 has Node 20 and Chromium 132. */
function node(options = {}) {
  return { platform: "node", format: "cjs", target: "node20", ...options };
}

function page(options = {}) {
  return { platform: "browser", format: "iife", target: "chrome120", ...options };
}
