import type { Diagnostic } from "../../src/checks/diagnostic.ts";
import type { Context, FileView } from "../../src/editor/context.ts";
import { hover } from "../../src/editor/hover.ts";

/** VS Code cuts a hover at 250 pixels: ten lines of 19 pixels, the bar of its actions and its margins. */
const LINES = 10;
/** Columns of the editor's font, and characters of prose, that a hover has beside an open panel of 640 pixels. */
const COLUMNS = 68;
const PROSE = 80;
/** What of a file's hovers does not fit. */
interface Sizes {
  readonly cards: number;
  readonly faults: readonly {
    readonly at: string;
    readonly most: number;
    readonly lines: number;
    readonly wide: readonly string[];
    readonly card: string;
  }[];
}

/** The hovers at offsets of a file, beside an open panel. */
export function hoversAt(view: FileView, offsets: readonly number[], context: Context): Sizes {
  const faults: Sizes["faults"][number][] = [];
  let cards = 0;
  for (const offset of offsets) {
    const found = hover(view, offset, context);
    if (found === undefined) continue;
    cards++;
    const card = String(Reflect.get(Object(found.contents), "value"));
    const here = view.diagnostics.filter(
      ({ place }) => place.file === view.file && place.span.start <= offset && offset <= place.span.end,
    );
    const { lines, wide } = shown(card);
    // A problem that fills the hover by itself leaves a card of one line.
    const most = Math.max(1, LINES - printed(here, context));
    if (most < lines || 0 < wide.length)
      faults.push({ at: view.text.slice(offset, offset + 30), most, lines, wide, card });
  }
  return { cards, faults };
}

/** A Chinese character is two columns wide. */
function width(text: string): number {
  return text.length + (text.match(/[\u2e80-\u9fff\uff00-\uff60]/g)?.length ?? 0);
}

/** Lines of a text that is broken between words, and where it has none between Chinese characters. */
function wrapped(text: string, columns: number): number {
  const lines = [""];
  for (const part of text.match(/[\u2e80-\u9fff\uff00-\uff60]|[^\s\u2e80-\u9fff\uff00-\uff60]+|\s+/g) ?? []) {
    const line = `${lines.at(-1)}${part}`;
    if (width(line.trimEnd()) <= columns) lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.length;
}

/** Lines that VS Code itself prints of the problems at an offset. */
function printed(diagnostics: readonly Diagnostic[], context: Context): number {
  return diagnostics
    .flatMap(({ code, message, related }) => [
      `${context.say(message)} ResNet Lens(${code})`,
      ...related.map(({ place, message: words }) => {
        const { uri, range } = context.location(place);
        const name = uri.slice(uri.lastIndexOf("/") + 1);
        return `${name}(${range.start.line + 1}, ${range.start.character + 1}): ${context.say(words)}`;
      }),
    ])
    .reduce((sum, text) => sum + wrapped(text, COLUMNS), 0);
}

interface Shown {
  readonly lines: number;
  /** Lines of fences that are too wide: they do not wrap. */
  readonly wide: readonly string[];
}

function shown(markdown: string): Shown {
  const [outside, inside]: [string[], string[]] = [[], []];
  let fenced = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) fenced = !fenced;
    else if (fenced) inside.push(line);
    else if (line.trim() !== "" && line !== "---")
      outside.push(
        line
          .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
          .replace(/[*`\\]/g, "")
          .trim(),
      );
  }
  return {
    lines: inside.length + outside.reduce((sum, line) => sum + wrapped(line, PROSE), 0),
    wide: inside.filter((line) => COLUMNS < width(line)),
  };
}
