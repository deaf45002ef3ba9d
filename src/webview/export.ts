import type { Drawing } from "../preview/drawing.ts";
import { markers, partsOf } from "./diagram.ts";
import { el, svg } from "./dom.ts";

/** Room for the title above a saved diagram, and around it, in pixels. */
const TITLE = 46;
const MARGIN = 16;
/** A picture's pixels a pixel of the drawing, where that stays below what a canvas holds. */
const SHARP = 2;
const MOST_SIDE = 16_000;
const MOST_PIXELS = 200e6;

/** What is written above a saved diagram. */
export interface Caption {
  readonly title: string;
  readonly totals: string;
}

/** The whole drawing as a file of its own: no style sheet, no variable, no font that is not named. */
export function svgText(drawing: Drawing, root: string, caption: Caption, words: (text: string) => string): string {
  const [width, height] = [Math.max(drawing.width, 360) + 2 * MARGIN, drawing.height + TITLE + 2 * MARGIN];
  const style = getComputedStyle(document.body);
  const parts = svg("g", { transform: `translate(${(width - drawing.width) / 2} ${TITLE + MARGIN})` });
  parts.append(...partsOf(drawing, root, words));
  const picture = svg(
    "svg",
    { class: "diagram export", width, height, viewBox: `0 0 ${width} ${height}`, xmlns: "http://www.w3.org/2000/svg" },
    svg("title", {}, `${caption.title}: ${caption.totals}`),
    markers(),
    svg("rect", { width, height, fill: plainColor(style.backgroundColor) }),
    svg("text", { class: "name", x: width / 2, y: MARGIN + 14, "text-anchor": "middle" }, caption.title),
    svg("text", { class: "note", x: width / 2, y: MARGIN + 34, "text-anchor": "middle" }, caption.totals),
    parts,
  );
  // Computed styles exist only in the document.
  const hidden = el("div", { class: "unseen", "aria-hidden": "true" }, picture);
  document.body.append(hidden);
  inline(picture);
  hidden.remove();
  return new XMLSerializer().serializeToString(picture);
}

/** The same as a picture. */
export async function pngBytes(text: string): Promise<Uint8Array | undefined> {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(SHARP, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
    const canvas = el("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What a style sheet may decide of a drawing. */
const PROPERTIES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-family",
  "font-size",
  "font-weight",
  "opacity",
  "paint-order",
] as const;

/** Writes each element's computed style into its attributes; elements of one kind have one style. */
function inline(picture: SVGSVGElement): void {
  const known = new Map<string, readonly (readonly [string, string])[]>();
  for (const element of picture.querySelectorAll<SVGElement>("*")) {
    if (!PAINTED.has(element.tagName)) continue;
    const parent = element.parentElement?.getAttribute("class") ?? "";
    const key = `${element.tagName} ${element.getAttribute("class") ?? ""} ${parent}`;
    const style = known.get(key) ?? styleOf(element);
    known.set(key, style);
    for (const [name, value] of style) if (!element.hasAttribute(name)) element.setAttribute(name, value);
  }
  for (const element of picture.querySelectorAll("*")) element.removeAttribute("class");
  for (const element of picture.querySelectorAll("[data-id]")) element.removeAttribute("data-id");
  for (const hit of picture.querySelectorAll('rect[fill="none"][stroke="none"]')) hit.remove();
  picture.removeAttribute("class");
}

const PAINTED = new Set(["rect", "path", "polyline", "circle", "text"]);

function styleOf(element: SVGElement): readonly (readonly [string, string])[] {
  const style = getComputedStyle(element);
  return PROPERTIES.flatMap((name): readonly (readonly [string, string])[] => {
    const value = style.getPropertyValue(name);
    if (value === "" || value === "none" || value === "normal")
      return name === "fill" || name === "stroke" ? [[name, "none"]] : [];
    if (name.startsWith("font") && element.tagName !== "text") return [];
    return [[name, name === "fill" || name === "stroke" ? plainColor(value) : value]];
  });
}

/** Any color as `rgb` or `rgba`, which every reader of SVG knows. */
function plainColor(color: string): string {
  if (/^(?:rgb|#|url|none)/.test(color)) return color;
  const pen = el("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  if (pen === null) return color;
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha = 255] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}
