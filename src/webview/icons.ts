import { svg } from "./dom.ts";

/** Line drawings on a field of 16 by 16. */
const PATHS = {
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  "open-all": "M3 4l5 4 5 -4M3 9l5 4 5 -4",
  "close-all": "M3 7l5 -4 5 4M3 12l5 -4 5 4",
  fold: "M4 10l4 -4 4 4",
  unfold: "M4 6l4 4 4 -4",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9M10.3 10.3l3.7 3.7",
  previous: "M8 13V3M4 7l4 -4 4 4",
  next: "M8 3v10M4 9l4 4 4 -4",
  close: "M4 4l8 8M12 4l-8 8",
  tree: "M2 3h4M5 8h8M5 13h8M3 3v10M3 8h2M3 13h2",
  options: "M2 4h7M13 4h1M2 12h1M7 12h7M11 2v4M5 10v4",
  more: "M4 8a1 1 0 1 0 -2 0a1 1 0 1 0 2 0M9 8a1 1 0 1 0 -2 0a1 1 0 1 0 2 0M14 8a1 1 0 1 0 -2 0a1 1 0 1 0 2 0",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const picture = { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" };
  return svg("svg", picture, svg("path", { d: PATHS[name] }));
}
