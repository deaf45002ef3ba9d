import { describe, expect, test } from "vitest";
import type { Box, Drawing } from "../../src/preview/drawing.ts";
import { layout } from "../../src/preview/layout.ts";
import type { PreviewView, ViewNode } from "../../src/preview/model.ts";
import { toView } from "../../src/preview/view.ts";
import { render } from "../../src/text/text.ts";
import {
  analysisOf,
  inception,
  looped,
  N,
  RESNET18,
  RESNET34,
  RESNET50,
  RESNET152,
  resnet,
  vgg19,
} from "./networks.ts";

/** Of the panel beside an editor, without its scroll bar and margins, in pixels. */
const ROOM = 616;
/** The same beside an open side bar. */
const SMALL_ROOM = 434;

function drawn(view: PreviewView, { all = false, room = ROOM } = {}): Drawing {
  const open = new Set<string>();
  const visit = (node: ViewNode): void => {
    if (all || node.expanded) open.add(node.id);
    node.children.forEach(visit);
  };
  visit(view.network);
  const title = (node: ViewNode): string => (node.title === undefined ? node.label : render(node.title));
  return layout(view, { open, charWidth: 7.23, room, title });
}

function viewOf(graph: ReturnType<typeof resnet>, symbolic: ReturnType<typeof resnet>): PreviewView {
  const result = toView({ analysis: analysisOf(graph, symbolic), roots: [] });
  if (result.kind !== "ok") throw new Error(render(result.reason));
  return result.view;
}

const NETWORKS = {
  "ResNet-18": viewOf(resnet(RESNET18), resnet(RESNET18, N)),
  "ResNet-34 with padding": viewOf(resnet({ ...RESNET34, padding: true }), resnet({ ...RESNET34, padding: true }, N)),
  "ResNet-50": viewOf(resnet(RESNET50), resnet(RESNET50, N)),
  "ResNet-152": viewOf(resnet(RESNET152), resnet(RESNET152, N)),
  broken: viewOf(resnet({ ...RESNET18, strideAll: true }), resnet({ ...RESNET18, strideAll: true }, N)),
  "VGG-19": viewOf(vgg19(), vgg19(N)),
  inception: viewOf(inception(), inception(N)),
  looped: viewOf(looped(), looped(N)),
};

function apart(a: Box, b: Box): boolean {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

describe.each(Object.entries(NETWORKS))("%s", (_name, view) => {
  test.each([false, true])("no box lies on another, all open: %s", (all) => {
    const { boxes } = drawn(view, { all });
    for (const [i, box] of boxes.entries())
      for (const other of boxes.slice(i + 1)) expect(apart(box, other), `${box.id} ${other.id}`).toBe(true);
  });

  test.each([ROOM, SMALL_ROOM])("everything lies inside, and fits %i pixels", (room) => {
    const { width, height, boxes, frames, lines, labels } = drawn(view, { room });
    // Branches side by side, each with its shape, need more than the smaller room: the drawing scrolls.
    expect(width).toBeLessThanOrEqual(view === NETWORKS.inception ? ROOM : room);
    for (const { x, text, anchor } of labels) {
      const long = text.length * 7.23;
      const left = anchor === "start" ? x : anchor === "end" ? x - long : x - long / 2;
      expect(left, text).toBeGreaterThanOrEqual(0);
      expect(left + long, text).toBeLessThanOrEqual(width);
    }
    for (const area of [...boxes, ...frames]) {
      expect(area.x).toBeGreaterThanOrEqual(0);
      expect(area.x + area.width).toBeLessThanOrEqual(width);
      expect(area.y + area.height).toBeLessThanOrEqual(height);
    }
    for (const [x, y] of lines.flatMap((line) => line.points)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
    }
  });
});

describe("a drawing", () => {
  test("keeps what it cut for the tip", () => {
    const { boxes } = drawn(NETWORKS["ResNet-50"], { room: SMALL_ROOM });
    const stem = boxes.find((box) => box.id === "run:conv1");
    expect(stem?.note).toMatch(/…$/);
    expect(stem?.tip).toBe("stem · conv1 7×7 /2, maxpool /2");
  });

  test("writes each stage's shape once, between the stages", () => {
    const shapes = drawn(NETWORKS["ResNet-50"]).labels.filter((label) => label.role === "shape");
    expect(shapes.map((label) => label.text)).toEqual([
      "[N, 3, 224, 224]",
      "[N, 64, 56, 56]",
      "[N, 256, 56, 56]",
      "[N, 512, 28, 28]",
      "[N, 1024, 14, 14]",
      "[N, 2048, 7, 7]",
      "[N, 1000]",
    ]);
  });

  test("has a line of its kind, and an arrow to ⊕, for every shortcut", () => {
    const { lines, sums } = drawn(NETWORKS["ResNet-50"]);
    const shortcuts = lines.filter((line) => line.role === "shortcut");
    expect(shortcuts.map((line) => line.style)).toEqual([
      "dashed",
      "solid",
      "dashed",
      "solid",
      "dashed",
      "solid",
      "dashed",
      "solid",
    ]);
    expect(sums.map((sum) => sum.y)).toEqual(shortcuts.map((line) => line.points.at(-1)?.[1]));
    const axis = sums[0]?.x ?? 0;
    for (const line of shortcuts) {
      const outermost = line.points[1]?.[0] ?? axis;
      expect(line.style === "solid" ? outermost < axis : axis < outermost).toBe(true);
    }
  });

  test("has bars in proportion to the multiply-adds: layer3.1–5 of ResNet-50 is the longest", () => {
    const { boxes } = drawn(NETWORKS["ResNet-50"]);
    const bar = (id: string): number | undefined => boxes.find((box) => box.id === id)?.bar;
    expect(bar("layer3.1")).toBe(1);
    // Five blocks of one kind against two of another with as many multiply-adds a block.
    expect(bar("layer1.1")).toBeCloseTo(2 / 5, 10);
  });
});
