import type { Interp } from "../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  float,
  int,
  intOf,
  NONE,
  opaque,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import { native, nativeClass, raw } from "../lang/native.ts";
import { classAttribute, makeInstance, objectClass } from "../lang/types.ts";
import type { Arg } from "../ops/operator.ts";
import { resultType } from "../ops/promote.ts";
import type { DType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { dimsOf, emit, numberOf, scalarOf, tensorOf } from "./convert.ts";
import { deviceValue, dtypeValue, isFloating, namedDtype } from "./dtypes.ts";

/** What torch says about itself and about element types, modes that change nothing here, and kernels of torchvision. */

const free = (name: string, signature: string, body: (interp: Interp, get: (name: string) => Value) => Value): Value =>
  native(name, signature, body, { free: true });

/** A context manager that is a decorator too, and changes nothing that is analyzed. */
const quiet = (): Value => opaque("quiet", "quiet");

/** Used bare it decorates a function, which stays as it is; with arguments, or none, it is a context or a decorator. */
export const transparent = (name: string): Value =>
  raw(
    name,
    (_interp, args) => {
      const only = args.positional.length === 1 && args.keywords.length === 0 ? args.positional[0]?.value : undefined;
      return only?.kind === "function" ? only : quiet();
    },
    { free: true },
  );

/** What each type can hold. */
const FLOATS: Readonly<Partial<Record<DType, readonly [bits: number, eps: number, max: number, tiny: number]>>> = {
  float64: [64, 2 ** -52, Number.MAX_VALUE, 2 ** -1022],
  float32: [32, 2 ** -23, 3.4028234663852886e38, 2 ** -126],
  float16: [16, 2 ** -10, 65_504, 2 ** -14],
  bfloat16: [16, 2 ** -7, 3.3895313892515355e38, 2 ** -126],
};
const INTEGERS: Readonly<Partial<Record<DType, readonly [bits: number, signed: boolean]>>> = {
  int64: [64, true],
  int32: [32, true],
  int16: [16, true],
  int8: [8, true],
  uint8: [8, false],
};

function finfo(dtype: DType | undefined): Value {
  const facts = dtype === undefined ? undefined : FLOATS[dtype];
  if (dtype === undefined || facts === undefined) return unknown({ reason: t("an element type that is not known") });
  const [bits, eps, max, tiny] = facts;
  const attrs: [string, Value][] = [
    ["bits", int(bits)],
    ["dtype", str(dtype)],
    ...Object.entries({
      eps,
      max,
      min: -max,
      tiny,
      smallest_normal: tiny,
      resolution: 10 ** Math.ceil(Math.log10(eps)),
    }).map(([name, value]): [string, Value] => [name, float(value)]),
  ];
  return { ...opaque("finfo", `finfo(${dtype})`), attrs: new Map(attrs) };
}

function iinfo(dtype: DType | undefined): Value {
  const facts = dtype === undefined ? undefined : INTEGERS[dtype];
  if (dtype === undefined || facts === undefined) return unknown({ reason: t("an element type that is not known") });
  const [bits, signed] = facts;
  const end = signed ? 2 ** (bits - 1) : 2 ** bits;
  const whole = (value: number): Value =>
    Number.isSafeInteger(value)
      ? int(value)
      : intOf({ size: undefined, why: { reason: t("a number that is not known") } });
  return {
    ...opaque("iinfo", `iinfo(${dtype})`),
    attrs: new Map<string, Value>([
      ["bits", int(bits)],
      ["dtype", str(dtype)],
      ["max", whole(end - 1)],
      ["min", whole(signed ? -end : 0)],
    ]),
  };
}

const typeOfOperand = (value: Value): Arg | Extract<Value, { kind: "tensor" }>["type"] | undefined =>
  value.kind === "tensor" ? value.type : scalarOf(value);
const orUnknown = (dtype: DType | undefined): Value =>
  dtype === undefined ? unknown({ reason: t("an element type that is not known") }) : dtypeValue(dtype);

/** Names of `torch` itself that are no functions of tensors. */
export function environment(): Readonly<Record<string, Value>> {
  const silent = Object.fromEntries(
    "set_num_threads set_num_interop_threads set_printoptions set_default_device set_float32_matmul_precision set_deterministic_debug_mode set_flush_denormal set_rng_state use_deterministic_algorithms set_anomaly_enabled set_warn_always seed set_autocast_enabled set_autocast_dtype set_autocast_cache_enabled clear_autocast_cache"
      .split(" ")
      .map((name) => [name, raw(name, () => NONE, { free: true })]),
  );
  const flags = Object.fromEntries(
    "is_autocast_enabled is_autocast_cpu_enabled is_autocast_cache_enabled is_inference_mode_enabled is_anomaly_enabled are_deterministic_algorithms_enabled is_deterministic_algorithms_warn_only_enabled is_vulkan_available is_warn_always_enabled is_distributed is_inference is_conj is_neg"
      .split(" ")
      .map((name) => [name, raw(name, () => bool(false), { free: true })]),
  );
  return {
    ...silent,
    ...flags,
    get_default_dtype: free("get_default_dtype", "", () => dtypeValue("float32")),
    get_default_device: free("get_default_device", "", () => deviceValue("cpu")),
    set_default_dtype: free("set_default_dtype", "d", (interp, get) => keepFloat32(interp, get("d"))),
    set_default_tensor_type: free("set_default_tensor_type", "t", () => NONE),
    get_autocast_dtype: free("get_autocast_dtype", "device_type='cpu'", () => dtypeValue("bfloat16")),
    get_autocast_gpu_dtype: free("get_autocast_gpu_dtype", "", () => dtypeValue("float16")),
    get_autocast_cpu_dtype: free("get_autocast_cpu_dtype", "", () => dtypeValue("bfloat16")),
    get_num_threads: free("get_num_threads", "", () =>
      intOf({ size: undefined, why: { reason: t("a number that is not known") } }),
    ),
    get_rng_state: free("get_rng_state", "", () => unknown({ reason: t("a random number") })),
    initial_seed: free("initial_seed", "", () => intOf({ size: undefined, why: { reason: t("a random number") } })),
    is_storage: free("is_storage", "obj", () => bool(false)),
    is_complex: free("is_complex", "input", (_i, get) => {
      const x = get("input");
      return x.kind === "tensor" && x.type.dtype !== undefined
        ? bool(x.type.dtype.startsWith("complex"))
        : unknown({ reason: t("an element type that is not known") });
    }),
    finfo: free("finfo", "type=None", (_i, get) =>
      finfo(get("type").kind === "none" ? "float32" : namedDtype(get("type"))),
    ),
    iinfo: free("iinfo", "type", (_i, get) => iinfo(namedDtype(get("type")))),
    promote_types: free("promote_types", "type1, type2", (_i, get) => {
      const [a, b] = [namedDtype(get("type1")), namedDtype(get("type2"))];
      return orUnknown(
        a === undefined || b === undefined
          ? undefined
          : resultType([a, b].map((dtype) => ({ shape: [{ size: 1 }], dtype }))),
      );
    }),
    result_type: raw(
      "result_type",
      (_interp, args) =>
        orUnknown(
          resultType(
            [...args.positional, ...args.keywords.map(([, arg]) => arg)].map(({ value }) => typeOfOperand(value)),
          ),
        ),
      { free: true },
    ),
    can_cast: free("can_cast", "from_, to", (_i, get) => {
      const [a, b] = [namedDtype(get("from_")), namedDtype(get("to"))];
      if (a === undefined || b === undefined) return unknown({ reason: t("an element type that is not known") });
      const rank = (dtype: DType): number =>
        dtype === "bool" ? 0 : dtype.startsWith("complex") ? 3 : isFloating(dtype) ? 2 : 1;
      return bool(rank(a) <= rank(b));
    }),
    pi: float(Math.PI),
    e: float(Math.E),
    inf: float(Infinity),
    nan: float(Number.NaN),
    newaxis: NONE,
    preserve_format: opaque("memory_format", "preserve_format"),
    channels_last_3d: opaque("memory_format", "channels_last_3d"),
    Generator: nativeClass(
      "Generator",
      "torch",
      [objectClass],
      [["manual_seed", native("manual_seed", "self, seed", (_i, get) => get("self"))]],
    ),
    vmap: raw("vmap", () => unknown({ reason: t("{0} is not followed", "torch.vmap") }, "torch.vmap"), { free: true }),
    cond: raw("cond", () => unknown({ reason: t("{0} is not followed", "torch.cond") }, "torch.cond"), { free: true }),
    load: raw("load", () => unknown({ reason: t("what a file holds is not known") }), { free: true }),
    save: raw("save", () => NONE, { free: true }),
  };
}

/** Another default type would change every tensor that is made: that is not followed. */
function keepFloat32(interp: Interp, value: Value): Value {
  const dtype = namedDtype(value);
  if (dtype === "float32") return NONE;
  return interp.lang.call(
    interp,
    unknown({ reason: t("{0} is not followed", "torch.set_default_dtype") }, "torch.set_default_dtype"),
    { positional: [], keywords: [] },
  );
}

/** `torch.autograd.Function`: `apply` runs `forward` with a context of its own. */
export function autogradFunction(): ClassValue {
  const context = nativeClass("FunctionCtx", "torch.autograd.function", [objectClass]);
  for (const name of [
    "save_for_backward",
    "mark_dirty",
    "mark_non_differentiable",
    "set_materialize_grads",
    "save_for_forward",
  ])
    context.attrs.set(
      name,
      raw(name, () => NONE),
    );
  const cls = nativeClass("Function", "torch.autograd.function", [context]);
  const apply = raw("apply", (interp, args) => {
    const self = args.positional[0]?.value;
    const forward = self?.kind === "class" ? classAttribute(self, "forward") : undefined;
    if (self?.kind !== "class" || forward === undefined)
      return unknown({ reason: t("{0} is not followed", "torch.autograd.Function") });
    const fn = forward.kind === "wrapper" ? forward.fn : forward;
    const rest = args.positional.slice(1);
    const ctx = { ...makeInstance(interp, context), tainted: { reason: t("{0} is not followed", "ctx") } };
    // With a `setup_context` of its own `forward` gets no context.
    const hasSetup = classAttribute(self, "setup_context") !== undefined;
    const given: CallArgs = { ...args, positional: hasSetup ? rest : [{ value: ctx }, ...rest] };
    return interp.lang.call(interp, fn, given);
  });
  cls.attrs.set("apply", { kind: "wrapper", type: "class", fn: apply });
  return cls;
}

/** `torch.ops.torchvision`: its kernels as operators. */
export function torchvisionKernels(): Readonly<Record<string, Value>> {
  const boxes = (name: string, signature: string, withArgmax: boolean): Value =>
    free(name, signature, (interp, get) => {
      const made = emit(
        interp,
        name,
        [tensorOf(interp, get("input"), name, "input"), tensorOf(interp, get("rois"), name, "rois")],
        {
          output: [get("pooled_height"), get("pooled_width")].map((value) => dimsOf(interp, value, 1)[0] ?? null),
          scale: numberOf(get("spatial_scale")),
        },
      );
      if (!withArgmax || made.kind !== "tensor") return made;
      return { kind: "tuple", items: [made, { kind: "tensor", type: { ...made.type, dtype: "int32" } }] };
    });
  return {
    nms: free("nms", "dets, scores, iou_threshold", (interp, get) =>
      emit(
        interp,
        "nms",
        [tensorOf(interp, get("dets"), "nms", "dets"), tensorOf(interp, get("scores"), "nms", "scores")],
        {
          threshold: numberOf(get("iou_threshold")),
        },
      ),
    ),
    roi_align: boxes(
      "roi_align",
      "input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned",
      false,
    ),
    roi_pool: boxes("roi_pool", "input, rois, spatial_scale, pooled_height, pooled_width", true),
    ps_roi_align: boxes(
      "ps_roi_align",
      "input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio",
      true,
    ),
    ps_roi_pool: boxes("ps_roi_pool", "input, rois, spatial_scale, pooled_height, pooled_width", true),
    deform_conv2d: free(
      "deform_conv2d",
      "input, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dil_h, dil_w, n_weight_grps, n_offset_grps, use_mask",
      (interp, get) => {
        const pair = (name: string): Arg =>
          ["h", "w"].map((axis) => dimsOf(interp, get(`${name}_${axis}`), 1)[0] ?? null);
        // Without a mask it is given a placeholder for one.
        const used = get("use_mask");
        const masked = used.kind === "bool" ? used.value : undefined;
        const names = ["input", "weight", "offset", ...(masked === true ? ["mask"] : []), "bias"];
        return emit(
          interp,
          "deform_conv",
          names.map((name) => tensorOf(interp, get(name), "deform_conv2d", name)),
          { stride: pair("stride"), padding: pair("pad"), dilation: pair("dil"), masked: masked ?? null },
        );
      },
    ),
    _cuda_version: free("_cuda_version", "", () => int(-1)),
  };
}
