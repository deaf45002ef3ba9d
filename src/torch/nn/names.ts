import type { ModuleValue, Value } from "../../eval/value.ts";
import { NONE, opaque, unknown } from "../../eval/value.ts";
import { native, nativeClass, raw } from "../../lang/native.ts";
import { nativeModule } from "../../lang/stdlib/module.ts";
import { t } from "../../text/text.ts";
import { parameterClass, tensorClass } from "../classes.ts";
import { functional } from "../define.ts";
import { initFunctions } from "../init.ts";
import { layerClasses } from "../layers.ts";
import { moduleClass } from "../module.ts";
import { emptyParameter, parameterOf } from "../parameter.ts";
import "./call.ts";
import { flagOf } from "../convert.ts";
import { composed } from "./composed.ts";
import { convolutionBases } from "./convolution.ts";
import { uninitializedBufferClass, uninitializedParameterClass } from "./lazy.ts";
import { moduleDictClass, parameterDictClass } from "./mappings.ts";
import { normBases } from "./normalization.ts";
import { rnnBase } from "./recurrent.ts";
import { bufferOf } from "./registration.ts";
import { moduleListClass, parameterListClass, sequentialClass } from "./sequences.ts";
import "./state.ts";
import "./conversion.ts";

const makeParameter = native("Parameter", "data=None, requires_grad=True", (_interp, get) => {
  const data = get("data");
  return data.kind === "none" ? emptyParameter() : parameterOf(data);
});
(parameterClass as { construct?: unknown }).construct = (
  interp: Parameters<typeof makeParameter.call>[0],
  _cls: unknown,
  args: Parameters<typeof makeParameter.call>[1],
) => makeParameter.call(interp, args);

const makeBuffer = native("Buffer", "data=None, *, persistent=True", (interp, get): Value => {
  const data = get("data");
  if (data.kind !== "tensor") return data.kind === "none" ? { ...emptyParameter(), parameter: undefined } : data;
  return { ...bufferOf(data, !flagOf(interp, get("persistent"))), buffer: true };
});
const bufferClass = nativeClass("Buffer", "torch.nn", [tensorClass], [], (interp, _cls, args) =>
  makeBuffer.call(interp, args),
);

/** Files of `torch/nn/modules`: code imports classes from them by name. */
const FILES = [
  "activation",
  "adaptive",
  "batchnorm",
  "channelshuffle",
  "container",
  "conv",
  "distance",
  "dropout",
  "flatten",
  "fold",
  "instancenorm",
  "lazy",
  "linear",
  "loss",
  "module",
  "normalization",
  "padding",
  "pixelshuffle",
  "pooling",
  "rnn",
  "sparse",
  "transformer",
  "upsampling",
] as const;

/** `torch.nn` with what hangs below it. */
export function nnModule(
  add: (name: string, names: Record<string, Value> | ReadonlyMap<string, Value>) => ModuleValue,
  module: (name: string) => ModuleValue | undefined,
): ModuleValue {
  const parts = composed(module);
  const classes: Record<string, Value> = {
    Module: moduleClass,
    Sequential: sequentialClass,
    ModuleList: moduleListClass,
    ModuleDict: moduleDictClass,
    ParameterList: parameterListClass,
    ParameterDict: parameterDictClass,
    Parameter: parameterClass,
    Buffer: bufferClass,
    UninitializedParameter: uninitializedParameterClass,
    UninitializedBuffer: uninitializedBufferClass,
    RNNBase: rnnBase,
    ...Object.fromEntries(layerClasses),
    ...parts.classes,
  };
  const bases = { ...Object.fromEntries([...convolutionBases, ...normBases]), ...parts.bases };
  const all = new Map(Object.entries({ ...bases, ...classes }));
  const below: Record<string, Value> = {
    functional: add("torch.nn.functional", { ...parts.functions, ...Object.fromEntries(functional) }),
    init: add("torch.nn.init", Object.fromEntries(initFunctions)),
    parameter: add("torch.nn.parameter", {
      Parameter: parameterClass,
      Buffer: bufferClass,
      UninitializedParameter: uninitializedParameterClass,
      UninitializedBuffer: uninitializedBufferClass,
    }),
    attention: attention(add, parts.utilities.attention),
    quantized: add("torch.nn.quantized", { ...parts.utilities.quantized }),
    utils: utilities(add, parts.utilities),
    modules: add("torch.nn.modules", {
      utils: add("torch.nn.modules.utils", { ...parts.utilities.tuples }),
      ...classes,
      ...Object.fromEntries(FILES.map((file) => [file, add(`torch.nn.modules.${file}`, all)])),
    }),
  };
  add("torch.ao.nn.quantized", { ...parts.utilities.quantized });
  for (const place of ["torch.ao.quantization", "torch.quantization"]) add(place, { ...parts.utilities.stubs });
  return add("torch.nn", { ...classes, ...below });
}

/** `torch.nn.attention`: which kernel computes attention changes no shape. */
function attention(
  add: (name: string, names: Record<string, Value>) => ModuleValue,
  parts: Readonly<Record<string, Value>> | undefined,
): ModuleValue {
  const backends = ["MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION", "CUDNN_ATTENTION", "OVERRIDEABLE", "ERROR"];
  return add("torch.nn.attention", {
    sdpa_kernel: raw("sdpa_kernel", () => opaque("quiet", "quiet"), { free: true }),
    SDPBackend: nativeModule(
      "torch.nn.attention.SDPBackend",
      Object.fromEntries(backends.map((name) => [name, opaque("backend", `SDPBackend.${name}`)])),
    ),
    flex_attention: add("torch.nn.attention.flex_attention", { ...parts }),
  });
}

function utilities(
  add: (name: string, names: Record<string, Value>) => ModuleValue,
  parts: Readonly<Record<string, Readonly<Record<string, Value>>>>,
): ModuleValue {
  const first = native("first", "value, *args, **kwargs", (_interp, get) => get("value"), { free: true });
  const nothing = native("nothing", "*args, **kwargs", () => NONE, { free: true });
  const lostNorm = native(
    "clip_grad_norm_",
    "*args, **kwargs",
    () => unknown({ reason: t("{0} is not followed", "clip_grad_norm_") }),
    { free: true },
  );
  const gradients = {
    clip_grad_norm_: lostNorm,
    clip_grad_norm: lostNorm,
    get_total_norm: lostNorm,
    clip_grad_value_: nothing,
    clip_grads_with_norm_: nothing,
  };
  return add("torch.nn.utils", {
    ...parts.utils,
    ...gradients,
    convert_conv2d_weight_memory_format: first,
    convert_conv3d_weight_memory_format: first,
    clip_grad: add("torch.nn.utils.clip_grad", gradients),
    fusion: add("torch.nn.utils.fusion", { ...parts.utils }),
    convert_parameters: add("torch.nn.utils.convert_parameters", { ...parts.utils }),
    weight_norm: parts.utils?.weight_norm ?? first,
    spectral_norm: parts.utils?.spectral_norm ?? first,
    parametrize: add("torch.nn.utils.parametrize", { ...parts.parametrize }),
    parametrizations: add("torch.nn.utils.parametrizations", { ...parts.parametrizations }),
    rnn: add("torch.nn.utils.rnn", { ...parts.rnn }),
    prune: add("torch.nn.utils.prune", {}),
    stateless: add("torch.nn.utils.stateless", {}),
  });
}
