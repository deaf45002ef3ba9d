import { type Text, t } from "../text/text.ts";
import { el } from "./dom.ts";
import { icon } from "./icons.ts";
import type { Say } from "./words.ts";

/** From a thousand layers at a glance to what the last row can read. */
const LEAST = 0.04;
const MOST = 4;
/** One press of a button or a key. */
const STEP = 1.25;

export function clampScale(scale: number): number {
  return Number.isFinite(scale) ? Math.min(MOST, Math.max(LEAST, scale)) : 1;
}

/** By how much a turn of the wheel scales; a notch of a mouse wheel is about one step of a button. */
export function wheelFactor({ deltaY, deltaMode }: WheelEvent): number {
  const pixels = deltaMode === 1 ? deltaY * 16 : deltaY;
  return 2 ** (-Math.max(-100, Math.min(100, pixels)) / 300);
}

export interface ZoomActions {
  readonly say: Say;
  readonly scale: () => number;
  readonly setScale: (scale: number) => void;
  readonly whole: () => void;
  readonly openAll: () => void;
  readonly closeAll: () => void;
}

/** The buttons in the corner of the diagram. */
export interface ZoomBar {
  readonly element: HTMLElement;
  readonly update: () => void;
  /** Whether it was one of the diagram's keys. */
  readonly key: (event: KeyboardEvent) => boolean;
}

export function makeZoomBar(actions: ZoomActions): ZoomBar {
  const { say, scale, setScale } = actions;
  const button = (label: Text, key: string, content: Node | string, act: () => void): HTMLButtonElement => {
    const words = key === "" ? say(label) : `${say(label)} (${key})`;
    const made = el("button", { type: "button", class: "icon", "aria-label": say(label), title: words }, content);
    made.addEventListener("click", act);
    return made;
  };
  const whole = el("button", { type: "button", class: "icon percent" });
  whole.addEventListener("click", () => setScale(1));
  const element = el(
    "div",
    { class: "zoom", role: "toolbar", "aria-label": say(t("diagram")) },
    button(t("open all"), "", icon("open-all"), actions.openAll),
    button(t("open as at first"), "", icon("close-all"), actions.closeAll),
    el("span", { class: "rule", "aria-hidden": "true" }),
    button(t("zoom out"), "−", icon("minus"), () => setScale(scale() / STEP)),
    whole,
    button(t("zoom in"), "+", icon("plus"), () => setScale(scale() * STEP)),
    button(t("show the whole diagram"), "9", icon("fit"), actions.whole),
  );
  const update = (): void => {
    const percent = `${Math.round(scale() * 100)} %`;
    whole.textContent = percent;
    const words = say(t("{0}, back to full size", percent));
    whole.setAttribute("aria-label", words);
    whole.title = `${words} (0)`;
  };
  update();
  return {
    element,
    update,
    key: (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return false;
      if (event.key === "+" || event.key === "=") setScale(scale() * STEP);
      else if (event.key === "-") setScale(scale() / STEP);
      else if (event.key === "0") setScale(1);
      else if (event.key === "9") actions.whole();
      else return false;
      return true;
    },
  };
}
