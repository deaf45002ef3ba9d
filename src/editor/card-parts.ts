import type { Analysis } from "../analysis.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import type { Context } from "./context.ts";
import { lines, placeLink, plain } from "./markdown.ts";
import { inputText } from "./root-text.ts";

/** Lines that a hover shows before it scrolls, with its Quick Fix bar. */
export const LINE_LIMIT = 10;

/** `3 × 224 × 224, example · [Change] · [Preview]`: at which input the shapes hold, and what can be done. */
export function footer(analysis: Analysis, context: Context): string {
  const input = inputText(analysis, " × ");
  const parts = [analysis.example ? context.say(t("{0}, example", input)) : input];
  if (context.command !== undefined) {
    const { model, file } = analysis.root;
    const { uri } = context.location({ file, span: { start: 0, end: 0 } });
    parts.push(`[${context.say(t("Change"))}](${context.command("resnetLens.changeInput", uri, model)})`);
    parts.push(`[${context.say(t("Preview"))}](${context.command("resnetLens.preview", uri, model)})`);
  }
  return parts.join(" · ");
}

/** A whole card: its head, a block of aligned text, lines below it, and the footer under a rule. */
export function card(head: string, table: string, below: readonly string[], foot: string): string {
  return [head, table, lines(below), `---\n${foot}`].filter((part) => part !== "").join("\n\n");
}

/** `**unknown** einops.rearrange is not known · [line 12]`. */
export function unknownLine(why: Why, context: Context): string {
  const text = context.say(why.reason);
  const reason = `**${context.say(t("unknown"))}** ${text.includes("`") ? text : plain(text)}`;
  if (why.place === undefined) return reason;
  return `${reason} · ${lineLink(why.place, context)}`;
}

/** Says which error's repair the shown shapes rest on. */
export function assumedLine(analysis: Analysis, context: Context): string {
  const cause = analysis.diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (cause === undefined) return `**${context.say(t("assumed"))}**`;
  return `**${context.say(t("assumed"))}** ${context.say(t("if {0} is fixed", lineLink(cause.place, context)))}`;
}

export function lineLink(place: NonNullable<Why["place"]>, context: Context): string {
  const { range } = context.location(place);
  return placeLink(context.say(t("line {0}", range.start.line + 1)), place, context);
}

/** The framework's own words for an error. */
export function originalLine(original: string): string {
  return `**PyTorch** ${plain(original)}`;
}

/** A value as a list of one, nothing as an empty list. */
export function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
