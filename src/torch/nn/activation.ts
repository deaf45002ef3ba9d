import type { Interp } from "../../eval/interp.ts";
import type { ClassValue, InstanceValue, Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import type { Args } from "../../ops/operator.ts";
import type { Dim } from "../../shape/dim.ts";
import { dimOf, emit, flagOf, numberOf, type tensorOf, writeInPlace } from "../convert.ts";
import { attr, input, type LayerSpec, layer, optional, parameter } from "./layer.ts";

/** Activations, by name. */
export const activations = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  activations.set(name, layer(name, spec));
};

/** Activations without parameters: operator, constructor's signature, arguments read from the layer. */
const PLAIN: readonly (readonly [
  string,
  string,
  string,
  (interp: Interp, self: InstanceValue, x: ReturnType<typeof tensorOf>) => Args,
])[] = [
  ["ReLU", "relu", "inplace=False", () => ({})],
  ["ReLU6", "relu6", "inplace=False", () => ({})],
  [
    "LeakyReLU",
    "leaky_relu",
    "negative_slope=0.01, inplace=False",
    (i, s) => ({ slope: numberOf(attr(i, s, "negative_slope")) }),
  ],
  ["ELU", "elu", "alpha=1.0, inplace=False", (i, s) => ({ alpha: numberOf(attr(i, s, "alpha")) })],
  ["CELU", "celu", "alpha=1.0, inplace=False", (i, s) => ({ alpha: numberOf(attr(i, s, "alpha")) })],
  ["SELU", "selu", "inplace=False", () => ({})],
  [
    "GELU",
    "gelu",
    "approximate='none'",
    (i, s) => {
      const a = attr(i, s, "approximate");
      return { approximate: a.kind === "str" ? a.value : "none" };
    },
  ],
  ["SiLU", "silu", "inplace=False", () => ({})],
  ["Mish", "mish", "inplace=False", () => ({})],
  ["Sigmoid", "sigmoid", "", () => ({})],
  ["LogSigmoid", "log_sigmoid", "", () => ({})],
  ["Tanh", "tanh", "", () => ({})],
  [
    "Hardtanh",
    "hardtanh",
    "min_val=-1.0, max_val=1.0, inplace=False",
    (i, s) => ({ low: numberOf(attr(i, s, "min_val")), high: numberOf(attr(i, s, "max_val")) }),
  ],
  ["Hardswish", "hardswish", "inplace=False", () => ({})],
  ["Hardsigmoid", "hardsigmoid", "inplace=False", () => ({})],
  [
    "Softplus",
    "softplus",
    "beta=1.0, threshold=20.0",
    (i, s) => ({ beta: numberOf(attr(i, s, "beta")), threshold: numberOf(attr(i, s, "threshold")) }),
  ],
  ["Softsign", "softsign", "", () => ({})],
  ["Tanhshrink", "tanhshrink", "", () => ({})],
  ["Hardshrink", "hardshrink", "lambd=0.5", (i, s) => ({ lambda: numberOf(attr(i, s, "lambd")) })],
  ["Softshrink", "softshrink", "lambd=0.5", (i, s) => ({ lambda: numberOf(attr(i, s, "lambd")) })],
  [
    "Threshold",
    "threshold",
    "threshold, value, inplace=False",
    (i, s) => ({ threshold: numberOf(attr(i, s, "threshold")), value: numberOf(attr(i, s, "value")) }),
  ],
  ["Softmax", "softmax", "dim=None", (i, s, x) => ({ axis: axisOr(attr(i, s, "dim"), x) })],
  ["LogSoftmax", "log_softmax", "dim=None", (i, s, x) => ({ axis: axisOr(attr(i, s, "dim"), x) })],
  ["GLU", "glu", "dim=-1", (i, s) => ({ axis: dimOf(attr(i, s, "dim")) })],
  ["PixelShuffle", "pixel_shuffle", "upscale_factor", (i, s) => ({ factor: dimOf(attr(i, s, "upscale_factor")) })],
  [
    "PixelUnshuffle",
    "pixel_unshuffle",
    "downscale_factor",
    (i, s) => ({ factor: dimOf(attr(i, s, "downscale_factor")) }),
  ],
];
for (const [name, op, init, args] of PLAIN) {
  add(name, {
    init,
    forward: "input",
    run(interp, self, get) {
      const x = input(interp, get, op);
      const value = emit(interp, op, [x], args(interp, self, x));
      if (x.kind === "tensor" && value.kind === "tensor" && flagOf(interp, attr(interp, self, "inplace")))
        return writeInPlace(interp, x, value);
      return value;
    },
  });
}
add("Softmax2d", {
  init: "",
  forward: "input",
  run: (interp, _self, get) => emit(interp, "softmax", [input(interp, get, "softmax")], { axis: { size: -3 } }),
});
add("PReLU", {
  init: "num_parameters=1, init=0.25, device=None, dtype=None",
  forward: "input",
  make: (interp, self, get) =>
    parameter(interp, self, "weight", [dimOf(get("num_parameters"))], {
      kind: "constant",
      value: toFloat(get("init")) ?? 0.25,
    }),
  run: (interp, self, get) =>
    emit(interp, "prelu", [input(interp, get, "prelu"), ...optional(attr(interp, self, "weight"))], {}),
});

/** The axis of a softmax; torch picks 0 for one or three axes where none is given, else 1. */
function axisOr(value: Value, x: ReturnType<typeof tensorOf>): Dim {
  if (value.kind !== "none") return dimOf(value);
  const rank = x.kind === "tensor" ? x.type.shape?.length : undefined;
  return { size: rank === undefined ? undefined : rank === 2 || 3 < rank ? 1 : 0 };
}
