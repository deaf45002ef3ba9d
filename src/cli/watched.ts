import type { FileSystem } from "../analysis.ts";

/** Files, and whether all that was read through them is as it was. */
export interface WatchedFiles extends FileSystem {
  readonly isSame: () => boolean;
}

/** Notes what is looked at. `stamp` is another for a file or folder that has changed; undefined where there is none. */
export function watched(files: FileSystem, stamp: (path: string) => string | undefined): WatchedFiles {
  const seen = new Map<string, string | undefined>();
  /** What is not there comes to be in the nearest folder that is, which is another one then. */
  const noteFolder = (folder: string): void => {
    for (let at = folder; !seen.has(at); at = files.parent(at)) {
      const found = stamp(at);
      if (found === undefined && at !== files.parent(at)) continue;
      seen.set(at, found);
      return;
    }
  };
  return {
    ...files,
    read(file) {
      if (!seen.has(file)) seen.set(file, stamp(file));
      return files.read(file);
    },
    kind(path) {
      noteFolder(files.parent(path));
      return files.kind(path);
    },
    list(folder) {
      noteFolder(folder);
      return files.list(folder);
    },
    isSame: () => [...seen].every(([path, before]) => stamp(path) === before),
  };
}
