import type { FileSystem, Options } from "./analysis.ts";
import type { Module } from "./core/core.ts";

import { execBlock } from "./eval/execute.ts";
import { fail, framesNow, gap, type Interp, type Limits, ownPlace, type Raised } from "./eval/interp.ts";
import { createJournal } from "./eval/journal.ts";
import { loadModule } from "./eval/load-module.ts";
import type { Loader } from "./eval/loader.ts";
import { moduleFrame } from "./eval/module-level.ts";
import { moduleOf, noteRead } from "./eval/provided.ts";
import { moduleScope } from "./eval/scope.ts";
import type { ModuleValue, Value } from "./eval/value.ts";
import { createFinder } from "./finder.ts";
import { strOf } from "./lang/format.ts";
import { argumentRepairs, python } from "./lang/python.ts";
import { createParseCache, type ParseCache } from "./parses.ts";
import { type ParsedFile, parsePython } from "./syntax/python/parse.ts";

import { parameterClass, tensorClass } from "./torch/classes.ts";
import { quietAttribute, registeredNames } from "./torch/module.ts";
import { absentForReal, isPythons, namesForReal, nativeModules, standIn, usualImports } from "./torch/namespace.ts";
import { usualDefinition } from "./torch/usual.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A longer text is no model's code and is not read, in UTF-16 units. */
export const MAX_TEXT = 1_000_000;

/** Files, modules and the evaluator of one session; modules stay loaded until they change. */
export interface Session {
  readonly interp: Interp;
  readonly loader: Loader;
  readonly parsed: (file: string) => ParsedFile | undefined;
  /** Its text was left unread. */
  readonly tooLong: (file: string) => boolean;
  readonly own: (file: string) => boolean;
  readonly workspace: Workspace;
  /** The module of a file, not run. */
  readonly moduleOf: (file: string) => ModuleValue;
  /** Runs a computation about a file and tells the files that its result may depend on. */
  readonly reading: <T>(file: string, body: () => T) => { readonly value: T; readonly files: ReadonlySet<string> };
  /**
   * A file's content changed, or whether it exists. Forgets the modules that depend on it; false: all of them, since
   * imports may mean other files now.
   */
  readonly forget: (file: string) => boolean;
  /** Forgets every module and takes back what they wrote, also to what outlives the session. */
  readonly reset: () => void;
  /** Characters of source that the loaded modules hold. */
  readonly held: () => number;
}

export function createSession(files: FileSystem, options: Options, cache: ParseCache = createParseCache()): Session {
  const parses = new Map<string, ParsedFile>();
  const long = new Set<string>();
  const natives = nativeModules();
  const modules = new Map<string, ModuleValue>();
  const reads = new Map<string, Set<string>>();

  /** Files that were looked into since a computation began. */
  const touched = new Set<string>();

  /** Texts that were read, so that all that is asked of a file is asked of one state of it. */
  const texts = new Map<string, string>();
  const textOf = (file: string): string | undefined => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const text = files.read(file);
    if (text !== undefined) texts.set(file, text);
    return text;
  };
  const parsed = (file: string): ParsedFile | undefined => {
    touched.add(file);
    const known = parses.get(file);
    if (known !== undefined) return known;
    const text = textOf(file);
    if (text === undefined) return undefined;
    if (MAX_TEXT < text.length) long.add(file);
    else long.delete(file);
    const made = cache.parse(file, text.length <= MAX_TEXT ? text : "");
    parses.set(file, made);
    return made;
  };
  const finder = createFinder(files, options);
  const workspace = createWorkspace(files, options);
  const standIns = new Map<string, ModuleValue>();
  const loader: Loader = {
    find: finder.find,
    findRelative: finder.findRelative,
    findIn: finder.findIn,
    parse: (file): Module | undefined => parsed(file)?.module,
    text: textOf,
    data(file, reader) {
      touched.add(file);
      if (reader !== undefined) noteRead(loader, reader, file);
      return textOf(file);
    },
    kind: finder.kind,
    list: finder.list,
    parent: files.parent,
    changesPath: (file) => textOf(file)?.includes("sys.path") === true,
    extend: finder.extend,
    added: finder.added,
    exports: (file) => {
      const text = textOf(file);
      if (text === undefined) return undefined;
      return cache.exports(file, text.length <= MAX_TEXT ? text : "");
    },
    native(name) {
      const known = natives.get(name) ?? standIns.get(name);
      if (known !== undefined || !isPythons(name)) return known;
      // Python's own and torch's source is never read: what they mean is ours to know.
      const made = standIn(name);
      standIns.set(name, made);
      return made;
    },
    installed: (name) => (isPythons(name) ? true : 0 < options.pythonPaths.length ? false : undefined),
    modules,
    reads,
    takeBack: new Map(),
    resolving: new Set(),
    running: new Map(),
  };
  const interp: Interp = {
    lang: python,
    journal: createJournal(),
    loader,
    reportRaised,
    really: { absent: absentForReal, names: namesForReal },
    limits: limitsFor(options.timeout),
    steps: 0,
    phase: "module",
    frames: [],
    handlers: 0,
    speculating: 0,
    graph: undefined,
    recorder: undefined,
    path: undefined,
    problems: [],
    moduleProblems: new Map(),
    moduleGaps: new Map(),
    gaps: new Map(),
    argument: undefined,
    absentModules: false,
    serial: 1,
    tensorClass,
    parameterClass,
    ownPlace: () => ownPlace(interp),
    quietAttribute,
    registeredNames,
    suggest: (now, name) => suggestion(now, loader, name, parsed),
    reject,
    argumentRepairs,
    training: options.train === true,
    probe: undefined,
    store: new Map(),
  };
  return {
    interp,
    loader,
    parsed,
    tooLong: (file) => long.has(file),
    own: finder.own,
    workspace,
    moduleOf: (file) => moduleOf(loader, finder.moduleOf(file)),
    reading(file, body) {
      touched.clear();
      const value = body();
      return { value, files: closure([file, ...touched], (at) => reads.get(at) ?? []) };
    },
    forget(file) {
      texts.delete(file);
      if (finder.changed(file)) {
        workspace.forget();
        reset();
        return false;
      }
      workspace.changed(file);
      const readBy = new Map<string, string[]>();
      for (const [reader, files] of reads)
        for (const read of files) readBy.set(read, [...(readBy.get(read) ?? []), reader]);
      drop(closure([file], (at) => readBy.get(at) ?? []));
      return true;
    },
    reset,
    held: () => [...parses.values()].reduce((sum, { text }) => sum + text.length, 0),
  };

  function drop(gone: ReadonlySet<string>): void {
    for (const [file, takeBack] of [...loader.takeBack].reverse()) {
      if (!gone.has(file)) continue;
      takeBack();
      loader.takeBack.delete(file);
    }
    for (const file of gone) {
      parses.delete(file);
      modules.delete(file);
      reads.delete(file);
      interp.moduleProblems.delete(file);
      interp.moduleGaps.delete(file);
      finder.extend(file, [], []);
    }
  }

  function reset(): void {
    texts.clear();
    drop(new Set([...modules.keys(), ...parses.keys(), ...loader.takeBack.keys(), ...reads.keys()]));
    finder.forget();
  }
}

/** What is reached from some files, themselves included. */
function closure(start: readonly string[], next: (file: string) => Iterable<string>): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...start];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    queue.push(...next(at));
  }
  return seen;
}

export function limitsFor(timeout = 10_000): Limits {
  return { steps: 4_000_000, depth: 180, nodes: 100_000, deadline: Date.now() + timeout };
}

/** The loaded module of a file. */
export function loadedModule(session: Session, file: string): ModuleValue {
  const { interp } = session;
  const module = session.moduleOf(file);
  interp.store.set("entry", file);
  loadModule(interp, module);
  return module;
}

/** Reports an exception that nothing caught. */
function reportRaised(interp: Interp, raised: Raised): void {
  const { value, doubt, place } = raised;
  if (doubt !== undefined) {
    gap(interp, doubt, place);
    return;
  }
  const name = value.kind === "instance" ? value.cls.name : "Exception";
  const args = value.kind === "instance" ? value.attrs.get("args") : undefined;
  const first = args?.kind === "tuple" ? args.items[0] : undefined;
  const message = first === undefined ? "" : (strOf(interp, first) ?? "");
  interp.problems.push({
    kind: "python",
    exception: name,
    message,
    place,
    frames: raised.frames,
    repairs: [],
    raised: true,
    phase: interp.phase,
  });
}

function reject(interp: Interp, exception: string, message: string): void {
  if (0 < interp.handlers || 0 < interp.speculating) {
    fail(interp, exception, message);
    return;
  }
  interp.problems.push({
    kind: "python",
    exception,
    message,
    place: ownPlace(interp),
    frames: framesNow(interp),
    repairs: [],
    raised: false,
    argument: true,
    phase: interp.phase,
  });
}

/** An import that code usually has for a name, or the helper that listings define under it. */
function suggestion(
  interp: Interp,
  loader: Loader,
  name: string,
  parsed: (file: string) => ParsedFile | undefined,
): ReturnType<Interp["suggest"]> {
  const file = ownPlace(interp)?.file;
  const offset = file === undefined ? 0 : importOffset(parsed(file));
  const usual = usualImports.find(([short]) => short === name);
  if (usual !== undefined) {
    const module = loader.native(usual[2]);
    return module === undefined ? undefined : { text: `${usual[1]}\n`, offset, define: false, value: module };
  }
  const imported = importFor(interp, loader, name);
  if (imported !== undefined) return { text: `${imported.text}\n`, offset, define: false, value: imported.value };
  const definition = usualDefinition(name);
  if (definition === undefined) return undefined;
  const value = defined(interp, loader, name, definition);
  const text = `${definition}\n\n`;
  return value && { text, offset: file === undefined ? 0 : afterImports(parsed(file)), define: true, value };
}

/** Modules whose names code imports one by one, likeliest first. */
const SOURCES = [
  "torch.nn",
  "torch.nn.functional",
  "torch",
  "typing",
  "collections",
  "functools",
  "itertools",
  "dataclasses",
  "math",
  "copy",
  "abc",
  "enum",
  "torch.nn.modules.utils",
  "torch.utils.checkpoint",
  "torch.nn.utils",
];

/** The import that a missing name may have come from: a module of Python's of that name, or a name of a module. */
function importFor(
  interp: Interp,
  loader: Loader,
  name: string,
): { readonly text: string; readonly value: Value } | undefined {
  const own = SOURCES.includes(name) ? loader.native(name) : undefined;
  if (own !== undefined) return { text: `import ${name}`, value: own };
  for (const source of SOURCES) {
    const module = loader.native(source);
    const value = module?.scope.vars.get(name);
    const isReal = interp.really.names(source)?.includes(name) === true || name.startsWith("_");
    if (value !== undefined && isReal) return { text: `from ${source} import ${name}`, value };
  }
  return undefined;
}

/** What a definition that only needs the usual imports binds its name to. */
function defined(interp: Interp, loader: Loader, name: string, definition: string): Value | undefined {
  const scope = moduleScope();
  const module: ModuleValue = { kind: "module", name: "helper", file: undefined, own: false, scope, state: "loaded" };
  for (const [short, , path] of usualImports) {
    const imported = loader.native(path);
    if (imported !== undefined) scope.vars.set(short, imported);
  }
  interp.frames.push(moduleFrame(module));
  execBlock(interp, parsePython(definition).module.body, scope);
  interp.frames.pop();
  return scope.vars.get(name);
}

/** Where an import belongs: after a docstring and `from __future__`. */
function importOffset(file: ParsedFile | undefined): number {
  const body = file?.module.body ?? [];
  const last = body.findLast(
    (stmt, i) =>
      (i === 0 && stmt.kind === "expression" && stmt.value.kind === "string") ||
      (stmt.kind === "import" && stmt.module === "__future__"),
  );
  if (last === undefined || file === undefined) return 0;
  const end = file.text.indexOf("\n", last.span.end);
  return end < 0 ? file.text.length : end + 1;
}

function afterImports(file: ParsedFile | undefined): number {
  const rest = file?.module.body.find((stmt) => stmt.kind !== "import" && stmt.kind !== "expression");
  return rest === undefined ? 0 : lineStart(file?.text ?? "", rest.span.start);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}
