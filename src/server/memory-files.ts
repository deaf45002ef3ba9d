import type { FileSystem } from "../analysis.ts";

/** Files that a client sent, by uri; folders are what their names imply. */
export function memoryFiles(stored: ReadonlyMap<string, string>): FileSystem {
  const below = (folder: string): readonly string[] => {
    const prefix = folder.endsWith("/") ? folder : `${folder}/`;
    const names = new Set<string>();
    for (const file of stored.keys()) {
      if (!file.startsWith(prefix)) continue;
      const [name] = file.slice(prefix.length).split("/");
      if (name !== undefined && name !== "") names.add(name);
    }
    return [...names];
  };
  return {
    read: (file) => stored.get(file),
    kind: (path) => (stored.has(path) ? "file" : 0 < below(path).length ? "folder" : undefined),
    list: below,
    join: joinUri,
    parent: parentUri,
  };
}

function joinUri(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** The folder of a uri; the uri itself at the top. */
function parentUri(path: string): string {
  const top = /^[a-z][\w+.-]*:(\/\/[^/]*)?/i.exec(path)?.[0].length ?? 0;
  const cut = path.replace(/\/+$/, "").lastIndexOf("/");
  return cut <= top ? path.slice(0, Math.max(top, 0)) || path : path.slice(0, cut);
}
