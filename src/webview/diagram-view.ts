import type { Drawing } from "../preview/drawing.ts";
import { type Lookup, lookupOf, type Rect } from "../preview/within.ts";
import { farPartsOf, LEAST_READABLE, markers, partsOf } from "./diagram.ts";
import { el, svg } from "./dom.ts";
import type { Layouter, LayoutWish } from "./layouter.ts";
import { makeMinimap } from "./minimap.ts";
import { clampScale, wheelFactor } from "./zoom.ts";

export interface DiagramViewActions {
  readonly select: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly words: (text: string) => string;
  /** The scale has changed, by whatever way. */
  readonly scaled: (scale: number) => void;
}

/** Which nodes are marked, by what is drawn of them. */
export interface Marks {
  readonly selected: string | undefined;
  /** What the cursor's code stands for. */
  readonly lit: ReadonlySet<string>;
  /** What a search has found. */
  readonly found: ReadonlySet<string>;
  /** What is another than in the pinned view. */
  readonly changed: ReadonlySet<string>;
}

const NO_MARKS: Marks = { selected: undefined, lit: new Set(), found: new Set(), changed: new Set() };

/** The diagram in its scrolled box: laid out, scaled, and drawn as far as it is seen. */
export interface DiagramView {
  readonly element: HTMLElement;
  readonly minimap: HTMLElement;
  readonly show: (wish: LayoutWish) => void;
  readonly mark: (marks: Marks) => void;
  readonly bringIntoView: (id: string | undefined) => void;
  readonly centerOn: (id: string) => void;
  readonly scale: () => number;
  /** Keeps the middle, or the given point of the page, where it is. */
  readonly setScale: (scale: number, around?: { readonly x: number; readonly y: number }) => void;
  /** As large as the whole drawing can be seen at. */
  readonly whole: () => void;
  /** The newest drawing. */
  readonly drawing: () => Drawing | undefined;
}

/** Drawings with fewer parts than this are drawn whole. */
const WHOLE = 1500;
/** The minimap comes when this much of the drawing cannot be seen. */
const LARGER = 1.3;

export function makeDiagramView(
  scroll: HTMLElement,
  layouter: Layouter,
  scale: number,
  actions: DiagramViewActions,
): DiagramView {
  const parts = svg("g", {});
  const root = svg("svg", { class: "diagram", "aria-hidden": "true", focusable: "false" }, markers(), parts);
  const element = el("div", { class: "picture" }, root);
  const minimap = makeMinimap((x, y) => center(x, y));
  minimap.element.hidden = true;
  let drawing: Drawing | undefined;
  let lookup: Lookup | undefined;
  let marks = NO_MARKS;
  let outermost = "";
  /** The part of the drawing that is in the page. */
  let drawn: Rect | undefined;
  let wanted: string | undefined;
  let frame = 0;

  scroll.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(later).observe(scroll);
  scroll.addEventListener("wheel", onWheel, { passive: false });
  root.addEventListener("click", (event) => onClick(event, actions.select));
  root.addEventListener("dblclick", (event) => onClick(event, actions.toggle));

  function later(): void {
    if (frame === 0) frame = requestAnimationFrame(() => update(false));
  }

  function show(wish: LayoutWish): void {
    layouter.layout(wish, (made) => {
      drawing = made;
      lookup = lookupOf(made);
      outermost = wish.view.network.id;
      resize();
      minimap.draw(made, marks);
      update(true);
      if (wanted !== undefined) bringIntoView(wanted);
    });
  }

  function resize(): void {
    if (drawing === undefined) return;
    // Not rounded: at another ratio than its field's the drawing would be shifted.
    root.setAttribute("width", String(drawing.width * scale));
    root.setAttribute("height", String(drawing.height * scale));
    root.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.height}`);
  }

  /** What of the drawing is seen, in its own pixels. */
  function seen(): Rect {
    const own = root.getBoundingClientRect();
    const box = scroll.getBoundingClientRect();
    return {
      left: (box.left - own.left) / scale,
      top: (box.top - own.top) / scale,
      right: (box.left + scroll.clientWidth - own.left) / scale,
      bottom: (box.top + scroll.clientHeight - own.top) / scale,
    };
  }

  function update(anew: boolean): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (drawing === undefined || lookup === undefined) return;
    const now = seen();
    const tooLarge =
      LARGER * (now.bottom - now.top) < drawing.height || LARGER * (now.right - now.left) < drawing.width;
    minimap.element.hidden = !tooLarge;
    if (tooLarge) minimap.window(now);
    if (!anew && drawn !== undefined && contains(drawn, now, drawing)) return;
    const few = lookup.parts < WHOLE;
    drawn = few ? { left: 0, top: 0, right: drawing.width, bottom: drawing.height } : grown(now);
    const part = few ? drawing : lookup.within(drawn);
    const far = scale < LEAST_READABLE;
    root.classList.toggle("far", far);
    parts.replaceChildren(...(far ? farPartsOf(part, isMarked) : partsOf(part, outermost, actions.words)));
    paintMarks();
  }

  function isMarked(id: string): boolean {
    return id === marks.selected || marks.lit.has(id) || marks.found.has(id) || marks.changed.has(id);
  }

  function mark(next: Marks): void {
    const moved = next.selected !== marks.selected;
    marks = next;
    if (moved && drawing !== undefined) minimap.draw(drawing, marks);
    if (scale < LEAST_READABLE) update(true);
    else paintMarks();
  }

  function paintMarks(): void {
    for (const node of parts.querySelectorAll<SVGElement>(".node")) {
      const id = node.dataset.id ?? "";
      node.classList.toggle("selected", id === marks.selected);
      node.classList.toggle("lit", marks.lit.has(id));
      node.classList.toggle("found", marks.found.has(id));
      node.classList.toggle("changed", marks.changed.has(id));
      markChange(node, marks.changed.has(id));
    }
  }

  function bringIntoView(id: string | undefined): void {
    wanted = undefined;
    if (id === undefined) return;
    const place = lookup?.place(id);
    if (place === undefined) {
      // Its layout may still be under way.
      wanted = id;
      return;
    }
    const now = seen();
    const dx = shift(place.left, place.right, now.left, now.right);
    const dy = shift(place.top, place.bottom, now.top, now.bottom);
    move(dx, dy, !window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  function centerOn(id: string): void {
    const place = lookup?.place(id);
    if (place === undefined) return;
    const now = seen();
    const dx = (place.left + place.right) / 2 - (now.left + now.right) / 2;
    const dy = (place.top + place.bottom) / 2 - (now.top + now.bottom) / 2;
    move(dx, dy, !window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  function center(x: number, y: number): void {
    const now = seen();
    move(x - (now.left + now.right) / 2, y - (now.top + now.bottom) / 2, false);
  }

  function move(dx: number, dy: number, smooth: boolean): void {
    if (dx === 0 && dy === 0) return;
    scroll.scrollBy({ left: dx * scale, top: dy * scale, behavior: smooth ? "smooth" : "auto" });
  }

  function setScale(next: number, around?: { readonly x: number; readonly y: number }): void {
    const to = clampScale(next);
    if (to === scale || drawing === undefined) return;
    const box = scroll.getBoundingClientRect();
    const x = around?.x ?? box.left + scroll.clientWidth / 2;
    const y = around?.y ?? box.top + scroll.clientHeight / 2;
    const before = root.getBoundingClientRect();
    const [left, top] = [(x - before.left) / scale, (y - before.top) / scale];
    scale = to;
    resize();
    const after = root.getBoundingClientRect();
    scroll.scrollLeft += after.left + left * scale - x;
    scroll.scrollTop += after.top + top * scale - y;
    update(true);
    actions.scaled(scale);
  }

  function whole(): void {
    if (drawing === undefined) return;
    setScale(Math.min(1, (scroll.clientWidth - 24) / drawing.width, (scroll.clientHeight - 16) / drawing.height));
    const { top } = seen();
    move(0, -top - 8 / scale, false);
  }

  function onWheel(event: WheelEvent): void {
    // A pinch on a touch pad is a turned wheel with the control key.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    setScale(scale * wheelFactor(event), { x: event.clientX, y: event.clientY });
  }

  function onClick(event: MouseEvent, act: (id: string) => void): void {
    const target = event.target instanceof Element ? event.target : root;
    const own = target.closest<SVGElement>(".node")?.dataset.id;
    if (target.closest(".toggle") !== null && own !== undefined) {
      if (event.type === "click") actions.toggle(own);
      return;
    }
    const corner = root.getBoundingClientRect();
    const id = own ?? lookup?.at([(event.clientX - corner.left) / scale, (event.clientY - corner.top) / scale]);
    if (id !== undefined) act(id);
  }

  return {
    element,
    minimap: minimap.element,
    show,
    mark,
    bringIntoView,
    centerOn,
    scale: () => scale,
    setScale,
    whole,
    drawing: () => drawing,
  };
}

/** A sign beside the color: Δ at the corner of what is another. */
function markChange(node: SVGElement, changed: boolean): void {
  const sign = node.querySelector(":scope > .delta-sign");
  if (!changed) {
    sign?.remove();
    return;
  }
  const area = node.querySelector(":scope > rect.area");
  if (sign !== null || area === null) return;
  const x = Number(area.getAttribute("x")) - 4;
  const y = Number(area.getAttribute("y")) + 10;
  node.append(svg("text", { class: "delta-sign", x, y, "text-anchor": "end" }, "Δ"));
}

/** How far to move so that a stretch is seen: not at all where it is, else its nearer end; its start where it is too long. */
function shift(start: number, end: number, from: number, to: number): number {
  const pad = Math.min(24, (to - from) / 8);
  if (from <= start && end <= to) return 0;
  if (to - from - 2 * pad < end - start) return end < from || to < start ? start - pad - from : 0;
  return start < from ? start - pad - from : end + pad - to;
}

function grown({ left, top, right, bottom }: Rect): Rect {
  const [x, y] = [(right - left) / 2, bottom - top];
  return { left: left - x, top: top - y, right: right + x, bottom: bottom + y };
}

/** Whether all that can be seen of the drawing is drawn. */
function contains(outer: Rect, inner: Rect, { width, height }: Drawing): boolean {
  return (
    outer.left <= Math.max(0, inner.left) &&
    outer.top <= Math.max(0, inner.top) &&
    Math.min(width, inner.right) <= outer.right &&
    Math.min(height, inner.bottom) <= outer.bottom
  );
}
