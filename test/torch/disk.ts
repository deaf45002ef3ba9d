import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { FileSystem } from "../../src/analysis.ts";

/** The machine's files. */
export const disk: FileSystem = {
  read: (file) => (statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined),
  kind: (name) => {
    const stats = statSync(name, { throwIfNoEntry: false });
    return stats?.isFile() ? "file" : stats?.isDirectory() ? "folder" : undefined;
  },
  list: (folder) => readdirSync(folder),
  join: (folder, name) => path.join(folder, name),
  parent: (file) => path.dirname(file),
};
