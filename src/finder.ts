import type { FileSystem, Options } from "./analysis.ts";
import type { Found } from "./eval/loader.ts";

/** Finds modules as Python's import does, over the folders that it would have on its path. */
export interface Finder {
  readonly find: (name: string, from: string | undefined) => Found | undefined;
  readonly findRelative: (from: string, level: number, name: string) => Found | undefined;
  readonly findIn: (folders: readonly string[], name: string, packageName: string) => Found | undefined;
  /** The module that a file is. */
  readonly moduleOf: (file: string) => Found;
  readonly own: (file: string) => boolean;
  /** Folders that a module put on the path while it ran, before (`front`) and behind the others. */
  readonly extend: (file: string, front: readonly string[], back: readonly string[]) => void;
  readonly added: (file: string) => { readonly front: readonly string[]; readonly back: readonly string[] } | undefined;
  readonly kind: (path: string) => "file" | "folder" | undefined;
  readonly list: (folder: string) => readonly string[];
  /** Whether a file has come to be or is gone, so that imports may mean other files than they did. */
  readonly changed: (file: string) => boolean;
  readonly forget: () => void;
}

/** Folders above a file that are looked at for a project's top. */
const MAX_DEPTH = 30;
/** What marks a project's top folder. */
const MARKS = [".git", "pyproject.toml", "setup.py", "setup.cfg"];
const COMPILED = /^([^\W\d]\w*)(?:\.[\w-]+)*\.(?:so|pyd|dylib)$/;

export function createFinder(files: FileSystem, options: Options): Finder {
  const kinds = new Map<string, "file" | "folder" | undefined>();
  const answers = new Map<string, Found | undefined>();
  const entries = new Map<string, Entries>();
  const extra = new Map<string, { readonly front: readonly string[]; readonly back: readonly string[] }>();
  const compiled = new Map<string, ReadonlyMap<string, string>>();

  const kind = (path: string): "file" | "folder" | undefined => {
    if (kinds.has(path)) return kinds.get(path);
    const found = files.kind(path);
    kinds.set(path, found);
    return found;
  };
  const lists = new Map<string, readonly string[]>();
  const list = (folder: string): readonly string[] => {
    const known = lists.get(folder);
    if (known !== undefined) return known;
    const found = files.list(folder);
    lists.set(folder, found);
    return found;
  };
  const isPackage = (folder: string): boolean => kind(files.join(folder, "__init__.py")) === "file";
  const owned = new Map<string, boolean>();
  const own = (file: string): boolean => {
    const known = owned.get(file);
    if (known !== undefined) return known;
    const library = longest(options.pythonPaths, file);
    const made = library === 0 || library <= longest(options.paths, file);
    owned.set(file, made);
    return made;
  };

  /** A path as code in a folder means it, without `..`. */
  const resolvePath = (here: string, path: string): string => {
    const absolute = /^(?:[\\/]|[A-Za-z]:[\\/]|[a-z][\w+.-]+:\/)/.test(path);
    const dots = /(?:^|[\\/])\.{1,2}(?:[\\/]|$)/.exec(path)?.index;
    if (absolute && dots === undefined) return path;
    const rest = absolute ? path.slice(dots) : path;
    let at = absolute ? path.slice(0, dots) : here;
    for (const part of rest.split(/[\\/]/)) {
      if (part === "..") at = files.parent(at);
      else if (part !== "." && part !== "") at = files.join(at, part);
    }
    return at;
  };

  const packageRoot = (folder: string): string => {
    let at = folder;
    for (let i = 0; i < MAX_DEPTH && isPackage(at); i++) at = files.parent(at);
    return at;
  };

  /** Compiled modules of a folder, by name. */
  const compiledIn = (folder: string): ReadonlyMap<string, string> => {
    const known = compiled.get(folder);
    if (known !== undefined) return known;
    const made = new Map<string, string>();
    for (const name of list(folder)) {
      const module = COMPILED.exec(name)?.[1];
      if (module !== undefined) made.set(module, files.join(folder, name));
    }
    compiled.set(folder, made);
    return made;
  };

  /** A module or package that lies in a folder. */
  const inFolder = (folder: string, part: string, name: string, namespaces: boolean): Found | undefined => {
    const at = files.join(folder, part);
    const made = (file: string, type: Found["kind"], folders: readonly string[]): Found => ({
      file,
      name,
      kind: type,
      folders,
      own: own(file),
      sure: true,
    });
    const isFolder = kind(at) === "folder";
    if (isFolder) {
      const init = files.join(at, "__init__.py");
      if (kind(init) === "file") return made(init, "source", [at]);
    }
    if (kind(`${at}.py`) === "file") return made(`${at}.py`, "source", []);
    if (isFolder) {
      const stub = files.join(at, "__init__.pyi");
      if (kind(stub) === "file") return made(stub, "stub", [at]);
    }
    if (kind(`${at}.pyi`) === "file") return made(`${at}.pyi`, "stub", []);
    if (!own(folder) || part.startsWith("_")) {
      const library = compiledIn(folder).get(part);
      if (library !== undefined) return made(library, "compiled", []);
    }
    return isFolder && namespaces ? made(at, "folder", [at]) : undefined;
  };

  /** A dotted name below one folder. */
  const below = (folder: string, name: string, prefix: string, namespace: boolean): Found | undefined => {
    let folders: readonly string[] = [folder];
    let found: Found | undefined;
    let full = prefix;
    const parts = name.split(".");
    for (const [i, part] of parts.entries()) {
      full = full === "" ? part : `${full}.${part}`;
      const dotted = full;
      found = undefined;
      for (const at of folders) found ??= inFolder(at, part, dotted, namespace || 0 < i);
      if (found === undefined) return undefined;
      folders = found.folders;
    }
    return found;
  };

  /** Stubs that are shipped apart from what they describe. */
  const stubsBelow = (folder: string, name: string): Found | undefined => {
    const [first = "", ...rest] = name.split(".");
    const top = files.join(folder, `${first}-stubs`);
    if (kind(top) !== "folder") return undefined;
    if (0 < rest.length) return below(top, rest.join("."), first, false);
    const init = files.join(top, "__init__.pyi");
    return kind(init) === "file"
      ? { file: init, name, kind: "stub", folders: [top], own: own(init), sure: true }
      : undefined;
  };

  /** Where a file's imports are looked for, as when it is run or its package is imported. */
  const entriesFor = (from: string): Entries => {
    const folder = files.parent(from);
    const known = entries.get(folder);
    if (known !== undefined) return known;
    const near: string[] = [packageRoot(folder), folder];
    const workspace = options.paths.filter((path) => within(path, folder)).sort((a, b) => b.length - a.length)[0];
    const above: string[] = [];
    let top: string | undefined;
    for (let at = folder, i = 0; i < MAX_DEPTH; i++) {
      above.push(at);
      if (
        at === workspace ||
        (workspace === undefined && MARKS.some((mark) => kind(files.join(at, mark)) !== undefined))
      ) {
        top = at;
        break;
      }
      const next = files.parent(at);
      if (next === at) break;
      at = next;
    }
    const project = top === undefined || !own(from) ? [] : above;
    const sources = [...project, ...options.paths].flatMap((path) => {
      const src = files.join(path, "src");
      return kind(src) === "folder" && !isPackage(src) ? [path, src] : [path];
    });
    const made: Entries = { near: unique(near), rest: unique([...sources, ...options.pythonPaths]) };
    entries.set(folder, made);
    return made;
  };

  const search = (name: string, from: string | undefined): Found | undefined => {
    const { near, rest } =
      from === undefined ? { near: [], rest: [...options.paths, ...options.pythonPaths] } : entriesFor(from);
    const added = from === undefined ? undefined : extra.get(from);
    const first = [...(added?.front ?? []), ...near];
    const then = [...(added?.back ?? []), ...rest];
    for (const folder of first) {
      const found = below(folder, name, "", false);
      if (found === undefined) continue;
      // Tests in a package that is named like the one they test: what runs them decides which is meant.
      const isOwn = from !== undefined && within(files.join(folder, name.split(".")[0] ?? name), from);
      const isElsewhere = (at: string): boolean => !within(folder, at) && below(at, name, "", false) !== undefined;
      return isOwn && then.some(isElsewhere) ? { ...found, sure: false } : found;
    }
    const others: Found[] = [];
    for (const folder of unique(then)) {
      const found = below(folder, name, "", false);
      if (found === undefined || others.some((other) => other.file === found.file)) continue;
      // Python looks for its packages above a package, and in it only where a script of its runs.
      others.push(isPackage(folder) ? { ...found, sure: false } : found);
    }
    const [best] = others;
    if (best !== undefined) return 1 < others.length ? { ...best, sure: false } : best;
    const all = unique([...first, ...then]);
    for (const folder of all) {
      const found = stubsBelow(folder, name);
      if (found !== undefined) return found;
    }
    // A package without `__init__` may lie in several folders.
    const portions: Found[] = [];
    for (const folder of all) {
      const found = below(folder, name, "", true);
      if (found !== undefined && found.kind !== "folder") return found;
      if (found !== undefined && holdsPython(found.file)) portions.push(found);
    }
    const [portion] = portions;
    return portion === undefined
      ? undefined
      : { ...portion, folders: unique(portions.flatMap(({ folders }) => folders)), sure: false };
  };

  const holdsPython = (folder: string): boolean =>
    list(folder)
      .slice(0, 500)
      .some(
        (name) =>
          /\.pyi?$/.test(name) ||
          (!/[.]/.test(name) && name !== "__pycache__" && isPackage(files.join(folder, name))) ||
          COMPILED.test(name),
      );

  const nameOf = (file: string): string => {
    const names: string[] = [];
    const base = baseName(file).replace(/\.pyi?$/, "");
    if (base !== "__init__") names.push(base);
    let folder = files.parent(file);
    for (let i = 0; i < MAX_DEPTH && isPackage(folder); i++) {
      names.unshift(baseName(folder));
      folder = files.parent(folder);
    }
    return names.join(".");
  };

  const cached = (key: string, make: () => Found | undefined): Found | undefined => {
    if (answers.has(key)) return answers.get(key);
    const made = make();
    answers.set(key, made);
    return made;
  };

  return {
    own,
    kind,
    list,
    changed(file) {
      const folder = files.parent(file);
      const before = lists.get(folder);
      if (before !== undefined && before.join("/") !== files.list(folder).join("/")) return true;
      // A new file may come with folders that were not there.
      for (let at = file, i = 0; i < MAX_DEPTH; i++) {
        if (kinds.has(at) && kinds.get(at) !== files.kind(at)) return true;
        const next = files.parent(at);
        if (next === at) break;
        at = next;
      }
      return false;
    },
    find: (name, from) => {
      const place = from === undefined ? "" : extra.has(from) ? from : files.parent(from);
      return cached(`${name}|${place}`, () => search(name, from));
    },
    findRelative: (from, level, name) =>
      cached(`${".".repeat(level)}${name}|${files.parent(from)}`, () => {
        let folder = files.parent(from);
        for (let i = 1; i < level; i++) folder = files.parent(folder);
        const prefix = isPackage(folder) ? nameOf(files.join(folder, "__init__.py")) : "";
        if (name !== "") return below(folder, name, prefix, true);
        const init = files.join(folder, "__init__.py");
        if (kind(init) === "file")
          return { file: init, name: prefix, kind: "source", folders: [folder], own: own(init), sure: true };
        return {
          file: folder,
          name: baseName(folder),
          kind: "folder",
          folders: [folder],
          own: own(folder),
          sure: true,
        };
      }),
    findIn: (folders, name, packageName) =>
      cached(`${name}|${folders.join("|")}`, () => {
        for (const folder of folders) {
          const found = inFolder(folder, name, `${packageName}.${name}`, true);
          if (found !== undefined && (found.kind !== "folder" || holdsPython(found.file))) return found;
        }
        return undefined;
      }),
    moduleOf: (file) => {
      const folder = files.parent(file);
      const init = /^__init__\.pyi?$/.test(baseName(file));
      return {
        file,
        name: nameOf(file),
        kind: file.endsWith(".pyi") ? "stub" : "source",
        folders: init ? [folder] : [],
        own: own(file),
        sure: true,
      };
    },
    added: (file) => extra.get(file),
    extend(file, given, more) {
      const here = files.parent(file);
      const front = given.map((path) => resolvePath(here, path));
      const back = more.map((path) => resolvePath(here, path));
      const before = extra.get(file);
      if ((before?.front ?? []).join() === front.join() && (before?.back ?? []).join() === back.join()) return;
      if (front.length + back.length === 0) extra.delete(file);
      else extra.set(file, { front, back });
      for (const key of answers.keys()) if (key.endsWith(`|${file}`)) answers.delete(key);
    },
    forget() {
      kinds.clear();
      answers.clear();
      entries.clear();
      compiled.clear();
      lists.clear();
    },
  };
}

interface Entries {
  /** The package's own top folder and the file's own. */
  readonly near: readonly string[];
  readonly rest: readonly string[];
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}

function baseName(path: string): string {
  return path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
}

function within(folder: string, path: string): boolean {
  return (
    path === folder ||
    path.startsWith(/[\\/]$/.test(folder) ? folder : `${folder}${folder.includes("\\") ? "\\" : "/"}`)
  );
}

/** Length of the longest of the folders that hold a file; 0 where none does. */
function longest(folders: readonly string[], file: string): number {
  return folders.reduce((most, folder) => (within(folder, file) ? Math.max(most, folder.length) : most), 0);
}
