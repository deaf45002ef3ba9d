import type { FileSystem, Options } from "./analysis.ts";
import type { Module } from "./core/core.ts";

import { execBlock } from "./eval/execute.ts";
import type { Loader } from "./eval/imports.ts";
import { loadModule, moduleOf } from "./eval/imports.ts";
import type { FrameState } from "./eval/interp.ts";
import { fail, framesNow, type Interp, type Limits, ownPlace, type Raised } from "./eval/interp.ts";
import { createJournal } from "./eval/journal.ts";
import { moduleScope } from "./eval/scope.ts";
import type { ModuleValue, Value } from "./eval/value.ts";
import { createFinder } from "./finder.ts";
import { strOf } from "./lang/format.ts";
import { argumentRepairs, python } from "./lang/python.ts";
import { type Exports, exportsOf } from "./syntax/python/exports.ts";
import { type ParsedFile, parsePython } from "./syntax/python/parse.ts";

import { parameterClass, tensorClass } from "./torch/classes.ts";
import { quietAttribute, registeredNames } from "./torch/module.ts";
import { absentForReal, isPythons, namesForReal, nativeModules, standIn, usualImports } from "./torch/namespace.ts";
import { usualDefinition } from "./torch/usual.ts";

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
  /** The module of a file, not run. */
  readonly moduleOf: (file: string) => ModuleValue;
  /** Forgets a file and every module that read it. */
  readonly forget: (file: string) => void;
}

export function createSession(files: FileSystem, options: Options): Session {
  const parses = new Map<string, ParsedFile>();
  const long = new Set<string>();
  const natives = nativeModules();
  const modules = new Map<string, ModuleValue>();
  const readBy = new Map<string, Set<string>>();

  const parsed = (file: string): ParsedFile | undefined => {
    const known = parses.get(file);
    if (known !== undefined) return known;
    const text = files.read(file);
    if (text === undefined) return undefined;
    if (MAX_TEXT < text.length) long.add(file);
    else long.delete(file);
    const made = parsePython(text.length <= MAX_TEXT ? text : "", stale.get(file));
    parses.set(file, made);
    return made;
  };
  const stale = new Map<string, ParsedFile>();
  const finder = createFinder(files, options);
  const standIns = new Map<string, ModuleValue>();
  const exported = new Map<string, { readonly text: string; readonly exports: Exports }>();
  const loader: Loader = {
    find: finder.find,
    findRelative: finder.findRelative,
    findIn: finder.findIn,
    parse: (file): Module | undefined => parsed(file)?.module,
    text: files.read,
    kind: files.kind,
    list: files.list,
    parent: files.parent,
    changesPath: (file) => files.read(file)?.includes("sys.path") === true,
    extend: finder.extend,
    added: finder.added,
    exports: (file) => {
      const text = files.read(file);
      if (text === undefined) return undefined;
      const known = exported.get(file);
      if (known?.text === text) return known.exports;
      const made = exportsOf(text.length <= MAX_TEXT ? text : "");
      exported.set(file, { text, exports: made });
      return made;
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
    readBy,
    takeBack: new Map(),
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
    store: new Map(),
  };
  return {
    interp,
    loader,
    parsed,
    tooLong: (file) => long.has(file),
    own: finder.own,
    moduleOf: (file) => moduleOf(loader, finder.moduleOf(file)),
    forget(file) {
      const old = parses.get(file);
      if (old !== undefined) stale.set(file, old);
      parses.delete(file);
      finder.forget();
      const queue = [file];
      const seen = new Set<string>();
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        if (seen.has(at)) continue;
        seen.add(at);
        modules.delete(at);
        for (const reader of readBy.get(at) ?? []) queue.push(reader);
      }
      for (const [name, takeBack] of [...loader.takeBack].reverse()) {
        if (!seen.has(name)) continue;
        takeBack();
        loader.takeBack.delete(name);
      }
    },
  };
}

export function limitsFor(timeout = 10_000): Limits {
  return { steps: 4_000_000, depth: 180, nodes: 20_000, deadline: Date.now() + timeout };
}

/** The loaded module of a file. */
export function loadedModule(session: Session, file: string): ModuleValue {
  const { interp } = session;
  const module = session.moduleOf(file);
  interp.store.set("entry", file);
  loadModule(interp, module);
  return module;
}

/** A frame in which an expression of a module is evaluated. */
export function moduleFrame(module: ModuleValue): FrameState {
  return {
    function: "<module>",
    module,
    scope: module.scope,
    span: undefined,
    statement: 0,
    path: undefined,
    self: undefined,
    cls: undefined,
  };
}

/** Reports an exception that nothing caught. */
function reportRaised(interp: Interp, raised: Raised): void {
  const { value } = raised;
  const name = value.kind === "instance" ? value.cls.name : "Exception";
  const args = value.kind === "instance" ? value.attrs.get("args") : undefined;
  const first = args?.kind === "tuple" ? args.items[0] : undefined;
  const message = first === undefined ? "" : (strOf(interp, first) ?? "");
  interp.problems.push({
    kind: "python",
    exception: name,
    message,
    place: raised.place,
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
  const definition = usualDefinition(name);
  if (definition === undefined) return undefined;
  const value = defined(interp, loader, name, definition);
  const text = `${definition}\n\n`;
  return value && { text, offset: file === undefined ? 0 : afterImports(parsed(file)), define: true, value };
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
  const first = file?.module.body[0];
  if (first?.kind === "expression" && first.value.kind === "string")
    return Math.min((file?.text.indexOf("\n", first.span.end) ?? -1) + 1, file?.text.length ?? 0);
  return 0;
}

function afterImports(file: ParsedFile | undefined): number {
  const rest = file?.module.body.find((stmt) => stmt.kind !== "import" && stmt.kind !== "expression");
  return rest === undefined ? 0 : lineStart(file?.text ?? "", rest.span.start);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}
