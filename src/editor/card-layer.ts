import type { Analysis } from "../analysis.ts";
import type { ModuleInfo } from "../graph/graph.ts";
import type { Span } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import { card, footer, groupRoom } from "./card-parts.ts";
import { withMore } from "./card-residual.ts";
import { type Context, type FileView, shownRun } from "./context.ts";
import { groupsOf, type Instance } from "./groups.ts";
import { code } from "./markdown.ts";
import { shortCount } from "./numbers.ts";
import { modelText } from "./root-text.ts";
import { shapeTable } from "./shape-table.ts";

/**
 * The card of a layer where its owner's code builds it (`self.conv1 = …`): what it gives in each instance, and its
 * parameters. Undefined elsewhere, and for a layer that no call reached.
 */
export function layerCard(
  view: FileView,
  analysis: Analysis,
  offset: number,
  room: number,
  context: Context,
): { readonly text: string; readonly span: Span } | undefined {
  const target = targetAt(view.text, offset);
  const modules = shownRun(analysis)?.graph.modules ?? [];
  if (target === undefined) return undefined;
  const owners = ownersAt(modules, view, offset);
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const built = owners.flatMap(({ path }) => {
    const layer = byPath.get(path === "" ? target.name : `${path}.${target.name}`);
    return layer === undefined ? [] : [{ owner: path, layer }];
  });
  const instances = built.flatMap(({ owner, layer }): readonly Instance[] =>
    layer.calls.map(({ output }) => ({ path: owner, value: output })),
  );
  if (built.length === 0) return weightCard(analysis, owners, target, room, context);
  if (instances.length === 0) return undefined;
  const top = owners[0]?.type ?? "";
  const groups = groupsOf(instances);
  const shown = groupRoom(room);
  const table = withMore(shapeTable(groups.slice(0, shown), top), groups.slice(shown), context);
  const types = [...new Set(built.map(({ layer }) => layer.type))];
  const hints = new Set(built.map(({ layer }) => layer.hint));
  const what = [types.length === 1 ? (types[0] ?? "") : "", hints.size === 1 ? ([...hints][0] ?? "") : ""];
  const kind = what.filter((part) => part !== "").join(" ");
  const head = [`**${context.say(t("layer"))}** ${code(target.name)}`, ...(kind === "" ? [] : [code(kind)])].join(" ");
  const where = placeWords(head, top, built.length, analysis);
  const below = parametersLine(
    built.map(({ layer }) => layer),
    context,
  );
  const parts = { head: context.say(where), table, below, foot: footer(analysis, context) };
  return { text: card(parts, room), span: target.span };
}

/** The card of a parameter where it is set: its shape in each instance. */
function weightCard(
  analysis: Analysis,
  owners: readonly ModuleInfo[],
  target: Target,
  room: number,
  context: Context,
): { readonly text: string; readonly span: Span } | undefined {
  const weights = shownRun(analysis)?.graph.weights ?? [];
  const instances = owners.flatMap(({ path }) => {
    const key = path === "" ? target.name : `${path}.${target.name}`;
    const weight = weights.find(({ keys }) => keys.includes(key));
    if (weight === undefined) return [];
    const { shape, dtype, trainable } = weight;
    return [{ path, trainable, value: { kind: "tensor" as const, type: { shape, dtype } } }];
  });
  const [first] = instances;
  if (first === undefined) return undefined;
  const top = owners[0]?.type ?? "";
  const groups = groupsOf(instances);
  const shown = groupRoom(room);
  const table = withMore(shapeTable(groups.slice(0, shown), top), groups.slice(shown), context);
  const word = context.say(first.trainable ? t("parameter") : t("buffer"));
  const where = placeWords(`**${word}** ${code(target.name)}`, top, instances.length, analysis);
  const parts = { head: context.say(where), table, below: [], foot: footer(analysis, context) };
  return { text: card(parts, room), span: target.span };
}

function placeWords(head: string, type: string, count: number, analysis: Analysis): Text {
  const root = code(modelText(analysis.root.model));
  return count === 1
    ? t("{0} in {1} of {2}", head, code(type), root)
    : t("{0} in {1}, {2} instances of {3}", head, code(type), count, root);
}

function parametersLine(layers: readonly ModuleInfo[], context: Context): readonly string[] {
  const counts = layers.map(({ params }) => params);
  if (counts.includes(undefined)) return [];
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return total === 0 ? [] : [`**${context.say(t("parameters"))}** ${shortCount(total)}`];
}

interface Target {
  readonly name: string;
  readonly span: Span;
}

/** The attribute that a `self.name = …` at an offset sets. */
function targetAt(text: string, offset: number): Target | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const match = /^\s*self\.([A-Za-z_]\w*)\s*(?::[^=]*)?=(?!=)/.exec(text.slice(start, end < 0 ? text.length : end));
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  const self = start + match[0].indexOf("self.");
  const span = { start: self, end: self + "self.".length + name.length };
  return span.start <= offset && offset <= span.end ? { name, span } : undefined;
}

/** The instances of the class that an offset of a file stands in. */
function ownersAt(modules: readonly ModuleInfo[], { file, text }: FileView, offset: number): readonly ModuleInfo[] {
  let begin = -1;
  for (const { classPlace } of modules)
    if (classPlace?.file === file && classPlace.span.start <= offset) begin = Math.max(begin, classPlace.span.start);
  // Another class in between, which the root does not use, has the offset.
  if (begin < 0 || /^[ \t]*class\s/m.test(text.slice(text.indexOf("\n", begin), offset))) return [];
  return modules.filter(({ classPlace }) => classPlace?.file === file && classPlace.span.start === begin);
}
