import type { Drawing } from "../preview/drawing.ts";
import type { Rect } from "../preview/within.ts";
import { el } from "./dom.ts";

/** The whole drawing in small, with the part that is seen; the pointer moves that part. */
export interface Minimap {
  readonly element: HTMLElement;
  readonly draw: (drawing: Drawing, marks: { readonly selected: string | undefined }) => void;
  /** The part that is seen, in the drawing's pixels. */
  readonly window: (rect: Rect) => void;
}

/** Pixels: a column's leaves the column itself free; what is wider than a panel has no such margin anyway. */
const MOST = { width: 132, height: 150 };
const MOST_OF_COLUMN = 56;
const COLUMN = 640;
/** A network of a thousand layers is a hundred times as tall as wide: it is drawn wider than it is. */
const LEAST_WIDTH = 32;
const LEAST_HEIGHT = 24;

/** `go`: a point of the drawing to bring into the middle. */
export function makeMinimap(go: (x: number, y: number) => void): Minimap {
  const canvas = el("canvas", {});
  const frame = el("div", { class: "window" });
  const element = el("div", { class: "minimap", "aria-hidden": "true" }, canvas, frame);
  let scale = { x: 1, y: 1 };
  const point = (event: PointerEvent): void => {
    const { left, top } = canvas.getBoundingClientRect();
    go((event.clientX - left) / scale.x, (event.clientY - top) / scale.y);
  };
  element.addEventListener("pointerdown", (event) => {
    // The keyboard's focus stays where it is.
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    point(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  });
  return {
    element,
    draw: (drawing, { selected }) => {
      const most = drawing.width < COLUMN ? MOST_OF_COLUMN : MOST.width;
      const fit = Math.min(most / drawing.width, MOST.height / drawing.height);
      const width = Math.max(LEAST_WIDTH, Math.round(drawing.width * fit));
      const height = Math.max(LEAST_HEIGHT, Math.round(drawing.height * fit));
      scale = { x: width / drawing.width, y: height / drawing.height };
      const dense = window.devicePixelRatio || 1;
      canvas.width = width * dense;
      canvas.height = height * dense;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      const pen = canvas.getContext("2d");
      if (pen === null) return;
      pen.scale(dense * scale.x, dense * scale.y);
      const style = getComputedStyle(element);
      const color = (name: string): string => style.getPropertyValue(name).trim() || "gray";
      pen.fillStyle = color("--minimap-box");
      for (const { x, y, width: wide, height: high } of drawing.boxes) pen.fillRect(x, y, wide, high);
      pen.fillStyle = color("--cost");
      for (const { x, y, width: wide, height: high, bar } of drawing.boxes)
        if (0.5 < bar) pen.fillRect(x, y, wide * bar, high);
      pen.fillStyle = color("--misfit");
      const thick = 3 / scale.y;
      for (const { x, y, fits } of drawing.sums)
        if (!fits) pen.fillRect(0, y - thick / 2, Math.max(x, drawing.width), thick);
      const own = [...drawing.boxes, ...drawing.frames].find(({ id }) => id === selected);
      if (own === undefined) return;
      pen.fillStyle = color("--focus");
      pen.fillRect(own.x, own.y, own.width, Math.max(own.height, 2 / scale.y));
    },
    window: ({ left, top, right, bottom }) => {
      const { style } = frame;
      style.left = `${left * scale.x}px`;
      style.top = `${top * scale.y}px`;
      style.width = `${Math.max(4, (right - left) * scale.x)}px`;
      style.height = `${Math.max(4, (bottom - top) * scale.y)}px`;
    },
  };
}
