import { expect, test } from "vitest";
import type { Analysis, Observation } from "../../src/analysis.ts";
import { codeActions, FIX_ALL } from "../../src/editor/code-actions.ts";
import { codeLenses, type LensData, resolveLens } from "../../src/editor/code-lens.ts";
import { gapsOf, problemOf } from "../../src/editor/diagnostics.ts";
import { groupsOf, hintLabel, pathLabel } from "../../src/editor/groups.ts";
import { HINT_LIMIT, type HintMode, shapeHints } from "../../src/editor/inlay-hints.ts";
import { exactCount, shortCount } from "../../src/editor/numbers.ts";
import { statusItem } from "../../src/editor/status-item.ts";
import { statementEnd } from "../../src/syntax/python/logical-line.ts";
import { t } from "../../src/text/text.ts";
import {
  analysisOf,
  contextOf,
  diagnosticOf,
  FILE,
  GraphBuilder,
  observation,
  rootOf,
  spanOf,
  tensor,
  tree,
  viewOf,
} from "./fixture.ts";
import { RESNET, resnet50 } from "./resnet.ts";
import { TUTORIAL, tutorial } from "./tutorial.ts";

const context = contextOf({ [FILE]: RESNET });

/** The source with each hint printed behind its line. */
function printed(text: string, analyses: readonly Analysis[], mode: HintMode): string {
  const hints = shapeHints(viewOf(text, analyses), mode, context);
  return [...hints]
    .reverse()
    .reduce((source, hint) => `${source.slice(0, hint.offset)}  ◂${hint.text}${source.slice(hint.offset)}`, text);
}

test("counts have three digits and a unit", () => {
  expect([25_557_032, 4_089_184_256, 379_392, 960, 999_960, 1_000].map(shortCount)).toEqual([
    "25.6 M",
    "4.09 G",
    "379 k",
    "960",
    "1.00 M",
    "1.00 k",
  ]);
  expect(exactCount(379_392)).toBe("379,392");
});

test("paths that differ in a running number are one label", () => {
  expect(pathLabel(["layer2.1", "layer2.2", "layer2.3"], "Net")).toBe("layer2.1–3");
  expect(pathLabel(["layer1.0", "layer1.1", "layer2.0"], "Net")).toBe("layer1.0–1, layer2.0");
  expect(pathLabel(["a.0.conv", "a.1.conv", "a.3.conv"], "Net")).toBe("a.0–1.conv, a.3.conv");
  expect(pathLabel(["block1.layer1", "block1.layer2", "block1.layer3"], "Net")).toBe("block1.layer1–3");
  expect(pathLabel(["layer2.0", "layer3.0", "layer4.0"], "Net")).toBe("layer2.0, layer3.0, layer4.0");
  expect(pathLabel([""], "Net")).toBe("Net");
  expect(pathLabel(["stage1.block0", "stage2.block0", "stage3.block0", "stage4.block0"], "Net")).toBe(
    "stage1–4.block0",
  );
  expect(pathLabel(["first.a", "second.b", "third.c", "fourth.d"], "Net")).toBe(
    "first.a, second.b, third.c and 1 more",
  );
});

test("a hint names the stage where a group is the whole stage, else the instances", () => {
  const groups = groupsOf([
    { path: "layer1.0", value: tree(tensor("N, 64")) },
    { path: "layer1.1", value: tree(tensor("N, 64")) },
    { path: "layer2.0", value: tree(tensor("N, 128")) },
    { path: "layer2.1", value: tree(tensor("N, 256")) },
    { path: "layer2.2", value: tree(tensor("N, 256")) },
  ]);
  expect(groups.map((group) => hintLabel(group, groups, "Net"))).toEqual(["layer1", "layer2.0", "layer2.1–2"]);
});

const STEM = `class ResNet(nn.Module):
    def forward(self, x):
        out = self.conv1(x)
        out = self.bn1(out)  # normalized
        out = self.maxpool(
            out,
        )
        return out
`;

function stem(): Analysis {
  const g = new GraphBuilder();
  g.module("", "ResNet");
  g.input("x", tensor("N, 3, 224, 224"));
  const at = (shape: string): Observation["instances"] => [{ path: "", value: tree(tensor(shape)) }];
  const span = (piece: string, nth = 0) => spanOf(STEM, piece, nth);
  const start = (piece: string): number => span(piece).start;
  const narrow = (piece: string, part: string) => {
    const from = start(piece) + piece.indexOf(part);
    return { start: from, end: from + part.length };
  };
  const list = [
    observation(narrow("self, x):", "x"), "parameter", at("N, 3, 224, 224"), {
      name: "x",
      statement: start("def forward"),
    }),
    observation(narrow("out = self.conv1(x)", "out"), "bind", at("N, 64, 112, 112"), {
      name: "out",
      statement: start("out = self.conv1"),
    }),
    observation(span("self.conv1(x)"), "value", at("N, 64, 112, 112")),
    observation(narrow("conv1(x)", "x"), "value", at("N, 3, 224, 224")),
    observation(narrow("out = self.bn1(out)", "out"), "bind", at("N, 64, 112, 112"), {
      name: "out",
      statement: start("out = self.bn1"),
    }),
    observation(span("self.bn1(out)"), "value", at("N, 64, 112, 112")),
    observation(narrow("bn1(out)", "out"), "value", at("N, 64, 112, 112")),
    observation(narrow("out = self.maxpool", "out"), "bind", at("N, 64, 56, 56"), {
      name: "out",
      statement: start("out = self.maxpool"),
    }),
    observation(
      { start: start("self.maxpool"), end: span(")\n        return").start + 1 },
      "value",
      at("N, 64, 56, 56"),
    ),
    observation(narrow("out,\n", "out"), "value", at("N, 64, 112, 112")),
    observation(narrow("return out", "out"), "return", at("N, 64, 56, 56"), { statement: start("return out") }),
    observation(narrow("return out", "out"), "value", at("N, 64, 56, 56")),
  ].sort((a, b) => a.span.start - b.span.start);
  return analysisOf({ concrete: { graph: g.graph(), observations: new Map([[FILE, list]]) } });
}

test("hints stand where the shape changes, and the root's forward says that the input is an example", () => {
  expect(printed(STEM, [stem()], "changes")).toBe(`class ResNet(nn.Module):
    def forward(self, x):  ◂x: [N, 3, 224, 224] example
        out = self.conv1(x)  ◂[N, 64, 112, 112]
        out = self.bn1(out)  # normalized
        out = self.maxpool(
            out,
        )  ◂[N, 64, 56, 56]
        return out
`);
});

test("all hints: every statement that binds or returns a tensor; off: none", () => {
  expect(printed(STEM, [stem()], "all")).toContain("# normalized  ◂[N, 64, 112, 112]");
  expect(printed(STEM, [stem()], "all")).toContain("return out  ◂[N, 64, 56, 56]");
  expect(printed(STEM, [stem()], "off")).toBe(STEM);
});

test("a hint of several shape groups shows the first and counts the others", () => {
  expect(printed(RESNET, [resnet50()], "changes")).toContain(
    "out = self.conv3(self.conv2(x))  ◂[N, 256, 56, 56] layer1 +3\n",
  );
});

test("a mismatch shows both shapes", () => {
  expect(printed(TUTORIAL, [tutorial()], "changes")).toContain(
    "out += identity  ◂[N, 128, 14, 14] ≠ [N, 128, 28, 28]\n",
  );
});

test("no hint is longer than VS Code shows", () => {
  const g = new GraphBuilder();
  g.module("", "Net");
  const wide = [{ path: "", value: tree(tensor("N, 1000000, 1000000, 1000000, 1000000, 1000000")) }];
  const list = [observation({ start: 0, end: 1 }, "bind", wide, { name: "y", statement: 0 })];
  const view = viewOf("y = f()", [
    analysisOf({ concrete: { graph: g.graph(), observations: new Map([[FILE, list]]) } }),
  ]);
  expect(shapeHints(view, "all", context).map(({ text }) => text.length)).toEqual([HINT_LIMIT]);
});

test("a statement ends at the line break outside of brackets and strings", () => {
  const text = 'a = f("""\n)""",\n  [1]) \\\n  + 2  # (\nb';
  expect(text.slice(statementEnd(text, 0))).toBe("\nb");
});

function titles(analysis: Analysis, source: string): readonly string[] {
  const view = viewOf(source, [analysis]);
  const root = {
    ...rootOf(analysis.root.model, {
      file: FILE,
      span: spanOf(source, source.includes("def resnet50") ? "def resnet50" : "def make"),
    }),
  };
  return codeLenses(view, [root], undefined).map((lens) => {
    const filled = resolveLens(lens, lens.data as LensData, analysis, context);
    return `${lens.range.start.line}: ${filled.command?.title}${filled.command?.command === "" ? "" : ` [${filled.command?.command}]`}`;
  });
}

test("the line above a factory, and above the class that it builds", () => {
  expect(titles(resnet50(), RESNET)).toEqual([
    "18: [N, 3, H, W] → [N, 1000]",
    "18: 25.6 M parameters",
    "18: 4.09 G multiply-adds",
    "18: Preview [resnetLens.preview]",
    "13: shown as resnet50()",
    "13: Preview [resnetLens.preview]",
  ]);
});

test("the line above a class whose shortcuts do not fit", () => {
  expect(titles(tutorial(), TUTORIAL).slice(4)).toEqual([
    "0: $(error) 3 of 8 shortcuts do not fit",
    "0: Show [resnetLens.showMismatch]",
    "0: Preview [resnetLens.preview]",
  ]);
});

test("a class that no call builds", () => {
  const view = viewOf(RESNET, []);
  const orphan = { name: "ResNet", place: { file: FILE, span: spanOf(RESNET, "ResNet") } };
  const lenses = codeLenses(view, [], orphan).map(
    (lens) => resolveLens(lens, lens.data as LensData, undefined, context).command?.title,
  );
  expect(lenses).toEqual(["No call builds ResNet", "Choose arguments…"]);
});

test("a diagnostic keeps its code, place and related places; settings change or drop it", () => {
  const [mismatch] = tutorial().diagnostics;
  if (mismatch === undefined) throw new Error("no diagnostic");
  const here = contextOf({ [FILE]: TUTORIAL });
  const problem = problemOf(mismatch, {}, here);
  expect(problem).toMatchObject({
    range: { start: { line: 4, character: 8 }, end: { line: 4, character: 23 } },
    severity: 1,
    source: "ResNet Lens",
    code: "shortcut-mismatch",
    message:
      "H, W differ: main [N, 128, 14, 14], identity shortcut [N, 128, 28, 28]; line 10 strides layer2.1 and 2 more blocks",
    relatedInformation: [
      {
        location: {
          uri: "file:///ws/resnet.py",
          range: { start: { line: 9, character: 52 }, end: { line: 9, character: 65 } },
        },
        message: "strides a block that has no projection",
      },
    ],
  });
  expect(String(problem?.message).length).toBeLessThanOrEqual(120);
  expect(problemOf(mismatch, { "shortcut-mismatch": "info" }, here)?.severity).toBe(3);
  expect(problemOf(mismatch, { "shortcut-mismatch": "off" }, here)).toBeUndefined();
});

test("an unused layer is tagged unnecessary", () => {
  const unused = diagnosticOf({
    place: { file: FILE, span: { start: 0, end: 5 } },
    code: "layer-unused",
    severity: "info",
    unnecessary: true,
  });
  expect(problemOf(unused, {}, context)).toMatchObject({ severity: 3, tags: [1] });
});

test("gaps are diagnostics of their own code", () => {
  const place = { file: FILE, span: { start: 0, end: 5 } };
  const gaps = gapsOf(
    analysisOf({
      gaps: [
        { place, reason: t("not known") },
        { place: undefined, reason: t("lost") },
      ],
    }),
  );
  expect(gaps.map(({ code, severity }) => [code, severity])).toEqual([["gap", "info"]]);
});

test("a preferred fix, and one action for all safe fixes of the file", () => {
  const { diagnostics } = tutorial();
  const [mismatch] = diagnostics;
  if (mismatch === undefined) throw new Error("no diagnostic");
  const here = contextOf({ [FILE]: TUTORIAL });
  const problem = problemOf(mismatch, {}, here);
  if (problem === undefined) throw new Error("no problem");
  const unsafe = diagnosticOf({
    place: mismatch.place,
    code: "layer-unused",
    fixes: [
      {
        title: t("Call it"),
        edits: [{ place: { file: FILE, span: { start: 0, end: 0 } }, text: "x" }],
        preferred: false,
        safe: false,
      },
    ],
  });
  const actions = codeActions(
    viewOf(TUTORIAL, [], [mismatch, unsafe]),
    [
      { diagnostic: mismatch, problem },
      { diagnostic: unsafe, problem },
    ],
    { start: mismatch.place.span.start, end: mismatch.place.span.start },
    here,
  );
  const edit = {
    changes: {
      "file:///ws/resnet.py": [
        { range: { start: { line: 9, character: 50 }, end: { line: 9, character: 65 } }, newText: "" },
      ],
    },
  };
  expect(actions.map(({ title, kind, isPreferred, edit: change }) => ({ title, kind, isPreferred, change }))).toEqual([
    { title: "Keep the stride in the first block only (line 10)", kind: "quickfix", isPreferred: true, change: edit },
    { title: "Call it", kind: "quickfix", isPreferred: undefined, change: expect.anything() },
    ...["shortcut-mismatch", "layer-unused"].map((code) => ({
      title: `Ignore ${code} on this line`,
      kind: "quickfix",
      isPreferred: undefined,
      change: expect.anything(),
    })),
    { title: "Fix all safe ResNet Lens problems in this file", kind: FIX_ALL, isPreferred: undefined, change: edit },
  ]);
});

test("the status item names root and input, and that no Python is run", () => {
  const item = statusItem(resnet50(), context);
  expect(item.text).toBe("resnet50 · 3×224×224 example");
  expect(item.tooltip).toContain("No Python is run.");
  expect(
    statusItem(analysisOf({ input: [{ kind: "tensor", shape: [2, 3, 32, 32] }], example: false }, "Net(10)"), context)
      .text,
  ).toBe("Net(10) · 2×3×32×32");
});
