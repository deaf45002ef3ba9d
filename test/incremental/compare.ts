import type { Analysis, Analyzer, FileSystem, Options, Report, Root } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { difference } from "./digest.ts";
import { edited, pick, seeded } from "./edits.ts";

/** Files that are opened one after the other, and those around them that are edited too. */
export interface Project {
  readonly open: string;
  readonly around: readonly string[];
}

/** What one analyzer, alive all along, says after an edit. */
export interface Step {
  readonly step: number;
  readonly file: string;
  readonly asked: Asked;
  readonly got: Outcome;
}

/** The file and some of its roots that are asked about, and the texts that are not as stored. */
export interface Asked {
  readonly open: string;
  readonly texts: readonly (readonly [string, string])[];
  /** Which roots, as a part of them all from 0 to 1, and how many. */
  readonly chosen: number;
  readonly most: number;
}

export interface Outcome {
  readonly roots: readonly Root[];
  readonly analyses: readonly Analysis[];
  readonly report: Report;
}

/** One edit whose result in the analyzer that lives on is not a new analyzer's. */
interface Mismatch {
  readonly step: number;
  readonly file: string;
  readonly open: string;
  readonly difference: string;
  readonly text: string;
}

/** Edits on one project before the next is opened. */
const VISIT = 20;

/**
 * Makes random edits in open and imported files, some undone again, and gives after each what one analyzer, alive all
 * along, says of the open file, of `most` of its roots, chosen anew each time.
 */
export function* afterEdits(
  disk: FileSystem,
  options: Options,
  projects: readonly Project[],
  count: number,
  seed: number,
  most: number,
): Generator<Step, void> {
  const random = seeded(seed);
  const texts = new Map<string, string>();
  const files = over(disk, texts);
  const living = createAnalyzer(files, options);
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
    const asked: Asked = { open: project.open, texts: [...texts], chosen: random(), most };
    const got = outcome(living, asked);
    overtaken = beginProofs(living, got);
    yield { step, file, asked, got };
  }
  living.dispose();
}

/** What an analyzer says that has seen no edit. */
export function freshOutcome(disk: FileSystem, options: Options, asked: Asked): Outcome {
  const fresh = createAnalyzer(over(disk, new Map(asked.texts)), options);
  const made = outcome(fresh, asked);
  fresh.dispose();
  return made;
}

/** Makes random edits and compares after each what an analyzer that lives on says with what a new one says. */
export function compareEdits(...given: Parameters<typeof afterEdits>): readonly Mismatch[] {
  const [disk, options] = given;
  const found: Mismatch[] = [];
  for (const { step, file, asked, got } of afterEdits(...given)) {
    const differs = difference(got, freshOutcome(disk, options, asked));
    const text = over(disk, new Map(asked.texts)).read(file) ?? "";
    if (differs !== undefined) found.push({ step, file, open: asked.open, difference: differs, text });
  }
  return found;
}

function over(disk: FileSystem, texts: ReadonlyMap<string, string>): FileSystem {
  return { ...disk, read: (file) => texts.get(file) ?? disk.read(file) };
}

/** Takes the first steps of the proofs once more; what gives them up. */
function beginProofs(analyzer: Analyzer, { analyses, report }: Outcome): () => void {
  const steps = analyzer.tell(report.file, analyses).prove();
  for (let i = 0; i < STEPS; i++) steps.next();
  return () => void steps.return(report);
}

/** Enough for one edited text to be analyzed. */
const STEPS = 2;

function outcome(analyzer: Analyzer, { open, chosen, most }: Asked): Outcome {
  const roots = analyzer.roots(open);
  const first = Math.floor(chosen * Math.max(1, roots.length - most + 1));
  const analyses = roots.slice(first, first + most).map((root) => analyzer.analyze(root));
  return { roots, analyses, report: analyzer.report(open, analyses) };
}
