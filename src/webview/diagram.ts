import type { Area, Box, Drawing, Frame, Line } from "../preview/drawing.ts";
import { layout } from "../preview/layout.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import { svg } from "./dom.ts";

export interface DiagramActions {
  readonly select: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly title: (node: ViewNode) => string;
  /** Words beside a shortcut in the user's language; a kernel and stride stay as they are. */
  readonly words: (text: string) => string;
}

/** The drawing of a view. It is for the eye and the pointer; the tree beside it is its accessible form. */
export function drawDiagram(
  view: PreviewView,
  open: ReadonlySet<string>,
  { charWidth, room }: { readonly charWidth: number; readonly room: number },
  actions: DiagramActions,
): SVGSVGElement {
  const drawing = layout(view, { open, charWidth, room, title: actions.title });
  const picture = svg("svg", {
    class: "diagram",
    width: drawing.width,
    height: drawing.height,
    viewBox: `0 0 ${drawing.width} ${drawing.height}`,
    "aria-hidden": "true",
    focusable: "false",
  });
  picture.append(markers());
  for (const frame of drawing.frames) picture.append(frameOf(frame, actions, frame.id === view.network.id));
  for (const line of drawing.lines) picture.append(lineOf(line));
  for (const box of drawing.boxes) picture.append(boxOf(box, actions));
  for (const sum of drawing.sums) picture.append(sumOf(sum, actions));
  for (const label of drawing.labels) {
    const text = label.role === "shortcut" ? actions.words(label.text) : label.text;
    const place = { x: label.x, y: label.y, "text-anchor": label.anchor };
    picture.append(svg("text", { class: `label ${label.role}`, ...place }, text));
  }
  return picture;
}

/** Arrow heads in the color of their lines. */
function markers(): SVGDefsElement {
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

function boxOf(box: Box, actions: DiagramActions): SVGGElement {
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
  if (box.opens) group.append(chevron(box, box.y + box.height / 2 - 1, false, actions));
  selectable(group, box, actions);
  return group;
}

function frameOf(frame: Frame, actions: DiagramActions, root: boolean): SVGGElement {
  const group = svg("g", { class: "node frame", "data-id": frame.id });
  group.append(svg("rect", { class: "area", x: frame.x, y: frame.y, width: frame.width, height: frame.height, rx: 5 }));
  group.append(svg("text", { class: "name", x: frame.x + 24, y: frame.y + 16 }, frame.label));
  group.append(
    svg("text", { class: "note", x: frame.x + frame.width - 10, y: frame.y + 16, "text-anchor": "end" }, frame.note),
  );
  if (!root) group.append(chevron(frame, frame.y + 12, true, actions));
  selectable(group, frame, actions);
  return group;
}

function chevron(area: Area, y: number, open: boolean, actions: DiagramActions): SVGGElement {
  const x = area.x + 13;
  const path = open ? `M${x - 4} ${y - 2}l4 4l4 -4` : `M${x - 2} ${y - 4}l4 4l-4 4`;
  const group = svg(
    "g",
    { class: "toggle" },
    svg("rect", { class: "hit", x: area.x, y: y - 11, width: 24, height: 22 }),
    svg("path", { d: path }),
  );
  group.addEventListener("click", (event) => {
    event.stopPropagation();
    actions.toggle(area.id);
  });
  return group;
}

function sumOf(sum: Drawing["sums"][number], actions: DiagramActions): SVGGElement {
  const { x, y } = sum;
  const group = svg("g", { class: sum.fits ? "node sum" : "node sum misfit", "data-id": sum.id });
  group.append(svg("circle", { class: "area", cx: x, cy: y, r: 6 }));
  const mark = sum.fits ? `M${x - 3} ${y}h6M${x} ${y - 3}v6` : `M${x - 2.5} ${y - 2.5}l5 5M${x - 2.5} ${y + 2.5}l5 -5`;
  group.append(svg("path", { d: mark }));
  group.addEventListener("click", () => actions.select(sum.id));
  return group;
}

function selectable(group: SVGGElement, area: Area, actions: DiagramActions): void {
  group.append(svg("title", {}, area.tip));
  group.addEventListener("click", () => actions.select(area.id));
  group.addEventListener("dblclick", () => actions.toggle(area.id));
}

function round(value: number): number {
  return Math.round(value * 2) / 2;
}
