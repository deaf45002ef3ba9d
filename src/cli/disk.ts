import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { FileSystem } from "../analysis.ts";

/** The machine's files, by absolute path. */
export const diskFiles: FileSystem = {
  read: (file) => attempt(() => readFileSync(file, "utf8")),
  kind: (name) =>
    attempt(() => {
      const stats = statSync(name, { throwIfNoEntry: false });
      return stats?.isFile() === true ? "file" : stats?.isDirectory() === true ? "folder" : undefined;
    }),
  list: (folder) => attempt(() => readdirSync(folder)) ?? [],
  join: (folder, name) => path.join(folder, name),
  parent: (file) => path.dirname(file),
};

/** When a file, or what a folder holds, was last changed, with its size and its number on the disk. */
export function stampOf(path: string): string | undefined {
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }));
  return stats && `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}`;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
