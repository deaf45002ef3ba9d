import type { Place } from "../text/span.ts";
import type { Context } from "./context.ts";

/** The language of a fence of shapes; the extension contributes its grammar. */
const FENCE = "resnet-lens-shape";

export function fence(lines: readonly string[]): string {
  return `\`\`\`${FENCE}\n${lines.join("\n")}\n\`\`\``;
}

/** Text as inline code; a backtick inside would end it. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "ˋ")}\``;
}

/** Text with what markdown would read as markup made plain. An underscore inside a word is none. */
export function plain(text: string): string {
  return text.replace(/[\\`*[\]<>~|]|\b_|_\b/g, (mark) => `\\${mark}`);
}

/** A link that reveals a place. */
export function placeLink(text: string, place: Place | undefined, context: Context): string {
  if (place === undefined) return plain(text);
  const { uri, range } = context.location(place);
  // A notebook's cell has a fragment already: the link leads to the cell.
  if (uri.includes("#")) return `[${plain(text)}](${uri})`;
  return `[${plain(text)}](${uri}#L${range.start.line + 1},${range.start.character + 1})`;
}

/** Lines of one paragraph, each on its own line. */
export function lines(parts: readonly string[]): string {
  return parts.join("  \n");
}
