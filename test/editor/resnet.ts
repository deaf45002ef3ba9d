import type { Analysis, Observation } from "../../src/analysis.ts";
import type { Origin } from "../../src/shape/dim.ts";
import type { Span } from "../../src/text/span.ts";
import { analysisOf, FILE, GraphBuilder, observation, spanOf, tensor, tree } from "./fixture.ts";

/** Part of the source that the hand-built analyses below are of. */
export const RESNET = `class Bottleneck(nn.Module):
    expansion = 4
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.conv3 = nn.Conv2d(planes, planes * self.expansion, 1, bias=False)

    def forward(self, x):
        identity = x
        out = self.conv3(self.conv2(x))
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    def forward(self, x):
        return self.fc(x)


def resnet50():
    return ResNet(Bottleneck, [3, 4, 6, 3])
`;

const PLANES = [64, 128, 256, 512];

/**
 * A ResNet-50's residual part by hand: per block conv2 (stride 2 in the first of stages 2 to 4), conv3, and a 1×1
 * projection in each stage's first block. Sizes by He et al., table 1: 56, 28, 14, 7 for 224.
 */
export function resnet50(): Analysis {
  const concrete = build((stage) => [56, 28, 14, 7].map(String)[stage] ?? "", "224");
  const symbolic = build(
    (stage) => ["(H + 3) // 4", "(H + 7) // 8", "(H + 15) // 16", "(H + 31) // 32"][stage] ?? "",
    "H",
  );
  return analysisOf({ concrete, symbolic });
}

function build(height: (stage: number) => string, side: string) {
  const g = new GraphBuilder();
  const file = FILE;
  const wide = (text: string): string => text.replaceAll("H", "W");
  const planes = { file, span: spanOf(RESNET, "planes * self.expansion") };
  const placeOf = (piece: string) => ({ file, span: spanOf(RESNET, piece) });
  const times: Origin = {
    kind: "computed",
    label: "*",
    from: [
      {
        kind: "argument",
        label: "planes",
        from: [],
        place: { file, span: { start: planes.span.start, end: planes.span.start + 6 } },
      },
      { kind: "literal", label: "4", from: [], place: { file, span: spanOf(RESNET, "4") } },
    ],
  };
  const channels: Origin = { kind: "operator", label: "out_channels", from: [times] };
  g.module("", "ResNet", { classPlace: placeOf("ResNet(nn.Module)") });
  let at = g.input("x", tensor(`N, 3, ${side}, ${wide(side)}`));
  at = g.node("max_pool2d", [at], [tensor(`N, 64, ${height(0)}, ${wide(height(0))}`)]);
  const add: Observation["instances"][number][] = [];
  const conv: Observation["instances"][number][] = [];
  const shortcut: Observation["instances"][number][] = [];
  PLANES.forEach((width, stage) => {
    const count = [3, 4, 6, 3][stage] ?? 0;
    for (let block = 0; block < count; block++) {
      const path = `layer${stage + 1}.${block}`;
      const stride = 0 < stage && block === 0 ? 2 : 1;
      g.module(path, "Bottleneck");
      g.module(`${path}.conv2`, "Conv2d", {
        builtin: true,
        place: placeOf("nn.Conv2d(planes, planes, 3, stride, 1, bias=False)"),
      });
      g.module(`${path}.conv3`, "Conv2d", { builtin: true });
      g.module(`${path}.relu`, "ReLU", { builtin: true });
      const fork = at;
      const inner = tensor(`N, ${width}, ${height(stage)}, ${wide(height(stage))}`);
      const outer = tensor(`N, ${width * 4}, ${height(stage)}, ${wide(height(stage))}`, { 1: channels });
      const conv2 = g.node("conv2d", [at, g.weight(`${width}, ${width}, 3, 3`)], [inner], {
        path: `${path}.conv2`,
        args: { stride: [{ size: stride }, { size: stride }] },
      });
      const conv3 = g.node("conv2d", [conv2, g.weight(`${width * 4}, ${width}, 1, 1`)], [outer], {
        path: `${path}.conv3`,
      });
      conv.push({ path, value: tree(outer, conv3) });
      let side2 = fork;
      const shortcutNodes: number[] = [];
      if (block === 0) {
        side2 = g.node("conv2d", [fork, g.weight(`${width * 4}, 64, 1, 1`)], [outer], { path: `${path}.downsample.0` });
        shortcutNodes.push(side2.node);
      }
      shortcut.push({ path, value: tree(outer, side2) });
      const sum = g.node("add", [conv3, side2], [outer], { path, place: placeOf("out += identity") });
      g.adds.push({
        node: sum.node,
        main: 0,
        shortcut: 1,
        fork,
        kind: block === 0 ? "projection" : "identity",
        mainStride: [stride, stride],
        shortcutStride: [stride, stride],
        mainNodes: [conv2.node, conv3.node],
        shortcutNodes,
        path,
        type: "Bottleneck",
        fits: true,
      });
      add.push({ path, value: tree(outer, sum) });
      at = g.node("relu", [sum], [outer], { path: `${path}.relu` });
    }
  });
  g.output = tree(tensor("N, 1000"));
  // Known totals of torchvision's resnet50: 25,557,032 parameters, 4,089,184,256 multiply-adds at 224×224.
  g.params = 25_557_032;
  g.madds = 4_089_184_256;
  const statement = (piece: string): number => spanOf(RESNET, piece).start;
  const within = (piece: string, part: string): Span => {
    const { start } = spanOf(RESNET, piece);
    const offset = RESNET.indexOf(part, start);
    return { start: offset, end: offset + part.length };
  };
  const observations: Observation[] = [
    observation(within("out = self.conv3", "out"), "bind", conv, {
      name: "out",
      statement: statement("out = self.conv3"),
    }),
    observation(within("out = self.conv3", "self.conv3(self.conv2(x))"), "value", conv),
    observation(within("out += identity", "out"), "bind", add, {
      name: "out",
      statement: statement("out += identity"),
    }),
    observation(spanOf(RESNET, "out += identity"), "value", add),
    observation(within("+= identity", "identity"), "value", shortcut),
  ].sort((a, b) => a.span.start - b.span.start);
  return { graph: g.graph(), observations: new Map([[file, observations]]) };
}
