import { expect, test } from "vitest";
import type { Analysis } from "../../src/analysis.ts";
import { checkJson, rootJson, shapesJson } from "../../src/cli/json.ts";
import { treeJson } from "../../src/cli/json-shapes.ts";
import { terminalReport } from "../../src/cli/report.ts";
import { summaryTable } from "../../src/cli/tables.ts";
import { lineIndex } from "../../src/text/span.ts";
import { t } from "../../src/text/text.ts";
import { analysisOf, FILE, GraphBuilder, observation, tensor, tree } from "../editor/fixture.ts";
import { TUTORIAL, tutorial } from "../editor/tutorial.ts";

const names = (text: string) => ({
  name: (file: string) => (file === FILE ? "resnet.py" : file),
  lines: () => lineIndex(text),
  text: () => text,
});

/** The stem's and first block's convolution of resnet18 at a batch of 2, by hand from the layers' definitions. */
function stem(example = false): Analysis {
  const g = new GraphBuilder();
  const side = example ? "H" : "224";
  const x = g.input("x", tensor(`2, 3, ${side}, ${side}`));
  const out = tensor("2, 64, 56, 56");
  // 2·64·56·56 outputs of 64·3·3 products each.
  const conv = g.node("conv2d", [x, g.weight("64, 64, 3, 3")], [out], { path: "layer1.0.conv1", madds: 231_211_008 });
  const call = { output: tree(out, conv), from: 1, to: 3, inputs: [tree(out)] };
  g.module("", "ResNet", { params: 11_689_512, calls: [{ ...call, output: tree(tensor("2, 1000")), from: 0 }] });
  g.module("layer1.0.conv1", "Conv2d", { params: 36_864, calls: [call], aliases: ["same"] });
  g.module("unused", "Conv2d", { params: 1 });
  g.output = tree(tensor("2, 1000"));
  g.params = 11_689_512;
  g.madds = 231_211_008;
  const run = {
    graph: g.graph(),
    observations: new Map([
      [
        FILE,
        [
          observation(
            { start: 4, end: 7 },
            "bind",
            [
              { path: "layer1.0", value: tree(out) },
              { path: "layer1.1", value: tree(out) },
              { path: "layer2.0", value: tree(tensor("2, 128, 28, 28")) },
            ],
            { name: "out", statement: 4 },
          ),
          observation({ start: 4, end: 7 }, "value", [{ path: "", value: tree(out) }]),
          observation(
            { start: 30, end: 33 },
            "return",
            [{ path: "", value: { kind: "unknown", why: { reason: t("lost") } } }],
            { statement: 22 },
          ),
        ],
      ],
    ]),
  };
  const input = [{ kind: "tensor" as const, shape: [2, 3, 224, 224] }];
  return analysisOf({ concrete: run, symbolic: run, example, input }, "resnet18()");
}

const SOURCE = "def\nout = f(x)\n#\n   return out\n";

test("shapes of a root as the contracts write them", () => {
  expect(shapesJson(stem(), names(SOURCE))).toEqual({
    model: "resnet18()",
    input: [[2, 3, 224, 224]],
    output: [2, 1000],
    params: 11689512,
    status: "ok",
    modules: [
      { path: "", type: "ResNet", outputs: [[2, 1000]], params: 11689512, madds: 231211008 },
      {
        path: "layer1.0.conv1",
        aliases: ["same"],
        type: "Conv2d",
        outputs: [[2, 64, 56, 56]],
        params: 36864,
        madds: 231211008,
      },
    ],
    vars: [
      {
        file: "resnet.py",
        line: 2,
        variable: "out",
        shapes: [
          [2, 64, 56, 56],
          [2, 128, 28, 28],
        ],
      },
      { file: "resnet.py", line: 4, variable: "<return>", shapes: ["?"] },
    ],
    gaps: [],
    diagnostics: [],
  });
});

test("symbols where the sizes are only an example", () => {
  expect(shapesJson(stem(true), names(SOURCE)).input).toEqual([[2, 3, "H", "H"]]);
});

test("dims in Python syntax, nested values, unknowns", () => {
  expect(treeJson(tree(tensor("N, 64, (H + 1) // 2, ?")))).toEqual(["N", 64, "(H + 1) // 2", "?"]);
  expect(treeJson({ kind: "seq", items: [tree(tensor("N")), null] })).toEqual({ seq: [["N"], null] });
  expect(treeJson({ kind: "dict", entries: [["out", { kind: "unknown", why: { reason: t("lost") } }]] })).toEqual({
    dict: { out: "?" },
  });
});

test("a diagnostic as the contracts write it", () => {
  const analysis = tutorial();
  const { diagnostics, roots } = checkJson(
    analysis.diagnostics,
    [rootJson(analysis, names(TUTORIAL))],
    names(TUTORIAL),
  );
  expect(diagnostics).toEqual([
    {
      file: "resnet.py",
      line: 5,
      column: 9,
      endLine: 5,
      endColumn: 24,
      severity: "error",
      code: "shortcut-mismatch",
      message:
        "H, W differ: main [N, 128, 14, 14], identity shortcut [N, 128, 28, 28]; line 10 strides layer2.1 and 2 more blocks",
      root: "resnet18()",
      roots: ["resnet18()"],
      instances: ["layer2.1", "layer3.1", "layer4.1"],
      related: [{ file: "resnet.py", line: 10, column: 53, message: "strides a block that has no projection" }],
      fixes: [
        {
          title: "Keep the stride in the first block only (line 10)",
          edits: [{ file: "resnet.py", line: 10, column: 51, endLine: 10, endColumn: 66, text: "" }],
        },
      ],
    },
  ]);
  expect(roots).toEqual([
    { file: "resnet.py", model: "resnet18()", input: [["N", 3, 224, 224]], output: "?", status: "error" },
  ]);
});

test("gaps stand at the root, not among the diagnostics", () => {
  const place = { file: FILE, span: { start: 5, end: 6 } };
  const { diagnostics, roots } = checkJson(
    [],
    [rootJson(analysisOf({ status: "partial", gaps: [{ place, reason: t("not known") }] }), names(SOURCE))],
    names(SOURCE),
  );
  expect(diagnostics).toEqual([]);
  expect(roots[0]?.gaps).toEqual([{ file: "resnet.py", line: 2, reason: "not known" }]);
});

test("a terminal report has code, excerpt, carets, why and fix", () => {
  const { diagnostics } = tutorial();
  expect(
    terminalReport(diagnostics, [rootJson(tutorial(), names(TUTORIAL))], { ...names(TUTORIAL), color: false }),
  ).toBe(
    `error[shortcut-mismatch]: H, W differ: main [N, 128, 14, 14], identity shortcut [N, 128, 28, 28]; line 10 strides layer2.1 and 2 more blocks
  --> resnet.py:5:9
   |
 5 |         out += identity
   |         ^^^^^^^^^^^^^^^
  ::: resnet.py:10:53
   |
10 |     return [block(64, 128, stride), block(128, 128, stride=stride)]
   |                                                     ------------- strides a block that has no projection
   = in: layer2.1, layer3.1, layer4.1
   = why: resnet.py:10:53 strides a block that has no projection
   = PyTorch: The size of tensor a (14) must match the size of tensor b (28) at non-singleton dimension 3
   = fix: Keep the stride in the first block only (line 10)

1 error, 0 warnings, 1 model read`,
  );
});

test("the layer table", () => {
  expect(summaryTable(stem()).split("\n")).toEqual([
    "resnet18(): [2, 3, 224, 224] → [2, 1000]",
    "",
    "path            type    output           parameters  multiply-adds",
    "layer1.0.conv1  Conv2d  [2, 64, 56, 56]      36,864    231,211,008",
    "",
    "11,689,512 (11.7 M) parameters, 231,211,008 (231 M) multiply-adds",
  ]);
});
