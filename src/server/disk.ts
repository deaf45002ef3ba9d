import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { FileSystem } from "../analysis.ts";

/** Larger files are not read: no one's source, and the parser would take seconds. Bytes. */
const SIZE_LIMIT = 8_000_000;

/** The machine's files. A uri that is no file (an unsaved document) exists nowhere and has no folder. */
export const diskFiles: FileSystem = {
  read(file) {
    try {
      return statSync(file).size <= SIZE_LIMIT ? readFileSync(file, "utf8") : undefined;
    } catch {
      return undefined;
    }
  },
  kind(name) {
    try {
      const stats = statSync(name, { throwIfNoEntry: false });
      return stats?.isFile() ? "file" : stats?.isDirectory() ? "folder" : undefined;
    } catch {
      return undefined;
    }
  },
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  join: (folder, name) => path.join(folder, name),
  // The folder of an unsaved document must not become the server's own.
  parent: (file) => (/^[a-z][\w+.-]+:/i.test(file) ? file : path.dirname(file)),
};
