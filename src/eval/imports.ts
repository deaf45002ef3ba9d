import type { ImportStmt, Stmt } from "../core/core.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { at, callValue, writeName } from "./evaluate.ts";
import { fail, gap, type Interp, ownPlace, Raised, topFrame } from "./interp.ts";
import { boundBy, loadModule, notePath, runEarly } from "./load-module.ts";
import type { Found, Loader } from "./loader.ts";
import { lacks, provides, reached, staticTarget, submoduleOf } from "./provided.ts";
import { moduleScope, type Scope } from "./scope.ts";
import { lostByStar, namesByStar } from "./star-imports.ts";
import { type LazyValue, type ModuleValue, str, unknown, type Value } from "./value.ts";

/** Executes an import: binds lazily, nothing is run before a name is read. */
export function execImport(interp: Interp, stmt: ImportStmt, scope: Scope): void {
  at(interp, stmt.span);
  try {
    bindImported(interp, stmt, scope);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    noteUnbound(interp, [stmt], stmt, scope);
    throw error;
  }
}

/** What the statements after a failed import of a `try` would have bound is missing only where that module is. */
export function noteUnreached(interp: Interp, body: readonly Stmt[], scope: Scope): void {
  const at = body.findIndex((stmt) => boundBy(stmt).some((name) => scope.vars.has(unboundKey(name))));
  const failed = body[at];
  if (failed?.kind === "import") noteUnbound(interp, body.slice(at + 1), failed, scope);
}

/** A handler goes on without what a failed import binds. Code that needs it runs where the module is installed. */
function noteUnbound(interp: Interp, body: readonly Stmt[], failed: ImportStmt, scope: Scope): void {
  const reason = t("the import of {0} failed", ".".repeat(failed.level) + failed.module);
  for (const name of body.flatMap(boundBy))
    if (!scope.vars.has(name)) interp.journal.set(scope.vars, unboundKey(name), unknown({ reason }, name));
}

/** Where a scope notes why an import did not bind a name. */
export function unboundKey(name: string): string {
  return `.unbound ${name}`;
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
      : fail(interp, "AttributeError", `module '${module.name}' has no attribute '${name}'`, {
          repairs: interp.lang.memberRepairs(interp, module, name),
        });
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
