import { describe, expect, test } from "vitest";
import { operator } from "../../src/ops/catalogue.ts";
import type { Outcome } from "../../src/ops/operator.ts";
import type { Dim, Origin, TensorType } from "../../src/shape/dim.ts";
import { parseSize, printPython } from "../../src/shape/size.ts";
import { render } from "../../src/text/text.ts";
import { argsOf, printShape, typesOf } from "./apply.ts";

type Shapes = readonly (readonly (number | string)[])[];

function run(
  op: string,
  inputs: Shapes | readonly TensorType[],
  args: Readonly<Record<string, unknown>> = {},
): Outcome {
  const entry = operator(op);
  if (entry === undefined) throw new Error(op);
  const isTypes = inputs.every((x) => "shape" in x);
  return entry.shape(isTypes ? (inputs as readonly TensorType[]) : typesOf(inputs as Shapes), argsOf(args));
}

function guards(outcome: Outcome): unknown {
  if (outcome.kind === "refused") return "refused";
  return (outcome.guards ?? []).map((guard) =>
    guard.kind === "at-least"
      ? `${printPython(guard.value)} >= ${guard.bound}`
      : `${printPython(guard.left)} == ${printPython(guard.right)}${guard.kind === "equal" ? "" : " or 1"}`,
  );
}

function shapes(outcome: Outcome): unknown {
  return (outcome.kind === "ok" ? outcome.outputs : outcome.assume).map((type) => printShape(type.shape));
}

const literal = (label: string): Origin => ({ kind: "literal", label, from: [] });
const known = (size: number, label: string): Dim => ({ size, origin: literal(label) });
const symbolic = (text: string): Dim => ({
  size: parseSize(text) ?? 0,
  origin: { kind: "input", label: text, from: [] },
});
const float = (...shape: Dim[]): TensorType => ({ shape, dtype: "float32" });

const plain = (kernel: number, pad: number, stride = 1): Readonly<Record<string, unknown>> => ({
  stride: [stride, stride],
  padding: [
    [pad, pad],
    [pad, pad],
  ],
  dilation: [1, 1],
  groups: 1,
  kernel,
});

describe("guards", () => {
  test("a kernel larger than the smallest input is no refusal", () => {
    const outcome = run(
      "conv",
      [
        ["N", 3, "H", "W"],
        [8, 3, 3, 3],
      ],
      plain(3, 0),
    );
    expect(shapes(outcome)).toEqual([["N", 8, "H - 2", "W - 2"]]);
    expect(guards(outcome)).toEqual(["H >= 3", "W >= 3"]);
  });

  test("a padded stem takes every size", () => {
    const outcome = run(
      "conv",
      [
        ["N", 3, "H", "W"],
        [64, 3, 7, 7],
      ],
      plain(7, 3, 2),
    );
    expect(shapes(outcome)).toEqual([["N", 64, "(H + 1) // 2", "(W + 1) // 2"]]);
    expect(guards(outcome)).toEqual([]);
  });

  test("two branches that meet for some sizes only", () => {
    const outcome = run("add", [
      ["N", 64, "(H + 1) // 2"],
      ["N", 64, "H // 2"],
    ]);
    expect(guards(outcome)).toEqual(["(H + 1) // 2 == H // 2 or 1"]);
    // At H = 3 they are 2 and 1, and PyTorch broadcasts: the result is the longer one at every size that fits.
    expect(shapes(outcome)).toEqual([["N", 64, "(H + 1) // 2"]]);
  });

  test("two branches that are never 1 have to be equal", () => {
    const outcome = run("add", [
      ["N", "(H + 1) // 2 + 1"],
      ["N", "H // 2 + 2"],
    ]);
    expect(guards(outcome)).toEqual(["(H + 1) // 2 + 1 == H // 2 + 2"]);
  });

  test("a flattened map that a linear layer takes at some sizes", () => {
    const flat = run("flatten", [["N", 512, "H // 32", "W // 32"]], { start: 1, end: -1 });
    if (flat.kind === "refused") throw new Error("refused");
    const outcome = run("linear", [...flat.outputs, ...typesOf([[10, 25088]])]);
    expect(shapes(outcome)).toEqual([["N", 10]]);
    expect(guards(outcome)).toEqual(["25088 == 512 * (H // 32) * (W // 32)"]);
  });

  test("a length that is never the declared one is refused", () => {
    expect(
      run("linear", [
        ["N", "2 * H"],
        [10, 7],
      ]),
    ).toMatchObject({ kind: "refused", fault: "channels" });
  });
});

describe("refusals", () => {
  test("channels are refused beside unknown lengths, and the declared output goes on", () => {
    const outcome = run(
      "conv",
      [
        ["?", 128, "?", "?"],
        [32, 64, 1, 1],
      ],
      plain(1, 0),
    );
    expect(outcome).toMatchObject({
      kind: "refused",
      fault: "channels",
      input: 0,
      axes: [1],
      expected: { size: 64 },
      found: { size: 128 },
      assume: [{ assumed: true }],
    });
    expect(shapes(outcome)).toEqual([["?", 32, "?", "?"]]);
    if (outcome.kind === "refused") expect(render(outcome.detail)).toBe("expects 64 channels, gets 128");
  });

  test("elementwise operands name every axis that differs", () => {
    const outcome = run("add", [
      [2, 64, 8, 8],
      [2, 128, 8, 4],
    ]);
    expect(outcome).toMatchObject({ kind: "refused", fault: "broadcast", axes: [1, 3] });
    if (outcome.kind === "refused") {
      expect(render(outcome.detail)).toBe("cannot broadcast [2, 64, 8, 8] with [2, 128, 8, 4]");
    }
  });

  test("an output without elements goes on as unknown along that axis", () => {
    const outcome = run("max_pool", [[2, 3, 1, 8]], {
      kernel: [2, 2],
      stride: [2, 2],
      padding: [0, 0],
      ceil_mode: false,
    });
    expect(outcome).toMatchObject({ fault: "empty", axes: [2] });
    expect(shapes(outcome)).toEqual([[2, 3, "?", 4]]);
  });
});

describe("origins", () => {
  const x = float(symbolic("N"), known(3, "3"), symbolic("H"), symbolic("W"));
  const weight = float(known(64, "64"), known(3, "3"), known(3, "k"), known(3, "k"));

  test("an unchanged axis is the same dim", () => {
    const outcome = run("conv", [x, weight], plain(3, 1));
    if (outcome.kind === "refused") throw new Error("refused");
    expect(outcome.outputs[0]?.shape?.[2]).toBe(x.shape?.[2]);
    expect(outcome.outputs[0]?.shape?.[1]?.origin).toEqual({
      kind: "operator",
      label: "out_channels",
      from: [literal("64")],
    });
  });

  test("a strided axis comes from the stride and the input's axis", () => {
    const entry = operator("conv");
    const stride: Dim = known(2, "2");
    const outcome = entry?.shape([x, weight], { ...argsOf(plain(3, 1)), stride: [stride, stride] });
    if (outcome?.kind !== "ok") throw new Error("refused");
    expect(outcome.outputs[0]?.shape?.[2]?.origin).toEqual({
      kind: "operator",
      label: "stride",
      from: [literal("2"), { kind: "input", label: "H", from: [] }],
    });
  });

  test("a kernel without enough padding is labelled padding", () => {
    const outcome = run("conv", [x, weight], plain(3, 0));
    if (outcome.kind === "refused") throw new Error("refused");
    expect(outcome.outputs[0]?.shape?.[3]?.origin?.label).toBe("padding");
  });

  test("what rests on a recovery stays marked", () => {
    const outcome = run("relu", [{ ...x, assumed: true }]);
    expect(outcome).toMatchObject({ kind: "ok", outputs: [{ assumed: true }] });
    const joined = run("concat", [float({ size: 2 }, { size: 3, assumed: true }), float({ size: 2 }, { size: 4 })], {
      axis: 1,
    });
    if (joined.kind === "refused") throw new Error("refused");
    expect(joined.outputs[0]?.shape?.map((d) => d.assumed)).toEqual([undefined, true]);
  });
});

describe("unknown lengths", () => {
  test("an unknown batch cancels against itself in a reshape", () => {
    const batch: Dim = { size: undefined };
    const entry = operator("reshape");
    const outcome = entry?.shape([float(batch, { size: 512 }, { size: 2 }, { size: 2 })], {
      shape: [batch, { size: -1 }],
    });
    if (outcome?.kind !== "ok") throw new Error("refused");
    expect(shapes(outcome)).toEqual([["?", 2048]]);
    expect(outcome.outputs[0]?.shape?.[0]).toBe(batch);
  });

  test("squeeze of a length that may be 1 has no known rank, and says why", () => {
    const outcome = run("squeeze", [["N", 512, 1, 1]], { axes: null });
    if (outcome.kind === "refused") throw new Error("refused");
    expect(outcome.outputs[0]?.shape).toBeUndefined();
    const why = outcome.outputs[0]?.why;
    expect(why === undefined ? "" : render(why.reason)).toContain("N may be or not");
  });
});

describe("multiply-adds", () => {
  test("of a stem are a formula in the batch", () => {
    const entry = operator("conv");
    const [inputs, args] = [
      typesOf([
        ["N", 3, 224, 224],
        [64, 3, 7, 7],
      ]),
      argsOf(plain(7, 3, 2)),
    ];
    const outcome = entry?.shape(inputs, args);
    if (entry?.cost === undefined || outcome?.kind !== "ok") throw new Error("no cost");
    const madds = entry.cost(inputs, args, outcome.outputs);
    // 64 · 3 · 7 · 7 multiply-adds at each of 112 · 112 places.
    expect(madds === undefined ? "" : printPython(madds)).toBe("118013952 * N");
  });
});
