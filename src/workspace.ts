import type { FileSystem, Options } from "./analysis.ts";

/** Which files of the workspace mention which names: cheap to ask, as far as the workspace is not too large. */
export interface Workspace {
  /** Files but `file` itself in whose text a name stands as a word, those in the nearest folders first. */
  readonly mentioning: (file: string, name: string) => readonly string[];
  /** Counts the changes that may have changed an answer. */
  readonly version: () => number;
  readonly changed: (file: string) => void;
  /** Files have come or gone. */
  readonly forget: () => void;
}

/** Files of a workspace that are read for this, and their characters together. */
const MOST_FILES = 1_500;
const MOST_CHARS = 12_000_000;
const MOST_FOLDERS = 600;
/** Folders that hold no code of the user's. */
const SKIPPED = /^(?:\.|node_modules$|__pycache__$|site-packages$|dist-packages$|build$|dist$|venv$)/;

export function createWorkspace(files: FileSystem, options: Options): Workspace {
  /** Hashes of the words of a text, by file, by the folder that was searched. */
  const indexes = new Map<string, Map<string, ReadonlySet<number>>>();
  const asked = new Set<number>();
  let version = 0;

  const wordsOf = (file: string): ReadonlySet<number> | undefined => {
    const text = files.read(file);
    return text === undefined ? undefined : hashes(text);
  };

  const indexOf = (top: string, isPackage: boolean): ReadonlyMap<string, ReadonlySet<number>> => {
    const known = indexes.get(top);
    if (known !== undefined) return known;
    const made = new Map<string, ReadonlySet<number>>();
    let chars = 0;
    for (const file of pythonFiles(files, top, isPackage)) {
      const text = files.read(file) ?? "";
      chars += text.length;
      if (MOST_CHARS < chars) break;
      made.set(file, hashes(text));
    }
    indexes.set(top, made);
    return made;
  };

  /** The workspace folder that a file is in, else its package, else its own folder, which alone is looked at then. */
  const topOf = (file: string): { readonly top: string; readonly deep: boolean } => {
    const folder = files.parent(file);
    const given = options.paths.filter((path) => isBelow(path, file)).sort((a, b) => b.length - a.length)[0];
    if (given !== undefined) return { top: given, deep: true };
    let at = folder;
    for (let i = 0; i < MAX_DEPTH && files.kind(files.join(at, "__init__.py")) === "file"; i++) at = files.parent(at);
    return { top: at, deep: at !== folder };
  };

  return {
    mentioning(file, name) {
      const { top, deep } = topOf(file);
      const wanted = hash(name);
      asked.add(wanted);
      const found: string[] = [];
      for (const [other, words] of indexOf(top, deep)) if (other !== file && words.has(wanted)) found.push(other);
      const distance = (other: string): number => other.length - 2 * shared(file, other);
      return found.sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1));
    },
    version: () => version,
    changed(file) {
      for (const index of indexes.values()) {
        const before = index.get(file);
        if (before === undefined) continue;
        const now = wordsOf(file) ?? new Set<number>();
        index.set(file, now);
        for (const word of asked) if (before.has(word) !== now.has(word)) version++;
      }
    },
    forget() {
      indexes.clear();
      asked.clear();
      version++;
    },
  };
}

const MAX_DEPTH = 30;

/** Python files below a folder, breadth first; `deep` where subfolders are looked into. */
function pythonFiles(files: FileSystem, top: string, deep: boolean): readonly string[] {
  const found: string[] = [];
  const folders = [top];
  for (let i = 0; i < folders.length && i < MOST_FOLDERS && found.length < MOST_FILES; i++) {
    const folder = folders[i] ?? top;
    if (0 < i && files.kind(files.join(folder, "pyvenv.cfg")) === "file") continue;
    for (const name of [...files.list(folder)].sort()) {
      const path = files.join(folder, name);
      if (name.endsWith(".py")) found.push(path);
      else if (deep && !SKIPPED.test(name) && !/\.\w+$/.test(name) && files.kind(path) === "folder") folders.push(path);
    }
  }
  return found.slice(0, MOST_FILES);
}

function hashes(text: string): ReadonlySet<number> {
  const words = new Set<number>();
  for (const [word] of text.matchAll(/[^\W\d]\w*/g)) words.add(hash(word));
  return words;
}

/** A number for a word; two words may have the same, which only costs a look. */
function hash(word: string): number {
  let h = 0;
  for (let i = 0; i < word.length; i++) h = (Math.imul(h, 31) + word.charCodeAt(i)) | 0;
  return h;
}

function isBelow(folder: string, file: string): boolean {
  return file.startsWith(/[\\/]$/.test(folder) ? folder : `${folder}${folder.includes("\\") ? "\\" : "/"}`);
}

/** Length of what two paths begin with. */
function shared(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
