import type { FileSystem } from "../../src/analysis.ts";

/** Files by absolute path, in memory. */
export function memoryDisk(files: ReadonlyMap<string, string>): FileSystem {
  const below = (folder: string): readonly string[] => {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    const names = [...files.keys()].filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
    return [...new Set(names.map((name) => name.split("/")[0] ?? ""))];
  };
  return {
    read: (file) => files.get(file),
    kind: (path) => (files.has(path) ? "file" : 0 < below(path).length ? "folder" : undefined),
    list: below,
    join: (folder, name) => (folder === "/" ? `/${name}` : `${folder}/${name}`),
    parent: (path) => path.slice(0, Math.max(1, path.lastIndexOf("/"))),
  };
}
