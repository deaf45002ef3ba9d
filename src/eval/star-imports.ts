import { t } from "../text/text.ts";
import type { Interp } from "./interp.ts";
import { loadModule } from "./load-module.ts";
import { staticTarget } from "./provided.ts";
import { type ModuleValue, unknown, type Value } from "./value.ts";

/** Why a star import may bind more names than are known: some module that it reaches by stars was not found. */
export function lostByStar(interp: Interp, module: ModuleValue, depth: number): Value | undefined {
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

export function namesByStar(interp: Interp, module: ModuleValue, depth: number): readonly string[] {
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
