import type { Run } from "./analysis.ts";
import type { ClassValue, InstanceValue } from "./eval/value.ts";
import type { Session } from "./evaluation.ts";
import { objectClass } from "./lang/types.ts";
import type { Place } from "./text/span.ts";
import { moduleClass } from "./torch/module.ts";
import type { ForwardState } from "./torch/nn/call.ts";
import { namedModules } from "./torch/nn/members.ts";

/** A layer that is built and that no code reads. */
export interface UnusedModule {
  readonly path: string;
  readonly place: Place;
  readonly type: string;
}

/** Registered layers that no code reads after the assignment and whose weights nothing uses. */
export function unusedModules(
  session: Session,
  model: InstanceValue,
  main: { readonly run: Run; readonly state: ForwardState },
): readonly UnusedModule[] {
  const used = new Set(main.run.graph.weights.flatMap((weight) => weight.keys));
  const found: { path: string; place: Place; type: string }[] = [];
  if (main.run.graph.output === undefined || main.run.graph.output.kind === "unknown") return [];
  const byPath = new Map(namedModules(model).map(({ path, module }) => [path, module]));
  for (const { path, module, aliases } of namedModules(model)) {
    if (
      path === "" ||
      main.state.calls.has(module) ||
      module.place === undefined ||
      0 < aliases.length ||
      module.cls.place !== undefined
    )
      continue;
    const name = path.slice(path.lastIndexOf(".") + 1);
    const parent = byPath.get(path.slice(0, Math.max(0, path.lastIndexOf("."))));
    if (parent?.cls.place === undefined || !session.own(module.place.file) || /^\d+$/.test(name)) continue;
    if (readsAll(parent.cls)) continue;
    if ([...used].some((key) => key.startsWith(`${path}.`))) continue;
    const text = parent.cls.mro.map(({ place }) => classText(session, place)).join("\n");
    if (
      1 < text.split(new RegExp(`\\bself\\.${name}\\b`)).length - 1 ||
      (/getattr|_modules|named_children|children\(\)|modules\(\)/.test(text.replace(/super\(.*\)\.__init__/g, "")) &&
        /for .* in self\./.test(text))
    )
      continue;
    found.push({ path, place: module.place, type: module.cls.name });
  }
  return found;
}

/** Whether a class has a base whose own code goes through the layers, as a container's does, or may. */
function readsAll({ mro }: ClassValue): boolean {
  return mro.some(
    (cls) => cls.unknownBase !== undefined || (cls.place === undefined && cls !== moduleClass && cls !== objectClass),
  );
}

/** Source of the class whose name stands at a place. */
function classText(session: Session, place: Place | undefined): string {
  if (place === undefined) return "";
  const parsed = session.parsed(place.file);
  const found = parsed?.module.body.find((stmt) => stmt.kind === "class" && stmt.nameSpan.start === place.span.start);
  return parsed === undefined
    ? ""
    : found === undefined
      ? parsed.text
      : parsed.text.slice(found.span.start, found.span.end);
}
