import path from "node:path";
import type { FileSystem } from "../analysis.ts";
import { Failure } from "./failure.ts";

/** Files to analyze, and how each file is written in the output. */
export interface NamedFiles {
  /** Absolute, in order, each once. */
  readonly files: readonly string[];
  /** The path as given; below a given folder that folder's path as given and the rest; else absolute. */
  readonly name: (file: string) => string;
}

/** Folders that hold no code of the project. */
const SKIPPED = /^(\.|__pycache__$|node_modules$|site-packages$)/;

/** The Python files and notebooks of the given paths: a file itself, and all below a folder. A path that cannot be read is a failure. */
export function namedFiles(disk: FileSystem, given: readonly string[], cwd: string): NamedFiles {
  const files = new Map<string, string>();
  for (const name of given) {
    const absolute = path.resolve(cwd, name);
    const kind = disk.kind(absolute);
    if (kind === undefined) throw new Failure(`cannot read ${name}`);
    if (kind === "file") files.set(absolute, name);
    else for (const rest of pythonBelow(disk, absolute)) addBelow(files, absolute, name, rest);
  }
  const folders = given.map((name) => ({ name, absolute: path.resolve(cwd, name) }));
  return {
    files: [...files.keys()],
    name(file) {
      const known = files.get(file);
      if (known !== undefined) return known;
      const folder = folders.find(({ absolute }) => file.startsWith(absolute + path.sep));
      return folder === undefined ? file : below(folder.name, path.relative(folder.absolute, file));
    },
  };
}

function addBelow(files: Map<string, string>, absolute: string, name: string, rest: string): void {
  const file = path.join(absolute, rest);
  if (!files.has(file)) files.set(file, below(name, rest));
}

function below(folder: string, rest: string): string {
  return folder.endsWith("/") || folder.endsWith(path.sep) ? folder + rest : `${folder}${path.sep}${rest}`;
}

function pythonBelow(disk: FileSystem, folder: string): readonly string[] {
  return [...disk.list(folder)].sort().flatMap((name) => {
    const inside = path.join(folder, name);
    if (disk.kind(inside) === "folder")
      return SKIPPED.test(name) || isEnvironment(disk, inside)
        ? []
        : pythonBelow(disk, inside).map((rest) => path.join(name, rest));
    return /\.(?:py|ipynb)$/.test(name) ? [name] : [];
  });
}

/** A virtual environment holds libraries, not the user's code. */
function isEnvironment(disk: FileSystem, folder: string): boolean {
  return disk.kind(path.join(folder, "pyvenv.cfg")) === "file";
}
