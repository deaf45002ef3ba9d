import { describe, expect, test } from "vitest";
import { nativeModules } from "../../src/torch/namespace.ts";
import realNames from "../../src/torch/real-names.json" with { type: "json" };

const real: Readonly<Record<string, string>> = realNames;
const modules = nativeModules();

/** Public names of real torch that are not bound, and why. A gap says so where code uses them. */
const OPEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "torch.nn": {
    CTCLoss: "a loss of sequences: no vision model's forward has it",
    LinearCrossEntropyLoss: "new in torch 2.14: a linear layer and its loss in one",
    LinearCrossEntropyOptions: "of LinearCrossEntropyLoss",
    MultiLabelMarginLoss: "a loss over lists of classes that end at the first -1",
    attention: "a module: biases for attention masks",
    backends: "a module: internals",
    common_types: "a module: names for annotations",
    cpp: "a module: modules written in C++",
    factory_kwargs: "a helper of constructors",
    grad: "a module: gradients of convolutions",
    intrinsic: "a module: fused layers of quantization",
    parallel: "a module: several devices",
    qat: "a module: quantization",
    quantizable: "a module: quantization",
  },
  "torch.nn.init": Object.fromEntries(
    ["Callable", "Literal", "ParamSpec", "Tensor", "TypeVar", "math", "torch", "warnings"].map((name) => [
      name,
      "what the file itself imports",
    ]),
  ),
};

const bound = (name: string): ReadonlySet<string> => new Set(modules.get(name)?.scope.vars.keys());

describe("names of real torch", () => {
  test.each(Object.keys(OPEN))("every public name of %s is bound or listed", (place) => {
    const names = (real[place] ?? "").split(" ").filter((name) => name !== "*" && !name.startsWith("_"));
    expect(names.length).toBeGreaterThan(10);
    const known = bound(place);
    expect(names.filter((name) => !known.has(name))).toEqual(Object.keys(OPEN[place] ?? {}));
  });

  test("nothing is bound in torch.nn that real torch has not", () => {
    const names = new Set((real["torch.nn"] ?? "").split(" "));
    expect([...bound("torch.nn")].filter((name) => !names.has(name))).toEqual([]);
  });
});
