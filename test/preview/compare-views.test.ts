import { expect, test } from "vitest";
import { compareViews } from "../../src/preview/compare-views.ts";
import { analyzed } from "../webview/analyzed.ts";

const SAMPLE = "sample/plain_and_residual.py";
const [residual, plain] = ["resnet34()", "plain34()"].map((root) => analyzed(SAMPLE, [1, 3, 64, 64], root).view);
const digits = analyzed("test/data/run/digits/digits_resnet.py", [1, 3, 32, 32]).view;

test("parts stand for each other by their paths", () => {
  if (residual === undefined || plain === undefined) throw new Error("nothing is analyzed");
  const pairs = compareViews(residual, plain);
  expect(pairs.map(({ own, other }) => own?.label === other?.label)).not.toContain(false);
  // Stem, head, and 3 + 4 + 6 + 3 blocks, of which three have a projection that the plain network lacks.
  expect(pairs).toHaveLength(18);
  const changed = pairs.filter(({ change }) => change !== "same");
  expect(changed.map(({ own }) => own?.label)).toEqual(["layer2.0", "layer3.0", "layer4.0"]);
  // 1×1 convolutions 16 → 32, 32 → 64, 64 → 128 and two numbers a channel for their normalizations.
  const more = changed.map(({ own, other }) => (own?.params ?? 0) - (other?.params ?? 0));
  expect(more).toEqual([16 * 32 + 64, 32 * 64 + 128, 64 * 128 + 256]);
});

test("what has no partner stands alone, in its place", () => {
  if (residual === undefined) throw new Error("nothing is analyzed");
  const pairs = compareViews(digits, residual);
  expect(pairs.find(({ other }) => other?.label === "layer1.2")).toMatchObject({ own: undefined, change: "added" });
  expect(pairs.find(({ own }) => own?.label === "layer2.1")).toMatchObject({
    other: { label: "layer2.1" },
    change: "changed",
  });
  // The stems have other names, and are the first of both.
  expect([pairs[0]?.own?.label, pairs[0]?.other?.label]).toEqual(["conv1–relu", "conv1–maxpool"]);
  expect(compareViews(residual, digits).filter(({ change }) => change === "removed")).toHaveLength(
    pairs.filter(({ change }) => change === "added").length,
  );
  expect(compareViews(digits, digits).every(({ change }) => change === "same")).toBe(true);
});
