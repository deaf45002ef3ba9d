import type { Diagnostic as Problem } from "vscode-languageserver";
import type { Analysis } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { type Commented, heedIgnores } from "../checks/ignores.ts";
import type { Published } from "../editor/code-actions.ts";
import type { Context } from "../editor/context.ts";
import { gapsOf, problemOf } from "../editor/diagnostics.ts";
import type { Settings } from "../editor/protocol.ts";
import type { Place } from "../text/span.ts";
import { render } from "../text/text.ts";

/** Milliseconds without typing after which new errors appear. */
export const NEW_PROBLEM_DELAY = 400;

/** What a document's analyses have to say, as problems; nothing for a file in a library's folder. */
export function publishedOf(
  diagnostics: readonly Diagnostic[],
  analyses: readonly Analysis[],
  settings: Settings,
  isLibrary: (file: string) => boolean,
  source: (file: string) => Commented | undefined,
  context: Context,
): readonly Published[] {
  const gaps = settings.showGaps ? heedIgnores(unique(analyses.flatMap(gapsOf)), source).kept : [];
  return [...diagnostics.filter(({ code }) => code !== "gap"), ...gaps].flatMap((diagnostic) => {
    if (isLibrary(diagnostic.place.file)) return [];
    const problem = problemOf(diagnostic, settings.severity, context);
    return problem === undefined ? [] : [{ diagnostic, problem }];
  });
}

/** What stays the same of a diagnostic while lines are added above it. */
export function identityOf({ code, message, place }: Diagnostic): string {
  return `${place.file} ${code} ${render(message).replace(/\bline \d+/g, "line")}`;
}

/**
 * Problems by the document that they stand in, each once although several open documents may report it. `used` are
 * comments that silence something in one of them.
 */
export function problemsByUri(
  lists: Iterable<readonly Published[]>,
  used: readonly Place[],
  context: Context,
): ReadonlyMap<string, readonly Problem[]> {
  const found = new Map<string, Map<string, Problem>>();
  const busy = new Set(used.map(keyOf));
  for (const list of lists) {
    for (const { diagnostic, problem } of list) {
      const { span } = diagnostic.place;
      if (diagnostic.code === "unused-ignore" && busy.has(keyOf(diagnostic.place))) continue;
      const { uri } = context.location(diagnostic.place);
      const problems = found.get(uri) ?? new Map<string, Problem>();
      problems.set(`${span.start} ${span.end} ${diagnostic.code} ${problem.message}`, problem);
      found.set(uri, problems);
    }
  }
  return new Map([...found].map(([uri, problems]) => [uri, [...problems.values()]]));
}

function keyOf({ file, span }: Place): string {
  return `${file} ${span.start}`;
}

function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const found = new Map(
    diagnostics.map((diagnostic) => [`${identityOf(diagnostic)} ${diagnostic.place.span.start}`, diagnostic]),
  );
  return [...found.values()];
}
