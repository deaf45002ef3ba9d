import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import { icon } from "./icons.ts";
import type { Say } from "./words.ts";

export interface SearchActions {
  readonly say: Say;
  /** Ids of what the text finds, in order. */
  readonly find: (text: string) => readonly string[];
  /** What is found now, and which of it is shown. */
  readonly show: (found: readonly string[], current: string | undefined) => void;
  /** The search is over; the focus goes back to where the reader was. */
  readonly close: () => void;
  readonly announce: (text: string) => void;
  /** How a node is told to a screen reader. */
  readonly spoken: (id: string) => string;
}

/** The box that finds nodes, at the diagram's top. */
export interface Search {
  readonly element: HTMLElement;
  readonly open: () => void;
  readonly isOpen: () => boolean;
  /** The view is another: searches anew, without moving. */
  readonly update: () => void;
}

export function makeSearch(actions: SearchActions): Search {
  const { say } = actions;
  const label = say(t("find by path, type, shape or code"));
  const input = el("input", { type: "search", placeholder: label, "aria-label": label, spellcheck: "false" });
  const count = el("span", { class: "count" });
  const button = (words: string, keys: string, name: "previous" | "next" | "close", act: () => void): HTMLElement => {
    const made = el(
      "button",
      { type: "button", class: "icon", "aria-label": words, title: `${words} (${keys})` },
      icon(name),
    );
    made.addEventListener("click", act);
    return made;
  };
  const element = el(
    "div",
    { class: "search", role: "search", hidden: true },
    input,
    count,
    button(say(t("previous")), "Shift+Enter", "previous", () => step(-1)),
    button(say(t("next")), "Enter", "next", () => step(1)),
    button(say(t("close")), "Escape", "close", close),
  );
  let found: readonly string[] = [];
  let at = -1;
  input.addEventListener("input", () => {
    refresh();
    if (0 < found.length) actions.show(found, undefined);
    else actions.show([], undefined);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === input) step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function refresh(): void {
    const current = found[at];
    found = actions.find(input.value);
    at = current === undefined ? -1 : found.indexOf(current);
    tell();
  }

  function tell(): void {
    const none = found.length === 0 && input.value.trim() !== "";
    input.setAttribute("aria-invalid", String(none));
    const text =
      input.value.trim() === ""
        ? ""
        : none
          ? say(t("nothing found"))
          : at < 0
            ? say(t("{0} found", found.length))
            : say(t("{0} of {1}", at + 1, found.length));
    if (count.textContent === text) return;
    count.textContent = text;
    if (text !== "" && at < 0) actions.announce(text);
  }

  function step(by: 1 | -1): void {
    if (found.length === 0) return;
    at = at < 0 ? (by === 1 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    tell();
    const current = found[at];
    actions.show(found, current);
    if (current !== undefined)
      actions.announce(`${say(t("{0} of {1}", at + 1, found.length))}: ${actions.spoken(current)}`);
  }

  function close(): void {
    element.hidden = true;
    found = [];
    at = -1;
    actions.show([], undefined);
    actions.close();
  }

  return {
    element,
    open: () => {
      element.hidden = false;
      input.focus();
      input.select();
      refresh();
      actions.show(found, undefined);
    },
    isOpen: () => !element.hidden,
    update: () => {
      if (element.hidden) return;
      refresh();
    },
  };
}
