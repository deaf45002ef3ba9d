import type { Analysis, Analyzer, FileSystem, Options, Report, Root } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { difference } from "./digest.ts";
import { edited, pick, seeded } from "./edits.ts";

/** Files that are opened one after the other, and those around them that are edited too. */
export interface Project {
  readonly open: string;
  readonly around: readonly string[];
}

/** One edit whose result in the analyzer that lives on is not a new analyzer's. */
export interface Mismatch {
  readonly step: number;
  readonly file: string;
  readonly open: string;
  readonly difference: string;
  readonly text: string;
}

/** Edits on one project before the next is opened. */
const VISIT = 20;

/**
 * Makes random edits in open and imported files, some undone again, and after each compares everything that one
 * analyzer, alive all along, says of the open file with what a new one says.
 */
export function compareEdits(
  disk: FileSystem,
  options: Options,
  projects: readonly Project[],
  count: number,
  seed: number,
  /** Roots of the open file that are compared, chosen anew each time. */
  most: number,
  progress: (step: number) => void = () => undefined,
): readonly Mismatch[] {
  const random = seeded(seed);
  const texts = new Map<string, string>();
  const files: FileSystem = { ...disk, read: (file) => texts.get(file) ?? disk.read(file) };
  const living = createAnalyzer(files, options);
  const found: Mismatch[] = [];
  let overtaken: () => void = () => undefined;
  const change = (file: string, text: string | undefined): void => {
    // As in the editor: whatever is being proven is given up.
    overtaken();
    if (text === undefined) texts.delete(file);
    else texts.set(file, text);
    living.changed(file);
  };
  for (let step = 0; step < count; step++) {
    const project = projects[Math.floor(step / VISIT) % projects.length];
    if (project === undefined) break;
    const file = random() < 0.6 || project.around.length === 0 ? project.open : pick(random, project.around);
    // What was broken is soon mended: most edits are made in code that runs.
    if (random() < 0.35) for (const broken of [...texts.keys()]) change(broken, undefined);
    else change(file, edited(random, files.read(file) ?? ""));
    const chosen = random();
    const fresh = createAnalyzer(files, options);
    const wanted = outcome(fresh, project.open, chosen, most);
    fresh.dispose();
    const got = outcome(living, project.open, chosen, most);
    overtaken = beginProofs(living, got);
    const differs = difference(got, wanted);
    if (differs !== undefined)
      found.push({ step, file, open: project.open, difference: differs, text: files.read(file) ?? "" });
    progress(step + 1);
  }
  living.dispose();
  return found;
}

/** Takes the first steps of the proofs once more; what gives them up. */
function beginProofs(analyzer: Analyzer, { analyses, report }: Outcome): () => void {
  const steps = analyzer.tell(report.file, analyses).prove();
  for (let i = 0; i < STEPS; i++) steps.next();
  return () => void steps.return(report);
}

/** Enough for one edited text to be analyzed. */
const STEPS = 2;

interface Outcome {
  readonly roots: readonly Root[];
  readonly analyses: readonly Analysis[];
  readonly report: Report;
}

/** What an analyzer says of a file, of some of its roots. */
function outcome(analyzer: Analyzer, file: string, chosen: number, most: number): Outcome {
  const roots = analyzer.roots(file);
  const first = Math.floor(chosen * Math.max(1, roots.length - most + 1));
  const analyses = roots.slice(first, first + most).map((root) => analyzer.analyze(root));
  return { roots, analyses, report: analyzer.report(file, analyses) };
}
