import type { Analysis } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { t } from "../text/text.ts";
import { alignedRows, GAP } from "./aligned.ts";
import { instancesNote, originalLine, rootsNote, WIDTH, wrapped } from "./card-parts.ts";
import { type Context, shownRun } from "./context.ts";
import { fence } from "./markdown.ts";
import { blockPicture } from "./picture.ts";
import { differingAxes, operandType, shortcutName } from "./residual.ts";
import { columns } from "./shape-table.ts";
import { dimText } from "./shape-text.ts";

/**
 * What the hover says below the diagnostic's own sentence: both shapes aligned with the differing axes marked, the
 * instances and roots it happens in, the block as a picture where there is room, the framework's words. Undefined where
 * the analysis has no such add.
 */
export function mismatchCard(
  analysis: Analysis,
  diagnostic: Diagnostic,
  room: number,
  context: Context,
): string | undefined {
  const graph = shownRun(analysis)?.graph;
  const node = diagnostic.residual === undefined ? undefined : graph?.nodes[diagnostic.residual.node];
  const add = graph?.residualAdds.find((candidate) => candidate.node === node?.id);
  if (graph === undefined || node === undefined || add === undefined) return undefined;
  const main = operandType(graph, node, add.main);
  const shortcut = operandType(graph, node, add.shortcut);
  if (main?.shape === undefined || shortcut?.shape === undefined) return undefined;
  const differing = new Set(differingAxes(main, shortcut).map(({ fromRight }) => fromRight));
  const where = instancesNote(diagnostic, analysis, context);
  const roots = rootsNote(diagnostic);
  const table = (notes: readonly [string, string, string]): readonly string[] => {
    const labels = [context.say(t("main branch")), context.say(t("shortcut"))];
    const rows = [main, shortcut].map(({ shape = [] }, i) => ({
      label: labels[i] ?? "",
      dims: shape.map(dimText),
      note: notes[i] ?? "",
    }));
    return alignedRows(rows, differing, WIDTH, notes[2]);
  };
  const original = diagnostic.original === undefined ? [] : [originalLine(diagnostic.original)];
  const below = table([where, context.say(shortcutName(graph, add)), roots]);
  const picture = blockPicture(analysis, graph, add, WIDTH, context);
  const needed = [...below, ...picture].length + original.reduce((sum, line) => sum + wrapped(line), 0);
  if (needed <= room) return [fence([...below, ...picture]), ...original].join("\n\n");
  // Without the lines for it, the picture stands beside the shapes if it can.
  const left = WIDTH - Math.max(...table(["", "", ""]).map(columns)) - GAP;
  const [line = "", under = ""] = blockPicture(analysis, graph, add, left, context);
  const isNarrow = columns(line) <= left && columns(under) <= left;
  const count = diagnostic.roots.length < 2 ? [] : [context.say(t("{0} roots", diagnostic.roots.length))];
  const notes = [roots, ...count].map((text) => (where === "" ? text : `${where} · ${text}`));
  const beside = table([line, under, notes.find((note) => columns(note) <= left) ?? where]);
  return [fence(isNarrow ? beside : below), ...original].join("\n\n");
}
