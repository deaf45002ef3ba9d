"""Records which names exist: `src/torch/real-names.json`, `{"torch.nn": "AdaptiveAvgPool1d …"}`, sorted, without those
that begin with an underscore (of those nothing may be said). `python` lists the standard library's modules. Skipped when
current.

A name missing here is a mistake in a model, so every doubt adds a name: what newer and older versions of Python, torch
and numpy have is added by hand below. A module that makes attributes on demand (`__getattr__`) and does not list them
reads `*`: nothing may be said of its attributes either, nor of those of a module that is not listed.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import pkgutil
import re
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import recorder  # noqa: E402

OUT = Path(__file__).resolve().parents[2] / "src/torch/real-names.json"

# Modules of the standard library whose attributes models use. Every standard module's own name is listed under `python`.
STANDARD = (
    "abc argparse base64 bisect builtins cmath collections collections.abc contextlib copy csv dataclasses datetime decimal "
    "enum fractions functools gc glob hashlib heapq importlib inspect itertools json logging math numbers operator os.path "
    "pathlib pickle pprint queue random re shutil statistics string struct sys tempfile textwrap time traceback types typing "
    "warnings weakref"
).split()
# Classes and objects whose attributes are looked up on values: the key is what code reaches them by.
CLASSES = (
    "torch.Tensor torch.Size torch.dtype torch.device torch.Generator torch.nn.Module "
    "torch.nn.Sequential torch.nn.ModuleList torch.nn.ModuleDict torch.nn.ParameterList torch.nn.ParameterDict "
    "builtins.str builtins.list builtins.dict builtins.tuple builtins.set builtins.frozenset builtins.int builtins.float "
    "builtins.bool builtins.bytes builtins.complex builtins.range builtins.slice builtins.object builtins.type "
    "collections.OrderedDict collections.defaultdict collections.Counter collections.deque collections.ChainMap "
    "pathlib.Path enum.Enum logging.Logger"
).split()
# What the layers have besides, all together.
LAYERS = "torch.nn.*"
# Skipped: importing them starts services, needs other packages, or prints.
SKIPPED = (
    "torch.testing torch.quantization torch.contrib torch.csrc torch.masked torch.multiprocessing torch.sparse torch.nn.intrinsic "
    "torch.nn.qat torch.nn.quant torch.nn.backends torch.nn.cpp torch.utils.benchmark torch.utils.tensorboard "
    "torch.utils.bottleneck torch.utils.hipify torch.utils.cpp_ torch.utils.backend torch.utils.jit torch.utils.viz "
    "torch.utils.serialization torch.utils.data. torch.utils.model_dump torch.compiler torch.headeronly torch.numa torch.nativert"
).split()
# Only their own names, not those of what lies in them.
SHALLOW = (
    "torch.ao torch.autograd torch.backends torch.cuda torch.distributed torch.distributions torch.export torch.fx torch.jit "
    "torch.mps torch.mtia torch.onnx torch.optim torch.package torch.profiler torch.xpu"
).split()
EXACT = {"torch.cuda.amp", "torch.optim.lr_scheduler", "torch.backends.cudnn", "torch.autograd.functional"}

# What other versions have, from their change notes. Old names too: who uses them has an older library, not a mistake.
OTHER_VERSIONS = {
    "builtins": "PythonFinalizationError anext aiter exit quit copyright credits license help reveal_type",
    "collections": "Mapping MutableMapping Sequence MutableSequence Iterable Iterator Callable Hashable Container Sized Set MutableSet",
    "copy": "replace",
    "enum": "EnumDict EnumType StrEnum FlagBoundary verify member nonmember global_enum property show_flag_values",
    "fractions": "gcd",
    "functools": "Placeholder",
    "inspect": "getargspec formatargspec getmoduleinfo BufferFlags markcoroutinefunction ispackage getasyncgenstate getasyncgenlocals",
    "itertools": "batched pairwise",
    "logging": "getHandlerByName getHandlerNames getLevelNamesMapping warn",
    "math": "sumprod fma nextafter ulp cbrt exp2 perm comb prod lcm isqrt dist integer",
    "operator": "is_none is_not_none call",
    "pathlib": "UnsupportedOperation types",
    "random": "binomialvariate jumpahead",
    "re": "NOFLAG PatternError template TEMPLATE T",
    "sys": "monitoring activate_stack_trampoline setdefaultencoding maxint exc_clear last_exc getwindowsversion winver ps1 ps2 "
    "gettotalrefcount is_remote_debug_enabled remote_exec abiflags setcheckinterval getcheckinterval",
    "time": "clock tzset CLOCK_UPTIME_RAW clock_getres pthread_getcpuclockid",
    "typing": "override TypeAliasType get_protocol_members is_protocol NoDefault ReadOnly TypeIs io re ByteString "
    "evaluate_forward TypeForm Unpack Self LiteralString Never Required NotRequired reveal_type assert_never dataclass_transform",
    "types": "get_original_bases CapsuleType StringType ListType",
    "warnings": "deprecated",
    "string": "letters lowercase uppercase maketrans join split replace",
    "contextlib": "nested chdir",
    "dataclasses": "KW_ONLY",
    "torch": "has_mps has_cuda has_cudnn has_mkldnn set_vital onnx rfft irfft fft ifft stft istft symeig solve lstsq eig "
    "cholesky_solve matrix_rank gels gesv potrf potri potrs pstrf btrifact btrisolve svd qr triangular_solve ger norm "
    "legacy sparse_coo_tensor float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 "
    "uint16 uint32 uint64 int1 uint1 xpu mps mtia accelerator compiler vmap cond ScriptObject",
    "torch.nn": "UpsamplingNearest2d UpsamplingBilinear2d Container SoftMarginLoss backends DataParallel",
    "torch.nn.functional": "sigmoid tanh upsample upsample_nearest upsample_bilinear scaled_dot_product_attention "
    "rms_norm grouped_mm scaled_mm scaled_grouped_mm dropout1d",
    "torch.nn.init": "uniform normal constant eye dirac xavier_uniform xavier_normal kaiming_uniform kaiming_normal orthogonal sparse",
    "torch.Tensor": "volatile creator symeig solve lstsq eig rfft irfft fft ifft matrix_rank gels gesv stft istft type_as new grad_fn "
    "ger xpu ipu mtia mps hpu set_data reinforce",
    "torch.nn.Module": "OrderedDict next_functions",
    "torch.cuda.amp": "GradScaler autocast custom_fwd custom_bwd",
    "numpy": "float int bool object complex str long unicode float_ complex_ unicode_ string_ longfloat singlecomplex cfloat "
    "clongfloat longcomplex Inf Infinity NaN NAN PINF NINF PZERO NZERO infty product cumproduct sometrue alltrue in1d trapz "
    "row_stack msort find_common_type cast source lookfor who disp safe_eval round_ asfarray issctype maximum_sctype obj2sctype "
    "sctype2char sctypes issubsctype set_string_function add_newdoc add_docstring mat compat deprecate deprecate_with_doc "
    "byte_bounds compare_chararrays geterrobj seterrobj recfromcsv recfromtxt tracemalloc_domain math distutils "
    "matrix_transpose vecdot matvec vecmat unstack cumulative_sum cumulative_prod unique_all unique_counts astype isdtype "
    "permute_dims concat pow acos acosh asin asinh atan atanh atan2 bitwise_count bitwise_invert vecmat trapezoid",
    "torchvision": "models transforms datasets ops utils io tv_tensors prototype set_image_backend get_image_backend "
    "set_video_backend get_video_backend disable_beta_transforms_warning is_tracing",
}
# Their names are made on demand by a library that lists none, or depend on what is installed or registered.
OPEN = {"torch.ops", "torch.classes"}


def public(names) -> set[str]:
    return {name for name in names if isinstance(name, str) and not name.startswith("_") and name.isidentifier()}


def attributes(value) -> set[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return public(dir(value))


def lazy(module) -> bool:
    """Whether it makes attributes on demand that its `dir` may not show."""
    return "__getattr__" in vars(module)


def torch_modules() -> list[str]:
    import torch

    found = ["torch", "torchvision", "torchvision.models", "torchvision.ops", "torchvision.transforms", "torchvision.utils"]
    for info in pkgutil.walk_packages(torch.__path__, "torch.", onerror=lambda _: None):
        name = info.name
        if any(part.startswith("_") for part in name.split(".")) or name.startswith(tuple(SKIPPED)):
            continue
        if name not in EXACT and any(name.startswith(f"{shallow}.") for shallow in SHALLOW):
            continue
        found.append(name)
    return found


def layers() -> dict[str, set[str]]:
    """`torch.nn.*`: every name in the layers' source that may be an attribute's; `*` for what is no layer, or sets
    attributes by name."""
    from torch import nn

    found: dict[str, set[str]] = {LAYERS: set()}
    for name, value in vars(nn).items():
        if not inspect.isclass(value) or f"torch.nn.{name}" in CLASSES:
            continue
        sources = [inspect.getsource(cls) for cls in value.__mro__ if issubclass(cls, nn.Module) and cls is not nn.Module]
        if not issubclass(value, nn.Module) or any("setattr(" in text or "__getattr__" in text for text in sources):
            found[f"torch.nn.{name}"] = {"*"}
            continue
        found[LAYERS] |= attributes(value) | public(inspect.signature(value.__init__).parameters)
        for cls in value.__mro__:
            found[LAYERS] |= public(vars(cls).get("__annotations__", {}))
        for text in sources:
            found[LAYERS] |= public(words(text))
    found[LAYERS] -= attributes(nn.Module())
    return found


def words(text: str) -> set[str]:
    """What may be an attribute's name: `self.x`, a text."""
    return {word for match in re.findall(r"self\.(\w+)|[\"'](\w+)[\"']", text) for word in match if word}


def main() -> int:
    stamp = recorder.stamp(Path(__file__))
    mark = " ".join(f"{key}={value}" for key, value in stamp.items() if key != "recorder")
    if "--force" not in sys.argv and OUT.exists() and json.loads(OUT.read_text()).get("") == mark:
        recorder.say("names: current")
        return 0
    names: dict[str, set[str]] = {"python": public(sys.stdlib_module_names)}
    modules: dict[str, object] = {}
    for name in [*STANDARD, *torch_modules(), "numpy", "numpy.linalg", "numpy.random"]:
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                modules[name] = importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 what cannot be imported here is not spoken about
            recorder.say(f"  not imported: {name}: {type(error).__name__}")
    for name, module in modules.items():
        names[name] = attributes(module)
        if hasattr(module, "__path__"):
            names[name] |= public(info.name for info in pkgutil.iter_modules(module.__path__))
    for name in CLASSES:
        holder, _, attribute = name.rpartition(".")
        value = getattr(importlib.import_module(holder), attribute)
        names[name] = attributes(value)
        if name == "torch.nn.Module" or (inspect.isclass(value) and issubclass(value, modules["torch"].nn.Module)):
            names[name] |= attributes(value()) | {"training"}
    names |= layers()
    names["torch.Tensor"] |= attributes(modules["torch"].zeros(1))
    for name, more in OTHER_VERSIONS.items():
        names.setdefault(name, set()).update(more.split())
    for name in OPEN:
        names.setdefault(name, set())
    table = {"": mark}
    for name in sorted(names):
        is_open = name in OPEN or (name in modules and name not in ("torch", "torch.nn", "numpy") and lazy(modules[name]))
        table[name] = "*" if is_open else " ".join(sorted(names[name]))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()) + "\n}\n")
    recorder.say(f"names: {sum(map(len, names.values()))} in {len(names)} places, {OUT.stat().st_size // 1024} KB")
    recorder.say(f"  open: {' '.join(k for k, v in table.items() if v.endswith('*'))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
