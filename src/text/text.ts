/**
 * A sentence for a person, as data: the English template with `{0}`-style holes, and what fills them.
 * The template is the key of the translation table (`l10n/bundle.l10n.<locale>.json`), as in `vscode.l10n`.
 */
export interface Text {
  readonly template: string;
  readonly args: readonly (string | number | Text)[];
}

/** Translations by English template. */
export type Table = Readonly<Record<string, string>>;

/** Makes a {@link Text}. Only literal templates: the test of the table collects them from the source. */
export function t(template: string, ...args: readonly (string | number | Text)[]): Text {
  return { template, args };
}

/** The sentence in the table's language; English where the table has no entry. */
export function render(text: Text, table: Table = {}): string {
  const template = table[text.template] ?? text.template;
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => {
    const arg = text.args[Number(index)];
    if (arg === undefined) return hole;
    return typeof arg === "object" ? render(arg, table) : String(arg);
  });
}
