import { describe, expect, test } from "vitest";
import { tensorClass } from "../../src/torch/classes.ts";
import { nativeModules } from "../../src/torch/namespace.ts";
import realNames from "../../src/torch/real-names.json" with { type: "json" };

const modules = nativeModules();
const bound = (module: string): ReadonlySet<string> => new Set(modules.get(module)?.scope.vars.keys());

/** Names of `torch.nn.functional` that are not known, by why. A call of one is a gap that names it. */
const UNKNOWN: Readonly<Record<string, string>> = {
  "a loss that nothing computes in a model's forward": "multilabel_margin_loss linear_cross_entropy",
  "kernels of low precision on GPUs": "grouped_mm scaled_grouped_mm scaled_mm",
  "an old layout of text": "conv_tbc",
  "places of maxima in windows drawn at random":
    "fractional_max_pool2d_with_indices fractional_max_pool3d_with_indices",
  "noise in place, which evaluation has not": "rrelu_",
};
/** What else `dir(torch.nn.functional)` shows: modules, types and helpers that are imported there. */
const NOT_FUNCTIONS =
  "BroadcastingList1 BroadcastingList2 BroadcastingList3 Callable DType GRID_SAMPLE_INTERPOLATION_MODES GRID_SAMPLE_PADDING_MODES Optional ScalingType SwizzleType TYPE_CHECKING Tensor Union dataclasses grad sparse_support_notes assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary has_torch_function_variadic importlib math np reproducibility_notes sparse_support_note tf32_notes torch warnings";

test("every function of torch.nn.functional is bound, or stands on the list of unknown ones", () => {
  const known = bound("torch.nn.functional");
  const listed = new Set(Object.values(UNKNOWN).join(" ").split(" "));
  const apart = new Set(NOT_FUNCTIONS.split(" "));
  const names = realNames["torch.nn.functional"].split(" ").filter((name) => !apart.has(name));
  expect(names.length).toBeGreaterThan(120);
  expect(names.filter((name) => !known.has(name) && !listed.has(name))).toEqual([]);
  expect([...listed].filter((name) => known.has(name))).toEqual([]);
});

describe("a name that is bound is real", () => {
  test.each([
    ["torch.nn.functional", "torch.nn.functional"],
    ["torch.fft", "torch.fft"],
    ["torch.linalg", "torch.linalg"],
    ["torch.special", "torch.special"],
    ["numpy", "numpy"],
    ["numpy.random", "numpy.random"],
  ] as const)("%s", (module, place) => {
    const real = new Set((realNames as Readonly<Record<string, string>>)[place]?.split(" "));
    expect([...bound(module)].filter((name) => !name.startsWith("_") && !real.has(name))).toEqual([]);
  });

  test("methods and attributes of a tensor", () => {
    const real = new Set(realNames["torch.Tensor"].split(" "));
    expect([...tensorClass.attrs.keys()].filter((name) => !name.startsWith("_") && !real.has(name))).toEqual([]);
  });
});

test.each([
  ["loss", "_Loss"],
  ["loss", "_WeightedLoss"],
  ["batchnorm", "_BatchNorm"],
  ["conv", "_ConvNd"],
] as const)("torch.nn.modules.%s has a base that torch.nn has not: %s", (module, name) => {
  expect([bound(`torch.nn.modules.${module}`).has(name), bound("torch.nn").has(name)]).toEqual([true, false]);
});
