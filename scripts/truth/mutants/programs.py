"""Programs of published and own code, some of whose files have another text, run in real PyTorch.

`outcome` runs one in a forked child of a process that has imported what it needs, on the CPU's own kernels: weights
keep what memory held where filling them takes long, and a convolution runs on a slice of no pictures, which makes all
its checks and no arithmetic (where that would leave a check out, it runs in full).
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import pickle
import random
import re
import resource
import signal
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parent.parent))
import recorder  # noqa: E402
import torch  # noqa: E402
import torch._dynamo  # noqa: E402, F401 what a mode needs; imported once, not in every child
from torch.overrides import TorchFunctionMode, resolve_name  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

from mutants.source import statement_lines  # noqa: E402

OWN = Path(__file__).resolve().parents[3] / "test/data/models"
PATIENCE = 30
"""Seconds one program may take."""
MEMORY = 12 << 30
LARGE = 1 << 14
"""Elements from which on a weight is not filled."""
_FILLS = {"uniform_", "normal_", "erfinv_", "bernoulli_", "exponential_", "log_normal_"}
_ADDS = {"add", "add_", "__add__", "__radd__", "__iadd__"}
_DOWNLOADS = re.compile(r"torch/hub\.py|urllib|requests/|huggingface_hub/|model_store\.py")
_TORCH = str(Path(torch.__file__).parent)


@dataclasses.dataclass(frozen=True)
class Program:
    """A root: a file of a package (below `folder`), or one of our own, its model and its input."""

    file: str
    model: str
    input: list[Any]
    own: bool

    @property
    def folder(self) -> Path:
        if self.own:
            return OWN
        package = self.file.split("/")[0]
        return Path(importlib.util.find_spec(package).submodule_search_locations[0]).parent

    @property
    def module(self) -> str:
        name = self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return f"lens_{name}" if self.own else name

    def is_users(self, path: str) -> bool:
        top = self.folder if self.own else self.folder / self.file.split("/")[0]
        return path.startswith(str(top) + os.sep)

    def text(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode()


def outcome(program: Program, texts: dict[str, str], job: Callable[..., Any] | None = None) -> dict[str, Any]:
    """What running the program with these files' texts gives; what `job` returns, if given, in a child as well."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            signal.alarm(PATIENCE)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            result = (job or run)(program, texts)
            with os.fdopen(writing, "wb") as sink:
                pickle.dump(result, sink)
            code = 0
        except BaseException:  # noqa: BLE001 told to whoever runs this; the parent goes on
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        data = source.read()
    _, status = os.waitpid(child, 0)
    if not data:
        slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        return {"skipped": f"more than {PATIENCE} s" if slow else f"ended with status {status}"}
    return pickle.loads(data)


def load(program: Program, texts: dict[str, str]) -> Any:
    """The module of a program's file, run anew; other files with another text are imported anew with all around them."""
    if any(file != program.file for file in texts):
        top = program.module.split(".")[0]
        below = f"{top}.models" if f"{top}.models" in sys.modules and top == "torchvision" else top
        for name in [name for name in sys.modules if name == below or name.startswith(below + ".")]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Texts({str(program.folder / file): text for file, text in texts.items()}))
        if not program.own:
            return importlib.import_module(program.module)
    registry = getattr(sys.modules.get("torchvision.models._api"), "BUILTIN_MODELS", {})
    for name in [name for name, factory in registry.items() if factory.__module__ == program.module]:
        # It takes no name twice.
        del registry[name]
    path = str(program.folder / program.file)
    loader = _Loader(program.module, path, texts.get(program.file) or program.text(program.file))
    is_package = path.endswith("__init__.py")
    spec = importlib.util.spec_from_file_location(
        program.module, path, loader=loader, submodule_search_locations=[str(Path(path).parent)] if is_package else None
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[program.module] = module
    loader.exec_module(module)
    return module


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname):
        return compile(self.text, self.path, "exec", dont_inherit=True)


class _Texts(importlib.abc.MetaPathFinder):
    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def find_spec(self, fullname, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin not in self.texts:
            return None
        spec.loader = _Loader(fullname, spec.origin, self.texts[spec.origin])
        return spec


def build(program: Program, texts: dict[str, str], steps: list[str]) -> torch.nn.Module:
    """The model, in eval mode; `steps` gets the name of each step that begins."""
    random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _Unfilled():
        steps.append("import")
        module = load(program, texts)
        steps.append("build")
        return eval(program.model, vars(module)).eval()  # noqa: S307 our own lists


def call(program: Program, model: torch.nn.Module, mode: Any = contextlib.nullcontext()) -> Any:
    torch.manual_seed(0)
    tensors = [recorder.tensor_of(spec) for spec in program.input]
    for at, tensor in enumerate(tree_leaves(tensors)):
        tensor.from_inputs = frozenset([at])
    with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with mode, _NoPictures():
            return model(*tensors)


def run(program: Program, texts: dict[str, str]) -> dict[str, Any]:
    """`{output, params, modules: path → [outputs, params]}`, or what was raised and where."""
    steps: list[str] = []
    model = None
    try:
        model = build(program, texts, steps)
        steps.append("run")
        modules = dict(model.named_modules())
        outputs: dict[str, list[Any]] = {}

        def begin(path: str) -> None:
            outputs.setdefault(path, [])

        handles = [
            module.register_forward_hook(lambda _m, _a, out, path=path: outputs[path].append(recorder.shape_of(out)))
            for path, module in modules.items()
        ]
        # Before the call, so that rows stand in the order in which modules are entered.
        handles += [
            module.register_forward_pre_hook(lambda _m, _a, path=path: begin(path)) for path, module in modules.items()
        ]
        output = call(program, model)
        for handle in handles:
            handle.remove()
        return {
            "output": recorder.shape_of(output),
            "params": recorder.parameters(model),
            "modules": {path: [shapes, recorder.parameters(modules[path])] for path, shapes in outputs.items()},
        }
    except MemoryError as error:
        return {"skipped": f"MemoryError: {error}"}
    except Exception as error:  # noqa: BLE001 what it says is what is recorded
        if "allocate memory" in str(error):
            return {"skipped": "too much memory"}
        if any(_DOWNLOADS.search(frame.filename) for frame in traceback.extract_tb(error.__traceback__)):
            return {"skipped": "downloads"}
        label = raised(program, texts, error)
        if isinstance(error, SyntaxError):
            return {"skipped": f"SyntaxError: {error}"}
        label["step"] = steps[-1]
        if steps[-1] == "run":
            label.update(refusal(program, model))
        return label


def raised(program: Program, texts: dict[str, str], error: Exception) -> dict[str, Any]:
    """The exception, and the expression of the innermost frame in the user's files."""
    said = str(error).strip().splitlines()
    label: dict[str, Any] = {"error": type(error).__name__, "message": said[0][:200] if said else ""}
    frames = []
    at = error.__traceback__
    while at is not None:
        frames.append(at)
        at = at.tb_next
    users = [one for one in frames if program.is_users(one.tb_frame.f_code.co_filename)]
    inner = frames[frames.index(users[-1]) + 1 :] if users else frames
    torchs = [one for one in inner if one.tb_frame.f_code.co_filename.startswith(_TORCH)]
    if torchs:
        label["operator"] = torchs[0].tb_frame.f_code.co_qualname if sys.version_info >= (3, 11) else torchs[0].tb_frame.f_code.co_name
    if users:
        frame = users[-1]
        code = frame.tb_frame.f_code
        file = Path(code.co_filename).relative_to(program.folder).as_posix()
        line, end_line, column, end_column = list(code.co_positions())[frame.tb_lasti // 2]
        label["at"] = [file, line, column, end_line, end_column]
        tree = ast.parse(texts.get(file) or program.text(file))
        label["statement"] = list(statement_lines(tree, line, column))
    return label


def refusal(program: Program, model: torch.nn.Module) -> dict[str, Any]:
    """The torch function that raised, found on a second run, and whether it is a residual add."""
    calls = _Calls()
    try:
        call(program, model, calls)
    except Exception as error:  # noqa: BLE001 the first run's is recorded
        if calls.within is None:
            return {}
        function, args = calls.within
        name = resolve_name(function) or getattr(function, "__qualname__", repr(function))
        found: dict[str, Any] = {"operator": name.removeprefix("torch.")}
        operands = [one for one in args if isinstance(one, torch.Tensor)]
        of_shapes = "must match" in str(error) or "broadcast shape" in str(error)
        if name.split(".")[-1] in _ADDS and len(operands) == 2 and of_shapes:
            one, other = (getattr(operand, "from_inputs", frozenset()) for operand in operands)
            if one & other:
                found["residual"] = True
        return found
    return {}


class _Unfilled(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function.overloadpacket.__name__ in _FILLS and LARGE <= args[0].numel():
            return args[0]
        return function(*args, **(kwargs or {}))


class _NoPictures(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function is torch.ops.aten.convolution.default and _is_plain(*args[:3], args[5], args[6]):
            try:
                out = function(args[0][:0], *args[1:], **(kwargs or {}))
                return out.new_zeros((args[0].shape[0], *out.shape[1:]))
            except Exception:  # noqa: BLE001, S110 the refusal in full says the sizes in full
                pass
        return function(*args, **(kwargs or {}))


def _is_plain(x, weight, bias, dilation, transposed) -> bool:
    """Whether the slice makes all the checks that the whole would: some are only made where there is something to do."""
    parts = [one for one in (x, weight, bias) if one is not None]
    return not transposed and 2 < x.dim() and 0 < min(dilation) and all(one.numel() and one.dtype == x.dtype for one in parts)


class _Calls(TorchFunctionMode):
    """Keeps the outermost call under way, and marks tensors by the inputs they were computed from."""

    within: tuple[Any, tuple[Any, ...]] | None = None

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.within = function, (*args, *(kwargs or {}).values())
        result = function(*args, **(kwargs or {}))
        self.within = None
        if isinstance(result, (torch.Tensor, tuple, list, dict)):
            inputs = [getattr(one, "from_inputs", None) for one in tree_leaves((args, kwargs or {})) if isinstance(one, torch.Tensor)]
            marks = frozenset().union(*(one for one in inputs if one))
            for leaf in tree_leaves(result) if marks else ():
                if isinstance(leaf, torch.Tensor) and not isinstance(leaf, torch.nn.Parameter):
                    with contextlib.suppress(Exception):
                        leaf.from_inputs = getattr(leaf, "from_inputs", frozenset()) | marks
        return result


def reached(program: Program, texts: dict[str, str]) -> dict[str, Any]:
    """Lines of the program's file that run while the model is built, and while it is called."""
    path = str(program.folder / program.file)
    lines: set[int] = set()

    def local(frame, event, _arg):
        if event == "line" or event == "call":
            lines.add(frame.f_lineno)
        return local

    def trace(frame, _event, _arg):
        if frame.f_code.co_filename != path or frame.f_code.co_name == "<module>":
            return None
        lines.add(frame.f_lineno)
        return local

    sys.settrace(trace)
    try:
        model = build(program, texts, [])
        built = set(lines)
        lines.clear()
        call(program, model)
    finally:
        sys.settrace(None)
    return {"built": built, "ran": set(lines)}
