import type { PreviewView, ViewPlace } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { sourceLink } from "./card.ts";
import { el } from "./dom.ts";
import type { Say } from "./words.ts";

/** Errors and warnings of the analysis, then what it did not understand, each with its line. */
export function drawNotes(view: PreviewView, say: Say, reveal: (place: ViewPlace) => void): HTMLElement {
  const list = el("ul", {});
  const gaps = el("ul", {});
  const told = new Set<string>();
  for (const note of view.notes) {
    const text = say(note.text);
    const key = `${text} ${note.place?.name} ${note.place?.line}`;
    if (told.has(key)) continue;
    told.add(key);
    const entry = el("li", {}, ...noteHead(note.severity, say), `${text} `);
    if (note.place !== undefined) entry.append(sourceLink(note.place, reveal));
    (note.severity === "gap" ? gaps : list).append(entry);
  }
  const box = el("div", { class: "notes" }, list);
  if (gaps.childElementCount === 0) return box;
  // What is unknown matters at once where it leaves the output unknown.
  const unknown = view.totals.output.text.includes("?");
  box.append(
    el("details", { open: unknown }, el("summary", {}, say(t("not understood: {0}", gaps.childElementCount))), gaps),
  );
  return box;
}

function noteHead(severity: "error" | "warning" | "gap", say: Say): readonly (Node | string)[] {
  if (severity === "error") return [el("span", { class: "misfit glyph" }, "✕ "), `${say(t("error"))}: `];
  if (severity === "warning") return [el("span", { class: "caution glyph" }, "⚠ "), `${say(t("warning"))}: `];
  return [el("span", { class: "glyph" }, "? ")];
}
