import type { ImportStmt, Module } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { at, writeName } from "./evaluate.ts";
import { execBlock } from "./execute.ts";
import { Exhausted, type FrameState, fail, gap, type Interp, ownPlace, Raised, topFrame } from "./interp.ts";
import { moduleScope, type Scope } from "./scope.ts";
import { type LazyValue, type ModuleValue, str, unknown, type Value } from "./value.ts";

/** Finds and parses modules; what it returns is cached by the caller and shared by all roots. */
export interface Loader {
  /** Source file of a dotted module name as seen from a file, or undefined when there is none. */
  readonly find: (
    name: string,
    from: string | undefined,
  ) => { readonly file: string; readonly folder: string | undefined; readonly own: boolean } | undefined;
  readonly parse: (file: string) => Module | undefined;
  /** Modules of ours (`torch`, `math`), by dotted name. */
  readonly native: (name: string) => ModuleValue | undefined;
  /** Whether real Python has a module of that name in its standard library or in torch: then its absence is our gap. */
  readonly knownElsewhere: (name: string) => boolean;
  readonly modules: Map<string, ModuleValue>;
  /** Module name of a file: `torchvision.models.resnet`. */
  readonly nameOf: (file: string) => string;
  readonly readBy: Map<string, Set<string>>;
  /** Takes back what loading a file wrote elsewhere (a registry), in order of loading. */
  readonly takeBack: Map<string, () => void>;
}

/** Executes an import: binds lazily, nothing is run before a name is read. */
export function execImport(interp: Interp, stmt: ImportStmt, scope: Scope): void {
  at(interp, stmt.span);
  const loader = loaderOf(interp);
  const module = topFrame(interp).module;
  if (!stmt.from) {
    const target = importDotted(interp, loader, stmt.module, module);
    if (stmt.alias !== undefined) {
      writeName(interp, stmt.alias, target, scope);
      return;
    }
    const first = stmt.module.split(".")[0] ?? stmt.module;
    writeName(interp, first, first === stmt.module ? target : importDotted(interp, loader, first, module), scope);
    return;
  }
  const base = absoluteName(stmt.module, stmt.level, module);
  const from = base === undefined ? unknownModule(stmt.module, interp) : importDotted(interp, loader, base, module);
  if (stmt.star) {
    for (const [name, value] of starNames(interp, loader, from)) writeName(interp, name, value, scope);
    if (from.unknown !== undefined) scope.vars.set(".star", unknown(from.unknown, from.name));
    return;
  }
  for (const { name, alias, span } of stmt.names) {
    const lazy: LazyValue = {
      kind: "lazy",
      resolve: (now) => {
        const frame = now.frames[now.frames.length - 1];
        if (frame !== undefined && frame.module === module && frame.span === undefined) frame.span = span;
        return memberOf(now, from, name);
      },
    };
    // A module of ours costs nothing to read, and its mistakes stand at the import.
    writeName(interp, alias ?? name, from.file === undefined ? memberOf(interp, from, name) : lazy, scope);
  }
}

/** A name of a module: run the module if need be; a submodule is found without running the package. */
export function memberOf(interp: Interp, module: ModuleValue, name: string): Value {
  if (module.unknown !== undefined) return unknown(gap(interp, module.unknown.reason), name);
  const loader = loaderOf(interp);
  if (module.file === undefined) {
    const value = module.scope.vars.get(name) ?? module.missing?.(interp, name);
    if (value !== undefined) return value;
    return missingMember(interp, module, name);
  }
  const known = module.scope.vars.get(name);
  if (known !== undefined && module.state !== "unloaded")
    return known.kind === "lazy" ? resolveIn(interp, module, name, known) : known;
  if (
    module.folder !== undefined &&
    loader.find(`${module.name}.${name}`, module.file) !== undefined &&
    module.state === "unloaded"
  ) {
    return importDotted(interp, loader, `${module.name}.${name}`, module);
  }
  loadModule(interp, module);
  const value = module.scope.vars.get(name);
  if (value !== undefined) return value.kind === "lazy" ? resolveIn(interp, module, name, value) : value;
  if (module.folder !== undefined) {
    const found = loader.find(`${module.name}.${name}`, module.file);
    if (found !== undefined) return importDotted(interp, loader, `${module.name}.${name}`, module);
  }
  const star = module.scope.vars.get(".star");
  if (star?.kind === "unknown") return unknown(star.why, name);
  const getter = module.scope.vars.get("__getattr__");
  if (getter !== undefined) return unknown(gap(interp, t("{0} is made by the module's __getattr__", name)), name);
  if (module.state === "loading")
    return unknown(gap(interp, t("{0} is read while {1} is still being imported", name, module.name)), name);
  return missingMember(interp, module, name);
}

/** Runs a module's top level once. Its effects stay whatever is undone around it. */
export function loadModule(interp: Interp, module: ModuleValue): void {
  if (module.state !== "unloaded" || module.file === undefined) return;
  const loader = loaderOf(interp);
  const parsed = loader.parse(module.file);
  module.state = "loading";
  const file = module.file;
  if (parsed === undefined) {
    module.state = "loaded";
    return;
  }
  const saved = {
    phase: interp.phase,
    frames: interp.frames,
    handlers: interp.handlers,
    speculating: interp.speculating,
    graph: interp.graph,
    recorder: interp.recorder,
    path: interp.path,
    argument: interp.argument,
    problems: interp.problems,
    gaps: interp.gaps,
  };
  interp.problems = [];
  interp.moduleProblems.set(file, interp.problems);
  interp.gaps = new Map();
  interp.moduleGaps.set(file, interp.gaps);
  interp.phase = "module";
  interp.frames = saved.frames.slice(-1);
  interp.handlers = 0;
  interp.speculating = 0;
  interp.graph = undefined;
  interp.recorder = undefined;
  interp.path = undefined;
  interp.argument = undefined;
  const frame: FrameState = {
    function: "<module>",
    module,
    scope: module.scope,
    span: undefined,
    statement: 0,
    path: undefined,
    yields: undefined,
    self: undefined,
    cls: undefined,
  };
  interp.frames = [frame];
  try {
    const takeBack = interp.journal.apart(() => {
      module.scope.vars.set("__name__", str(module.name));
      module.scope.vars.set("__file__", str(file));
      for (let i = 0; i < parsed.body.length; i++) {
        try {
          execBlock(interp, parsed.body.slice(i, i + 1), module.scope);
        } catch (error) {
          interp.frames = [frame];
          interp.handlers = 0;
          interp.speculating = 0;
          if (error instanceof Raised) interp.reportRaised(interp, error);
          else if (error instanceof Exhausted || error instanceof RangeError)
            gap(interp, error instanceof Exhausted ? error.reason : t("nested too deeply"));
          else throw error;
        }
      }
    });
    loader.takeBack.set(file, takeBack);
  } finally {
    Object.assign(interp, saved);
    module.state = "loaded";
  }
}

/** The module of a dotted absolute name; a stand-in that knows why when it cannot be found. */
function importDotted(interp: Interp, loader: Loader, name: string, from: ModuleValue | undefined): ModuleValue {
  const native = loader.native(name);
  if (native !== undefined) return native;
  const found = loader.find(name, from?.file);
  if (found === undefined) return unknownModule(name, interp);
  if (from?.file !== undefined) {
    let readers = loader.readBy.get(found.file);
    if (readers === undefined) {
      readers = new Set();
      loader.readBy.set(found.file, readers);
    }
    readers.add(from.file);
  }
  return moduleOf(loader, found.file, name, found.folder, found.own);
}

/** The module object of a file, made once. */
export function moduleOf(
  loader: Loader,
  file: string,
  name: string,
  folder: string | undefined,
  own: boolean,
): ModuleValue {
  const known = loader.modules.get(file);
  if (known !== undefined) return known;
  const module: ModuleValue = { kind: "module", name, file, own, scope: moduleScope(), state: "unloaded", folder };
  loader.modules.set(file, module);
  return module;
}

function loaderOf(interp: Interp): Loader {
  return interp.loader;
}

function resolveIn(interp: Interp, module: ModuleValue, name: string, lazy: LazyValue): Value {
  const value = lazy.resolve(interp);
  const resolved = value.kind === "lazy" ? value.resolve(interp) : value;
  module.scope.vars.set(name, resolved);
  return resolved;
}

function missingMember(interp: Interp, module: ModuleValue, name: string): Value {
  if (module.file === undefined && !interp.really.absent(module.name, name))
    return unknown(gap(interp, t("{0}.{1} is not known", module.name, name)), name);
  if (module.file !== undefined && !module.own)
    return unknown(gap(interp, t("{0} has no {1}", module.name, name)), name);
  return fail(interp, "ImportError", `cannot import name '${name}' from '${module.name}'`);
}

function unknownModule(name: string, interp: Interp): ModuleValue {
  const why = {
    reason: t("module {0} was not found", name),
    ...(ownPlace(interp) === undefined ? {} : { place: ownPlace(interp) }),
  } as Why;
  return { kind: "module", name, file: undefined, own: false, scope: moduleScope(), state: "loaded", unknown: why };
}

function absoluteName(name: string, level: number, module: ModuleValue): string | undefined {
  if (level === 0) return name;
  const parts = module.name.split(".");
  const drop = level - (module.folder === undefined ? 0 : 1);
  if (parts.length < drop) return undefined;
  const base = parts.slice(0, parts.length - drop);
  if (base.length === 0) return name === "" ? undefined : name;
  return name === "" ? base.join(".") : `${base.join(".")}.${name}`;
}

/** What a star import binds, without running the module where its `__all__` or its top-level names tell. */
function starNames(interp: Interp, loader: Loader, module: ModuleValue): readonly (readonly [string, Value])[] {
  if (module.unknown !== undefined) return [];
  if (module.file === undefined)
    return [...module.scope.vars].filter(([name]) => !name.startsWith("_") && !name.startsWith("."));
  const parsed = loader.parse(module.file);
  if (parsed === undefined) return [];
  let names = parsed.names.filter((name) => !name.startsWith("_"));
  let literal = true;
  for (const stmt of parsed.body) {
    if (stmt.kind === "import" && stmt.star) literal = false;
    if (
      stmt.kind !== "assign" ||
      stmt.target.kind !== "name" ||
      stmt.target.name !== "__all__" ||
      stmt.value === undefined
    )
      continue;
    if (
      stmt.value.kind === "list" &&
      stmt.augmented === undefined &&
      stmt.value.items.every((item) => item.value.kind === "string" && !item.star)
    ) {
      names = stmt.value.items.map((item) => (item.value.kind === "string" ? item.value.value : ""));
    } else literal = false;
  }
  if (!literal) {
    loadModule(interp, module);
    const all = module.scope.vars.get("__all__");
    names =
      all?.kind === "list" && all.why === undefined
        ? all.items.flatMap((item) => (item.kind === "str" ? [item.value] : []))
        : [...module.scope.vars.keys()].filter((name) => !name.startsWith("_") && !name.startsWith("."));
  }
  return names.map((name) => [name, { kind: "lazy", resolve: (now) => memberOf(now, module, name) }] as const);
}
