import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PlainArg, Program } from "../../src/graph/program.ts";
import { classHeadOf, scoresOf } from "../../src/preview/class-head.ts";
import { classMap, enlarge, greatest, softmax } from "../../src/preview/class-map.ts";
import { node } from "../runtime/build.ts";
import { floats, recordedModel, relativeMax } from "../runtime/harness.ts";

/** Written by `scripts/truth/record_seen.py`. */
const seen = JSON.parse(readFileSync("test/data/run/seen.json", "utf8"));
const recorded = await recordedModel("test/data/run", "narrow_resnet");
const features = floats(recorded.stages.layer4?.data ?? "");
const logits = floats(recorded.stages[""]?.data ?? "");
/** PyTorch sums in float32. */
const ROUNDING = 1e-6;

describe("a class activation map", () => {
  const result = classHeadOf(recorded.program);
  if (result.kind === "none") throw new Error(JSON.stringify(result));
  const { head } = result;
  const weight = recorded.weights.get(recorded.program.weights[head.weight ?? -1]?.keys[0] ?? "");

  test("rests on the maps before the mean and the last layer's weight", () => {
    expect(head.classes).toBe(10);
    expect(recorded.program.taps.find(({ path }) => path === "layer4.1")?.ref).toEqual(head.features);
    expect(weight?.shape).toEqual([10, 32]);
  });

  test.each(Object.keys(seen.maps))("of class %s is PyTorch's, enlarged too, and makes its logit", (label) => {
    const at = Number(label);
    const map = classMap(features, (weight?.data ?? features).subarray(at * 32, at * 32 + 32), 2, 2);
    expect(relativeMax(map.data, floats(seen.maps[label].map))).toBeLessThanOrEqual(ROUNDING);
    const large = enlarge(map, seen.large[0], seen.large[1]);
    expect(relativeMax(large.data, floats(seen.maps[label].large))).toBeLessThanOrEqual(ROUNDING);
    const mean = map.data.reduce((a, b) => a + b, 0) / 4;
    expect(mean + seen.maps[label].bias).toBeCloseTo(logits[at] ?? Number.NaN, 5);
  });

  test("shares are PyTorch's softmax, the greatest first", () => {
    const shares = softmax(logits);
    expect(relativeMax(shares, floats(seen.shares))).toBeLessThanOrEqual(ROUNDING);
    const all = [...floats(seen.shares)];
    expect(greatest(shares, 1)[0]?.index).toBe(all.indexOf(Math.max(...all)));
    expect(greatest(Float32Array.of(1, 3, 3), 2).map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe("a class head", () => {
  const MAPS = [2, 8, 5, 3];
  const pool = ["adaptive_avg_pool", [2, 8, 1, 1], { output: 1 }] as const;
  const flat = ["flatten", [2, 8]] as const;
  const linear = ["linear", [2, 4]] as const;

  test.each([
    ["pool, flatten, dropout, linear", [pool, flat, ["dropout", [2, 8]], linear], "found"],
    ["mean over H, W", [["mean", [2, 8], { axes: [-2, -1] }], linear], "found"],
    ["mean over W, H", [["mean", [2, 8], { axes: [3, 2] }], linear], "found"],
    [
      "a pool of the whole map",
      [["avg_pool", [2, 8, 1, 1], { kernel: [5, 3], padding: 0, divisor: null }], flat, linear],
      "found",
    ],
    [
      "a 1×1 convolution of the mean",
      [pool, ["conv", [2, 4, 1, 1], { groups: 1, padding: [[0, 0]] }], ["flatten", [2, 4]]],
      "found",
    ],
    ["softmax behind it", [pool, flat, linear, ["softmax", [2, 4], { axis: 1 }]], "found"],
    [
      "a map for each class",
      [
        ["adaptive_avg_pool", [2, 8, 1, 1], { output: 1 }],
        ["flatten", [2, 8]],
      ],
      "found",
    ],
    [
      "mean over W alone",
      [["mean", [2, 8, 5], { axes: [3] }], linear],
      "mean stands before the last linear layer, not the mean over all places",
    ],
    [
      "a pool of 2×2",
      [["adaptive_avg_pool", [2, 8, 2, 2], { output: 2 }], ["flatten", [2, 32]], linear],
      "adaptive_avg_pool stands before the last linear layer, not the mean over all places",
    ],
    [
      "the greatest of each map",
      [["adaptive_max_pool", [2, 8, 1, 1]], flat, linear],
      "adaptive_max_pool stands before the last linear layer, not the mean over all places",
    ],
    [
      "a norm between",
      [pool, flat, ["layer_norm", [2, 8]], linear],
      "layer_norm stands before the last linear layer, not the mean over all places",
    ],
    [
      "two linear layers",
      [pool, flat, ["linear", [2, 6]], linear],
      "linear stands before the last linear layer, not the mean over all places",
    ],
    [
      "maps",
      [["conv", [2, 4, 5, 3], { groups: 1, padding: 0 }]],
      "the model does not give one row of classes for each picture",
    ],
    [
      "an activation at the end",
      [pool, flat, linear, ["relu", [2, 4]]],
      "the model does not end in a linear layer or in the mean of its last maps",
    ],
  ] as const)("%s: %#", (_name, layers, expected) => {
    const result = classHeadOf(programOf(MAPS, layers));
    if (result.kind === "none") expect(words(result.reason)).toBe(expected);
    else expect([expected, result.head.features]).toEqual(["found", { node: 0, output: 0 }]);
  });

  test("of 1×1 maps there is none", () => {
    const result = classHeadOf(programOf([2, 8, 1, 1], [pool, flat, linear]));
    expect(result).toMatchObject({
      kind: "none",
      reason: { template: "the last maps are 1×1: they have no places to tell apart" },
    });
  });

  test("knows shares from logits", () => {
    expect(scoresOf(programOf(MAPS, [pool, flat, linear]))).toBe("logits");
    expect(scoresOf(programOf(MAPS, [pool, flat, linear, ["softmax", [2, 4]]]))).toBe("shares");
    expect(scoresOf(programOf(MAPS, [pool, flat, linear, ["log_softmax", [2, 4]]]))).toBe("logarithms of shares");
  });
});

type Layer = readonly [op: string, shape: readonly number[], args?: Readonly<Record<string, PlainArg>>];

/** A chain of operators on maps of the given shape; each `linear` and `conv` has a weight. */
function programOf(maps: readonly number[], layers: readonly Layer[]): Program {
  const nodes = [node(0, "input", [], maps)];
  let last = 0;
  for (const [op, shape, args = {}] of layers) {
    const inputs = [last];
    if (op === "linear" || op === "conv")
      inputs.push(nodes.push(node(nodes.length, "weight", [], [], { weight: 0 })) - 1);
    last = nodes.push(node(nodes.length, op, inputs, shape, { args })) - 1;
  }
  return { inputs: [], weights: [], nodes, output: { kind: "tensor", ref: { node: last, output: 0 } }, taps: [] };
}

function words({ template, args }: { readonly template: string; readonly args: readonly unknown[] }): string {
  return template.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)]));
}
