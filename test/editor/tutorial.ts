import type { Analysis } from "../../src/analysis.ts";
import { t } from "../../src/text/text.ts";
import { analysisOf, diagnosticOf, FILE, GraphBuilder, observation, spanOf, tensor, tree } from "./fixture.ts";

/** A block whose later instances stride without a projection. */
export const TUTORIAL = `class BasicBlock(nn.Module):
    def forward(self, x):
        identity = x
        out = self.conv2(self.conv1(x))
        out += identity
        return self.relu(out)


def make(block, stride):
    return [block(64, 128, stride), block(128, 128, stride=stride)]
`;

/** Its analysis: `layer2.1` adds `[N, 128, 14, 14]` to `[N, 128, 28, 28]`; three later blocks of eight are broken. */
export function tutorial(): Analysis {
  const file = FILE;
  const g = new GraphBuilder();
  const add = { file, span: spanOf(TUTORIAL, "out += identity") };
  g.module("", "ResNet", { classPlace: { file, span: spanOf(TUTORIAL, "BasicBlock") } });
  g.input("x", tensor("N, 3, 224, 224"));
  let first: number | undefined;
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 0; block < 2; block++) {
      const path = `layer${stage}.${block}`;
      const broken = 1 < stage && block === 1;
      g.module(path, "BasicBlock");
      for (const name of ["conv1", "conv2", "relu"]) g.module(`${path}.${name}`, "Layer", { builtin: true });
      const wide = tensor("N, 128, 28, 28");
      const narrow = broken ? tensor("N, 128, 14, 14") : wide;
      const stride = broken ? 2 : 1;
      const fork = g.node("relu", [], [wide]);
      const conv1 = g.node("conv2d", [fork, g.weight("128, 128, 3, 3")], [narrow], {
        path: `${path}.conv1`,
        args: { stride: [{ size: stride }, { size: stride }] },
      });
      const conv2 = g.node("conv2d", [conv1, g.weight("128, 128, 3, 3")], [narrow], { path: `${path}.conv2` });
      const sum = g.node("add", [conv2, fork], [wide], { path, place: add });
      g.adds.push({
        node: sum.node,
        main: 0,
        shortcut: 1,
        fork,
        kind: "identity",
        mainStride: [stride, stride],
        shortcutStride: [1, 1],
        mainNodes: [conv1.node, conv2.node],
        shortcutNodes: [],
        path,
        type: "BasicBlock",
        fits: !broken,
      });
      if (broken) first ??= sum.node;
      g.node("relu", [sum], [wide], { path: `${path}.relu` });
    }
  }
  const sums = g.adds.map(({ path, node }) => ({ path, value: tree(tensor("N, 128, 28, 28"), { node, output: 0 }) }));
  const name = { start: add.span.start, end: add.span.start + 3 };
  const observations = new Map([
    [
      file,
      [
        observation(name, "bind", sums, { name: "out", statement: add.span.start }),
        observation(add.span, "value", sums),
      ],
    ],
  ]);
  const mismatch = diagnosticOf({
    place: add,
    code: "shortcut-mismatch",
    message: t(
      "H, W differ: main [N, 128, 14, 14], identity shortcut [N, 128, 28, 28]; line 10 strides layer2.1 and 2 more blocks",
    ),
    roots: ["resnet18()"],
    instances: ["layer2.1", "layer3.1", "layer4.1"],
    related: [
      {
        place: { file, span: spanOf(TUTORIAL, "stride=stride") },
        message: t("strides a block that has no projection"),
      },
    ],
    fixes: [
      {
        title: t("Keep the stride in the first block only (line {0})", 10),
        edits: [{ place: { file, span: spanOf(TUTORIAL, ", stride=stride") }, text: "" }],
        preferred: true,
        safe: true,
      },
    ],
    original: "The size of tensor a (14) must match the size of tensor b (28) at non-singleton dimension 3",
    residual: { node: first ?? -1, root: "resnet18()" },
  });
  return analysisOf(
    { concrete: { graph: g.graph(), observations }, status: "error", diagnostics: [mismatch] },
    "resnet18()",
  );
}
