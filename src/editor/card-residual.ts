import type { Analysis } from "../analysis.ts";
import { symbolsOf } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { assumedLine, card, footer, groupRoom, present } from "./card-parts.ts";
import { type Context, shownRun } from "./context.ts";
import { agree, formulas, symbolValues } from "./formulas.ts";
import { groupsOf } from "./groups.ts";
import { code } from "./markdown.ts";
import { channelOrigin, strideOrigin } from "./origins.ts";
import { type AddHere, addsAt, shortcutSummary } from "./residual.ts";
import { modelText } from "./root-text.ts";
import { shapeTable } from "./shape-table.ts";
import { isAssumed } from "./shape-text.ts";

/** The card of a residual add: shapes by instance group, kinds of shortcut, for which sizes it fits, origins. */
export function residualCard(
  analysis: Analysis,
  adds: readonly AddHere[],
  room: number,
  context: Context,
): string | undefined {
  const graph = shownRun(analysis)?.graph;
  const [first] = adds;
  if (graph === undefined || first === undefined) return undefined;
  const instances = adds.flatMap(({ add, node }) => {
    const [type] = node.outputs;
    return type === undefined ? [] : [{ path: add.path, value: { kind: "tensor" as const, type } }];
  });
  const groups = groupsOf(instances);
  const blocks = new Set(adds.map(({ add }) => add.path)).size;
  const top = first.add.type;
  const root = code(modelText(analysis.root.model));
  const where = blocks === 1 ? t("1 block of {0}", root) : t("{0} blocks of {1}", blocks, root);
  const head = `${context.say(t("**residual add** in {0}", code(top)))} · ${context.say(where)}`;
  const shown = groupRoom(room);
  const table = withMore(shapeTable(groups.slice(0, shown), top), groups.slice(shown), context);
  const below = [
    `**${context.say(t("shortcut"))}** ${shortcutSummary(graph, adds, top).map(context.say).join(", ")}`,
    ...present(fitsLine(analysis, adds, context)),
    ...present(originLine(analysis, adds, context)),
    ...(instances.some(({ value }) => isAssumed(value)) ? [assumedLine(analysis, context)] : []),
  ];
  return card({ head, table, below, foot: footer(analysis, context) }, room);
}

/** Adds the line that counts the instances of the groups that are not shown. */
export function withMore(
  table: readonly string[],
  rest: readonly { readonly paths: readonly string[] }[],
  context: Context,
): readonly string[] {
  const more = rest.reduce((sum, { paths }) => sum + paths.length, 0);
  return more === 0 ? table : [...table, context.say(t("… {0} more in the preview", more))];
}

function fitsLine(analysis: Analysis, adds: readonly AddHere[], context: Context): string | undefined {
  const graph = analysis.symbolic?.graph;
  const [first] = adds;
  if (graph === undefined || first?.node.place === undefined) return undefined;
  const { file, span } = first.node.place;
  const here = addsAt(analysis.symbolic, file, span.start);
  if (here.length === 0 || here.some(({ node }) => node.refusal !== undefined)) return undefined;
  const valuesOf = (list: readonly AddHere[]) => ({
    instances: list.flatMap(({ add, node }) =>
      node.outputs.slice(0, 1).map((type) => ({ path: add.path, value: { kind: "tensor" as const, type } })),
    ),
  });
  if (!agree(valuesOf(here), valuesOf(adds), symbolValues(analysis))) return undefined;
  const sizes = formulas(here.flatMap(({ node }) => node.outputs.slice(0, 1)));
  const fits = context.say(t("fits"));
  if (here.some(({ node }) => 0 < (node.guards ?? []).length))
    return `**${fits}** ${context.say(t("at this size, not at every one"))}`;
  const free = spatialSymbols(graph.inputs.map(({ type }) => type));
  if (free.length === 0 || sizes.length === 0) return undefined;
  const every = context.say(
    free.length === 1
      ? t("for every {0}", free[0] ?? "")
      : t("for every {0} and {1}", free.slice(0, -1).join(", "), free.at(-1) ?? ""),
  );
  return `**${fits}** ${every}: ${sizes.map(code).join(", ")}`;
}

/** Symbols of the inputs' axes after the batch. */
function spatialSymbols(
  types: readonly {
    readonly shape: readonly { readonly size: Parameters<typeof symbolsOf>[0] | undefined }[] | undefined;
  }[],
): readonly string[] {
  const names = types.flatMap(({ shape }) =>
    (shape ?? []).slice(1).flatMap(({ size }) => (size === undefined ? [] : [...symbolsOf(size)])),
  );
  return [...new Set(names)];
}

function originLine(analysis: Analysis, adds: readonly AddHere[], context: Context): string | undefined {
  const graph = shownRun(analysis)?.graph;
  if (graph === undefined) return undefined;
  const main = adds.flatMap(({ add }) => add.mainNodes.flatMap((id) => graph.nodes[id] ?? []));
  const parts = [
    ...present(
      channelOrigin(
        adds.flatMap(({ node }) => node.outputs.slice(0, 1)),
        context,
      ),
    ),
    ...present(strideOrigin(analysis, graph, main, context)),
  ];
  return parts.length === 0 ? undefined : parts.join(" · ");
}
