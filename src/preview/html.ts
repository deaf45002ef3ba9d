import type { Table } from "../text/text.ts";

/** Addresses are the webview's own (`asWebviewUri`). */
export interface PanelSource {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The runtime worker's script, which the page fetches and starts from a blob. */
  readonly workerUri: string;
  /** The script that lays large drawings out, started likewise. */
  readonly layoutUri: string;
  /** The wasm backend's binary, the one with SIMD and without threads. */
  readonly wasmUri: string;
  /** The jpeg decoder's binary. */
  readonly jpegUri: string;
  /** Pictures that can be taken with one click; the name is their file's. */
  readonly pictures?: readonly { readonly name: string; readonly uri: string }[];
  readonly cspSource: string;
  readonly nonce: string;
  /** BCP 47. */
  readonly locale: string;
  readonly table: Table;
}

/** What the page reads from its own document at the start. */
export interface PanelData {
  readonly workerUri: string;
  readonly layoutUri: string;
  readonly wasmUri: string;
  readonly jpegUri: string;
  readonly pictures?: readonly { readonly name: string; readonly uri: string }[];
  readonly table: Table;
}

export const PANEL_DATA_ID = "panel-data";

/** The panel's document. Scripts and styles only from the extension, workers only from blobs, no network. */
export function panelHtml(source: PanelSource): string {
  const data: PanelData = {
    workerUri: source.workerUri,
    layoutUri: source.layoutUri,
    wasmUri: source.wasmUri,
    jpegUri: source.jpegUri,
    pictures: source.pictures ?? [],
    table: source.table,
  };
  return `<!DOCTYPE html>
<html lang="${escapeHtml(source.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy(source))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(source.styleUri)}">
<title>ResNet Lens</title>
</head>
<body>
<script type="application/json" id="${PANEL_DATA_ID}" nonce="${escapeHtml(source.nonce)}">${escapeJson(data)}</script>
<script nonce="${escapeHtml(source.nonce)}" src="${escapeHtml(source.scriptUri)}"></script>
</body>
</html>
`;
}

function policy({ cspSource, nonce }: PanelSource): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `connect-src ${cspSource}`,
    `img-src ${cspSource} blob: data:`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join("; ");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** JSON that cannot end the script element that it stands in. */
function escapeJson(data: PanelData): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
