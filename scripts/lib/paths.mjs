import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** Git-ignored folder for what is downloaded once and reused: hosts, browsers. */
export const CACHE = path.join(ROOT, ".cache");

/** Git-ignored folder for compiled tests and their results. */
export const OUT = path.join(ROOT, "out");

/** A path below the checkout's top folder. */
export function inRoot(...parts) {
  return path.join(ROOT, ...parts);
}
