import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import type { Diagnostic } from "../../src/checks/diagnostic.ts";
import { codeActions, type Published } from "../../src/editor/code-actions.ts";
import { problemOf } from "../../src/editor/diagnostics.ts";
import { lineIndex } from "../../src/text/span.ts";
import { render } from "../../src/text/text.ts";
import { contextOf } from "../editor/fixture.ts";
import { memoryDisk } from "../imports/memory.ts";
import { edited } from "./builder.ts";

const FILE = "/w/net.py";

/** A network with a wrong number of channels in line 12 and a layer that refuses its arguments in line 9. */
const net = (call: string, layer = "", tail = "net(torch.randn(1, 3, 8, 8))"): string => `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 1)
        self.b = nn.Conv2d(4, 8, 1, groups=3)${layer}

    def forward(self, x):
        return self.a(${call}


if __name__ == "__main__":
    net = Net()
    ${tail}
`;

function check(text: string, more: Readonly<Record<string, string>> = {}) {
  const analyzer = createAnalyzer(memoryDisk(new Map(Object.entries({ [FILE]: text, ...more }))), {
    paths: [],
    pythonPaths: [],
  });
  const report = (file: string) =>
    analyzer.report(
      file,
      analyzer.roots(file).map((root) => analyzer.analyze(root)),
    );
  return report;
}

function listed(text: string): readonly string[] {
  return check(text)(FILE).diagnostics.map(
    ({ place, code }) => `${lineIndex(text).position(place.span.start).line + 1} ${code}`,
  );
}

test("a comment silences its code on its own line and no other", () => {
  expect(listed(net("torch.cat([x, x], 1))"))).toEqual(["9 bad-argument", "12 channel-mismatch"]);
  expect(listed(net("torch.cat([x, x], 1))  # resnet-lens: ignore[channel-mismatch]"))).toEqual(["9 bad-argument"]);
  expect(
    listed(
      net(
        "torch.cat([x, x], 1))  # noqa: E501  # resnet-lens: ignore[shape-mismatch,channel-mismatch,unused-ignore]",
        "  #resnet-lens:ignore[bad-argument]",
      ),
    ),
  ).toEqual([]);
});

test("a problem of several lines is silenced on any of them", () => {
  for (const call of [
    "  # resnet-lens: ignore[channel-mismatch]\n            torch.cat([x, x], 1)\n        )",
    "\n            torch.cat([x, x], 1)  # resnet-lens: ignore[channel-mismatch]\n        )",
    "\n            torch.cat([x, x], 1)\n        )  # resnet-lens: ignore[channel-mismatch]",
  ])
    expect(listed(net(call)), call).toEqual(["9 bad-argument"]);
});

test("what ignores nothing is a hint, and its fix takes it away", () => {
  const call =
    "torch.cat([x, x], 1))  # why: resnet-lens: ignore[x]  # resnet-lens: ignore[channel-mismatch, shape-mismatch]";
  const text = net(call, "  # resnet-lens: ignore[nonsense]  # kept");
  const found = check(text)(FILE).diagnostics.filter(({ code }) => code === "unused-ignore");
  expect(found.map(({ message, severity, unnecessary }) => [render(message), severity, unnecessary])).toEqual([
    ["nonsense is no code of ResNet Lens", "hint", true],
    ["nothing to ignore here: no shape-mismatch is reported on this line", "hint", true],
  ]);
  const mended = edited(
    text,
    found.flatMap(({ fixes }) => fixes[0]?.edits ?? []),
  );
  expect(mended).toContain("groups=3)  # kept\n");
  expect(mended).toContain("ignore[x]  # resnet-lens: ignore[channel-mismatch]\n");
  const alone = net("x)  # resnet-lens: ignore[channel-mismatch]\r");
  const [hint] = check(alone)(FILE).diagnostics.filter(({ code }) => code === "unused-ignore");
  expect(edited(alone, hint?.fixes[0]?.edits ?? [])).toContain("self.a(x)\r\n");
});

test("nothing is called unused where the code was not understood, or is not run", () => {
  const unknown = net("mystery(x))  # resnet-lens: ignore[channel-mismatch]").replace(
    "import torch\n",
    "import torch\nfrom elsewhere import mystery\n",
  );
  for (const text of [unknown, net("x)  # resnet-lens: ignore[channel-mismatch]", "", "pass")])
    expect(
      check(text)(FILE).diagnostics.filter(({ code }) => code === "unused-ignore"),
      text,
    ).toEqual([]);
});

test("a comment that silences something for another file's model is used", () => {
  const lib = net("x)  # resnet-lens: ignore[channel-mismatch]");
  const main = "import torch\nfrom net import Net\n\nmodel = Net()\nmodel(torch.randn(1, 4, 8, 8))\n";
  const report = check(lib, { "/w/main.py": main });
  expect(report(FILE).usedIgnores).toEqual([]);
  const [unused] = report(FILE).diagnostics.filter(({ code }) => code === "unused-ignore");
  expect(report("/w/main.py").usedIgnores).toEqual([unused?.place]);
});

/** The last action on the first problem with a code, and the text it makes. */
function ignored(text: string, code: Diagnostic["code"]) {
  const { diagnostics } = check(text)(FILE);
  const context = contextOf({ [FILE]: text });
  const published = diagnostics.flatMap((diagnostic): readonly Published[] => {
    const problem = problemOf(diagnostic, {}, context);
    return problem === undefined ? [] : [{ diagnostic, problem }];
  });
  const at = diagnostics.find((diagnostic) => diagnostic.code === code);
  const view = { file: FILE, text, lines: lineIndex(text), analyses: [], diagnostics };
  const actions = codeActions(view, published, at?.place.span ?? { start: 0, end: 0 }, context);
  const last = actions.findLast(({ kind }) => kind === "quickfix");
  const [change] = Object.values(last?.edit?.changes ?? {})[0] ?? [];
  const lines = lineIndex(text);
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.offset({ line, column: character });
  return {
    title: last?.title,
    text:
      change === undefined
        ? text
        : text.slice(0, offset(change.range.start)) + change.newText + text.slice(offset(change.range.end)),
  };
}

test("the last quick fix writes the comment where it is one, and the problem is gone", () => {
  const cases = [
    ["torch.cat([x, x], 1))", "1))  # resnet-lens: ignore[channel-mismatch]\n"],
    ["torch.cat([x, x], 1))  # as in the paper", "# as in the paper  # resnet-lens: ignore[channel-mismatch]\n"],
    ["torch.cat([x, x], 1))  # resnet-lens: ignore[gap]", "# resnet-lens: ignore[gap, channel-mismatch]\n"],
    // Behind a backslash, or where a string begins, a comment would be none.
    ["\n    torch.cat([x, x], 1)) \\\n    + 0", "torch.cat([x, x], 1)  # resnet-lens"],
    ['torch.cat([x, x], 1)) if """\n""" else x', undefined],
  ] as const;
  for (const [call, wanted] of cases) {
    const text = net(call);
    const made = ignored(text, "channel-mismatch");
    if (wanted === undefined) {
      expect(made.title, call).not.toBe("Ignore channel-mismatch on this line");
      continue;
    }
    expect(made.title, call).toBe("Ignore channel-mismatch on this line");
    expect(listed(made.text), made.text).not.toContain("12 channel-mismatch");
    if (!call.includes("\\")) expect(made.text).toContain(wanted);
  }
});
