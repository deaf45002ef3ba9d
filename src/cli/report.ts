import type { Diagnostic, Severity } from "../checks/diagnostic.ts";
import type { LineIndex, Place } from "../text/span.ts";
import { render } from "../text/text.ts";
import type { Names, RootJson } from "./json.ts";

/** What a report reads beside the diagnostics. */
export interface Source extends Names {
  readonly text: (file: string) => string;
  /** Terminal colors are wanted. */
  readonly color: boolean;
}

/** Diagnostics as a terminal shows them: code, excerpt, carets, `= why`, `= fix`; then the totals. */
export function terminalReport(diagnostics: readonly Diagnostic[], roots: readonly RootJson[], source: Source): string {
  const shown = diagnostics.filter(({ code }) => code !== "gap");
  const gaps = roots.filter(({ status }) => status === "partial").length;
  const count = (severity: Severity): number => shown.filter((diagnostic) => diagnostic.severity === severity).length;
  const totals = [
    plural(count("error"), "error"),
    plural(count("warning"), "warning"),
    `${plural(roots.length, "model")} read`,
    ...(gaps === 0 ? [] : [`${gaps} only in part`]),
  ].join(", ");
  return [...shown.map((diagnostic) => reportOf(diagnostic, source)), totals].join("\n\n");
}

function reportOf(diagnostic: Diagnostic, source: Source): string {
  const { severity, code, message, place, related, fixes, original, instances, roots } = diagnostic;
  const paint = source.color ? painted : (text: string): string => text;
  const lines = source.lines(place.file);
  const numbers = [place, ...related.map((other) => other.place)].map(
    (other) => source.lines(other.file).position(other.span.start).line + 1,
  );
  const gutter = String(Math.max(...numbers)).length;
  const blank = " ".repeat(gutter);
  const out = [
    `${paint(`${severity}[${code}]`, severity)}: ${render(message)}`,
    `${blank}--> ${placeText(place, source)}`,
    ...excerpt(place, source, lines, gutter, "^", severity, ""),
  ];
  for (const { place: other, message: text } of related) {
    out.push(
      `${blank}::: ${placeText(other, source)}`,
      ...excerpt(other, source, source.lines(other.file), gutter, "-", "hint", render(text)),
    );
  }
  const notes = [
    ...(instances.length === 0 ? [] : [`in: ${listed(instances)}`]),
    ...(roots.length < 2 ? [] : [`models: ${listed(roots)}`]),
    ...related.map((other) => `why: ${placeText(other.place, source)} ${render(other.message)}`),
    ...(original === undefined ? [] : [`${code === "python-error" ? "Python" : "PyTorch"}: ${original}`]),
    ...fixes.map((fix) => `fix: ${render(fix.title)}`),
  ];
  return [...out, ...notes.map((note) => `${blank} = ${note}`)].join("\n");
}

/** Names that one line of a report lists. */
const LISTED = 6;

function listed(names: readonly string[]): string {
  return names.length <= LISTED
    ? names.join(", ")
    : `${names.slice(0, LISTED).join(", ")} and ${names.length - LISTED} more`;
}

function excerpt(
  place: Place,
  source: Source,
  lines: LineIndex,
  gutter: number,
  mark: string,
  severity: Severity,
  label: string,
): readonly string[] {
  const { line, column } = lines.position(place.span.start);
  const start = lines.lineStart(line);
  const text = source
    .text(place.file)
    .slice(start, lines.lineStart(line + 1))
    .replace(/[\r\n]+$/, "");
  const end = Math.min(place.span.end - start, text.length);
  // Tabs stay tabs, so that the marks stand under the code however wide the terminal shows them.
  const indent = text.slice(0, column).replace(/[^\t]/g, " ");
  const marks = mark.repeat(Math.max(1, end - column));
  const blank = " ".repeat(gutter);
  const shown = source.color ? painted(marks, severity) : marks;
  return [
    `${blank} |`,
    `${String(line + 1).padStart(gutter)} | ${text}`,
    `${blank} | ${indent}${shown}${label === "" ? "" : ` ${label}`}`,
  ];
}

function placeText(place: Place, source: Source): string {
  const { line, column } = source.lines(place.file).position(place.span.start);
  return `${source.name(place.file)}:${line + 1}:${column + 1}`;
}

const COLORS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36, hint: 34 };

function painted(text: string, severity: Severity): string {
  return `\u001b[${COLORS[severity]}m${text}\u001b[0m`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
