import type { Plane } from "../preview/class-map.ts";
import { type Range, shareOf } from "../preview/feature-maps.ts";
import { type Scale, scalesOf, themeOf } from "./colors.ts";
import { el } from "./dom.ts";

/** A map enlarged to whole pixels where it is smaller than the square, in CSS pixels, that it is shown in. */
export function mapCanvas(plane: Plane, range: Range, room: number): HTMLCanvasElement {
  const { height, width } = plane;
  const times = room / Math.max(height, width);
  const factor = 1 <= times ? Math.floor(times) : times;
  const scale = scaleFor(range);
  const canvas = pixels(plane.height, plane.width, (i) => {
    const step = Math.round(255 * shareOf(plane.data[i] ?? 0, range)) * 3;
    return [scale[step] ?? 0, scale[step + 1] ?? 0, scale[step + 2] ?? 0, 255];
  });
  canvas.classList.toggle("crisp", 1 <= times);
  canvas.style.width = `${Math.max(1, Math.round(width * factor))}px`;
  canvas.style.height = `${Math.max(1, Math.round(height * factor))}px`;
  return canvas;
}

/** A canvas of one pixel for each place, `color` in red, green, blue and opacity, 0 to 255. */
export function pixels(
  height: number,
  width: number,
  color: (i: number) => readonly [number, number, number, number],
): HTMLCanvasElement {
  const canvas = el("canvas", { width, height, "aria-hidden": "true" });
  const image = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) image.data.set(color(i), i * 4);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** The color of a share from −1 over 0 to 1: red, green and blue, 0 to 255. */
export function diverging(): (share: number) => readonly [number, number, number] {
  const scale = scaleFor({ low: -1, high: 1 });
  return (share) => {
    const at = Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, share))) * 3;
    return [scale[at] ?? 0, scale[at + 1] ?? 0, scale[at + 2] ?? 0];
  };
}

/** A strip of the colors between the ends of a range. */
export function rangeStrip(range: Range): HTMLCanvasElement {
  const scale = scaleFor(range);
  const strip = pixels(1, 256, (i) => [scale[i * 3] ?? 0, scale[i * 3 + 1] ?? 0, scale[i * 3 + 2] ?? 0, 255]);
  strip.classList.add("strip");
  return strip;
}

function scaleFor({ low }: Range): Scale {
  const { sequential, diverging } = scalesOf(themeOf(document.body));
  return low < 0 ? diverging : sequential;
}
