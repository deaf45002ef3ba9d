import type { Module, Stmt } from "../core/core.ts";
import type { Exports } from "../syntax/python/exports.ts";
import type { FrameState } from "./interp.ts";
import type { LazyValue, ModuleValue, Value } from "./value.ts";

/** A module that was found on a path. */
export interface Found {
  /** What it is told apart by: its source, its stub, its compiled library, or the folder of a package without `__init__`. */
  readonly file: string;
  /** Its dotted name, as the folders around it say. */
  readonly name: string;
  readonly kind: "source" | "stub" | "compiled" | "folder";
  /** Where its submodules lie; empty for a plain module. */
  readonly folders: readonly string[];
  readonly own: boolean;
  /** It is the only module that the name can mean there. */
  readonly sure: boolean;
}

/** Finds and parses modules; what it returns is cached by the caller and shared by all roots. */
export interface Loader {
  /** The module of a dotted absolute name as seen from a file, or undefined when there is none. */
  readonly find: (name: string, from: string | undefined) => Found | undefined;
  /** The module of a relative import of a file; `name` may be empty. */
  readonly findRelative: (from: string, level: number, name: string) => Found | undefined;
  readonly findIn: (folders: readonly string[], name: string, packageName: string) => Found | undefined;
  readonly parse: (file: string) => Module | undefined;
  readonly exports: (file: string) => Exports | undefined;
  readonly text: (file: string) => string | undefined;
  /** A file that the code of `reader` reads as data, not as a module. */
  readonly data: (file: string, reader: string | undefined) => string | undefined;
  readonly kind: (path: string) => "file" | "folder" | undefined;
  readonly list: (folder: string) => readonly string[];
  readonly parent: (path: string) => string;
  /** Whether a module's text names `sys.path`. */
  readonly changesPath: (file: string) => boolean;
  /** Folders that a module put on the import path, before and behind the others. */
  readonly extend: (file: string, front: readonly string[], back: readonly string[]) => void;
  readonly added: (file: string) => { readonly front: readonly string[]; readonly back: readonly string[] } | undefined;
  /** Modules of ours (`torch`, `math`), by dotted name. */
  readonly native: (name: string) => ModuleValue | undefined;
  /** Whether the user's Python has a module that was not found: undefined where that is not known. */
  readonly installed: (name: string) => boolean | undefined;
  /** By file. */
  readonly modules: Map<string, ModuleValue>;
  /** The files that a file's meaning depends on directly, by file. */
  readonly reads: Map<string, Set<string>>;
  /** Imported names that are being read. */
  readonly resolving: Set<LazyValue>;
  /** Takes back what loading a file wrote elsewhere (a registry), in order of loading. */
  readonly takeBack: Map<string, () => void>;
  /** Modules whose top level is running: the statements that have run, out of order ones included. */
  readonly running: Map<string, RunningModule>;
}

/** A module whose top level is running. */
export interface RunningModule {
  readonly frame: FrameState;
  readonly body: readonly Stmt[];
  readonly done: Set<Stmt>;
  /** Its own folder on `sys.path`, and the list as it has left it. */
  readonly script: Value;
  path: Value[];
}
