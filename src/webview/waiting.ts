import { type Text, t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { Live } from "./live.ts";
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
  known: T | Text | undefined,
  ask: () => Promise<T | Text>,
  { say }: TabContext,
  draw: (value: T) => readonly Node[],
): void {
  const show = (value: T | Text): readonly Node[] =>
    isText(value) ? [el("p", { class: "reason" }, say(value))] : draw(value);
  if (known !== undefined) {
    box.append(...show(known));
    return;
  }
  box.append(el("p", { class: "quiet" }, say(t("reading…"))));
  box.setAttribute("aria-busy", "true");
  void ask().then((value) => {
    box.removeAttribute("aria-busy");
    box.replaceChildren(...show(value));
  });
}

function isText(value: object): value is Text {
  return "template" in value;
}

/** Answers are asked for once in a run's life. */
export function oncePerRun<T>(
  ask: (live: Live) => Promise<T>,
): (live: Live) => { readonly asked: Promise<T>; known: T | undefined } {
  const held = new WeakMap<Live, { readonly asked: Promise<T>; known: T | undefined }>();
  return (live) => {
    const found = held.get(live);
    if (found !== undefined) return found;
    const entry: { readonly asked: Promise<T>; known: T | undefined } = { asked: ask(live), known: undefined };
    void entry.asked.then((value) => {
      entry.known = value;
    });
    held.set(live, entry);
    return entry;
  };
}
