import { type Changes, changesBetween } from "../preview/compare.ts";
import type { PreviewView } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { drawDeltas } from "./deltas.ts";
import { el } from "./dom.ts";
import { icon } from "./icons.ts";
import type { Say } from "./words.ts";

/** A view that later ones are compared with, so that a reader sees what edits did. */
export interface Pin {
  readonly isSet: () => boolean;
  /** Pins the view, or lets go of the pinned one. */
  readonly toggle: (view: PreviewView) => void;
  /** Ids of what is another than in the pinned view. */
  readonly changed: (view: PreviewView) => readonly string[];
  /** What is another in numbers; undefined where nothing is pinned. */
  readonly draw: (view: PreviewView) => HTMLElement | undefined;
}

/** `update`: what is pinned is another. */
export function makePin(say: Say, update: () => void): Pin {
  let pinned: { readonly view: PreviewView; readonly at: Date } | undefined;
  let known: { readonly view: PreviewView; readonly changes: Changes } | undefined;
  const changesTo = (before: PreviewView, view: PreviewView): Changes => {
    if (known?.view !== view) known = { view, changes: changesBetween(before, view) };
    return known.changes;
  };
  const toggle = (view: PreviewView): void => {
    known = undefined;
    pinned = pinned === undefined ? { view, at: new Date() } : undefined;
    update();
  };
  return {
    isSet: () => pinned !== undefined,
    toggle,
    changed: (view) =>
      pinned === undefined
        ? []
        : changesTo(pinned.view, view)
            .nodes.filter(({ kind }) => kind !== "gone")
            .map(({ id }) => id),
    draw: (view) => {
      if (pinned === undefined) return undefined;
      const time = pinned.at.toLocaleTimeString(document.documentElement.lang || undefined, {
        hour: "2-digit",
        minute: "2-digit",
      });
      const label = say(t("stop marking changes"));
      const stop = el("button", { type: "button", class: "icon", "aria-label": label, title: label }, icon("close"));
      stop.addEventListener("click", () => toggle(view));
      return el(
        "section",
        { class: "since", "aria-label": say(t("changes")) },
        el(
          "div",
          { class: "since-head" },
          el("span", { class: "changed-mark", "aria-hidden": "true" }, "Δ"),
          el("span", {}, say(t("changes of {0} since {1}", pinned.view.head.root, time))),
          stop,
        ),
        drawDeltas(changesTo(pinned.view, view), say),
      );
    },
  };
}
