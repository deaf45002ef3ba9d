import { bool, int, type ModuleValue, NONE, opaque, str, unknown, type Value } from "../eval/value.ts";
import { raw } from "../lang/native.ts";
import { t } from "../text/text.ts";

/** The machine and the services around a model, as they are for an analysis: one CPU, no compiler, no other process. */

const no = raw("no", () => bool(false), { free: true });
const yes = raw("yes", () => bool(true), { free: true });
/** What this machine has not and another may have: code that insists on it is not wrong. */
const noDevice = raw(
  "no",
  (interp) => {
    interp.store.set("machine", true);
    return bool(false);
  },
  { free: true },
);
const zero = raw("zero", () => int(0), { free: true });
const nothing = raw("nothing", () => NONE, { free: true });
/** A context manager or a decorator that changes nothing. */
const quiet = raw("quiet", () => opaque("quiet", "quiet"), { free: true });
const file = raw("file", () => unknown({ reason: t("what a file holds is not known") }), { free: true });
/** What only the machine that will run the model can tell. */
const machine = raw("machine", () => unknown({ reason: t("what the machine's processor can do is not known") }), {
  free: true,
});
/** A decorator that leaves a function as it is, called with the function or with options alone. */
const same: Value = raw("same", (_interp, args) => args.positional[0]?.value ?? same, { free: true });

const all = (names: string, value: Value): Readonly<Record<string, Value>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, value]));

/** Modules of torch by dotted name, what hangs below another one after it. */
export function platformModules(
  add: (name: string, names: Record<string, Value>) => ModuleValue,
): Readonly<Record<string, Value>> {
  const backend = (name: string): ModuleValue =>
    add(`torch.backends.${name}`, {
      ...all("is_available is_built", name === "mkl" || name === "mkldnn" || name === "openmp" ? yes : no),
      ...all("enabled benchmark deterministic allow_tf32", bool(false)),
      ...all("flags set_flags", quiet),
    });
  const cuda = {
    ...all("is_available is_initialized is_bf16_supported", noDevice),
    ...all("device_count memory_allocated max_memory_allocated memory_reserved max_memory_reserved", zero),
    ...all(
      "empty_cache synchronize set_device manual_seed manual_seed_all init reset_peak_memory_stats ipc_collect seed seed_all",
      nothing,
    ),
    ...all("device stream", quiet),
  };
  return {
    compiler: add("torch.compiler", {
      ...all("is_compiling is_exporting is_dynamo_compiling", no),
      ...all("disable allow_in_graph assume_constant_result substitute_in_graph", same),
      ...all("reset cudagraph_mark_step_begin set_stance", nothing),
    }),
    cuda: add("torch.cuda", {
      ...cuda,
      amp: add("torch.cuda.amp", {
        autocast: quiet,
        GradScaler: quiet,
        ...all("custom_fwd custom_bwd", same),
      }),
    }),
    amp: add("torch.amp", { autocast: quiet, GradScaler: quiet, ...all("custom_fwd custom_bwd", same) }),
    xpu: add("torch.xpu", { ...all("is_available", noDevice), ...all("device_count", zero) }),
    mps: add("torch.mps", { ...all("is_available", noDevice), ...all("device_count", zero) }),
    cpu: add("torch.cpu", {
      ...all("is_available is_initialized", yes),
      ...all(
        "device_count",
        raw("one", () => int(1), { free: true }),
      ),
      ...all(
        "current_device",
        raw("cpu", () => str("cpu"), { free: true }),
      ),
      ...all("synchronize set_device", nothing),
      ...all("_is_avx2_supported _is_avx512_supported _is_vnni_supported _is_amx_tile_supported", machine),
      amp: add("torch.cpu.amp", { autocast: quiet, GradScaler: quiet }),
    }),
    backends: add("torch.backends", {
      ...Object.fromEntries("cudnn mps mkl mkldnn openmp".split(" ").map((name) => [name, backend(name)])),
      cuda: add("torch.backends.cuda", {
        ...all("is_built", no),
        ...all("sdp_kernel enable_flash_sdp enable_math_sdp enable_mem_efficient_sdp", quiet),
        matmul: opaque("quiet", "quiet"),
      }),
    }),
    distributed: add("torch.distributed", {
      is_available: yes,
      ...all("is_initialized is_nccl_available is_mpi_available is_torchelastic_launched", no),
      ...all("barrier destroy_process_group init_process_group", nothing),
    }),
    onnx: add("torch.onnx", { ...all("is_in_onnx_export", no), ...all("export", nothing) }),
    profiler: add("torch.profiler", { ...all("record_function profile schedule", quiet) }),
    random: add("torch.random", { ...all("manual_seed seed", nothing), ...all("fork_rng", quiet) }),
    hub: add("torch.hub", {
      ...all("load load_state_dict_from_url download_url_to_file", file),
      get_dir: file,
      set_dir: nothing,
    }),
    version: add("torch.version", { cuda: NONE, hip: NONE, debug: bool(false) }),
    overrides: add("torch.overrides", {
      ...all("has_torch_function has_torch_function_unary has_torch_function_variadic is_tensor_like", no),
    }),
    accelerator: add("torch.accelerator", { ...all("is_available", noDevice), ...all("device_count", zero) }),
  };
}
