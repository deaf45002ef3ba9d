import type { Stmt } from "../core/core.ts";
import { isNotebook } from "../syntax/python/notebook.ts";
import { type Text, t } from "../text/text.ts";
import { execBlock } from "./execute.ts";
import { Exhausted, gap, type Interp, Raised } from "./interp.ts";
import type { RunningModule } from "./loader.ts";
import { enterModule, moduleFrame } from "./module-level.ts";
import { noteRegistries } from "./registry.ts";
import { type ListValue, list, type ModuleValue, NONE, str, unknown, type Value } from "./value.ts";

/** What a notebook's kernel puts into every cell's names. */
const NOTEBOOK_NAMES = ["get_ipython", "display", "exit", "quit", "In", "Out", "_", "__", "___"];

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
  const frame = moduleFrame(module);
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
    problems: interp.problems,
    gaps: interp.gaps,
    steps: interp.steps,
    absentModules: interp.absentModules,
  };
  interp.problems = [...(interp.moduleProblems.get(file) ?? [])];
  interp.moduleProblems.set(file, interp.problems);
  const leave = enterModule(interp, frame);
  Object.assign(interp, {
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
    leave();
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
export function runEarly(interp: Interp, module: ModuleValue, name: string): Value | undefined {
  const running = interp.loader.running.get(module.file ?? "");
  if (running === undefined || module.stub === true) return undefined;
  const binding = running.body.filter((stmt) => boundBy(stmt).includes(name));
  const [stmt] = binding;
  if (stmt === undefined || binding.length !== 1 || running.done.has(stmt)) return undefined;
  running.done.add(stmt);
  runStatement(interp, module, running, stmt);
  return module.scope.vars.get(name);
}

/** Names that a statement binds itself, not by what stands inside of it. */
export function boundBy(stmt: Stmt): readonly string[] {
  switch (stmt.kind) {
    case "def":
      return [stmt.value.name];
    case "class":
      return [stmt.name];
    case "assign":
      return stmt.target.kind === "name" ? [stmt.target.name] : [];
    case "import":
      if (stmt.from) return stmt.names.map((item) => item.alias ?? item.name);
      return [stmt.alias ?? stmt.module.split(".")[0] ?? stmt.module];
    default:
      return [];
  }
}

/** The list that code extends as `sys.path`. */
function pathList(interp: Interp): ListValue | undefined {
  const path = interp.loader.native("sys")?.scope.vars.get("path");
  return path?.kind === "list" ? path : undefined;
}

/** Hands the folders that a running module has put on `sys.path` to the finder. */
export function notePath(interp: Interp, file: string): void {
  const running = interp.loader.running.get(file);
  const items = pathList(interp)?.items ?? [];
  const script = running === undefined ? -1 : items.indexOf(running.script);
  if (script < 0 || items.length < 2) return;
  const texts = (list: readonly Value[]): readonly string[] =>
    list.flatMap((item) => (item.kind === "str" ? [item.value] : []));
  interp.loader.extend(file, texts(items.slice(0, script)), texts(items.slice(script + 1)));
}
