import { t } from "../text/text.ts";
import { assignmentOf } from "./code.ts";
import { type Context, type Finding, placeKey } from "./context.ts";
import { callAfterPrevious } from "./fixes/unused-layer.ts";
import { printTarget } from "./target.ts";

/**
 * Layers that are built and never used, by the place that builds them: only where none of the instances built there is
 * used, and not again inside of one that is unused itself.
 */
export function unusedLayers(context: Context): readonly Finding[] {
  const { unusedModules, module } = context.input;
  const run = context.concrete ?? context.symbolic;
  const unused = new Set(unusedModules.map(({ path }) => path));
  const used = new Set(
    [...(run?.modules.values() ?? [])].filter(({ path }) => !unused.has(path)).map(({ place }) => placeKey(place)),
  );
  return unusedModules.flatMap((one): Finding[] => {
    if (used.has(placeKey(one.place)) || ancestors(one.path).some((path) => unused.has(path))) return [];
    const parsed = module(one.place.file);
    const target = parsed === undefined ? undefined : assignmentOf(parsed, one.place.span)?.target;
    const name = (target === undefined ? undefined : printTarget(target)) ?? one.path;
    return [
      {
        code: "layer-unused",
        severity: "info",
        place: one.place,
        cause: "",
        instance: one.path,
        message: () => t("{0} is built and never called", name),
        related: [],
        fixes: () => callAfterPrevious(context, one.path),
        unnecessary: true,
      },
    ];
  });
}

function ancestors(path: string): readonly string[] {
  const parts = path.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}
