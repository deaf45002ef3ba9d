import { refocus } from "./dom.ts";

/** What can have the focus inside a part that is drawn anew. */
const FOCUSABLE = "button, select, input, summary, a[href], [tabindex]";

/**
 * Replaces a part's content and keeps the focus: on the element with the same `data-key`, else on the one at the same
 * place among those that can have it. Boxes with `data-scroll` keep their scrolling, and what
 * can be folded and has `data-open` stays as it was.
 */
export function redraw(part: HTMLElement, ...content: readonly Node[]): void {
  const focused = part.contains(document.activeElement) ? document.activeElement : undefined;
  const key = focused instanceof HTMLElement ? focused.dataset.key : undefined;
  const at = focused === undefined || focused === null ? -1 : focusables(part).indexOf(focused as HTMLElement);
  const scrolled = new Map(boxes(part).map((box) => [box.dataset.scroll, [box.scrollLeft, box.scrollTop]]));
  const own = [part.scrollLeft, part.scrollTop];
  const opened = new Map(folds(part).map((fold) => [fold.dataset.open, fold.open]));
  part.replaceChildren(...content);
  for (const fold of folds(part)) fold.open = opened.get(fold.dataset.open) ?? fold.open;
  [part.scrollLeft = 0, part.scrollTop = 0] = own;
  for (const box of boxes(part)) [box.scrollLeft = 0, box.scrollTop = 0] = scrolled.get(box.dataset.scroll) ?? [];
  const all = focusables(part);
  const target = key === undefined ? all[at] : all.find((one) => one.dataset.key === key);
  refocus(target);
}

function focusables(part: HTMLElement): readonly HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(FOCUSABLE)];
}

function folds(part: HTMLElement): readonly HTMLDetailsElement[] {
  return [...part.querySelectorAll<HTMLDetailsElement>("details[data-open]")];
}

function boxes(part: HTMLElement): readonly HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>("[data-scroll]")];
}
