import type { ViewNode, ViewPlace, ViewShortcut } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import { icon } from "./icons.ts";
import {
  bytesText,
  exactText,
  kindWords,
  maddsText,
  parametersText,
  placeText,
  type Say,
  shortText,
  titleOf,
} from "./words.ts";

export interface CardActions {
  readonly say: Say;
  readonly reveal: (place: ViewPlace) => void;
  /** Folded, the facts are one line. */
  readonly fold: { readonly folded: boolean; readonly toggle: () => void };
}

/**
 * The selected node: where it comes from, what it gives and costs, and its shortcut. `time`: milliseconds that it took in
 * the last run, where they are known; `peak`: of the whole network, the bytes of values held at once.
 */
export function drawCard(
  node: ViewNode,
  { time, peak }: { readonly time: number | undefined; readonly peak: number | undefined },
  { say, reveal, fold }: CardActions,
): HTMLElement {
  const name = titleOf(node, say);
  const heading = el("h2", {}, el("span", { class: "mono" }, name));
  if (node.type !== "" && node.type !== name) heading.append(" · ", el("span", { class: "mono" }, node.type));
  if (1 < node.count) heading.append(` ×${node.count}`);
  if (node.detail !== "" && node.kind !== "run")
    heading.append(" · ", el("span", { class: "mono quiet" }, node.detail));
  if (node.place !== undefined) heading.append(" · ", sourceLink(node.place, reveal));
  const section = el(
    "section",
    { class: "card", "aria-label": say(t("selected node")) },
    foldButton(fold, say),
    heading,
  );
  if (fold.folded) {
    section.append(brief(node, say));
    return section;
  }
  const facts = el("dl", { class: "facts" });
  const fact = (term: string, ...value: readonly (Node | string)[]): void => {
    facts.append(el("div", {}, el("dt", {}, term), el("dd", {}, ...value)));
  };
  fact(
    say(t("output")),
    el("span", { class: "mono" }, node.output.text),
    node.output.assumed === true ? ` ${say(t("assumed after an error"))}` : "",
  );
  fact(say(t("parameters")), exactText(node.params));
  const [shortcut] = node.shortcuts;
  if (shortcut === undefined) fact(say(t("shortcut")), say(t("none")));
  else fact(say(t("shortcut")), ...shortcutValue(shortcut, node.shortcuts.length, say));
  fact(say(t("multiply-adds")), shortText(node.madds));
  fact(
    say(t("activations")),
    say(t("{0}, sum of outputs", bytesText(node.memory?.bytes))),
    node.memory === undefined || node.memory.dtypes.length === 0 ? "" : `, ${node.memory.dtypes.join(", ")}`,
  );
  if (peak !== undefined) fact(say(t("peak activations")), say(t("{0} at once, in evaluation", bytesText(peak))));
  if (time !== undefined) fact(say(t("last run")), say(t("{0} ms", time < 10 ? time.toFixed(2) : time.toFixed(0))));
  section.append(facts);
  return section;
}

/** `[N, 10] · 13.9 k parameters · 4.21 M multiply-adds`. */
function brief(node: ViewNode, say: Say): HTMLElement {
  const costs = [parametersText(node.params), maddsText(node.madds)].map(say).join(" · ");
  return el("p", { class: "brief quiet" }, el("span", { class: "mono" }, node.output.text), ` · ${costs}`);
}

function foldButton({ folded, toggle }: CardActions["fold"], say: Say): HTMLElement {
  const label = say(t("facts"));
  const button = el(
    "button",
    {
      type: "button",
      class: "icon fold",
      "data-key": "facts",
      "aria-expanded": String(!folded),
      "aria-label": label,
      title: label,
    },
    icon(folded ? "unfold" : "fold"),
  );
  button.addEventListener("click", toggle);
  return button;
}

function shortcutValue(shortcut: ViewShortcut, count: number, say: Say): readonly (Node | string)[] {
  const words = say(kindWords(shortcut));
  const detail = shortcut.kind === "identity" ? "" : shortcut.label;
  const times = 1 < count ? ` ×${count}` : "";
  const parts: (Node | string)[] = [words, times];
  if (detail !== "") parts.push(" ", el("span", { class: "mono" }, detail));
  if (shortcut.fits) return [...parts, ", ", el("span", { class: "ok glyph" }, "✓ "), say(t("fits"))];
  const { mismatch } = shortcut;
  parts.push(", ", el("span", { class: "misfit glyph" }, "✕ "), say(t("does not fit")));
  if (mismatch !== undefined) parts.push(" ", el("span", { class: "mono" }, `${mismatch.left} ≠ ${mismatch.right}`));
  return parts;
}

export function sourceLink(place: ViewPlace, reveal: (place: ViewPlace) => void): HTMLElement {
  const link = el("button", { class: "link", type: "button", title: place.file }, placeText(place));
  link.addEventListener("click", () => reveal(place));
  return link;
}
