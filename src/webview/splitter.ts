import { el } from "./dom.ts";

/** The dock takes at least and at most so much of the page. */
const LEAST = 0.15;
const MOST = 0.85;
/** One press of an arrow key. */
const STEP = 0.05;

export interface Splitter {
  readonly element: HTMLElement;
  readonly set: (share: number) => void;
}

/**
 * The upper edge of what it stands in, to be moved by the pointer or the arrow keys; tells the share of the page's height.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/
 */
export function splitter({
  label,
  share,
}: {
  readonly label: string;
  readonly share: (share: number) => void;
}): Splitter {
  const element = el("div", {
    class: "splitter",
    role: "separator",
    tabindex: 0,
    "aria-label": label,
    "aria-orientation": "horizontal",
    "aria-valuemin": LEAST * 100,
    "aria-valuemax": MOST * 100,
    "aria-valuenow": MOST * 50,
  });
  const set = (value: number): void => {
    element.setAttribute("aria-valuenow", String(Math.round(value * 100)));
    element.parentElement?.style.setProperty("--share", String(value));
  };
  const move = (bottomShare: number): void => {
    const value = Math.min(MOST, Math.max(LEAST, bottomShare));
    set(value);
    share(value);
  };
  const box = (): DOMRect => (element.parentElement ?? element).getBoundingClientRect();
  // Until it is moved, the content alone makes the height.
  element.addEventListener("focus", () => {
    element.setAttribute("aria-valuenow", String(Math.round((box().height / window.innerHeight) * 100)));
  });
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) move((box().bottom - event.clientY) / window.innerHeight);
  });
  element.addEventListener("keydown", (event) => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    move(box().height / window.innerHeight + direction * STEP);
  });
  return { element, set };
}
