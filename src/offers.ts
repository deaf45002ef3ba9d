import type { Diagnostic, Fix } from "./checks/diagnostic.ts";
import { type Proof, provenFix, type Workbench } from "./proof.ts";
import type { Place } from "./text/span.ts";
import { render } from "./text/text.ts";

/** Fixes offered for one mistake, at most. */
const MOST_OFFERED = 3;
/** Proofs tried for one mistake, and for all of a file; each analyzes the roots that the mistake happens in once more. */
const MOST_TRIED = 24;
const MOST_TRIED_FOR_MORE = 2;
const MOST_TRIED_ELSEWHERE = 16;
const MOST_TRIED_PAST_GUESS = 8;
const MOST_TRIED_IN_FILE = 96;
/** Milliseconds of a file's proofs after which none is begun: a network of hundreds of blocks takes seconds for each. */
const LONGEST = 10_000;

/**
 * The diagnostics with their fixes, each proven on the edited text, a proof a step. One mistake is one diagnostic: what
 * goes with the best fix of another was no mistake of its own.
 */
export function* withFixes(bench: Workbench, told: readonly Diagnostic[]): Generator<void, readonly Diagnostic[]> {
  let left = MOST_TRIED_IN_FILE;
  const gone = new Set<Diagnostic>();
  /** For each error so far, what is left once its best fix is made; undefined where it has none. */
  const standing: (readonly Diagnostic[] | undefined)[] = [];
  const settled: Diagnostic[] = [];
  for (const found of told) {
    if (gone.has(found)) continue;
    const { propose, ...diagnostic } = found;
    if (propose === undefined || left <= 0 || LONGEST <= bench.spent()) {
      settled.push(diagnostic);
      continue;
    }
    const own = yield* tryOut(bench, found, propose(), Math.min(left, MOST_TRIED));
    left -= own.tried;
    let { proven } = own;
    // What mends all that is told at once may be found from where another of it is told.
    for (const other of told.filter((one) => one !== found && one.severity === "error" && !gone.has(one))) {
      if (found.severity !== "error" || 0 < standing.length || left <= 0) break;
      if (proven.some(({ errors }) => errors === 0)) break;
      const more = yield* tryOut(bench, found, other.propose?.() ?? [], Math.min(left, MOST_TRIED_ELSEWHERE));
      left -= more.tried;
      if (more.proven.some(({ errors }) => errors === 0)) proven = more.proven;
    }
    // One that lets the model run is likelier than one that leaves something.
    const least = Math.min(...proven.map(({ errors }) => errors));
    const all = proven.filter(({ errors, fix, proof }) => errors === least && !isEntangled(fix, proof, found));
    const best = all.filter(
      ({ fix }, i) => fix.guess !== true || (i === 0 && all.every((one) => one.fix.guess === true)),
    );
    if (found.severity === "error") {
      // What an earlier mistake may have caused is not changed before that is mended.
      const isOwn = standing.every((rest) => rest?.includes(found) === true);
      if (0 < least && !isOwn) {
        settled.push(diagnostic);
        continue;
      }
      const removed = (best[0]?.proof.gone ?? []).filter(({ severity }) => severity === "error");
      for (const other of removed) gone.add(other);
      standing.push(best[0]?.proof.left);
      // Of several that one fix removes the model meets one first.
      const { propose: _, ...met } = earliest(bench, [found, ...removed]) ?? found;
      settled.push(withPlace({ ...met, fixes: ranked(best.map(({ fix }) => fix)) }));
      continue;
    }
    settled.push(withPlace({ ...diagnostic, fixes: ranked(best.map(({ fix }) => fix)) }));
  }
  return settled;
}

interface Proven {
  readonly fix: Fix;
  readonly proof: Proof;
  /** How many errors are left. */
  readonly errors: number;
}

/** What stands in the instance that is built first; the first of the list where that does not tell. */
function earliest({ roots: [root] }: Workbench, found: readonly Diagnostic[]): Diagnostic | undefined {
  const modules = (root?.concrete ?? root?.symbolic)?.graph.modules ?? [];
  const order = new Map(modules.map(({ path }, i) => [path, i]));
  const at = ({ instances: [path = ""] }: Diagnostic): number => order.get(path) ?? 0;
  const [first] = found;
  // What has no instance of its own is met while the model is built, or in the root's own code around all others.
  if (first === undefined || first.instances.length === 0) return first;
  return found
    .filter(({ instances }) => 0 < instances.length)
    .reduce((best, one) => (at(one) < at(best) ? one : best), first);
}

/** What is left where a fix changes something, or where the mistake was told already: the fix only moved the mistake. */
function isEntangled({ edits }: Fix, { left }: Proof, { place, related }: Diagnostic): boolean {
  const touched = [place, ...related.map((one) => one.place), ...edits.map((edit) => edit.place)];
  return left.some(
    (other) =>
      other.severity === "error" &&
      [other.place, ...other.related.map((one) => one.place)].some((there) =>
        touched.some((here) => meet(here, there)),
      ),
  );
}

function meet(a: Place, b: Place): boolean {
  return a.file === b.file && a.span.start <= b.span.end && b.span.start <= a.span.end;
}

/** Tries fixes in their order until enough are proven. */
function* tryOut(
  bench: Workbench,
  found: Diagnostic,
  fixes: readonly Fix[],
  most: number,
): Generator<void, { readonly proven: readonly Proven[]; readonly tried: number }> {
  const proven: Proven[] = [];
  let [tried, end] = [0, most];
  for (const fix of fixes) {
    if (end <= tried || LONGEST <= bench.spent()) break;
    if (MOST_OFFERED <= proven.filter(({ errors, fix: one }) => errors === 0 && one.guess !== true).length) break;
    tried++;
    const proof = yield* provenFix(bench, found, fix.edits);
    if (proof === undefined || (fix.guess === true && !proof.keeps)) continue;
    const errors = proof.left.filter(({ severity }) => severity === "error").length;
    // Two ways to write one repair: the likelier is offered.
    if (proven.some((one) => render(one.fix.title) === render(fix.title) && one.errors <= errors)) continue;
    proven.push({ fix, proof, errors });
    if (errors === 0) end = Math.min(end, tried + (fix.guess === true ? MOST_TRIED_PAST_GUESS : MOST_TRIED_FOR_MORE));
  }
  return { proven, tried };
}

/** What the best fix changes is where the mistake was made: it is among the related places, if nothing else stands there. */
function withPlace(diagnostic: Diagnostic): Diagnostic {
  const { place, related, fixes } = diagnostic;
  const [fix] = fixes;
  const edit = fix?.edits[0];
  if (fix === undefined || edit === undefined) return diagnostic;
  if ([place, ...related.map((one) => one.place)].some((there) => meet(there, edit.place))) return diagnostic;
  return { ...diagnostic, related: [...related, { place: edit.place, message: fix.title }] };
}

/** The first is the one to take where it says so itself, or where nothing else is proven. */
function ranked(fixes: readonly Fix[]): readonly Fix[] {
  return fixes
    .slice(0, MOST_OFFERED)
    .map((fix, i, all) => ({ ...fix, preferred: i === 0 && (fix.preferred || all.length === 1) }));
}
