import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { histogramOf } from "../../src/runtime/histogram.ts";
import { floats, recordedModel } from "./harness.ts";

/** Written by `scripts/truth/record_seen.py`. */
const seen = JSON.parse(readFileSync("test/data/run/seen.json", "utf8"));
const { stages } = await recordedModel("test/data/run", "narrow_resnet");

describe("the spread of a tensor's elements", () => {
  test.each(Object.keys(seen.spread))("is PyTorch's for '%s'", (path) => {
    const stage = stages[path];
    const read = { shape: stage?.shape ?? [], data: floats(stage?.data ?? "") };
    const { size, wild, channels, ...rest } = histogramOf(read, seen.bins);
    expect(rest).toEqual(seen.spread[path]);
    expect([size, wild, channels]).toEqual([read.data.length, 0, read.shape[1]]);
  });

  test("finds channels that are 0 everywhere", () => {
    const { shape = [], data = "" } = stages.layer2 ?? {};
    const values = floats(data);
    const inner = (shape[2] ?? 0) * (shape[3] ?? 0);
    for (let i = 0; i < values.length; i++) if (Math.floor(i / inner) % 2 === 0) values[i] = 0;
    const { size: _size, wild: _wild, channels: _channels, ...rest } = histogramOf({ shape, data: values }, seen.bins);
    expect(rest).toEqual(seen.half);
  });

  test("keeps what is not finite out of the bins, and equal elements in one", () => {
    const odd = histogramOf({ shape: [4], data: Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 3) }, 2);
    expect(odd).toMatchObject({ low: 1, high: 3, counts: [1, 1], wild: 2, channels: undefined });
    expect(histogramOf({ shape: [2, 1], data: Float32Array.of(5, 5) }, 3)).toMatchObject({ counts: [2, 0, 0] });
    expect(histogramOf({ shape: [0], data: new Float32Array() }, 2)).toMatchObject({ counts: [0, 0], size: 0 });
  });
});
