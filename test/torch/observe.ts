import type { InputSpec } from "../../src/analysis.ts";
import type { ShapeTree } from "../../src/graph/graph.ts";
import { analyzerOf, pathOf } from "../roots/files.ts";

/** What analyzing a model shows: shapes by variable name, the gaps' reasons and the errors' messages. */
interface Seen {
  readonly shapes: Readonly<Record<string, string>>;
  readonly gaps: readonly string[];
  readonly errors: readonly string[];
}

/** Analyzes `Net()` with these two bodies on an input. */
export function observe(
  init: string,
  forward: string,
  input: InputSpec = { kind: "tensor", shape: [2, 3, 8, 8] },
  head = "",
): Seen {
  const indent = (code: string) => code.replace(/^(?=.)/gm, "        ");
  const code = `import torch\nimport torch.nn as nn\n${head}\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n${indent(init)}\n\n    def forward(self, x):\n${indent(forward)}\n`;
  const analyzer = analyzerOf({ "net.py": code });
  const root = analyzer.analyzeModel(pathOf("net.py"), "Net()", [input]);
  const seen = root.concrete?.observations.get(pathOf("net.py")) ?? [];
  const shapes: Record<string, string> = {};
  for (const { role, name, instances } of seen)
    if (role === "bind" && name !== undefined)
      shapes[name] = [...new Set(instances.map(({ value }) => shapeOf(value)))].join(" ");
  return {
    shapes,
    gaps: root.gaps.map(({ reason }) => reason.template),
    errors: root.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message.template),
  };
}

function shapeOf(value: ShapeTree | null): string {
  switch (value?.kind) {
    case "tensor":
      return `[${value.type.shape?.map(({ size }) => size ?? "?").join(", ") ?? "?"}]`;
    case "seq":
      return `(${value.items.map(shapeOf).join(", ")})`;
    case undefined:
      return "-";
    default:
      return "?";
  }
}
