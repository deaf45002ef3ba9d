import type { Interp } from "../eval/interp.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  intOf,
  NONE,
  str,
  type TensorValue,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Init } from "../graph/graph.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { findAttribute } from "../lang/attributes.ts";
import { native, nativeClass } from "../lang/native.ts";
import type { Arg, Args } from "../ops/operator.ts";
import type { Dim } from "../shape/dim.ts";
import { floorDiv, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimOf, dimsOf, emit, flagOf, numberOf, tensorOf } from "./convert.ts";
import { initModule, moduleClass, registry, setModuleAttribute } from "./module.ts";

/** Attribute of a layer at call time: what the user's code has changed counts. */
const attr = (interp: Interp, self: InstanceValue, name: string): Value =>
  self.attrs.get(name) ?? findAttribute(interp, self, name) ?? NONE;

interface LayerSpec {
  readonly init: string;
  readonly forward: string;
  readonly make?: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => void;
  readonly run: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => Value;
}

/** Every layer of `torch.nn` that acts on tensors, by name. */
export const layerClasses = new Map<string, ClassValue>();

function layer(name: string, spec: LayerSpec, base: ClassValue = moduleClass): ClassValue {
  const cls = nativeClass(name, "torch.nn", [base]);
  const params =
    spec.init === ""
      ? []
      : spec.init
          .split(/,\s*(?![^(]*\))/)
          .map((part) => part.split("=")[0]?.trim() ?? "")
          .filter((part) => part !== "*");
  cls.attrs.set(
    "__init__",
    native("__init__", `self${spec.init === "" ? "" : `, ${spec.init}`}`, (interp, get) => {
      const self = get("self");
      if (self.kind !== "instance") return NONE;
      initModule(interp, self);
      for (const param of params)
        if (param !== "device" && param !== "dtype") interp.journal.set(self.attrs, param, get(param));
      spec.make?.(interp, self, get);
      return NONE;
    }),
  );
  cls.attrs.set(
    "forward",
    native("forward", `self, ${spec.forward}`, (interp, get) => {
      const self = get("self");
      return self.kind === "instance"
        ? spec.run(interp, self, get)
        : unknown({ reason: t("a layer that is not known") });
    }),
  );
  layerClasses.set(name, cls);
  return cls;
}

const ZERO: Init = { kind: "constant", value: 0 };
const ONE: Init = { kind: "constant", value: 1 };

/** A parameter of a layer, registered on it. */
function parameter(interp: Interp, self: InstanceValue, name: string, shape: readonly Dim[], init: Init): void {
  interp.journal.remove(self, "attrs", self.attrs, name);
  const type = { shape, dtype: "float32" as const };
  setModuleAttribute(interp, self, name, {
    kind: "tensor",
    type,
    parameter: true,
    weight: { type, trainable: true, init },
  });
}

function noParameter(interp: Interp, self: InstanceValue, name: string): void {
  interp.journal.remove(self, "attrs", self.attrs, name);
  const entries = registry(self, "_parameters");
  if (entries !== undefined)
    interp.journal.setEntry(entries.entries, `s:${name}`, Object.freeze([str(name), NONE] as const));
}

function buffer(
  interp: Interp,
  self: InstanceValue,
  name: string,
  shape: readonly Dim[],
  init: Init,
  dtype: "float32" | "int64" = "float32",
): void {
  const entries = registry(self, "_buffers");
  const type = { shape, dtype };
  if (entries !== undefined)
    interp.journal.setEntry(
      entries.entries,
      `s:${name}`,
      Object.freeze([str(name), { kind: "tensor", type, weight: { type, trainable: false, init } }] as const),
    );
}

/** PyTorch's default: uniform within 1/sqrt(fan_in). */
function fanIn(dims: readonly Dim[]): Init {
  let fan = 1;
  for (const dim of dims) {
    if (typeof dim.size !== "number")
      return { kind: "unknown", why: dim.why ?? { reason: t("the fan-in is not known") } };
    fan *= dim.size;
  }
  const bound = fan === 0 ? 0 : 1 / Math.sqrt(fan);
  return { kind: "uniform", low: -bound, high: bound };
}

const input = (interp: Interp, get: (name: string) => Value, fn: string): ReturnType<typeof tensorOf> =>
  tensorOf(interp, get("input"), fn, "input");
const optional = (value: Value): TensorValue[] => (value.kind === "tensor" ? [value] : []);
const pair = (dims: readonly Dim[]): Value => tuple(dims.map(intOf));

function normalizeTuple(interp: Interp, self: InstanceValue, n: number, names: readonly string[]): void {
  for (const name of names) {
    const value = attr(interp, self, name);
    if (value.kind !== "str" && value.kind !== "none")
      interp.journal.set(self.attrs, name, pair(dimsOf(interp, value, n)));
  }
}

/** Padding as (low, high) per spatial axis; `same` puts the odd element at the end, as torch does. */
export function paddingArg(
  interp: Interp,
  padding: Value,
  kernel: readonly Dim[],
  dilation: readonly Dim[],
): readonly Arg[] {
  if (padding.kind === "str" && padding.value === "same") {
    return kernel.map((k, i) => {
      const d = dilation[i]?.size;
      if (k.size === undefined || d === undefined) return [{ size: undefined }, { size: undefined }];
      const total = mul(d, sub(k.size, 1));
      const low = floorDiv(total, 2) ?? 0;
      return [{ size: low }, { size: sub(total, low) }];
    });
  }
  if (padding.kind === "str") return kernel.map(() => [{ size: 0 }, { size: 0 }]);
  return dimsOf(interp, padding, kernel.length).map((dim) => [dim, dim]);
}

for (const n of [1, 2, 3]) {
  const spatial = n;
  layer(`Conv${n}d`, {
    init: "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None",
    forward: "input",
    make(interp, self, get) {
      normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "dilation"]);
      const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
      checkGroups(interp, cin, cout, groups);
      const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
      const per = perGroup(cin, groups);
      const init = fanIn([per, ...kernel]);
      parameter(interp, self, "weight", [cout, per, ...kernel], init);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [cout], init);
      else noParameter(interp, self, "bias");
    },
    run: (interp, self, get) => runConv(interp, self, input(interp, get, `conv${spatial}d`), spatial),
  });
  layer(`ConvTranspose${n}d`, {
    init: "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None",
    forward: "input, output_size=None",
    make(interp, self, get) {
      normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "output_padding", "dilation"]);
      const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
      checkGroups(interp, cin, cout, groups);
      const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
      const per = perGroup(cout, groups);
      const init = fanIn([per, ...kernel]);
      parameter(interp, self, "weight", [cin, per, ...kernel], init);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [cout], init);
      else noParameter(interp, self, "bias");
    },
    run(interp, self, get) {
      if (get("output_size").kind !== "none")
        return unknown({ reason: t("output_size of a transposed convolution is not followed") });
      const args: Record<string, Arg> = {
        groups: dimOf(attr(interp, self, "groups")),
        in_channels: dimOf(attr(interp, self, "in_channels")),
        out_channels: dimOf(attr(interp, self, "out_channels")),
      };
      for (const name of ["stride", "padding", "output_padding", "dilation"])
        args[name] = [...dimsOf(interp, attr(interp, self, name), spatial)];
      return emit(
        interp,
        "conv_transpose",
        [input(interp, get, `conv_transpose${spatial}d`), ...weights(interp, self)],
        args,
      );
    },
  });
  for (const [prefix, op] of [
    ["MaxPool", "max_pool"],
    ["AvgPool", "avg_pool"],
  ] as const) {
    layer(`${prefix}${n}d`, {
      init:
        op === "max_pool"
          ? "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
          : "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
      forward: "input",
      make(interp, self) {
        if (attr(interp, self, "stride").kind === "none")
          interp.journal.set(self.attrs, "stride", attr(interp, self, "kernel_size"));
      },
      run(interp, self, get) {
        const args: Record<string, Arg> = {
          kernel: [...dimsOf(interp, attr(interp, self, "kernel_size"), spatial)],
          stride: [...dimsOf(interp, attr(interp, self, "stride"), spatial)],
          padding: [...dimsOf(interp, attr(interp, self, "padding"), spatial)],
          ceil_mode: flagOf(interp, attr(interp, self, "ceil_mode")),
        };
        if (op === "max_pool") args.dilation = [...dimsOf(interp, attr(interp, self, "dilation"), spatial)];
        else {
          args.count_include_pad = flagOf(interp, attr(interp, self, "count_include_pad"));
          args.divisor =
            attr(interp, self, "divisor_override").kind === "none"
              ? null
              : dimOf(attr(interp, self, "divisor_override"));
        }
        const value = emit(interp, op, [input(interp, get, `${op}${spatial}d`)], args);
        return op === "max_pool" && flagOf(interp, attr(interp, self, "return_indices"))
          ? tuple([value, unknown({ reason: t("the indices of a pool are not followed") })])
          : value;
      },
    });
  }
  for (const [prefix, op] of [
    ["AdaptiveAvgPool", "adaptive_avg_pool"],
    ["AdaptiveMaxPool", "adaptive_max_pool"],
  ] as const) {
    layer(`${prefix}${n}d`, {
      init: op === "adaptive_max_pool" ? "output_size, return_indices=False" : "output_size",
      forward: "input",
      run: (interp, self, get) =>
        adaptivePool(interp, op, input(interp, get, `${op}${spatial}d`), attr(interp, self, "output_size"), spatial),
    });
  }
  layer(`BatchNorm${n}d`, {
    init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None",
    forward: "input",
    make: makeBatchNorm,
    run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), spatial),
  });
  layer(`InstanceNorm${n}d`, {
    init: "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None",
    forward: "input",
    make: makeBatchNorm,
    run(interp, self, get) {
      const x = input(interp, get, "instance_norm");
      // With running statistics each instance is normalized by the same ones, as in batch norm.
      if (attr(interp, self, "running_mean").kind === "tensor") return runBatchNorm(interp, self, x, spatial);
      return emit(interp, "instance_norm", [x, ...weights(interp, self)], {
        eps: numberOf(attr(interp, self, "eps")),
        spatial: { size: spatial },
        channels: dimOf(attr(interp, self, "num_features")),
      });
    },
  });
  for (const [prefix, mode] of [
    ["ZeroPad", "constant"],
    ["ReflectionPad", "reflect"],
    ["ReplicationPad", "replicate"],
    ["CircularPad", "circular"],
    ["ConstantPad", "constant"],
  ] as const) {
    layer(`${prefix}${n}d`, {
      init: prefix === "ConstantPad" ? "padding, value" : "padding",
      forward: "input",
      run: (interp, self, get) =>
        padLast(
          interp,
          input(interp, get, "pad"),
          attr(interp, self, "padding"),
          mode,
          prefix === "ConstantPad" ? numberOf(attr(interp, self, "value")) : 0,
          spatial,
        ),
    });
  }
  layer(`Dropout${n}d`, {
    init: "p=0.5, inplace=False",
    forward: "input",
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });
  layer(`LPPool${n}d`, {
    init: "norm_type, kernel_size, stride=None, ceil_mode=False",
    forward: "input",
    run: () => unknown({ reason: t("{0} is not known", "nn.LPPool") }),
  });
}

layer("SyncBatchNorm", {
  init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, dtype=None",
  forward: "input",
  make: makeBatchNorm,
  run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), undefined),
});
for (const name of ["Dropout", "AlphaDropout", "FeatureAlphaDropout"])
  layer(name, {
    init: "p=0.5, inplace=False",
    forward: "input",
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });

layer("Linear", {
  init: "in_features, out_features, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const [fin, fout] = [dimOf(get("in_features")), dimOf(get("out_features"))];
    const init = fanIn([fin]);
    parameter(interp, self, "weight", [fout, fin], init);
    if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [fout], init);
    else noParameter(interp, self, "bias");
  },
  run: (interp, self, get) =>
    emit(interp, "linear", [input(interp, get, "linear"), ...weights(interp, self)], {
      in_features: dimOf(attr(interp, self, "in_features")),
      out_features: dimOf(attr(interp, self, "out_features")),
    }),
});
layer("Bilinear", {
  init: "in1_features, in2_features, out_features, bias=True, device=None, dtype=None",
  forward: "input1, input2",
  make(interp, self, get) {
    const [a, b, out] = [dimOf(get("in1_features")), dimOf(get("in2_features")), dimOf(get("out_features"))];
    const init = fanIn([a]);
    parameter(interp, self, "weight", [out, a, b], init);
    if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [out], init);
    else noParameter(interp, self, "bias");
  },
  run: (interp, self, get) =>
    emit(
      interp,
      "bilinear",
      [
        tensorOf(interp, get("input1"), "bilinear", "input1"),
        tensorOf(interp, get("input2"), "bilinear", "input2"),
        ...weights(interp, self),
      ],
      {},
    ),
});
layer("LayerNorm", {
  init: "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const dims = dimsOf(interp, get("normalized_shape"), 1);
    interp.journal.set(self.attrs, "normalized_shape", pair(dims));
    if (flagOf(interp, get("elementwise_affine"))) {
      parameter(interp, self, "weight", dims, ONE);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", dims, ZERO);
      else noParameter(interp, self, "bias");
    } else {
      noParameter(interp, self, "weight");
      noParameter(interp, self, "bias");
    }
  },
  run: (interp, self, get) =>
    emit(interp, "layer_norm", [input(interp, get, "layer_norm"), ...weights(interp, self)], {
      normalized: [...dimsOf(interp, attr(interp, self, "normalized_shape"), 1)],
      eps: numberOf(attr(interp, self, "eps")),
    }),
});
layer("GroupNorm", {
  init: "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const channels = dimOf(get("num_channels"));
    if (flagOf(interp, get("affine"))) {
      parameter(interp, self, "weight", [channels], ONE);
      parameter(interp, self, "bias", [channels], ZERO);
    } else {
      noParameter(interp, self, "weight");
      noParameter(interp, self, "bias");
    }
  },
  run: (interp, self, get) =>
    emit(interp, "group_norm", [input(interp, get, "group_norm"), ...weights(interp, self)], {
      groups: dimOf(attr(interp, self, "num_groups")),
      channels: dimOf(attr(interp, self, "num_channels")),
      eps: numberOf(attr(interp, self, "eps")),
    }),
});
layer("LocalResponseNorm", {
  init: "size, alpha=0.0001, beta=0.75, k=1.0",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "local_response_norm", [input(interp, get, "local_response_norm")], {
      size: dimOf(attr(interp, self, "size")),
      alpha: numberOf(attr(interp, self, "alpha")),
      beta: numberOf(attr(interp, self, "beta")),
      k: numberOf(attr(interp, self, "k")),
    }),
});

layer("Identity", { init: "*args, **kwargs", forward: "input", run: (_interp, _self, get) => get("input") });
layer("Flatten", {
  init: "start_dim=1, end_dim=-1",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "flatten", [input(interp, get, "flatten")], {
      start: dimOf(attr(interp, self, "start_dim")),
      end: dimOf(attr(interp, self, "end_dim")),
    }),
});
layer("Unflatten", {
  init: "dim, unflattened_size",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "unflatten", [input(interp, get, "unflatten")], {
      axis: dimOf(attr(interp, self, "dim")),
      sizes: [...dimsOf(interp, attr(interp, self, "unflattened_size"), 1)],
    }),
});

/** Activations without parameters: operator, constructor's signature, arguments read from the layer. */
const activations: readonly (readonly [
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
for (const [name, op, init, args] of activations) {
  layer(name, {
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
layer("Softmax2d", {
  init: "",
  forward: "input",
  run: (interp, _self, get) => emit(interp, "softmax", [input(interp, get, "softmax")], { axis: { size: -3 } }),
});
layer("PReLU", {
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
layer("Embedding", {
  init: "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
  forward: "input",
  make: (interp, self, get) =>
    parameter(interp, self, "weight", [dimOf(get("num_embeddings")), dimOf(get("embedding_dim"))], {
      kind: "normal",
      mean: 0,
      std: 1,
    }),
  run: (interp, self, get) =>
    emit(interp, "embedding", [input(interp, get, "embedding"), ...optional(attr(interp, self, "weight"))], {}),
});
for (const [name, signature, mode] of [
  [
    "Upsample",
    "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
    undefined,
  ],
  ["UpsamplingNearest2d", "size=None, scale_factor=None", "nearest"],
  ["UpsamplingBilinear2d", "size=None, scale_factor=None", "bilinear"],
] as const) {
  layer(name, {
    init: signature,
    forward: "input",
    run(interp, self, get) {
      const m = attr(interp, self, "mode");
      return interpolate(
        interp,
        input(interp, get, "interpolate"),
        attr(interp, self, "size"),
        attr(interp, self, "scale_factor"),
        mode ?? (m.kind === "str" ? m.value : "nearest"),
        mode === "bilinear" ? bool(true) : attr(interp, self, "align_corners"),
      );
    },
  });
}
for (const [name, op] of [
  ["CrossEntropyLoss", "cross_entropy"],
  ["MSELoss", "mse_loss"],
  ["L1Loss", "l1_loss"],
  ["SmoothL1Loss", "smooth_l1_loss"],
] as const) {
  layer(name, {
    init:
      op === "cross_entropy"
        ? "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0"
        : "size_average=None, reduce=None, reduction='mean', beta=1.0",
    forward: "input, target",
    run: (interp, self, get) => {
      const r = attr(interp, self, "reduction");
      return emit(interp, op, [input(interp, get, op), tensorOf(interp, get("target"), op, "target")], {
        reduction: r.kind === "str" ? r.value : "mean",
      });
    },
  });
}
layer("ChannelShuffle", {
  init: "groups",
  forward: "input",
  run(interp, self, get) {
    const x = input(interp, get, "channel_shuffle");
    const groups = dimOf(attr(interp, self, "groups"));
    const split = emit(interp, "unflatten", [x], { axis: { size: 1 }, sizes: [groups, { size: -1 }] });
    if (split.kind !== "tensor") return split;
    const turned = emit(interp, "transpose", [split], { a: { size: 1 }, b: { size: 2 } });
    return turned.kind === "tensor"
      ? emit(interp, "flatten", [turned], { start: { size: 1 }, end: { size: 2 } })
      : turned;
  },
});

function weights(interp: Interp, self: InstanceValue): TensorValue[] {
  return [...optional(attr(interp, self, "weight")), ...optional(attr(interp, self, "bias"))];
}

function runConv(interp: Interp, self: InstanceValue, x: ReturnType<typeof tensorOf>, spatial: number): Value {
  const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
  const dilation = dimsOf(interp, attr(interp, self, "dilation"), spatial);
  const mode = attr(interp, self, "padding_mode");
  let padding = paddingArg(interp, attr(interp, self, "padding"), kernel, dilation);
  let source = x;
  if (mode.kind === "str" && mode.value !== "zeros" && x.kind === "tensor") {
    const rank = x.type.shape?.length;
    if (rank !== undefined) {
      const sides = [...Array.from({ length: rank - spatial }, () => [{ size: 0 }, { size: 0 }] as Arg), ...padding];
      const padded = emit(interp, "pad", [x], { sides, mode: mode.value, value: 0 });
      if (padded.kind === "tensor" || padded.kind === "unknown") source = padded;
      padding = kernel.map(() => [{ size: 0 }, { size: 0 }]);
    }
  }
  return emit(interp, "conv", [source, ...weights(interp, self)], {
    stride: [...dimsOf(interp, attr(interp, self, "stride"), spatial)],
    padding,
    dilation: [...dilation],
    groups: dimOf(attr(interp, self, "groups")),
    in_channels: dimOf(attr(interp, self, "in_channels")),
    out_channels: dimOf(attr(interp, self, "out_channels")),
  });
}

function makeBatchNorm(interp: Interp, self: InstanceValue, get: (name: string) => Value): void {
  const features = dimOf(get("num_features"));
  if (flagOf(interp, get("affine"))) {
    parameter(interp, self, "weight", [features], ONE);
    parameter(interp, self, "bias", [features], ZERO);
  } else {
    noParameter(interp, self, "weight");
    noParameter(interp, self, "bias");
  }
  if (!flagOf(interp, get("track_running_stats"))) return;
  buffer(interp, self, "running_mean", [features], ZERO);
  buffer(interp, self, "running_var", [features], ONE);
  buffer(interp, self, "num_batches_tracked", [], ZERO, "int64");
}

function runBatchNorm(
  interp: Interp,
  self: InstanceValue,
  x: ReturnType<typeof tensorOf>,
  spatial: number | undefined,
): Value {
  const stats = [...optional(attr(interp, self, "running_mean")), ...optional(attr(interp, self, "running_var"))];
  return emit(interp, "batch_norm", [x, ...stats, ...weights(interp, self)], {
    eps: numberOf(attr(interp, self, "eps")),
    spatial: spatial === undefined ? null : { size: spatial },
    channels: dimOf(attr(interp, self, "num_features")),
    training: stats.length === 0,
  });
}

export function adaptivePool(
  interp: Interp,
  op: "adaptive_avg_pool" | "adaptive_max_pool",
  x: ReturnType<typeof tensorOf>,
  size: Value,
  spatial: number,
): Value {
  const single = size.kind === "int";
  const output: Arg[] =
    size.kind === "tuple" || size.kind === "list"
      ? size.items.map((item) => (item.kind === "none" ? null : dimOf(item)))
      : size.kind === "none"
        ? Array.from({ length: spatial }, () => null)
        : [...dimsOf(interp, size, spatial)];
  return emit(interp, op, [x], { output, single });
}

/** `F.pad`'s list: pairs from the last axis backwards. `axes` fixes how many trailing axes a single number pads. */
export function padLast(
  interp: Interp,
  x: ReturnType<typeof tensorOf>,
  padding: Value,
  mode: string,
  value: Arg,
  axes?: number,
): Value {
  if (x.kind === "unknown") return x;
  const rank = x.type.shape?.length;
  if (rank === undefined) return unknown(x.type.why ?? { reason: t("a padding of an unknown rank") });
  const flat = dimsOf(interp, padding, 2 * (axes ?? 1));
  if (flat.some((d) => d.size === undefined) && padding.kind === "unknown") return unknown(padding.why);
  const sides: Arg[] = Array.from({ length: rank }, () => [{ size: 0 }, { size: 0 }]);
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const at = rank - 1 - i / 2;
    if (0 <= at) sides[at] = [flat[i] ?? { size: 0 }, flat[i + 1] ?? { size: 0 }];
  }
  return emit(interp, "pad", [x], { sides, mode, value });
}

export function interpolate(
  interp: Interp,
  x: ReturnType<typeof tensorOf>,
  size: Value,
  scale: Value,
  mode: string,
  corners: Value,
): Value {
  if (x.kind === "unknown") return x;
  const rank = x.type.shape?.length;
  if (rank === undefined) return unknown(x.type.why ?? { reason: t("a resize of an unknown rank") });
  const spatial = rank - 2;
  const scales =
    scale.kind === "none"
      ? null
      : scale.kind === "tuple" || scale.kind === "list"
        ? scale.items.map(numberOf)
        : Array.from({ length: spatial }, () => numberOf(scale));
  return emit(interp, "interpolate", [x], {
    size: size.kind === "none" ? null : [...dimsOf(interp, size, spatial)],
    scale: scales,
    mode,
    align_corners: corners.kind === "bool" ? corners.value : null,
  });
}

/** Makes a tensor hold another result, as an in-place operation does. */
export function writeInPlace(interp: Interp, target: TensorValue, made: TensorValue): TensorValue {
  interp.journal.assign(target, "ref", made.ref);
  interp.journal.assign(target, "type", made.type);
  interp.journal.assign(target, "host", made.host);
  return target;
}

function perGroup(channels: Dim, groups: Dim): Dim {
  if (channels.size === undefined) return channels;
  if (groups.size === undefined) return groups;
  if (groups.size === 1) return channels;
  const size = floorDiv(channels.size, groups.size);
  return size === undefined
    ? { size: undefined, why: { reason: t("channels per group are not known") } }
    : { ...channels, size };
}

function checkGroups(interp: Interp, cin: Dim, cout: Dim, groups: Dim): void {
  if (typeof groups.size !== "number") return;
  for (const [dim, name] of [
    [cin, "in_channels"],
    [cout, "out_channels"],
  ] as const) {
    if (typeof dim.size !== "number") continue;
    if (groups.size <= 0) {
      interp.reject(interp, "ValueError", "groups must be a positive integer");
      return;
    }
    if (dim.size % groups.size !== 0) {
      interp.reject(interp, "ValueError", `${name} must be divisible by groups`);
      return;
    }
  }
}

/** The axis of a softmax; torch picks 0 for one or three axes where none is given, else 1. */
function axisOr(value: Value, x: ReturnType<typeof tensorOf>): Dim {
  if (value.kind !== "none") return dimOf(value);
  const rank = x.kind === "tensor" ? x.type.shape?.length : undefined;
  return { size: rank === undefined ? undefined : rank === 2 || 3 < rank ? 1 : 0 };
}
