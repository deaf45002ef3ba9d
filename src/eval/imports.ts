import type { ImportStmt, Module, Stmt } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { isNotebook } from "../syntax/python/notebook.ts";
import { type Text, t } from "../text/text.ts";
import { at, callValue, writeName } from "./evaluate.ts";
import { execBlock } from "./execute.ts";
import { Exhausted, type FrameState, fail, gap, type Interp, ownPlace, Raised, topFrame } from "./interp.ts";
import { noteRegistries } from "./registry.ts";
import { moduleScope, type Scope } from "./scope.ts";
import { type LazyValue, type ListValue, list, type ModuleValue, NONE, str, unknown, type Value } from "./value.ts";

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

/** What a module's top level binds, told without running it. */
interface Exports {
  readonly names: ReadonlySet<string>;
  readonly submodules: ReadonlySet<string>;
  readonly all: readonly string[] | "computed" | undefined;
  readonly imports: readonly ImportStmt[];
  readonly open: boolean;
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
  /** Folders that a module put on the import path, before and behind the others. */
  /** Whether a module's text names `sys.path`. */
  readonly changesPath: (file: string) => boolean;
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
interface RunningModule {
  readonly frame: FrameState;
  readonly body: readonly Stmt[];
  readonly done: Set<Stmt>;
  /** Its own folder on `sys.path`, and the list as it has left it. */
  readonly script: Value;
  path: Value[];
}

/** What a notebook's kernel puts into every cell's names. */
const NOTEBOOK_NAMES = ["get_ipython", "display", "exit", "quit", "In", "Out", "_", "__", "___"];

/** Executes an import: binds lazily, nothing is run before a name is read. */
export function execImport(interp: Interp, stmt: ImportStmt, scope: Scope): void {
  at(interp, stmt.span);
  try {
    bindImported(interp, stmt, scope);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    // A handler goes on without them. Code that needs them runs where the module is installed.
    const reason = t("the import of {0} failed", ".".repeat(stmt.level) + stmt.module);
    for (const name of boundBy(stmt)) interp.journal.set(scope.vars, unboundKey(name), unknown({ reason }, name));
    throw error;
  }
}

/** Where a scope notes why an import did not bind a name. */
export function unboundKey(name: string): string {
  return `.unbound ${name}`;
}

function boundBy(stmt: ImportStmt): readonly string[] {
  if (stmt.from) return stmt.names.map((item) => item.alias ?? item.name);
  return [stmt.alias ?? stmt.module.split(".")[0] ?? stmt.module];
}

function bindImported(interp: Interp, stmt: ImportStmt, scope: Scope): void {
  const { loader } = interp;
  const module = topFrame(interp).module;
  if (!stmt.from) {
    const target = importNamed(interp, stmt.module, module);
    if (stmt.alias !== undefined) {
      writeName(interp, stmt.alias, target, scope);
      return;
    }
    const first = stmt.module.split(".")[0] ?? stmt.module;
    writeName(interp, first, first === stmt.module ? target : importNamed(interp, first, module), scope);
    return;
  }
  const from = importFrom(interp, stmt, module);
  if (stmt.star) {
    for (const [name, value] of starNames(interp, from)) writeName(interp, name, value, scope);
    const lost = lostByStar(interp, from, 0);
    if (lost !== undefined) scope.vars.set(".star", lost);
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
    // A module of ours costs nothing to read, and its mistakes stand at the import; so do those of a handled import.
    // What a module that was not found would hold is missed by what uses it.
    const now = from.file === undefined ? from.unknown === undefined : 0 < interp.handlers && lacks(loader, from, name);
    writeName(interp, alias ?? name, now ? memberOf(interp, from, name) : lazy, scope);
  }
}

/** The module that a `from` import reads. */
function importFrom(interp: Interp, stmt: ImportStmt, module: ModuleValue): ModuleValue {
  const { loader } = interp;
  if (stmt.level === 0) return importNamed(interp, stmt.module, module);
  const shown = ".".repeat(stmt.level) + stmt.module;
  if (module.file === undefined) return missingModule(interp, shown, undefined);
  const found = loader.findRelative(module.file, stmt.level, stmt.module);
  if (found === undefined) return missingModule(interp, shown, false);
  return reached(loader, found, module);
}

/** The module of a dotted absolute name; a stand-in that knows why when it cannot be found. */
export function importNamed(interp: Interp, name: string, from: ModuleValue | undefined): ModuleValue {
  const { loader } = interp;
  const native = loader.native(name);
  if (native !== undefined && !(native.standIn === true && shadows(loader, name, from))) return native;
  if (from?.file !== undefined) notePath(interp, from.file);
  const found = loader.find(name, from?.file) ?? findByPathsOf(interp, name, from);
  return found === undefined ? missingModule(interp, name, loader.installed(name)) : reached(loader, found, from);
}

/** The list that code extends as `sys.path`. */
function pathList(interp: Interp): ListValue | undefined {
  const path = interp.loader.native("sys")?.scope.vars.get("path");
  return path?.kind === "list" ? path : undefined;
}

/** Hands the folders that a running module has put on `sys.path` to the finder. */
function notePath(interp: Interp, file: string): void {
  const running = interp.loader.running.get(file);
  const items = pathList(interp)?.items ?? [];
  const script = running === undefined ? -1 : items.indexOf(running.script);
  if (script < 0 || items.length < 2) return;
  const texts = (list: readonly Value[]): readonly string[] =>
    list.flatMap((item) => (item.kind === "str" ? [item.value] : []));
  interp.loader.extend(file, texts(items.slice(0, script)), texts(items.slice(script + 1)));
}

/** A module that lies where another one, imported before for that, has pointed the import path to. */
function findByPathsOf(interp: Interp, name: string, from: ModuleValue | undefined): Found | undefined {
  const { loader } = interp;
  const file = from?.file;
  if (file === undefined || from?.own !== true) return undefined;
  const front: string[] = [];
  for (const stmt of loader.exports(file)?.imports ?? []) {
    if (stmt.module === name) break;
    if (stmt.star) continue;
    const target = staticTarget(loader, file, stmt);
    if (target?.file === undefined || !target.own || !loader.changesPath(target.file)) continue;
    loadModule(interp, target);
    const added = loader.added(target.file);
    if (added !== undefined) front.push(...added.front, ...added.back);
  }
  if (front.length === 0) return undefined;
  const before = loader.added(file);
  loader.extend(file, [...(before?.front ?? []), ...front], before?.back ?? []);
  return loader.find(name, file);
}

/** A script's own folder comes before the standard library. */
function shadows(loader: Loader, name: string, from: ModuleValue | undefined): boolean {
  if (from?.own !== true || from.name.includes(".") || 0 < (from.folders?.length ?? 0)) return false;
  const found = loader.find(name, from.file);
  return found?.own === true && found.kind === "source" && found.sure;
}

/** The names of modules that a body imports at its top and that may or may not be installed. */
export function uncertainImports(interp: Interp, body: readonly Stmt[]): readonly string[] {
  const { loader } = interp;
  const from = topFrame(interp).module.file;
  return body.flatMap((stmt): readonly string[] => {
    if (stmt.kind === "if")
      return [...uncertainImports(interp, stmt.then), ...uncertainImports(interp, stmt.otherwise)];
    if (stmt.kind !== "import" || 0 < stmt.level) return [];
    const known = loader.native(stmt.module) !== undefined || loader.find(stmt.module, from) !== undefined;
    return known || loader.installed(stmt.module) !== undefined ? [] : [stmt.module];
  });
}

function reached(loader: Loader, found: Found, from: ModuleValue | undefined): ModuleValue {
  if (from?.file !== undefined) noteRead(loader, from.file, found.file);
  return moduleOf(loader, found);
}

/** Notes that what is said of one file depends on another. */
export function noteRead(loader: Loader, reader: string, file: string): void {
  const files = loader.reads.get(reader);
  if (files === undefined) loader.reads.set(reader, new Set([file]));
  else files.add(file);
}

/** The module object of a file, made once. */
export function moduleOf(loader: Loader, found: Found): ModuleValue {
  const known = loader.modules.get(found.file);
  if (known !== undefined) return known;
  const module: ModuleValue = {
    kind: "module",
    name: found.name,
    file: found.file,
    own: found.own,
    sure: found.sure,
    scope: moduleScope(),
    state: "unloaded",
    folders: found.folders,
    ...(found.kind === "compiled"
      ? { unknown: { reason: t("{0} is compiled and has no source to read", found.name) } }
      : {}),
    ...(found.kind === "stub" ? { stub: true as const } : {}),
  };
  loader.modules.set(found.file, module);
  return module;
}

/** A name of a module: run the module if need be; a submodule is found without running the package. */
export function memberOf(
  interp: Interp,
  module: ModuleValue,
  name: string,
  reading: "import" | "attribute" = "import",
): Value {
  if (module.unknown !== undefined) return unknown(gap(interp, module.unknown.reason), name);
  const { loader } = interp;
  if (module.file === undefined) {
    const value = module.scope.vars.get(name) ?? module.missing?.(interp, name);
    if (value !== undefined) return value;
    return missingMember(interp, module, name, reading);
  }
  if (module.state === "unloaded") {
    const submodule = submoduleOf(loader, module, name);
    // Whether the package binds the name to something else is told without running it.
    if (submodule !== undefined && provides(loader, module, name) === false) return submodule;
    loadModule(interp, module);
  }
  const value = module.scope.vars.get(name);
  // A name that leads back to itself was not bound yet when Python read it: then a submodule is meant.
  if (value !== undefined && !(value.kind === "lazy" && loader.resolving.has(value)))
    return value.kind === "lazy" ? resolveIn(interp, module, name, value) : value;
  const submodule = submoduleOf(loader, module, name);
  if (submodule !== undefined) return submodule;
  const early = runEarly(interp, module, name);
  if (early !== undefined) return early.kind === "lazy" ? resolveIn(interp, module, name, early) : early;
  const star = module.scope.vars.get(".star");
  if (star?.kind === "unknown") return unknown(star.why, name);
  const getter = module.scope.vars.get("__getattr__");
  if (getter !== undefined && !/^__.*__$/.test(name)) return fromGetter(interp, module, getter, name, reading);
  return missingMember(interp, module, name, reading);
}

function submoduleOf(loader: Loader, module: ModuleValue, name: string): ModuleValue | undefined {
  if (module.folders === undefined || module.folders.length === 0) return undefined;
  const found = loader.findIn(module.folders, name, module.name);
  if (found === undefined) return undefined;
  return reached(loader, module.sure === false ? { ...found, sure: false } : found, module);
}

/** What a module's own `__getattr__` gives; where it refuses, the name is missing. */
function fromGetter(
  interp: Interp,
  module: ModuleValue,
  getter: Value,
  name: string,
  reading: "import" | "attribute",
): Value {
  try {
    interp.handlers++;
    return callValue(interp, getter, { positional: [{ value: str(name) }], keywords: [] });
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    return missingMember(interp, module, name, reading);
  } finally {
    interp.handlers--;
  }
}

/** Whether a module binds a name itself, told without running it; undefined where it is not told. */
function provides(loader: Loader, module: ModuleValue, name: string, depth = 0): boolean | undefined {
  if (module.file === undefined || module.unknown !== undefined || 20 < depth) return undefined;
  const exports = loader.exports(module.file);
  if (exports === undefined) return false;
  if (exports.names.has(name)) return true;
  let sure = !exports.open;
  for (const stmt of exports.imports) {
    if (!stmt.star) continue;
    const target = staticTarget(loader, module.file, stmt);
    const given = target === undefined ? undefined : givesByStar(loader, target, name, depth + 1);
    if (given === true) return true;
    if (given === undefined) sure = false;
  }
  return sure ? false : undefined;
}

function givesByStar(loader: Loader, module: ModuleValue, name: string, depth: number): boolean | undefined {
  const exports = module.file === undefined ? undefined : loader.exports(module.file);
  if (exports === undefined) return undefined;
  if (exports.all === "computed") return undefined;
  if (exports.all !== undefined) return exports.all.includes(name);
  return name.startsWith("_") ? false : provides(loader, module, name, depth);
}

/** The module that an import of a file reads from; undefined for modules of ours and those not found. */
function staticTarget(loader: Loader, file: string, stmt: ImportStmt): ModuleValue | undefined {
  if (stmt.level === 0 && loader.native(stmt.module) !== undefined) return undefined;
  const found = stmt.level === 0 ? loader.find(stmt.module, file) : loader.findRelative(file, stmt.level, stmt.module);
  if (found === undefined) return undefined;
  noteRead(loader, file, found.file);
  return moduleOf(loader, found);
}

/** Every module that an import of a file runs in Python, the packages around it included. */
export function importTargets(loader: Loader, file: string, stmt: ImportStmt): readonly ModuleValue[] {
  const targets: ModuleValue[] = [];
  if (stmt.level === 0)
    for (let dot = stmt.module.indexOf("."); 0 < dot; dot = stmt.module.indexOf(".", dot + 1)) {
      const outer = staticTarget(loader, file, { ...stmt, module: stmt.module.slice(0, dot) });
      if (outer !== undefined) targets.push(outer);
    }
  const target = staticTarget(loader, file, stmt);
  if (target === undefined) return targets;
  targets.push(target);
  for (const { name } of stmt.names) {
    const submodule = submoduleOf(loader, target, name);
    if (submodule !== undefined) targets.push(submodule);
  }
  return targets;
}

/** Whether a module surely has no such name, told without running it. */
function lacks(loader: Loader, module: ModuleValue, name: string): boolean {
  if (module.state !== "unloaded")
    return !module.scope.vars.has(name) && submoduleOf(loader, module, name) === undefined;
  return provides(loader, module, name) === false && submoduleOf(loader, module, name) === undefined;
}

/** Runs a module's top level once. Its effects stay whatever is undone around it. */
export function loadModule(interp: Interp, module: ModuleValue): void {
  if (module.state !== "unloaded" || module.file === undefined) return;
  const { loader } = interp;
  const { file } = module;
  const parsed = loader.parse(file);
  module.state = "loading";
  if (parsed === undefined) {
    module.state = "loaded";
    return;
  }
  const frame: FrameState = {
    function: "<module>",
    module,
    scope: module.scope,
    span: undefined,
    statement: 0,
    path: undefined,
    self: undefined,
    cls: undefined,
  };
  const script = str(loader.parent(file));
  const running: RunningModule = { frame, body: parsed.body, done: new Set(), script, path: [script] };
  loader.running.set(file, running);
  loader.extend(file, [], []);
  interp.moduleProblems.set(file, []);
  interp.moduleGaps.set(file, new Map());
  const { vars } = module.scope;
  vars.set("__name__", str(module.name));
  vars.set("__file__", str(file));
  vars.set("__doc__", NONE);
  vars.set("__package__", str(isPackage(module) ? module.name : module.name.split(".").slice(0, -1).join(".")));
  if (isNotebook(file)) {
    vars.set("__name__", str("__main__"));
    for (const name of NOTEBOOK_NAMES) vars.set(name, unknown({ reason: t("{0} is not known", name) }, name));
  }
  if (isPackage(module)) vars.set("__path__", list((module.folders ?? []).map(str)));
  try {
    for (const stmt of parsed.body) {
      if (running.done.has(stmt)) continue;
      running.done.add(stmt);
      if (module.stub === true) stubStatement(interp, module, stmt);
      else runStatement(interp, module, running, stmt);
    }
    module.state = "loaded";
    noteRegistries(interp, module);
  } catch (error) {
    // The time of a root ran out: as if the module had never been read.
    loader.takeBack.get(file)?.();
    loader.takeBack.delete(file);
    vars.clear();
    module.state = "unloaded";
    throw error;
  } finally {
    loader.running.delete(file);
  }
}

function isPackage(module: ModuleValue): boolean {
  return module.folders !== undefined && 0 < module.folders.length;
}

/** Runs one statement of a module's top level, apart from whatever evaluation needs the module. */
function runStatement(interp: Interp, module: ModuleValue, running: RunningModule, stmt: Stmt): void {
  const file = module.file ?? "";
  const { frame } = running;
  const path = pathList(interp);
  const outerPath = path?.items;
  if (path !== undefined) path.items = running.path;
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
    steps: interp.steps,
    absentModules: interp.absentModules,
  };
  interp.problems = [...(interp.moduleProblems.get(file) ?? [])];
  interp.moduleProblems.set(file, interp.problems);
  Object.assign(interp, {
    phase: "module",
    frames: [frame],
    handlers: 0,
    speculating: 0,
    graph: undefined,
    recorder: undefined,
    path: undefined,
    argument: undefined,
    gaps: interp.moduleGaps.get(file) ?? new Map(),
    steps: 0,
    absentModules: false,
  });
  try {
    const takeBack = interp.journal.apart(() => {
      try {
        execBlock(interp, [stmt], module.scope);
      } catch (error) {
        interp.frames = [frame];
        interp.handlers = 0;
        interp.speculating = 0;
        if (error instanceof Raised) interp.reportRaised(interp, error);
        else if (error instanceof Exhausted && interp.limits.deadline < Date.now()) throw error;
        else if (error instanceof Exhausted || error instanceof RangeError)
          loseNames(interp, module, error instanceof Exhausted ? error.reason : t("nested too deeply"));
        else throw error;
      }
    });
    const before = interp.loader.takeBack.get(file);
    interp.loader.takeBack.set(
      file,
      before === undefined
        ? takeBack
        : () => {
            takeBack();
            before();
          },
    );
  } finally {
    Object.assign(interp, saved);
    if (path !== undefined && outerPath !== undefined) {
      notePath(interp, file);
      running.path = path.items;
      path.items = outerPath;
    }
  }
}

/** A statement was given up: the names that it would have bound are not known. */
function loseNames(interp: Interp, { scope }: ModuleValue, reason: Text): void {
  const why = gap(interp, reason);
  if (!scope.vars.has(".star")) scope.vars.set(".star", unknown(why));
}

/** A stub has names without meaning; what it imports from elsewhere may be real. */
function stubStatement(interp: Interp, module: ModuleValue, stmt: Stmt): void {
  if (stmt.kind === "import") {
    const running = interp.loader.running.get(module.file ?? "");
    if (running !== undefined) runStatement(interp, module, running, stmt);
    return;
  }
  const names =
    stmt.kind === "def"
      ? [stmt.value.name]
      : stmt.kind === "class"
        ? [stmt.name]
        : stmt.kind === "assign" && stmt.target.kind === "name"
          ? [stmt.target.name]
          : [];
  for (const name of names)
    module.scope.vars.set(
      name,
      unknown({ reason: t("{0}.{1} has a stub and no source to read", module.name, name) }, `${module.name}.${name}`),
    );
  if (stmt.kind === "if") for (const inner of [...stmt.then, ...stmt.otherwise]) stubStatement(interp, module, inner);
}

/**
 * A name of a module that is still running and has not come to the statement that binds it. Python would have run that
 * module earlier, since imports are not lazy there: so the statement is run now, if it is the only one for the name.
 */
function runEarly(interp: Interp, module: ModuleValue, name: string): Value | undefined {
  const running = interp.loader.running.get(module.file ?? "");
  if (running === undefined || module.stub === true) return undefined;
  const binding = running.body.filter((stmt) => bindsName(stmt, name));
  const [stmt] = binding;
  if (stmt === undefined || binding.length !== 1 || running.done.has(stmt)) return undefined;
  running.done.add(stmt);
  runStatement(interp, module, running, stmt);
  return module.scope.vars.get(name);
}

function bindsName(stmt: Stmt, name: string): boolean {
  switch (stmt.kind) {
    case "def":
      return stmt.value.name === name;
    case "class":
      return stmt.name === name;
    case "assign":
      return stmt.target.kind === "name" && stmt.target.name === name;
    case "import":
      return boundBy(stmt).includes(name);
    default:
      return false;
  }
}

function resolveIn(interp: Interp, module: ModuleValue, name: string, lazy: LazyValue): Value {
  const { resolving } = interp.loader;
  const outer = resolving.has(lazy);
  resolving.add(lazy);
  let resolved: Value;
  try {
    const value = lazy.resolve(interp);
    resolved = value.kind === "lazy" ? value.resolve(interp) : value;
  } finally {
    if (!outer) resolving.delete(lazy);
  }
  // Whoever reads what is not known is told why, each time.
  if (resolved.kind !== "unknown") module.scope.vars.set(name, resolved);
  return resolved;
}

function missingMember(interp: Interp, module: ModuleValue, name: string, reading: "import" | "attribute"): Value {
  const { loader } = interp;
  const refuse = (): Value =>
    reading === "import"
      ? fail(interp, "ImportError", `cannot import name '${name}' from '${module.name}'`)
      : fail(interp, "AttributeError", `module '${module.name}' has no attribute '${name}'`);
  if (module.file === undefined) {
    if (!interp.really.absent(module.name, name))
      return unknown(gap(interp, t("{0}.{1} is not known", module.name, name)), name);
    return refuse();
  }
  // A name that no statement binds is missing now and later.
  if (module.state === "loading" && loader.exports(module.file)?.names.has(name) !== false)
    return unknown(gap(interp, t("{0} is read while {1} is still being imported", name, module.name)), name);
  const certain = module.stub !== true && loader.exports(module.file)?.open !== true;
  // A handler of the code's own decides, whoever wrote the module; otherwise only the user's own mistake is one.
  if (!certain || !(0 < interp.handlers || (module.own && module.sure !== false)))
    return unknown(gap(interp, t("{0} has no {1}", module.name, name)), name);
  return refuse();
}

/** A module that is nowhere: an exception where the code handles that and it is certain, else a gap. */
function missingModule(interp: Interp, name: string, installed: boolean | undefined): ModuleValue {
  if (0 < interp.handlers && (installed === false || (installed === undefined && interp.absentModules)))
    throw new Raised(interp.lang.makeException(interp, "ModuleNotFoundError", `No module named '${name}'`), interp);
  const place = ownPlace(interp);
  const reason = t("module {0} was not found", name);
  const why: Why = place === undefined ? { reason } : { reason, place };
  return { kind: "module", name, file: undefined, own: false, scope: moduleScope(), state: "loaded", unknown: why };
}

/** What a star import binds, without running the module where its `__all__` or its top-level names tell. */
function starNames(interp: Interp, module: ModuleValue): readonly (readonly [string, Value])[] {
  if (module.unknown !== undefined) return [];
  if (module.file === undefined)
    return [...module.scope.vars].filter(([name]) => !name.startsWith("_") && !name.startsWith("."));
  return namesByStar(interp, module, 0).map(
    (name) =>
      [
        name,
        {
          kind: "lazy",
          resolve: (now: Interp) => memberOf(now, module, name),
        },
      ] as const,
  );
}

/** Why a star import may bind more names than are known: some module that it reaches by stars was not found. */
function lostByStar(interp: Interp, module: ModuleValue, depth: number): Value | undefined {
  if (module.unknown !== undefined) return unknown(module.unknown, module.name);
  const noted = module.scope.vars.get(".star");
  const exports = module.file === undefined ? undefined : interp.loader.exports(module.file);
  if (noted !== undefined || module.file === undefined || exports === undefined || Array.isArray(exports.all))
    return Array.isArray(exports?.all) ? undefined : noted;
  for (const stmt of exports.imports) {
    if (!stmt.star || MAX_STARS < depth) continue;
    const target = staticTarget(interp.loader, module.file, stmt);
    const lost =
      target === undefined
        ? unknown({ reason: t("module {0} was not found", stmt.module) }, stmt.module)
        : lostByStar(interp, target, depth + 1);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** Star imports of star imports that are followed. */
const MAX_STARS = 20;

function namesByStar(interp: Interp, module: ModuleValue, depth: number): readonly string[] {
  const { loader } = interp;
  const exports = module.file === undefined ? undefined : loader.exports(module.file);
  if (module.file === undefined || exports === undefined) return [];
  if (exports.all !== undefined && exports.all !== "computed") return exports.all;
  const isPublic = (name: string): boolean => !name.startsWith("_") && !name.startsWith(".");
  if (exports.all === undefined && !exports.open && module.state === "unloaded" && depth < MAX_STARS) {
    const names = new Set([...exports.names, ...exports.submodules].filter(isPublic));
    let told = true;
    for (const stmt of exports.imports) {
      if (!stmt.star) continue;
      const target = staticTarget(loader, module.file, stmt);
      if (target === undefined) told = false;
      else for (const name of namesByStar(interp, target, depth + 1)) if (isPublic(name)) names.add(name);
    }
    if (told) return [...names];
  }
  loadModule(interp, module);
  const all = module.scope.vars.get("__all__");
  return all?.kind === "list" && all.why === undefined
    ? all.items.flatMap((item) => (item.kind === "str" ? [item.value] : []))
    : [...module.scope.vars.keys()].filter(isPublic);
}
