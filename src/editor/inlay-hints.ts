import { type InlayHint, InlayHintKind } from "vscode-languageserver";
import type { Analysis, Observation } from "../analysis.ts";
import { statementEnd } from "../syntax/python/logical-line.ts";
import { t } from "../text/text.ts";
import { type Context, type FileView, shownRun } from "./context.ts";
import { groupsOf, hintLabel } from "./groups.ts";
import { addsOf, differingAxes, operandType } from "./residual.ts";
import { modelName, typeAt } from "./root-text.ts";
import { shapeText, treeText } from "./shape-text.ts";

export type HintMode = "changes" | "all" | "off";

/** VS Code cuts all hints of a line at this many characters. */
export const HINT_LIMIT = 43;

/** One hint: the offset it stands behind, and its text. */
export interface Hint {
  readonly offset: number;
  readonly text: string;
  /** The view is older than the text on the screen. */
  readonly stale?: true;
}

/** A file's hints, at most one a line, in order: shapes at the ends of statements that bind or return a tensor. */
export function shapeHints(view: FileView, mode: HintMode, context: Context): readonly Hint[] {
  return hintsAndLines(view, mode, context).hints;
}

/** The hints, and every line (0-based) that a root reaches, those where it has nothing to show included. */
export function hintsAndLines(
  view: FileView,
  mode: HintMode,
  context: Context,
): { readonly hints: readonly Hint[]; readonly reached: ReadonlySet<number> } {
  if (mode === "off") return { hints: [], reached: new Set() };
  const byLine = new Map<number, Hint>();
  const taken = new Set<number>();
  for (const analysis of view.analyses) {
    const reached = new Set<number>();
    for (const hint of [...mismatchHints(view, analysis), ...bindingHints(view, analysis, mode, reached, context)]) {
      const { line } = view.lines.position(hint.offset);
      if (!taken.has(line) && !byLine.has(line)) byLine.set(line, hint);
    }
    // A line that a root reaches belongs to the first such root, also where that root has nothing to show on it.
    for (const line of reached) taken.add(line);
  }
  return { hints: [...byLine.values()].sort((a, b) => a.offset - b.offset), reached: taken };
}

/** Hints as protocol data. `positionOf` gives an offset's position in the text on the screen. */
export function inlayHints(
  hints: readonly Hint[],
  positionOf: (offset: number) => InlayHint["position"],
  context: Context,
): readonly InlayHint[] {
  return hints.map(({ offset, text, stale }) => ({
    position: positionOf(offset),
    label: text,
    kind: InlayHintKind.Type,
    paddingLeft: true,
    ...(stale === true ? { tooltip: context.say(t("before this edit")) } : {}),
  }));
}

/** `main ≠ shortcut` behind each residual add that does not fit, once for all its instances. */
function mismatchHints(view: FileView, analysis: Analysis): readonly Hint[] {
  const graph = shownRun(analysis)?.graph;
  if (graph === undefined) return [];
  return addsOf(graph).flatMap(({ add, node }) => {
    const main = operandType(graph, node, add.main);
    const shortcut = operandType(graph, node, add.shortcut);
    if (add.fits || node.place?.file !== view.file || main === undefined || shortcut === undefined) return [];
    const whole = `${shapeText(main)} ≠ ${shapeText(shortcut)}`;
    const axes = differingAxes(main, shortcut);
    const short = `${axes.map((axis) => axis.main).join("×")} ≠ ${axes.map((axis) => axis.shortcut).join("×")}`;
    return [{ offset: lineEnd(view, node.place.span.end), text: whole.length <= HINT_LIMIT ? whole : cut(short) }];
  });
}

/** `reached` collects the lines on which this analysis has a binding. */
function bindingHints(
  view: FileView,
  analysis: Analysis,
  mode: HintMode,
  reached: Set<number>,
  context: Context,
): readonly Hint[] {
  const all = shownRun(analysis)?.observations.get(view.file) ?? [];
  const values = all.filter(({ role }) => role === "value");
  const hints: Hint[] = [];
  const parameters = new Map<number, Observation[]>();
  for (const observation of all) {
    if (observation.instances.length === 0 || observation.role === "value") continue;
    if (observation.role === "parameter") {
      const at = statementEnd(view.text, observation.statement ?? observation.span.start);
      parameters.set(at, [...(parameters.get(at) ?? []), observation]);
      continue;
    }
    const start = observation.statement ?? observation.span.start;
    const offset = statementEnd(view.text, start);
    reached.add(view.lines.position(offset).line);
    if (mode === "changes" && !changes(view.text, observation, values, start, offset)) continue;
    const text = bindingText(analysis, observation);
    if (text !== undefined) hints.push({ offset, text });
  }
  for (const [offset, group] of parameters) {
    reached.add(view.lines.position(offset).line);
    const text = parameterText(analysis, group, context);
    if (text !== undefined) hints.push({ offset, text });
  }
  return hints;
}

/** Whether a statement's value has another shape than everything that the statement reads. */
function changes(
  text: string,
  bound: Observation,
  values: readonly Observation[],
  start: number,
  end: number,
): boolean {
  const [first] = bound.instances;
  if (first === undefined) return false;
  const inside = values.filter(({ span }) => start <= span.start && span.end <= end);
  // What is read is a name, an attribute or an element; a call or an operator is what the statement computes.
  const read = inside.filter(({ span }) => /^[\w.[\]'"-]+$/.test(text.slice(span.start, span.end)));
  const shape = treeText(first.value);
  const before = read.flatMap(({ instances }) => {
    const same = instances.find(({ path }) => path === first.path) ?? instances[0];
    return same === undefined ? [] : [treeText(same.value)];
  });
  return !before.includes(shape);
}

function bindingText(analysis: Analysis, observation: Observation): string | undefined {
  const groups = groupsOf(observation.instances);
  const [first] = groups;
  if (first === undefined || first.text === "?") return undefined;
  if (groups.length === 1) return cut(first.text);
  const label = hintLabel(first, groups, typeAt(analysis, first.paths[0] ?? ""));
  const whole = `${first.text} ${label} +${groups.length - 1}`;
  return whole.length <= HINT_LIMIT ? whole : cut(`${first.text} +${groups.length - 1}`);
}

/** `x: [N, 3, 224, 224] example` at the root's forward; elsewhere without the word, with the instance. */
function parameterText(analysis: Analysis, parameters: readonly Observation[], context: Context): string | undefined {
  const [first] = parameters;
  if (first === undefined) return undefined;
  const known = parameters.flatMap(({ name, instances }) => {
    const [group] = groupsOf(instances);
    return group === undefined || group.text === "?" ? [] : [`${name ?? ""}: ${group.text}`];
  });
  if (known.length === 0) return undefined;
  const shapes = known.join(", ");
  const groups = groupsOf(first.instances);
  const [group] = groups;
  const isRoot = group?.paths.includes("") === true;
  const suffix = isRoot
    ? analysis.example
      ? ` ${context.say(t("example"))}`
      : ""
    : group === undefined || groups.length === 1
      ? ""
      : ` ${hintLabel(group, groups, modelName(analysis.root.model))} +${groups.length - 1}`;
  const whole = shapes + suffix;
  return whole.length <= HINT_LIMIT ? whole : cut(shapes);
}

function cut(text: string): string {
  return text.length <= HINT_LIMIT ? text : `${text.slice(0, HINT_LIMIT - 1)}…`;
}

function lineEnd(view: FileView, offset: number): number {
  return statementEnd(view.text, offset);
}
