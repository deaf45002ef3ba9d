import type { Analysis } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { t } from "../text/text.ts";
import { originalLine } from "./card-parts.ts";
import { type Context, shownRun } from "./context.ts";
import { fence } from "./markdown.ts";
import { blockPicture } from "./picture.ts";
import { differingAxes, operandType, shortcutName } from "./residual.ts";
import { alignedShapes, columns, padColumns } from "./shape-table.ts";
import { dimText, shapeText } from "./shape-text.ts";

/**
 * What the hover says below the diagnostic's own sentence: both shapes aligned with the differing axes marked, the
 * block as a picture, the framework's words. Undefined where the analysis has no such add.
 */
export function mismatchCard(analysis: Analysis, diagnostic: Diagnostic, context: Context): string | undefined {
  const graph = shownRun(analysis)?.graph;
  const node = diagnostic.residual === undefined ? undefined : graph?.nodes[diagnostic.residual.node];
  const add = graph?.residualAdds.find((candidate) => candidate.node === node?.id);
  if (graph === undefined || node === undefined || add === undefined) return undefined;
  const main = operandType(graph, node, add.main);
  const shortcut = operandType(graph, node, add.shortcut);
  if (main === undefined || shortcut === undefined) return undefined;
  const shapes = [main, shortcut].map((type) => type.shape?.map(dimText));
  const aligned = alignedShapes(shapes);
  const labels = [context.say(t("main branch")), context.say(t("shortcut"))];
  const width = Math.max(...labels.map(columns)) + 2;
  const name = context.say(shortcutName(graph, add));
  const rows = [
    `${padColumns(labels[0] ?? "", width)}${aligned?.[0] ?? shapeText(main)}`,
    `${padColumns(labels[1] ?? "", width)}${aligned?.[1] ?? shapeText(shortcut)}   ${name}`,
  ];
  const differing = new Set(differingAxes(main, shortcut).map(({ fromRight }) => fromRight));
  const marks = aligned === undefined ? [] : [" ".repeat(width) + carets(shapes, differing)];
  const picture = blockPicture(analysis, graph, add, context);
  const original = diagnostic.original === undefined ? [] : [originalLine(diagnostic.original)];
  return [fence([...rows, ...marks, ...picture]), ...original].join("\n\n");
}

/** `^^` under each differing axis of aligned shapes; the bracket's column is a blank. */
function carets(shapes: readonly (readonly string[] | undefined)[], differing: ReadonlySet<number>): string {
  const rank = shapes[0]?.length ?? 0;
  const cells = Array.from({ length: rank }, (_, axis) => {
    const width = Math.max(...shapes.map((dims) => dims?.[axis]?.length ?? 0));
    return (differing.has(rank - 1 - axis) ? "^" : " ").repeat(width);
  });
  return ` ${cells.join("  ")}`.trimEnd();
}
