import type { Interp } from "../../eval/interp.ts";
import { bool, NONE, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import { type Get, raw } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, emit, flagOf, numberOf } from "../convert.ts";
import { axes, define, functional, x } from "../define.ts";
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
    const name = `${kind}_pool${n}d`;
    const window = "input, kernel_size, stride=None, padding=0";
    const pool =
      (withMore: boolean) =>
      (interp: Interp, get: Get): Value => {
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
            divisor: !withMore || get("divisor_override").kind === "none" ? null : dimOf(get("divisor_override")),
          });
        const indices = withMore && kind === "max" && flagOf(interp, get("return_indices"));
        return pooled(interp, `${kind}_pool`, x(interp, get, name), args, indices);
      };
    const own = kind === "max" ? "dilation=1, ceil_mode=False" : "ceil_mode=False, count_include_pad=True";
    const more = kind === "max" ? "return_indices=False" : "divisor_override=None";
    define("f", name, `${window}, ${own}, ${more}`, pool(true));
    // `torch.avg_pool2d` does not exist.
    if (kind === "max" || n === 1) define("t", name, `${window}, ${own}`, pool(false));
    const adaptive =
      (indices: (interp: Interp, get: Get) => boolean) =>
      (interp: Interp, get: Get): Value =>
        adaptivePool(
          interp,
          `adaptive_${kind}_pool`,
          x(interp, get, "adaptive_pool"),
          get("output_size"),
          n,
          kind === "max" && indices(interp, get),
        );
    define(
      "f",
      `adaptive_${kind}_pool${n}d`,
      "input, output_size, return_indices=False",
      adaptive((interp, get) => flagOf(interp, get("return_indices"))),
    );
    // torch's own always gives the indices too, and exists for one axis alone.
    if (n === 1)
      define(
        "t",
        `adaptive_${kind}_pool1d`,
        "input, output_size",
        adaptive(() => true),
      );
  }
}
for (const n of [1, 2, 3])
  for (const adaptive of [false, true]) {
    const name = `${adaptive ? "adaptive_" : ""}max_pool${n}d`;
    const plain = functional.get(name);
    // The form behind `return_indices=True`, by its own name.
    if (plain?.kind === "builtin")
      functional.set(
        `${name}_with_indices`,
        raw(
          `${name}_with_indices`,
          (interp, args) =>
            plain.call(interp, {
              ...args,
              keywords: [
                ...args.keywords.filter(([key]) => key !== "return_indices"),
                ["return_indices", { value: bool(true) }],
              ],
            }),
          { free: true },
        ),
      );
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
      {
        eps: numberOf(get("eps")),
        spatial: null,
        training: flagOf(interp, get("training")),
        running: get("running_mean").kind === "tensor",
        scaled: get("weight").kind === "tensor",
      },
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
for (const [name, signature] of [
  [
    "interpolate",
    "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
  ],
  ["upsample", "input, size=None, scale_factor=None, mode='nearest', align_corners=None"],
] as const)
  define("f", name, signature, (interp, get) => {
    const mode = get("mode");
    return interpolate(
      interp,
      x(interp, get, "interpolate"),
      get("size"),
      get("scale_factor"),
      mode.kind === "str" ? mode.value : "nearest",
      get("align_corners"),
    );
  });
define("ft", "pixel_shuffle", "input, upscale_factor", (interp, get) =>
  emit(interp, "pixel_shuffle", [x(interp, get, "pixel_shuffle")], { factor: dimOf(get("upscale_factor")) }),
);
define("f", "normalize", "input, p=2.0, dim=1, eps=1e-12, out=None", (interp, get) => {
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
define(
  "f",
  "embedding",
  "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
  (interp, get) => emit(interp, "embedding", [x(interp, get, "embedding"), x(interp, get, "embedding", "weight")], {}),
);
define("f", "one_hot", "input, num_classes=-1", (interp, get) =>
  emit(interp, "one_hot", [x(interp, get, "one_hot")], { classes: dimOf(get("num_classes")) }),
);

for (const n of [1, 2, 3])
  define(
    "ft",
    `conv_transpose${n}d`,
    "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
    (interp, get) => {
      const args: Record<string, Arg> = { groups: dimOf(get("groups")) };
      for (const name of ["stride", "padding", "output_padding", "dilation"])
        args[name] = [...dimsOf(interp, get(name), n)];
      const source = x(interp, get, `conv_transpose${n}d`);
      return emit(
        interp,
        "conv_transpose",
        [source, x(interp, get, `conv_transpose${n}d`, "weight"), ...bias(get).slice(1)],
        args,
      );
    },
  );
define("ft", "pixel_unshuffle", "input, downscale_factor", (interp, get) =>
  emit(interp, "pixel_unshuffle", [x(interp, get, "pixel_unshuffle")], { factor: dimOf(get("downscale_factor")) }),
);
define("ft", "bilinear", "input1, input2, weight, bias=None", (interp, get) =>
  emit(
    interp,
    "bilinear",
    [x(interp, get, "bilinear", "input1"), x(interp, get, "bilinear", "input2"), ...bias(get)],
    {},
  ),
);
define(
  "f",
  "instance_norm",
  "input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05",
  (interp, get) => {
    const source = x(interp, get, "instance_norm");
    const stats = ["running_mean", "running_var"].map((name) => get(name)).filter((value) => value.kind === "tensor");
    if (stats.length === 2 && !flagOf(interp, get("use_input_stats")))
      return emit(interp, "batch_norm", [source, ...stats, ...bias(get)], {
        eps: numberOf(get("eps")),
        spatial: null,
        training: false,
      });
    return emit(interp, "instance_norm", [source, ...bias(get)], { eps: numberOf(get("eps")), spatial: null });
  },
);
define("f", "local_response_norm", "input, size, alpha=0.0001, beta=0.75, k=1.0", (interp, get) =>
  emit(interp, "local_response_norm", [x(interp, get, "local_response_norm")], {
    size: dimOf(get("size")),
    alpha: numberOf(get("alpha")),
    beta: numberOf(get("beta")),
    k: numberOf(get("k")),
  }),
);
const word = (value: Value, fallback: string): string => (value.kind === "str" ? value.value : fallback);
define("f", "grid_sample", "input, grid, mode='bilinear', padding_mode='zeros', align_corners=None", (interp, get) =>
  emit(interp, "grid_sample", [x(interp, get, "grid_sample"), x(interp, get, "grid_sample", "grid")], {
    mode: word(get("mode"), "bilinear"),
    padding_mode: word(get("padding_mode"), "zeros"),
    align_corners: flagOf(interp, get("align_corners")),
  }),
);
define("f", "affine_grid", "theta, size, align_corners=None", (interp, get) =>
  emit(interp, "affine_grid", [x(interp, get, "affine_grid", "theta")], {
    size: get("size").kind === "unknown" ? null : [...dimsOf(interp, get("size"), 1)],
    align_corners: flagOf(interp, get("align_corners")),
  }),
);
for (const [name, mode] of [
  ["upsample_nearest", "nearest"],
  ["upsample_bilinear", "bilinear"],
] as const)
  define("f", name, "input, size=None, scale_factor=None", (interp, get) =>
    interpolate(
      interp,
      x(interp, get, name),
      get("size"),
      get("scale_factor"),
      mode,
      mode === "bilinear" ? bool(true) : NONE,
    ),
  );
