import type { Analysis, Root } from "./analysis.ts";
import { t } from "./text/text.ts";

/**
 * Analyzes a file's roots one after the other, and gives each: the first one, then such as lie far from those that are
 * done; after them the spare ones that no run has reached. Begins none past the limit, in milliseconds.
 */
export function* inTurns(
  roots: readonly Root[],
  spares: readonly Root[],
  analyze: (root: Root) => Analysis,
  limit: number,
): Generator<Analysis, void> {
  const begin = Date.now();
  const waiting = new Set(spares);
  for (const [i, root] of [...spread(roots), ...spares].entries()) {
    if (root.spare !== undefined && !waiting.has(root)) continue;
    if (0 < i && limit < Date.now() - begin) return;
    const analysis = analyze(root);
    for (const spare of waiting) if (isReached(analysis, spare)) waiting.delete(spare);
    yield analysis;
  }
}

/** Analyses in the order of their roots. */
export function inOrder(roots: readonly Root[], analyses: readonly Analysis[]): readonly Analysis[] {
  const done = new Map(analyses.map((analysis) => [keyOf(analysis.root), analysis]));
  return roots.flatMap((root) => done.get(keyOf(root)) ?? []);
}

/** A root that was typed stands for its expression: each analysis of it makes its own. */
function keyOf(root: Root): Root | string {
  return root.kind === "given" ? root.model : root;
}

/** The analyses in the order of their roots, and for each root that none was begun of a partial one that says so. */
export function withLeftOut(roots: readonly Root[], analyses: readonly Analysis[]): readonly Analysis[] {
  const done = new Map(analyses.map((analysis) => [keyOf(analysis.root), analysis]));
  const spare = analyses.filter(({ root }) => root.spare !== undefined);
  return [...roots.map((root) => done.get(keyOf(root)) ?? leftOut(root, analyses.length)), ...spare];
}

/** The same items: the first, then those halfway between, again and again. */
function spread<T>(items: readonly T[]): readonly T[] {
  const order: T[] = [];
  const seen = new Set<number>();
  for (let parts = 1; seen.size < items.length; parts *= 2)
    for (let part = 0; part < parts; part++) {
      const at = Math.floor((part * items.length) / parts);
      const item = items[at];
      if (seen.has(at) || item === undefined) continue;
      seen.add(at);
      order.push(item);
    }
  return order;
}

/** Whether the code that a root stands for ran in an analysis. */
function isReached({ concrete, symbolic }: Analysis, { file, spare }: Root): boolean {
  return [concrete, symbolic].some((run) =>
    run?.observations
      .get(file)
      ?.some(({ span }) => spare !== undefined && spare.start <= span.start && span.end <= spare.end),
  );
}

/** Stands for a root that was not analyzed. */
function leftOut(root: Root, count: number): Analysis {
  const reason = t("not analyzed: {0} other roots of the file took as long as one file may", count);
  return {
    root,
    input: root.input ?? [],
    example: false,
    concrete: undefined,
    symbolic: undefined,
    status: "partial",
    gaps: [{ place: root.place, reason }],
    diagnostics: [],
    time: 0,
  };
}
