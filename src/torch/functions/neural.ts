import { type TensorValue, unknown } from "../../eval/value.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import type { Get } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, emit, flagOf, numberOf } from "../convert.ts";
import { axes, define, x } from "../define.ts";
import { paddingArg } from "../nn/convolution.ts";
import { padLast } from "../nn/padding.ts";
import { adaptivePool, pooled } from "../nn/pooling.ts";
import { interpolate } from "../nn/upsampling.ts";
import { binary } from "./arithmetic.ts";

const bias = (get: Get): TensorValue[] =>
  ["weight", "bias"].flatMap((name) => {
    const v = get(name);
    return v.kind === "tensor" ? [v] : [];
  });
define("f", "linear", "input, weight, bias=None", (interp, get) =>
  emit(interp, "linear", [x(interp, get, "linear"), ...bias(get)], {}),
);
for (const n of [1, 2, 3]) {
  define("ft", `conv${n}d`, "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", (interp, get) => {
    const weight = get("weight");
    const kernel = weight.kind === "tensor" ? weight.type.shape?.slice(2) : undefined;
    if (kernel === undefined) return unknown(whyOf(weight) ?? { reason: t("a convolution whose weight is not known") });
    const dilation = dimsOf(interp, get("dilation"), n);
    return emit(interp, "conv", [x(interp, get, `conv${n}d`), ...bias(get)], {
      stride: [...dimsOf(interp, get("stride"), n)],
      padding: paddingArg(interp, get("padding"), kernel, dilation),
      dilation: [...dilation],
      groups: dimOf(get("groups")),
    });
  });
  for (const kind of ["max", "avg"] as const) {
    define(
      "f",
      `${kind}_pool${n}d`,
      kind === "max"
        ? "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False"
        : "input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
      (interp, get) => {
        const stride = get("stride");
        const args: Record<string, Arg> = {
          kernel: [...dimsOf(interp, get("kernel_size"), n)],
          stride: [...dimsOf(interp, stride.kind === "none" ? get("kernel_size") : stride, n)],
          padding: [...dimsOf(interp, get("padding"), n)],
          ceil_mode: flagOf(interp, get("ceil_mode")),
        };
        if (kind === "max") args.dilation = [...dimsOf(interp, get("dilation"), n)];
        else
          Object.assign(args, {
            count_include_pad: flagOf(interp, get("count_include_pad")),
            divisor: get("divisor_override").kind === "none" ? null : dimOf(get("divisor_override")),
          });
        const indices = kind === "max" && flagOf(interp, get("return_indices"));
        return pooled(interp, `${kind}_pool`, x(interp, get, `${kind}_pool${n}d`), args, indices);
      },
    );
    define("ft", `adaptive_${kind}_pool${n}d`, "input, output_size, return_indices=False", (interp, get) =>
      adaptivePool(
        interp,
        `adaptive_${kind}_pool`,
        x(interp, get, "adaptive_pool"),
        get("output_size"),
        n,
        kind === "max" && flagOf(interp, get("return_indices")),
      ),
    );
  }
}
define(
  "f",
  "batch_norm",
  "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
  (interp, get) =>
    emit(
      interp,
      "batch_norm",
      [
        x(interp, get, "batch_norm"),
        ...["running_mean", "running_var", "weight", "bias"].flatMap((n) => {
          const v = get(n);
          return v.kind === "tensor" ? [v] : [];
        }),
      ],
      { eps: numberOf(get("eps")), spatial: null, training: flagOf(interp, get("training")) },
    ),
);
define("f", "layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05", (interp, get) =>
  emit(interp, "layer_norm", [x(interp, get, "layer_norm"), ...bias(get)], {
    normalized: [...dimsOf(interp, get("normalized_shape"), 1)],
    eps: numberOf(get("eps")),
  }),
);
define("f", "group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05", (interp, get) =>
  emit(interp, "group_norm", [x(interp, get, "group_norm"), ...bias(get)], {
    groups: dimOf(get("num_groups")),
    eps: numberOf(get("eps")),
  }),
);
define("f", "pad", "input, pad, mode='constant', value=None", (interp, get) => {
  const mode = get("mode");
  return padLast(
    interp,
    x(interp, get, "pad"),
    get("pad"),
    mode.kind === "str" ? mode.value : "constant",
    get("value").kind === "none" ? 0 : numberOf(get("value")),
  );
});
define(
  "f",
  "interpolate upsample",
  "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
  (interp, get) => {
    const mode = get("mode");
    return interpolate(
      interp,
      x(interp, get, "interpolate"),
      get("size"),
      get("scale_factor"),
      mode.kind === "str" ? mode.value : "nearest",
      get("align_corners"),
    );
  },
);
define("f", "pixel_shuffle", "input, upscale_factor", (interp, get) =>
  emit(interp, "pixel_shuffle", [x(interp, get, "pixel_shuffle")], { factor: dimOf(get("upscale_factor")) }),
);
define("f", "normalize", "input, p=2.0, dim=1, eps=1e-12", (interp, get) => {
  const source = x(interp, get, "normalize");
  const length = emit(interp, "norm", [source], {
    p: numberOf(get("p")),
    axes: axes(interp, get("dim")),
    keepdim: true,
  });
  return length.kind === "tensor"
    ? binary(interp, "div", source, emit(interp, "clamp", [length], { low: numberOf(get("eps")), high: null }))
    : length;
});
define("f", "embedding", "input, weight, padding_idx=None", (interp, get) =>
  emit(interp, "embedding", [x(interp, get, "embedding"), x(interp, get, "embedding", "weight")], {}),
);
define("f", "one_hot", "input, num_classes=-1", (interp, get) =>
  emit(interp, "one_hot", [x(interp, get, "one_hot")], { classes: dimOf(get("num_classes")) }),
);
