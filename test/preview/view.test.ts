import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import type { PreviewView, ViewNode } from "../../src/preview/model.ts";
import { nodesAt, toView } from "../../src/preview/view.ts";
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

function viewOf(graph: Graph, symbolic?: Graph): PreviewView {
  const result = toView({ analysis: analysisOf(graph, symbolic), roots: ["net()"], line: () => 7 });
  if (result.kind !== "ok") throw new Error(render(result.reason));
  return result.view;
}

/** One line a node, two blanks a level: what a person would write down of the drawing. */
function outline(node: ViewNode, depth = 0): string {
  const name = node.title === undefined ? node.label : render(node.title);
  const shortcuts = node.shortcuts.map(
    (one) => ` <${one.style} ${one.label}${one.fits ? "" : ` ✕ ${one.mismatch?.left} ≠ ${one.mismatch?.right}`}>`,
  );
  const line = `${"  ".repeat(depth)}${node.level} ${name}${node.count === 1 ? "" : ` ×${node.count}`} ${node.output.text}${shortcuts.join("")}`;
  return [line, ...(node.expanded ? node.children.map((child) => outline(child, depth + 1)) : [])].join("\n");
}

describe("the four levels", () => {
  test("ResNet-50 has the shapes and shortcuts of He et al., table 1, equal blocks folded", () => {
    const view = viewOf(resnet(RESNET50), resnet(RESNET50, N));
    expect(outline(view.network)).toBe(`network Net [N, 1000]
  stage stem [N, 64, 56, 56]
  stage layer1 [N, 256, 56, 56]
    block layer1.0 [N, 256, 56, 56] <dashed 1×1>
    block layer1.1–2 ×2 [N, 256, 56, 56] <solid identity>
  stage layer2 [N, 512, 28, 28]
    block layer2.0 [N, 512, 28, 28] <dashed 1×1 /2>
    block layer2.1–3 ×3 [N, 512, 28, 28] <solid identity>
  stage layer3 [N, 1024, 14, 14]
    block layer3.0 [N, 1024, 14, 14] <dashed 1×1 /2>
    block layer3.1–5 ×5 [N, 1024, 14, 14] <solid identity>
  stage layer4 [N, 2048, 7, 7]
    block layer4.0 [N, 2048, 7, 7] <dashed 1×1 /2>
    block layer4.1–2 ×2 [N, 2048, 7, 7] <solid identity>
  stage head [N, 1000]`);
    expect(view.network.children[0]?.detail).toBe("conv1 7×7 /2, maxpool /2");
    expect(view.inputs).toEqual([
      {
        name: "x",
        shape: { text: "[N, 3, 224, 224]", dims: ["N", "3", "224", "224"] },
        runs: { shape: [1, 3, 224, 224], dtype: "float32" },
      },
    ]);
    expect(view.head.input).toBe("3 × 224 × 224");
    expect(view.head.verdict.state).toBe("ok");
    expect(render(view.head.verdict.text)).toBe("16 of 16 shortcuts fit");
  });

  test.each([
    [RESNET18, 8, 1_814_073_344, 11_689_512],
    [RESNET34, 16, 3_663_761_408, 21_797_672],
    [RESNET50, 16, 4_089_184_256, 25_557_032],
    [RESNET152, 50, 11_513_626_624, 60_192_808],
  ])(
    "%o: shortcuts, parameters, and multiply-adds of one example as torchvision prints them",
    (spec, shortcuts, madds, params) => {
      for (const batch of [1, 2]) {
        const view = viewOf(resnet(spec, batch), resnet(spec, N));
        expect(view.totals.madds).toBe(madds);
        expect(view.totals.params).toBe(params);
        expect(render(view.head.verdict.text)).toBe(`${shortcuts} of ${shortcuts} shortcuts fit`);
      }
    },
  );

  test("a block's inside names its layers, and its shortcut's layers lie aside", () => {
    const view = viewOf(resnet(RESNET50), resnet(RESNET50, N));
    const block = find(view, "layer2.0");
    expect(block.children.map((child) => child.label)).toEqual([
      "conv1",
      "bn1",
      "relu",
      "conv2",
      "bn2",
      "relu",
      "conv3",
      "bn3",
      "downsample",
      "add",
      "relu",
    ]);
    expect(block.arcs.map(({ from, to, through }) => ({ from, to, through }))).toEqual([
      { from: "", to: "layer2.0:add", through: ["layer2.0.downsample"] },
    ]);
    expect(new Set(block.children.map((child) => child.id)).size).toBe(11);
  });

  test("zero-padding is dotted and says how many channels it adds", () => {
    const view = viewOf(resnet({ ...RESNET34, padding: true }), resnet({ ...RESNET34, padding: true }, N));
    expect(find(view, "layer2.0").shortcuts).toMatchObject([
      { kind: "zero-padding", style: "dotted", label: "pad +64", fits: true },
    ]);
    expect(find(view, "layer1.0").label).toBe("layer1.0–2");
  });

  test("a stage with a misfit is open, nothing in it folded, both sizes told", () => {
    const spec = { ...RESNET18, strideAll: true };
    const view = viewOf(resnet(spec), resnet(spec, N));
    expect(view.head.verdict.state).toBe("error");
    expect(render(view.head.verdict.text)).toBe("3 of 8 shortcuts do not fit");
    const stage = find(view, "layer2");
    expect(outline(stage)).toBe(`stage layer2 [N, 128, 28, 28]
  block layer2.0 [N, 128, 28, 28] <dashed 1×1 /2>
  block layer2.1 [N, 128, 28, 28] <solid identity ✕ 14 ≠ 28>`);
    expect(find(view, "layer1").children.map((child) => child.count)).toEqual([2]);
  });

  test("a plain network and VGG-19 need no shortcut", () => {
    const plain = viewOf(resnet({ ...RESNET34, shortcuts: false }), resnet({ ...RESNET34, shortcuts: false }, N));
    expect(render(plain.head.verdict.text)).toBe("no shortcuts");
    expect(find(plain, "layer3").children.map((child) => child.label)).toEqual(["layer3.0", "layer3.1–5"]);
    const vgg = viewOf(vgg19(), vgg19(N));
    expect(vgg.totals.madds).toBe(19_632_062_464);
    expect(vgg.network.children.map((child) => child.label)).toEqual(["features", "flatten", "classifier"]);
    expect(find(vgg, "features").expanded).toBe(true);
  });

  test("a list of layers that the root loops over stands as one stage, with the adds between", () => {
    const view = viewOf(looped(), looped(N));
    const stage = find(view, "layers");
    expect(stage.params).toBe(9216);
    expect(stage.children.map((child) => child.kind)).toEqual([
      "module",
      "add",
      "module",
      "add",
      "module",
      "add",
      "module",
      "add",
    ]);
    expect(stage.arcs[1]).toMatchObject({ from: ":add", to: ":add#1", through: [] });
  });

  test("branches keep their own ways", () => {
    const view = viewOf(inception(), inception(N));
    const into = find(view, "mixed").edges.filter((edge) => edge.to === "mixed:cat");
    expect(into.map((edge) => edge.from)).toEqual([
      "mixed.branch1",
      "mixed.branch2b",
      "mixed.branch3b",
      "mixed.branch4",
    ]);
  });
});

describe("places", () => {
  test("the cursor on the add of a block's class finds the add of every block", () => {
    const view = viewOf(resnet(RESNET18), resnet(RESNET18, N));
    const ids = nodesAt(view, "/models/model.py", 1505, 1505);
    expect(ids).toEqual([
      "layer1.0:add",
      "layer2.0:add",
      "layer2.1:add",
      "layer3.0:add",
      "layer3.1:add",
      "layer4.0:add",
      "layer4.1:add",
    ]);
  });

  test("a layer reveals the line that calls it, in the framework's containers the line that builds it", () => {
    const view = viewOf(resnet(RESNET18), resnet(RESNET18, N));
    expect(find(view, "layer2.0.conv1").place).toEqual({
      file: "/models/model.py",
      start: 1014,
      end: 1024,
      name: "model.py",
      line: 7,
    });
    expect(find(view, "layer2.0.downsample.0").place?.start).toBe(21);
  });
});

function find(view: PreviewView, id: string): ViewNode {
  const visit = (node: ViewNode): ViewNode | undefined => {
    if (node.id === id) return node;
    for (const child of node.children) {
      const found = visit(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = visit(view.network);
  if (found === undefined) throw new Error(`no node ${id}`);
  return found;
}
