// What the measuring processes share. Imports nothing but Node, since what it loads is measured too.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The bundle's exports, loaded as the shipped ones are. @param {string} file @returns {any} */
export function load(file) {
  return createRequire(import.meta.url)(file);
}

/**
 * The disk, with `overlay` in front of it.
 *
 * @param {Map<string, string>} overlay text by path
 * @returns {import("../src/analysis.ts").FileSystem & { readonly opened: Set<string> }} `opened`: what has been read
 */
export function files(overlay = new Map()) {
  const opened = new Set();
  return {
    opened,
    read(file) {
      const text = overlay.get(file) ?? (isFile(file) ? readFileSync(file, "utf8") : undefined);
      if (text !== undefined) opened.add(file);
      return text;
    },
    kind: (name) => (overlay.has(name) || isFile(name) ? "file" : existsSync(name) ? "folder" : undefined),
    list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
    join: (folder, name) => path.join(folder, name),
    parent: (name) => path.dirname(name),
  };
}

/** Options of an analyzer over a corpus folder. @param {readonly string[]} paths */
export function options(...paths) {
  return { paths, pythonPaths: [] };
}

/** CPU milliseconds, user and system, of this process since `before`. */
export function cpu(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** One float32 image batch of the size the paper uses. */
export const INPUT = [{ kind: "tensor", shape: [2, 3, 224, 224] }];

/** Where the required file lies below the corpus folder. */
export function resnetFile(corpus) {
  return path.join(corpus, "torchvision", "models", "resnet.py");
}

function isFile(name) {
  return statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}
