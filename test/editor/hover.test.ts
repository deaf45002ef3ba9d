import { expect, test } from "vitest";
import { hover } from "../../src/editor/hover.ts";
import { t } from "../../src/text/text.ts";
import {
  analysisOf,
  contextOf,
  diagnosticOf,
  FILE,
  GraphBuilder,
  observation,
  spanOf,
  tensor,
  tree,
  viewOf,
} from "./fixture.ts";
import { RESNET, resnet50 } from "./resnet.ts";
import { TUTORIAL, tutorial } from "./tutorial.ts";

const context = contextOf({ [FILE]: RESNET });

function textAt(source: string, analysis: ReturnType<typeof resnet50>, offset: number): string | undefined {
  const found = hover(viewOf(source, [analysis], analysis.diagnostics), offset, contextOf({ [FILE]: source }));
  return found !== undefined && "value" in Object(found.contents)
    ? String(Reflect.get(Object(found.contents), "value"))
    : undefined;
}

test("a residual add shows every stage, the kinds of shortcut, the formulas and the origins", () => {
  const at = spanOf(RESNET, "+= identity").start;
  expect(textAt(RESNET, resnet50(), at)).toBe(
    [
      "**residual add** in `Bottleneck` · 16 blocks of `resnet50()`",
      "",
      "```resnet-lens-shape",
      "layer1.0–2  [N,  256, 56, 56]",
      "layer2.0–3  [N,  512, 28, 28]",
      "layer3.0–5  [N, 1024, 14, 14]",
      "layer4.0–2  [N, 2048,  7,  7]",
      "```",
      "",
      "**shortcut** 1×1 projection in the first block of each stage, identity in the other 12  ",
      "**fits** for every H and W: `ceil(H/4)`, `ceil(H/8)`, `ceil(H/16)`, `ceil(H/32)`  ",
      "**C** = [planes](file:///ws/resnet.py#L5,40) × [expansion](file:///ws/resnet.py#L2,17) · **H, W** halved by [conv2](file:///ws/resnet.py#L4,22), stride 2",
      "",
      "---",
      "3 × 224 × 224, example · [Change](command:resnetLens.changeInput) · [Preview](command:resnetLens.preview)",
    ].join("\n"),
  );
});

test("the name that a residual add is bound to shows the same card", () => {
  const at = spanOf(RESNET, "out += identity").start + 1;
  expect(textAt(RESNET, resnet50(), at)).toMatch(/^\*\*residual add\*\*/);
});

test("an operand of a residual add shows its own shapes", () => {
  const at = spanOf(RESNET, "+= identity").start + 5;
  expect(textAt(RESNET, resnet50(), at)).toMatch(
    /^\*\*tensor\*\* `identity` in `Bottleneck`, 16 instances of `resnet50\(\)`\n/,
  );
});

test("a call shows its instances, formulas and origins in at most ten lines", () => {
  const at = spanOf(RESNET, "self.conv3(self").start + 6;
  expect(
    textAt(RESNET, resnet50(), at)
      ?.split("\n")
      .filter((line) => line !== "" && !line.startsWith("```") && line !== "---"),
  ).toEqual([
    "**tensor** in `Bottleneck`, 16 instances of `resnet50()`",
    "layer1.0–2  [N,  256, 56, 56]",
    "layer2.0–3  [N,  512, 28, 28]",
    "layer3.0–5  [N, 1024, 14, 14]",
    "layer4.0–2  [N, 2048,  7,  7]",
    "**formula** `ceil(H/4)`, `ceil(H/8)`, `ceil(H/16)`, `ceil(H/32)`  ",
    "**C** = [planes](file:///ws/resnet.py#L5,40) × [expansion](file:///ws/resnet.py#L2,17) · **H, W** set by max_pool2d, [conv2](file:///ws/resnet.py#L4,22)",
    "3 × 224 × 224, example · [Change](command:resnetLens.changeInput) · [Preview](command:resnetLens.preview)",
  ]);
});

test("more than six groups: the first six, then how many instances the preview has", () => {
  const source = "y = f(x)\n";
  const instances = Array.from({ length: 58 }, (_, i) => ({
    path: `blocks.${i}`,
    value: tree(tensor(`N, ${8 * (i + 1)}`)),
  }));
  const g = new GraphBuilder();
  g.module("blocks.0", "Block");
  g.input("x", tensor("N, 8"));
  const run = {
    graph: g.graph(),
    observations: new Map([[FILE, [observation(spanOf(source, "f(x)"), "value", instances)]]]),
  };
  const lines = textAt(source, analysisOf({ concrete: run }), 5)?.split("\n") ?? [];
  expect(lines.slice(3, 10)).toEqual([
    "blocks.0  [N,  8]",
    "blocks.1  [N, 16]",
    "blocks.2  [N, 24]",
    "blocks.3  [N, 32]",
    "blocks.4  [N, 40]",
    "blocks.5  [N, 48]",
    "… 52 more in the preview",
  ]);
});

test("an unknown value says why and where", () => {
  const source = "import einops\ny = einops.rearrange(x)\n";
  const why = {
    reason: t("`einops.rearrange` is not known"),
    place: { file: FILE, span: spanOf(source, "einops.rearrange(x)") },
  };
  const run = {
    graph: new GraphBuilder().graph(),
    observations: new Map([
      [FILE, [observation(spanOf(source, "y"), "bind", [{ path: "", value: { kind: "unknown" as const, why } }])]],
    ]),
  };
  expect(textAt(source, analysisOf({ concrete: run }), source.indexOf("y"))).toBe(
    "**unknown** `einops.rearrange` is not known · [line 2](file:///ws/resnet.py#L2,5)",
  );
});

test("a mismatch shows both shapes with the differing axes marked, the block, and PyTorch's words", () => {
  const at = spanOf(TUTORIAL, "+= identity").start;
  expect(textAt(TUTORIAL, tutorial(), at)).toBe(
    [
      "```resnet-lens-shape",
      "main branch  [N, 128, 14, 14]   x ─┬─ conv1 /2 ── conv2 ── ✕ ── relu",
      "shortcut     [N, 128, 28, 28]      └────── identity ───────┘",
      "                      ^^  ^^    in layer2.1, layer3.1, layer4.1",
      "```",
      "",
      "**PyTorch** The size of tensor a (14) must match the size of tensor b (28) at non-singleton dimension 3",
    ].join("\n"),
  );
});

test("a stale card says so", () => {
  const at = spanOf(RESNET, "+= identity").start;
  const found = hover(viewOf(RESNET, [resnet50()]), at, context, true);
  expect(JSON.stringify(found?.contents)).toContain('"*before this edit* · **residual add**');
});

test("a function that the shown root does not reach shows the first root that does, by name", () => {
  const other = analysisOf({ concrete: { graph: new GraphBuilder().graph(), observations: new Map() } }, "other()");
  const found = hover(viewOf(RESNET, [other, resnet50()]), spanOf(RESNET, "+= identity").start, context);
  expect(JSON.stringify(found?.contents)).toContain("16 blocks of `resnet50()`");
});

test("an error that is not a shortcut's adds PyTorch's words to the card", () => {
  const source = RESNET;
  const span = spanOf(RESNET, "self.conv3(self.conv2(x))");
  const original = "Given groups=1, expected 64 channels";
  const view = viewOf(
    source,
    [resnet50()],
    [diagnosticOf({ place: { file: FILE, span }, code: "channel-mismatch", original })],
  );
  expect(JSON.stringify(hover(view, span.start + 6, context)?.contents)).toContain(
    `**PyTorch** ${original}\\n\\n**tensor**`,
  );
});

test("formulas of a run that went on differently after an error are not shown", () => {
  const analysis = resnet50();
  const { symbolic } = analysis;
  if (symbolic === undefined) throw new Error("no symbolic run");
  const nodes = symbolic.graph.nodes.map((node) =>
    node.op === "add" ? { ...node, outputs: [tensor("N, 256, H, W")] } : node,
  );
  const other = { ...analysis, symbolic: { ...symbolic, graph: { ...symbolic.graph, nodes } } };
  expect(textAt(RESNET, other, spanOf(RESNET, "+= identity").start)).not.toContain("ceil(");
});
