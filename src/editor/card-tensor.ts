import type { Analysis, Observation } from "../analysis.ts";
import type { ShapeTree } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { assumedLine, card, footer, groupRoom, present, unknownLine } from "./card-parts.ts";
import { withMore } from "./card-residual.ts";
import { type Context, shownRun } from "./context.ts";
import { agree, formulas, symbolValues } from "./formulas.ts";
import { type Group, groupsOf } from "./groups.ts";
import { code } from "./markdown.ts";
import { channelOrigin, lastResize, strideOrigin } from "./origins.ts";
import { modelText, typeAt } from "./root-text.ts";
import { shapeTable } from "./shape-table.ts";
import { isAssumed, treeText, whyOf } from "./shape-text.ts";

/** What a card is of. */
interface Subject {
  readonly observation: Observation;
  /** The same expression in the run with symbolic sizes. */
  readonly symbolic: Observation | undefined;
  readonly source: string;
  /** Lines that it may take. */
  readonly room: number;
}

/** The card of any tensor expression: shapes by instance group, as a formula, and where the sizes come from. */
export function tensorCard(analysis: Analysis, subject: Subject, context: Context): string | undefined {
  const { observation, symbolic, source, room } = subject;
  const [first] = observation.instances;
  if (first === undefined) return undefined;
  const type = typeAt(analysis, first.path);
  const groups = groupsOf(observation.instances);
  const why = observation.instances.map(({ value }) => whyOf(value)).find((reason) => reason !== undefined);
  const allUnknown = groups.every((group) => group.value.kind === "unknown" || group.text === "?");
  const below = why === undefined ? [] : [unknownLine(why, context)];
  if (allUnknown) return below[0];
  const most = groupRoom(room);
  const table = withMore(shapeTable(groups.slice(0, most), type), groups.slice(most), context);
  if (observation.instances.some(({ value }) => isAssumed(value))) below.push(assumedLine(analysis, context));
  below.push(
    ...present(formulaLine(analysis, observation, symbolic, context)),
    ...present(originLine(analysis, groups, context)),
  );
  const head = headOf(analysis, observation, type, source, context);
  return card({ head, table, below, foot: footer(analysis, context) }, room);
}

function headOf(analysis: Analysis, observation: Observation, type: string, source: string, context: Context): string {
  const count = new Set(observation.instances.map(({ path }) => path)).size;
  const root = code(modelText(analysis.root.model));
  const name = observation.name ?? (/^[\w.]+$/.test(source) ? source : undefined);
  const what = whatIs(observation, name, context);
  const dtype = dtypeOf(observation.instances[0]?.value);
  const kind = dtype === undefined || dtype === "float32" ? what : `${what} ${dtype}`;
  const where =
    count === 1
      ? t("{0} in {1} of {2}", kind, code(type), root)
      : t("{0} in {1}, {2} instances of {3}", kind, code(type), count, root);
  return context.say(where);
}

/** `**tensor** x`, `**tensors** features` for what holds several, `**return**`. */
function whatIs({ role, instances }: Observation, name: string | undefined, context: Context): string {
  if (role === "return") return "**return**";
  const kind = instances[0]?.value.kind;
  const word = context.say(kind === "seq" || kind === "dict" ? t("tensors") : t("tensor"));
  return name === undefined ? `**${word}**` : `**${word}** ${code(name)}`;
}

function formulaLine(
  analysis: Analysis,
  observation: Observation,
  symbolic: Observation | undefined,
  context: Context,
): string | undefined {
  if (symbolic === undefined || !agree(symbolic, observation, symbolValues(analysis))) return undefined;
  const groups = groupsOf(symbolic.instances);
  const label = `**${context.say(t("formula"))}**`;
  const [only] = groups;
  if (only?.value.kind === "tensor" && groups.length === 1) {
    const text = treeText(only.value);
    return text === "?" || text === treeText(observation.instances[0]?.value ?? null)
      ? undefined
      : `${label} ${code(text)}`;
  }
  const types = groups.flatMap(({ value }) => tensorsIn(value));
  const sizes = formulas(types).filter((text) => !/^\w+$/.test(text));
  return sizes.length === 0 ? undefined : `${label} ${sizes.map(code).join(", ")}`;
}

function originLine(analysis: Analysis, groups: readonly Group[], context: Context): string | undefined {
  const graph = shownRun(analysis)?.graph;
  const tensors = groups.flatMap(({ value }) => (value.kind === "tensor" ? [value] : []));
  const [first] = tensors;
  if (graph === undefined || first === undefined) return undefined;
  // A flattened tensor has no height and width to speak of.
  const maps = tensors.filter(({ type }) => 2 < (type.shape?.length ?? 0));
  const resizes = maps.flatMap(({ ref }) => lastResize(graph, ref));
  const parts = [
    ...present(
      channelOrigin(
        tensors.map(({ type }) => type),
        context,
      ),
    ),
    ...present(strideOrigin(analysis, graph, resizes, context)),
  ];
  return parts.length === 0 ? undefined : parts.join(" · ");
}

function tensorsIn(value: ShapeTree | null): readonly TensorType[] {
  switch (value?.kind) {
    case "tensor":
      return [value.type];
    case "seq":
      return value.items.flatMap(tensorsIn);
    case "dict":
      return value.entries.flatMap(([, item]) => tensorsIn(item));
    default:
      return [];
  }
}

function dtypeOf(value: ShapeTree | undefined): string | undefined {
  return value?.kind === "tensor" ? value.type.dtype : undefined;
}
