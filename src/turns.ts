import type { Analysis, Root } from "./analysis.ts";
import type { Span } from "./text/span.ts";
import { t } from "./text/text.ts";

/**
 * Analyzes a file's roots one after the other: the first one, then such as lie far from those that are done, and what
 * only stands in for roots that do not reach a class last. Gives what there is after each, in the order of the roots;
 * begins none past the limit, in milliseconds.
 */
export function* inTurns(
  roots: readonly Root[],
  analyze: (root: Root) => Analysis,
  limit: number,
): Generator<readonly Analysis[], void> {
  const begin = Date.now();
  const done = new Map<Root, Analysis>();
  for (const root of [...spread(roots.filter((one) => !isSpare(one))), ...roots.filter(isSpare)]) {
    if (root.spare !== undefined && isReached(done.values(), root.file, root.spare)) continue;
    if (0 < done.size && limit < Date.now() - begin) return;
    done.set(root, analyze(root));
    yield roots.flatMap((one) => done.get(one) ?? []);
  }
}

/** The analyses, and for each root that none was begun of, where none stands in for it, a partial one that says so. */
export function withLeftOut(roots: readonly Root[], analyses: readonly Analysis[]): readonly Analysis[] {
  const done = new Map(analyses.map((analysis) => [analysis.root, analysis]));
  return roots.flatMap((root) => done.get(root) ?? (isSpare(root) ? [] : [leftOut(root, analyses.length)]));
}

function isSpare({ spare }: Root): boolean {
  return spare !== undefined;
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

/** Whether code in a span ran in one of the analyses. */
function isReached(analyses: Iterable<Analysis>, file: string, { start, end }: Span): boolean {
  for (const { concrete, symbolic } of analyses)
    for (const run of [concrete, symbolic])
      if (run?.observations.get(file)?.some(({ span }) => start <= span.start && span.end <= end)) return true;
  return false;
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
