import path from "node:path";
import type { Analysis, Analyzer, InputSpec, Options } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { parseInput } from "../graph/input.ts";
import { packageFolders } from "../site-packages.ts";
import { type LineIndex, lineIndex, type Place } from "../text/span.ts";
import { render } from "../text/text.ts";
import type { FileReport } from "./check.ts";
import type { Environment } from "./environment.ts";
import { Failure } from "./failure.ts";
import type { Names } from "./json.ts";

/** The options of every command that takes a root, as commander collects them. */
export interface RootOptions {
  readonly model?: string;
  readonly input: readonly string[];
  readonly path: readonly string[];
  readonly pythonPath: readonly string[];
  readonly timeout?: number;
  readonly train?: boolean;
}

/** `--python-path` also takes an environment's own folder, such as `.venv`. */
export function analyzerOptions(options: RootOptions, { disk, cwd }: Pick<Environment, "disk" | "cwd">): Options {
  return {
    paths: options.path.map((folder) => path.resolve(cwd, folder)),
    pythonPaths: options.pythonPath.flatMap((folder) => packageFolders(disk, path.resolve(cwd, folder))),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.train === undefined ? {} : { train: options.train }),
  };
}

/** The inputs given on the command line; undefined where none is. */
export function givenInputs(options: RootOptions): readonly InputSpec[] | undefined {
  if (options.input.length === 0) return undefined;
  return options.input.map((text) => {
    const parsed = parseInput(text);
    if (parsed.kind === "error") throw new Failure(`--input: ${render(parsed.message)}`);
    return parsed.input;
  });
}

/** The one root that a command is about: the given one, else the first found. */
export function oneRoot(
  analyzer: Analyzer,
  file: string,
  model: string | undefined,
  input: readonly InputSpec[] | undefined,
  shown: string,
): Analysis {
  if (model !== undefined) return analyzer.analyzeModel(file, model, input);
  const [root] = analyzer.roots(file);
  if (root === undefined) throw new Failure(`no call or factory in ${shown} builds a model; name one with --model`);
  return analyzer.analyze(root, input);
}

/** One entry a mistake, by file and place: the same one, met from several files, lists all their roots. */
export function merged(reports: readonly FileReport[]): readonly Diagnostic[] {
  const used = new Set(reports.flatMap(({ usedIgnores }) => usedIgnores.map(placeKey)));
  const diagnostics = reports
    .flatMap((report) => report.diagnostics)
    // A comment that silences nothing in one file's roots may do so in another's.
    .filter(({ code, place }) => code !== "unused-ignore" || !used.has(placeKey(place)));
  const found = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { place, code, message } = diagnostic;
    const key = `${place.file} ${place.span.start} ${place.span.end} ${code} ${render(message)}`;
    const before = found.get(key);
    found.set(
      key,
      before === undefined
        ? diagnostic
        : {
            ...before,
            roots: union(before.roots, diagnostic.roots),
            instances: union(before.instances, diagnostic.instances),
          },
    );
  }
  const files = [...new Set(diagnostics.map(({ place }) => place.file))];
  const rank = (diagnostic: Diagnostic): number => files.indexOf(diagnostic.place.file);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || a.place.span.start - b.place.span.start);
}

function placeKey({ file, span }: Place): string {
  return `${file} ${span.start}`;
}

/** Text and lines of files, as the analysis saw them. */
export function namesOf(
  read: (file: string) => string | undefined,
  name: (file: string) => string,
): Names & { readonly text: (file: string) => string } {
  const indexes = new Map<string, LineIndex>();
  return {
    name,
    text: (file) => read(file) ?? "",
    lines(file) {
      const index = indexes.get(file) ?? lineIndex(read(file) ?? "");
      indexes.set(file, index);
      return index;
    },
  };
}

/** A file that must be readable. */
export function requireFile(environment: Environment, file: string): string {
  const absolute = path.resolve(environment.cwd, file);
  if (environment.disk.kind(absolute) !== "file" || environment.disk.read(absolute) === undefined)
    throw new Failure(`cannot read ${file}`);
  return absolute;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}
