import type { Analysis } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import type { Context } from "./context.ts";
import { pathLabel } from "./groups.ts";
import { fence, lines, placeLink, plain } from "./markdown.ts";
import { inputText, modelText } from "./root-text.ts";
import { columns, GROUP_LIMIT } from "./shape-table.ts";

/** Lines that a hover shows before it scrolls, with its Quick Fix bar. */
const LINE_LIMIT = 10;

/** Columns of the editor's font that a hover has beside an open panel of 640 pixels. */
export const WIDTH = 68;

/** Characters of a card's own prose in such a hover; its font is narrower. */
const PROSE_WIDTH = 80;

/** Lines that are left for a card below what the client itself prints of the problems at the same place. */
export function roomBelow(problems: readonly Diagnostic[], context: Context): number {
  const printed = problems.flatMap(({ code, message, related }) => [
    `${context.say(message)} ResNet Lens(${code})`,
    ...related.map(({ place, message: words }) => {
      const { uri, range } = context.location(place);
      const { line, character } = range.start;
      return `${uri.replace(/^.*\//, "")}(${line + 1}, ${character + 1}): ${context.say(words)}`;
    }),
  ]);
  return LINE_LIMIT - printed.reduce((sum, text) => sum + lineCount(text, WIDTH), 0);
}

/** Lines that a card's prose takes; of a link only its words are seen. */
export function wrapped(text: string): number {
  return lineCount(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*`\\]/g, ""), PROSE_WIDTH);
}

/** Lines of so many columns that a text takes, broken between words. */
function lineCount(text: string, width: number): number {
  let count = 1;
  let used = 0;
  for (const word of text.split(" ")) {
    const long = columns(word);
    const next = used === 0 ? long : used + 1 + long;
    if (next <= width) used = next;
    else {
      count += used === 0 ? 0 : 1;
      used = long % width;
      count += Math.floor(long / width);
    }
  }
  return count;
}

/** In which instances a mistake is: `layer2.1–3, layer3.1`; nothing where there is no telling. */
export function instancesNote({ instances }: Diagnostic, analysis: Analysis, context: Context): string {
  const named = instances.filter((path) => path !== "");
  if (named.length === 0) return "";
  return context.say(t("in {0}", pathLabel(named, analysis.root.model)));
}

/** For which roots a mistake is, the first ones by name. */
export function rootsNote({ roots }: Diagnostic): string {
  const [first = "", second] = roots.map((root) => modelText(root));
  if (second === undefined) return first;
  return roots.length === 2 ? `${first}, ${second}` : `${first}, ${second} +${roots.length - 2}`;
}

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

/** What a card is made of, the lines below its table in the order of their weight. */
export interface CardParts {
  readonly head: string;
  readonly table: readonly string[];
  readonly below: readonly string[];
  readonly foot: string;
}

/** A whole card: its head, a block of aligned text, lines below it, and the footer under a rule; what has no room is left out. */
export function card({ head, table, below, foot }: CardParts, room: number): string {
  let left = room - table.length;
  const take = (text: string): boolean => {
    if (left < wrapped(text)) return false;
    left -= wrapped(text);
    return true;
  };
  const hasHead = take(head);
  const hasFoot = take(foot);
  const taken = below.filter(take);
  const parts = [hasHead ? head : "", fence(table), lines(taken), hasFoot ? `---\n${foot}` : ""];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** How many groups of instances a card of so many lines shows, beside its head, its footer and the line on the others. */
export function groupRoom(room: number): number {
  return Math.max(1, Math.min(GROUP_LIMIT, room - 3));
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
