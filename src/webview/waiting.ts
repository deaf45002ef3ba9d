import { type Text, t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { TabContext } from "./tab.ts";

/** What a tab shows where there is no live run to ask; `wish` says what a run would show. */
export function noLive({ running, say, actions }: TabContext, wish: Text): HTMLElement {
  if (running) return el("p", { class: "quiet" }, say(t("the model is running…")));
  const button = el("button", { type: "button", class: "primary", "data-key": "run-again" }, say(t("Run")));
  button.addEventListener("click", actions.run);
  return el("div", { class: "wish" }, el("p", {}, say(wish)), button);
}

/** Puts what an asked question gives into a box, at once where it is known; why not, where it is not. */
export function fillWith<T extends object>(
  box: HTMLElement,
  known: T | undefined,
  ask: () => Promise<T | Text>,
  { say }: TabContext,
  draw: (value: T) => readonly Node[],
): void {
  if (known !== undefined) {
    box.append(...draw(known));
    return;
  }
  box.append(el("p", { class: "quiet" }, say(t("reading…"))));
  box.setAttribute("aria-busy", "true");
  void ask().then((value) => {
    box.removeAttribute("aria-busy");
    const content =
      "template" in value
        ? [el("p", {}, el("span", { class: "misfit glyph" }, "✕ "), say(value as Text))]
        : draw(value);
    box.replaceChildren(...content);
  });
}
