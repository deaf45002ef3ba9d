import { describe, expect, test } from "vitest";
import type { Graph, GraphNode } from "../../src/graph/graph.ts";
import { toProgram } from "../../src/preview/program.ts";
import { type Dim, dim, type Why } from "../../src/shape/dim.ts";
import { render, t } from "../../src/text/text.ts";
import { N, RESNET18, RESNET50, resnet } from "./networks.ts";

const graph = resnet(RESNET18, 2);

function reasonOf(changed: Graph): string {
  const result = toProgram(changed);
  return result.kind === "gap" ? render(result.reason) : "ok";
}

function unknownDim(why: Why): Dim {
  return { size: undefined, why };
}

/** The graph with the first convolution changed. */
function withConv(change: Partial<GraphNode>): Graph {
  const first = graph.nodes.find((node) => node.op === "conv");
  return { ...graph, nodes: graph.nodes.map((node) => (node === first ? { ...node, ...change } : node)) };
}

describe("a program", () => {
  test("holds every weight and layer of ResNet-18 for a batch of two", () => {
    const result = toProgram(graph);
    if (result.kind !== "ok") throw new Error(render(result.reason));
    const { program } = result;
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
    expect(program.inputs).toEqual([{ node: 0, name: "x", shape: [2, 3, 224, 224], dtype: "float32" }]);
    // 20 convolutions, 20 normalizations of two tensors each, one linear layer: state_dict() without statistics.
    expect(program.weights).toHaveLength(62);
    expect(program.nodes.filter((node) => node.op === "conv")).toHaveLength(20);
    expect(program.nodes.filter((node) => node.op === "add")).toHaveLength(8);
    const last = program.nodes.at(-1);
    expect(program.output).toEqual({ kind: "tensor", ref: { node: last?.id, output: 0 } });
    expect(last?.outputs).toEqual([{ shape: [2, 1000], dtype: "float32" }]);
    const tap = program.taps.find((one) => one.path === "layer3");
    expect(program.nodes.find((node) => node.id === tap?.ref.node)?.outputs[0]?.shape).toEqual([2, 256, 14, 14]);
  });

  test("has numbers and lists for arguments", () => {
    const result = toProgram(
      withConv({
        args: { stride: [dim(2), dim(2)], groups: dim(1), bias: false, eps: 1e-5, mode: "zeros", size: null },
      }),
    );
    const node = result.kind === "ok" ? result.program.nodes.find((one) => one.op === "conv") : undefined;
    expect(node?.args).toEqual({ stride: [2, 2], groups: 1, bias: false, eps: 1e-5, mode: "zeros", size: null });
  });

  test("is refused with the reason where something is not known", () => {
    expect(reasonOf(resnet(RESNET50, N))).toBe("the shape of x is not known");
    expect(reasonOf(withConv({ args: { stride: unknownDim({ reason: t("it depends on a random number") }) } }))).toBe(
      "stride of conv1 (conv) is not known",
    );
    const why = { reason: t("einops.rearrange is not known") };
    expect(reasonOf(withConv({ outputs: [{ shape: [dim(2), unknownDim(why)], dtype: "float32" }] }))).toBe(
      "the shape that conv1 (conv) gives is not known: einops.rearrange is not known",
    );
    const refusal = {
      kind: "refused",
      fault: "channels",
      detail: t("expects {0} channels, gets {1}", 64, 3),
      assume: [],
    } as const;
    expect(reasonOf(withConv({ refusal }))).toBe("conv1 (conv) refuses its inputs: expects 64 channels, gets 3");
    expect(reasonOf({ ...graph, output: undefined })).toBe("the model's output is not known");
    expect(reasonOf({ ...graph, output: { kind: "unknown", why } })).toBe(
      "the model's output is not known: einops.rearrange is not known",
    );
  });
});
