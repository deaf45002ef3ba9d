import { el } from "./dom.ts";

/** A screen reader hears at most one message in this time, in milliseconds. */
const PAUSE = 1000;

/** A polite live region: says the newest message, at most one a second; the last one is always said. */
export interface Announcer {
  readonly element: HTMLElement;
  readonly announce: (text: string) => void;
}

export function announcer(): Announcer {
  const element = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  let next = 0;
  let waiting: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (): void => {
    timer = undefined;
    if (waiting === undefined) return;
    element.textContent = waiting;
    waiting = undefined;
    next = Date.now() + PAUSE;
  };
  return {
    element,
    announce: (text) => {
      waiting = text;
      if (timer === undefined) timer = setTimeout(say, Math.max(0, next - Date.now()));
    },
  };
}
