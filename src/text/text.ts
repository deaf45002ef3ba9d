import type { Place } from "./span.ts";

/**
 * A sentence for a person, as data: the English template with `{0}`-style holes, and what fills them.
 * The template is the key of the translation table (`l10n/bundle.l10n.<locale>.json`), as in `vscode.l10n`.
 */
export interface Text {
  readonly template: string;
  readonly args: readonly TextArg[];
}

type TextArg = string | number | Text | LineNumber;

/** The 1-based line that a place begins in: a notebook's is told by its cell. */
export interface LineNumber {
  readonly line: number;
  readonly place: Place;
}

/** Translations by English template. */
export type Table = Readonly<Record<string, string>>;

/** Makes a {@link Text}. Only literal templates: the test of the table collects them from the source. */
export function t(template: string, ...args: readonly TextArg[]): Text {
  return { template, args };
}

/** The sentence in the table's language; English where the table has no entry. */
export function render(
  text: Text,
  table: Table = {},
  lineText: (line: LineNumber) => string = ({ line }) => String(line),
): string {
  const template = table[text.template] ?? text.template;
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => {
    const arg = text.args[Number(index)];
    if (arg === undefined) return hole;
    if (typeof arg !== "object") return String(arg);
    return "line" in arg ? lineText(arg) : render(arg, table, lineText);
  });
}
