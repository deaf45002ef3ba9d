import type { ViewPlace } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { Fit, FitEntry } from "./fit.ts";
import type { Say } from "./words.ts";

/** Lists up to this length are open from the start. */
const OPEN = 5;
/** Rows of one list in the page: a list of a whole network would be thousands. */
const ROWS = 500;

type Reveal = (place: ViewPlace) => void;

/** How a checkpoint matched: a sentence, and the complete lists below it; a row reveals the line that builds the layer. */
export function drawFit(fit: Fit, say: Say, reveal: Reveal): HTMLElement {
  const box = el("div", { class: "fit" });
  const glyph = fit.complete ? undefined : el("span", { class: "caution glyph" }, "⚠ ");
  box.append(el("p", {}, glyph, say(fit.text)));
  for (const { title, entries } of fit.lists) {
    const rows = entries.slice(0, ROWS).map((entry) => el("li", {}, row(entry, say, reveal)));
    if (ROWS < entries.length) rows.push(el("li", {}, say(t("and {0} more", entries.length - ROWS))));
    box.append(
      el(
        "details",
        { open: title.template !== "not used" && entries.length <= OPEN },
        el("summary", {}, say(t("{0}: {1}", title, entries.length))),
        el("ul", { class: "misfits" }, ...rows),
      ),
    );
  }
  return box;
}

function row({ text, place }: FitEntry, say: Say, reveal: Reveal): HTMLElement | string {
  if (place === undefined) return say(text);
  const link = el("button", { type: "button", class: "link plain" }, say(text));
  link.addEventListener("click", () => reveal(place));
  return link;
}

export interface Question {
  readonly file: string;
  readonly fit: Fit;
}

/** Asks, before a run, whether a checkpoint that does not give every weight will do. */
export function drawQuestion(
  { file, fit }: Question,
  say: Say,
  actions: {
    readonly reveal: Reveal;
    readonly accept: () => void;
    readonly other: () => void;
    readonly close: () => void;
  },
): HTMLElement {
  const button = (text: string, kind: string, act: () => void): HTMLElement => {
    const made = el("button", { type: "button", class: kind, "data-key": kind }, text);
    made.addEventListener("click", act);
    return made;
  };
  return el(
    "section",
    { class: "question", role: "alert", "aria-label": say(t("the checkpoint does not fit")) },
    el("h2", {}, say(t("{0} does not give every weight", file))),
    drawFit(fit, say, actions.reveal),
    el(
      "p",
      { class: "answers" },
      button(say(t("Run with {0} weights initialized", fit.drawn)), "primary", actions.accept),
      button(say(t("Choose another file")), "secondary", actions.other),
      button(say(t("Cancel")), "secondary cancel", actions.close),
    ),
  );
}
