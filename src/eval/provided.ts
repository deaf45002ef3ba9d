import type { ImportStmt } from "../core/core.ts";
import { t } from "../text/text.ts";
import type { Found, Loader } from "./loader.ts";
import { moduleScope } from "./scope.ts";
import type { ModuleValue } from "./value.ts";

/** Whether a module binds a name itself, told without running it; undefined where it is not told. */
export function provides(loader: Loader, module: ModuleValue, name: string, depth = 0): boolean | undefined {
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
export function staticTarget(loader: Loader, file: string, stmt: ImportStmt): ModuleValue | undefined {
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
export function lacks(loader: Loader, module: ModuleValue, name: string): boolean {
  if (module.state !== "unloaded")
    return !module.scope.vars.has(name) && submoduleOf(loader, module, name) === undefined;
  return provides(loader, module, name) === false && submoduleOf(loader, module, name) === undefined;
}

export function submoduleOf(loader: Loader, module: ModuleValue, name: string): ModuleValue | undefined {
  if (module.folders === undefined || module.folders.length === 0) return undefined;
  const found = loader.findIn(module.folders, name, module.name);
  if (found === undefined) return undefined;
  return reached(loader, module.sure === false ? { ...found, sure: false } : found, module);
}

export function reached(loader: Loader, found: Found, from: ModuleValue | undefined): ModuleValue {
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
