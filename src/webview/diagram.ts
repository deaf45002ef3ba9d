import type { Area, Box, Drawing, Frame, Line } from "../preview/drawing.ts";
import { svg } from "./dom.ts";

/** Words beside a shortcut in the user's language; a kernel and stride stay as they are. */
type Words = (text: string) => string;

/** Below this scale nobody can read the texts: only shapes are drawn, few elements for thousands of boxes. */
export const LEAST_READABLE = 0.36;

/**
 * What stands in the picture for a drawing, or for a part of one. It is for the eye and the pointer; the tree beside it is
 * its accessible form. `root`: the outermost frame, which cannot be closed.
 */
export function partsOf(drawing: Drawing, root: string, words: Words): readonly SVGElement[] {
  return [
    ...drawing.frames.map((frame) => frameOf(frame, frame.id === root)),
    ...drawing.lines.map(lineOf),
    ...drawing.boxes.map(boxOf),
    ...drawing.sums.map(sumOf),
    ...drawing.labels.map(({ x, y, text, anchor, role }) =>
      svg("text", { class: `label ${role}`, x, y, "text-anchor": anchor }, role === "shortcut" ? words(text) : text),
    ),
  ];
}

/** The same without a text, all boxes as one element; the marked ones are drawn by themselves. */
export function farPartsOf(drawing: Drawing, marked: (id: string) => boolean): readonly SVGElement[] {
  const outline = ({ x, y, width, height }: Area): string => `M${x} ${y}h${width}v${height}h${-width}z`;
  const area = (areas: readonly Area[]): SVGElement =>
    svg("path", {
      class: "area",
      d: areas
        .filter(({ id }) => !marked(id))
        .map(outline)
        .join(""),
    });
  const group = (name: string, ...parts: readonly SVGElement[]): SVGElement => svg("g", { class: name }, ...parts);
  const lines = (fits: boolean): SVGElement =>
    svg("path", {
      class: fits ? "line" : "line misfit",
      d: drawing.lines
        .filter((line) => line.fits === fits)
        .map(({ points }) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}`)
        .join(""),
    });
  const bars = drawing.boxes
    .filter(({ bar }) => 0 < bar)
    .map(
      ({ x, y, width, height, bar }) =>
        `M${x} ${y + height - 6}h${Math.max(2, bar * width)}v6h${-Math.max(2, bar * width)}z`,
    );
  const each = (areas: readonly Area[], name: string): readonly SVGElement[] =>
    areas
      .filter(({ id }) => marked(id))
      .map((one) =>
        svg("g", { class: `node ${name}`, "data-id": one.id }, svg("path", { class: "area", d: outline(one) })),
      );
  return [
    group("frame", area(drawing.frames)),
    ...each(drawing.frames, "frame"),
    lines(true),
    lines(false),
    group("box", area(drawing.boxes)),
    ...each(drawing.boxes, "box"),
    svg("path", { class: "bar", d: bars.join("") }),
  ];
}

/** Arrow heads in the color of their lines. */
export function markers(): SVGDefsElement {
  const head = (id: string): SVGMarkerElement =>
    svg(
      "marker",
      {
        id,
        class: id === "head" ? "arrow" : "arrow misfit",
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 8,
        markerHeight: 8,
        markerUnits: "userSpaceOnUse",
        orient: "auto",
      },
      svg("path", { d: "M0 0.5L8 4L0 7.5z" }),
    );
  return svg("defs", {}, head("head"), head("head-misfit"));
}

function lineOf(line: Line): SVGPolylineElement {
  return svg("polyline", {
    class: `line ${line.role} ${line.style}${line.fits ? "" : " misfit"}`,
    points: line.points.map(([x, y]) => `${round(x)},${round(y)}`).join(" "),
    "marker-end": line.arrow ? `url(#${line.fits ? "head" : "head-misfit"})` : undefined,
  });
}

function boxOf(box: Box): SVGGElement {
  const group = svg("g", { class: "node box", "data-id": box.id });
  group.append(svg("rect", { class: "area", x: box.x, y: box.y, width: box.width, height: box.height, rx: 3 }));
  const bar = Math.round(box.bar * (box.width - 2));
  if (0 < box.bar) {
    group.append(
      svg("rect", { class: "bar", x: box.x + 1, y: box.y + box.height - 4, width: Math.max(1, bar), height: 3 }),
    );
  }
  const text = box.y + box.height / 2 + 3;
  const indent = box.opens ? 24 : 12;
  group.append(svg("text", { class: "name", x: box.x + indent, y: text }, box.label));
  group.append(svg("text", { class: "note", x: box.x + box.width - 10, y: text, "text-anchor": "end" }, box.note));
  if (box.opens) group.append(chevron(box, box.y + box.height / 2 - 1, false));
  group.append(svg("title", {}, box.tip));
  return group;
}

function frameOf(frame: Frame, root: boolean): SVGGElement {
  const group = svg("g", { class: "node frame", "data-id": frame.id });
  group.append(svg("rect", { class: "area", x: frame.x, y: frame.y, width: frame.width, height: frame.height, rx: 5 }));
  group.append(svg("text", { class: "name", x: frame.x + 24, y: frame.y + 16 }, frame.label));
  group.append(
    svg("text", { class: "note", x: frame.x + frame.width - 10, y: frame.y + 16, "text-anchor": "end" }, frame.note),
  );
  if (!root) group.append(chevron(frame, frame.y + 12, true));
  group.append(svg("title", {}, frame.tip));
  return group;
}

function chevron(area: Area, y: number, open: boolean): SVGGElement {
  const x = area.x + 13;
  const path = open ? `M${x - 4} ${y - 2}l4 4l4 -4` : `M${x - 2} ${y - 4}l4 4l-4 4`;
  return svg(
    "g",
    { class: "toggle" },
    svg("rect", { class: "hit", x: area.x, y: y - 11, width: 24, height: 22 }),
    svg("path", { d: path }),
  );
}

function sumOf(sum: Drawing["sums"][number]): SVGGElement {
  const { x, y } = sum;
  const group = svg("g", { class: sum.fits ? "node sum" : "node sum misfit", "data-id": sum.id });
  group.append(svg("circle", { class: "area", cx: x, cy: y, r: 6 }));
  const mark = sum.fits ? `M${x - 3} ${y}h6M${x} ${y - 3}v6` : `M${x - 2.5} ${y - 2.5}l5 5M${x - 2.5} ${y + 2.5}l5 -5`;
  group.append(svg("path", { d: mark }));
  return group;
}

function round(value: number): number {
  return Math.round(value * 2) / 2;
}
