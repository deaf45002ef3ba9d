import type { Analysis } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { Refusal } from "../ops/operator.ts";
import type { Dim } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { alignedRows, type Row } from "./aligned.ts";
import { instancesNote, originalLine, rootsNote, WIDTH } from "./card-parts.ts";
import { type Context, shownRun } from "./context.ts";
import { fence } from "./markdown.ts";
import { typeOf } from "./residual.ts";
import { dimText } from "./shape-text.ts";

/** How many inputs of a refusing operator are shown. */
const MOST_INPUTS = 4;

/**
 * What the hover shows of an operator that refuses its inputs: their shapes aligned with the differing axes marked, what
 * was expected, and where it happens. Undefined where the analysis has no such operator at the diagnostic's place.
 */
export function refusalCard(analysis: Analysis, diagnostic: Diagnostic, context: Context): string | undefined {
  const graph = shownRun(analysis)?.graph;
  const { place, instances } = diagnostic;
  const here = graph?.nodes.filter(
    (node) =>
      node.refusal !== undefined &&
      node.place?.file === place.file &&
      node.place.span.start === place.span.start &&
      node.place.span.end === place.span.end,
  );
  const node = here?.find(({ path }) => instances.includes(path)) ?? here?.[0];
  if (graph === undefined || node?.refusal === undefined) return undefined;
  const shapes = node.inputs.map((ref) => typeOf(graph, ref)?.shape);
  const rows = rowsOf(node, node.refusal, shapes, context);
  if (rows === undefined) return undefined;
  const [first, ...others] = rows.rows;
  if (first === undefined) return undefined;
  const noted = [{ ...first, note: instancesNote(diagnostic, analysis, context) }, ...others];
  const original = diagnostic.original === undefined ? [] : [originalLine(diagnostic.original)];
  return [fence(alignedRows(noted, rows.differing, WIDTH, rootsNote(diagnostic))), ...original].join("\n\n");
}

interface Rows {
  readonly rows: readonly Row[];
  /** Axes that do not fit, counted from the right. */
  readonly differing: ReadonlySet<number>;
}

type Shape = readonly Dim[] | undefined;

function rowsOf(node: GraphNode, refusal: Refusal, shapes: readonly Shape[], context: Context): Rows | undefined {
  const { fault, axes = [], expected } = refusal;
  const [first, second] = shapes;
  const at = refusal.input ?? 0;
  const own = shapes[at];
  if (own === undefined) return undefined;
  const gets = context.say(t("gets"));
  if (fault === "channels" && expected !== undefined) {
    const [axis] = axes;
    if (axis === undefined || own.length <= axis) return undefined;
    const wanted = own.map((dim, i) => (i === axis ? dimText(expected) : dimText(dim)));
    return {
      rows: [
        { label: gets, dims: own.map(dimText) },
        { label: context.say(t("expects")), dims: wanted },
      ],
      differing: new Set([own.length - 1 - axis]),
    };
  }
  if (node.op === "concat" && fault === "shapes" && first !== undefined && at !== 0) {
    const rows = [0, at].map((i) => ({ label: `[${i}]`, dims: (shapes[i] ?? []).map(dimText) }));
    return { rows, differing: new Set(axes.map((axis) => own.length - 1 - axis)) };
  }
  if (fault === "broadcast" && first !== undefined && second !== undefined && shapes.length === 2) {
    const rows = [first, second].map((shape, i) => ({
      label: context.say(i === 0 ? t("left") : t("right")),
      dims: shape.map(dimText),
    }));
    return { rows, differing: misfits(first, second) };
  }
  if (fault === "argument" || fault === "dtype") return undefined;
  // Weights are no inputs that a reader thinks of, and are told as what is expected.
  const known = shapes.flatMap((shape, i) => (shape === undefined ? [] : [{ shape, i }])).slice(0, MOST_INPUTS);
  return {
    rows: known.map(({ shape, i }) => ({
      label: known.length === 1 ? gets : `[${i}]`,
      dims: shape.map(dimText),
    })),
    differing: new Set(known.length === 1 ? axes.map((axis) => own.length - 1 - axis) : []),
  };
}

function misfits(a: readonly Dim[], b: readonly Dim[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (let fromRight = 0; fromRight < Math.min(a.length, b.length); fromRight++) {
    const [x, y] = [a[a.length - 1 - fromRight], b[b.length - 1 - fromRight]].map((dim) =>
      dim === undefined ? "" : dimText(dim),
    );
    if (x !== y && x !== "1" && y !== "1") found.add(fromRight);
  }
  return found;
}
