import { expect, test } from "vitest";
import { differenceFrom, digitPixels, trainedDigits } from "./digits.ts";
import { loadRuntime, relativeMax, started } from "./harness.ts";

const runtime = await loadRuntime("beside");
const backend = await started(runtime, "wasm");
const { program, values, recorded } = await trainedDigits();

test("a model beside another is told by PyTorch's deviations, and by how far it is off", async () => {
  const [first, second] = recorded.pictures;
  if (first === undefined || second === undefined) throw new Error("nothing is recorded");
  const inputs = [await digitPixels(first.picture)];
  const otherInputs = [await digitPixels(second.picture)];
  const own = runtime.openModel(backend, program, values, "fast");
  const other = runtime.openModel(backend, program, values);
  const paths = ["conv1", "layer1.0", "layer3", "fc"];
  const asked = paths.map((path) => [path, path] as const);
  const beside = await runtime.besideOf([own, inputs], [other, otherInputs], [...asked, ["fc", "no such module"]], {});
  expect(beside.stop).toBeUndefined();
  expect(differenceFrom(second.logits, beside.output?.data ?? new Float32Array())).toBeLessThanOrEqual(5e-5);
  for (const [i, path] of paths.entries()) {
    expect(beside.pairs[i]?.own).toBeCloseTo(first.modules[path]?.std ?? Number.NaN, 5);
    expect(beside.pairs[i]?.other).toBeCloseTo(second.modules[path]?.std ?? Number.NaN, 5);
  }
  const logits = [first, second].map(
    ({ logits: kept }) => new Float32Array(new Uint8Array(Buffer.from(kept.data, "base64")).buffer),
  );
  const [mine, theirs] = logits;
  if (mine === undefined || theirs === undefined) throw new Error("no logits");
  expect(beside.pairs[3]?.relMax).toBeCloseTo(relativeMax(theirs, mine), 4);
  expect(beside.pairs[4]).toEqual({ own: beside.pairs[3]?.own, other: undefined, relMax: undefined });
  runtime.closeModel(own);
  runtime.closeModel(other);
});
