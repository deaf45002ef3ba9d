"""Every single edit of a kind that a source offers, where a program reaches it."""

from __future__ import annotations

import ast
import re
from typing import Callable, Iterator

from mutants.source import Source, is_int, is_self, last_name

Edit = tuple[int, int, str]
"""From, to (indices into the text), and what stands there instead."""

CONV = re.compile(r"conv", re.I)
POOL = re.compile(r"pool", re.I)
NORM = re.compile(r"norm|bn", re.I)
LINEAR = re.compile(r"linear|^fc|dense_?layer|^head", re.I)
SHORTCUT = re.compile(r"down|short|proj|skip|ident|resid|rescale", re.I)
CHANNELS = re.compile(r"channels|planes|chs|features|width|filters|dim$|^dim")
VIEWS = {"view", "reshape", "permute", "transpose", "expand", "repeat", "unflatten"}
BY_AXIS = {"cat", "concat", "stack", "flatten", "mean", "softmax", "chunk", "split", "sum", "unsqueeze", "squeeze", "max"}
SYNONYMS = {
    "stride": "strides",
    "kernel_size": "kernel",
    "padding": "pad",
    "groups": "group",
    "dilation": "dilations",
    "bias": "use_bias",
    "dim": "dims",
    "scale_factor": "scale",
    "inplace": "in_place",
}


class Context:
    """A source, and which of its lines a program runs."""

    def __init__(self, source: Source, built: set[int], ran: set[int]) -> None:
        self.source = source
        self.built, self.ran = built, ran
        self.nodes = [node for node in ast.walk(source.tree) if hasattr(node, "lineno")]
        self.nodes.sort(key=lambda node: (node.lineno, node.col_offset, -node.end_lineno, -node.end_col_offset))
        self.layers = self._layers()

    def _layers(self) -> dict[str, str]:
        """`self.x = nn.Y(…)` anywhere: x → text of `nn.Y`."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and is_self(node.targets[0]):
                if isinstance(node.value, ast.Call):
                    found.setdefault(node.targets[0].attr, self.source.of(node.value.func))
        return found

    def statement(self, node: ast.AST) -> ast.stmt | None:
        for one in (node, *self.source.up(node)):
            if isinstance(one, ast.stmt):
                return one
        return None

    def is_built(self, node: ast.AST) -> bool:
        return self._reaches(node, self.built)

    def is_ran(self, node: ast.AST) -> bool:
        return self._reaches(node, self.ran)

    def is_reached(self, node: ast.AST) -> bool:
        return self.is_built(node) or self.is_ran(node)

    def _reaches(self, node: ast.AST, lines: set[int]) -> bool:
        if self.source.function(node) is None and not isinstance(node, ast.FunctionDef):
            # A class body, which runs when the file is imported: if any of its methods is used.
            owner = self.source.class_of(node)
            return owner is not None and lines is self.built and any(owner.lineno < line <= owner.end_lineno for line in lines)
        statement = self.statement(node)
        return statement is not None and any(line in lines for line in range(node.lineno, node.end_lineno + 1)) and (
            statement.lineno in lines or node.lineno in lines
        )

    def is_annotation(self, node: ast.AST) -> bool:
        """Whether it is in an annotation, which Python 3.14 leaves alone and older ones evaluate."""
        below = node
        for one in self.source.up(node):
            if below in (getattr(one, "annotation", None), getattr(one, "returns", None)):
                return True
            below = one
        return False

    def calls(self, where: Callable[[ast.AST], bool] | None = None) -> Iterator[tuple[ast.Call, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Call) and (where or self.is_reached)(node):
                yield node, last_name(node.func)

    def replace(self, node: ast.AST, text: str) -> Edit:
        return (*self.source.span(node), text)

    def without_statement(self, node: ast.stmt) -> Edit:
        """The statement gone; its block keeps a `pass` where it would be empty."""
        block = next(
            getattr(self.source.parents[node], field)
            for field in ("body", "orelse", "finalbody", "handlers")
            if node in (getattr(self.source.parents[node], field, None) or ())
        )
        if len(block) == 1:
            return self.replace(node, "pass")
        start, end = self.source.span(node)
        first, last = self.source.starts[node.lineno - 1], self.source.starts[node.end_lineno]
        alone = self.source.text[first:start].strip() == "" and self.source.text[end:last].split("#")[0].strip() == ""
        return (first, last, "") if alone else self.replace(node, "pass")

    def argument(self, call: ast.Call, position: int, *names: str) -> ast.expr | None:
        for keyword in call.keywords:
            if keyword.arg in names:
                return keyword.value
        if any(isinstance(one, ast.Starred) for one in call.args):
            return None
        return call.args[position] if position < len(call.args) else None

    def without_argument(self, call: ast.Call, which: ast.AST) -> Edit:
        parts = sorted([*call.args, *call.keywords], key=lambda one: (one.lineno, one.col_offset))
        at = parts.index(which)
        if at + 1 < len(parts):
            return self.source.span(which)[0], self.source.span(parts[at + 1])[0], ""
        return (self.source.span(parts[at - 1])[1] if at else self.source.span(which)[0]), self.source.span(which)[1], ""


def others(node: ast.expr, *values: int) -> Iterator[tuple[ast.expr, str]]:
    """Each integer in an argument, and what it is changed to: the values that it is not; else the whole expression."""
    if is_int(node):
        yield from ((node, str(value)) for value in values if value != node.value)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from others(item, *values)
    elif not isinstance(node, ast.Constant):
        yield from ((node, str(value)) for value in values[:2])


def sizes(context: Context, node: ast.expr) -> Iterator[str]:
    """Wrong texts for a count of channels or features."""
    text = context.source.of(node)
    if is_int(node):
        yield from (str(value) for value in (node.value * 2, node.value // 2, node.value + 1) if 0 < value)
    elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)):
        yield from (f"{text} * 2", f"{text} // 2")
    elif isinstance(node, ast.BinOp):
        yield context.source.of(node.left)
        if isinstance(node.op, ast.Mult):
            yield context.source.of(node.right)


def typos(name: str) -> Iterator[str]:
    if 3 < len(name):
        middle = len(name) // 2
        yield name[:middle] + name[middle + 1 :]
        yield name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
    yield f"{name}_"
    if name[-1].isdigit():
        yield name[:-1] + str(int(name[-1]) + 5)


def stride(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_built):
        value = c.argument(call, 3 if re.fullmatch(r"Conv\w*\dd", name) else 99, "stride", "strides")
        if value is not None:
            yield from (c.replace(node, text) for node, text in others(value, 1, 2, 3))
            for keyword in call.keywords:
                if keyword.value is value:
                    yield c.without_argument(call, keyword)
    for node in c.nodes:
        if isinstance(node, ast.FunctionDef) and c.is_reached(node) and node.args.defaults:
            for argument, default in zip(node.args.args[-len(node.args.defaults) :], node.args.defaults):
                if "stride" in argument.arg:
                    yield from (c.replace(one, text) for one, text in others(default, 1, 2))


def padding(c: Context) -> Iterator[Edit]:
    for call, name in c.calls():
        position = 4 if re.fullmatch(r"Conv\w*\dd", name) else 2 if POOL.search(name) and "Adaptive" not in name else 99
        value = c.argument(call, position, "padding", "pad", "dilation")
        if value is not None:
            yield from (c.replace(node, text) for node, text in others(value, 0, 1, 2))
            for keyword in call.keywords:
                if keyword.value is value:
                    yield c.without_argument(call, keyword)


def kernel(c: Context) -> Iterator[Edit]:
    for call, name in c.calls():
        adaptive = "adaptive" in name.lower()
        position = 2 if re.fullmatch(r"Conv\w*\dd", name) else 0 if POOL.search(name) and not adaptive else 99
        value = c.argument(call, position, "kernel_size", "kernel_sizes")
        if value is not None:
            for node, text in others(value, 1, 2, 3, 5, 7):
                if not is_int(node) or abs(int(text) - node.value) <= 2:
                    yield c.replace(node, text)


def channels(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_built):
        if not (CONV.search(name) or NORM.search(name)):
            continue
        places = [value for value in call.args[: 2 if CONV.search(name) else 1] if not isinstance(value, ast.Starred)]
        places += [keyword.value for keyword in call.keywords if keyword.arg and CHANNELS.search(keyword.arg)]
        for node in places:
            yield from (c.replace(node, text) for text in sizes(c, node))
            for other in places:
                if c.source.of(other) != c.source.of(node):
                    yield c.replace(node, c.source.of(other))


def expansion(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and c.is_built(node) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if "expan" in last_name(target) and is_int(node.value):
                yield from (c.replace(node.value, str(value)) for value in (1, 2, 4, 8) if value != node.value.value)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.FloorDiv)) and c.is_reached(node):
            sides = [c.source.of(node.left), c.source.of(node.right)]
            if any("expan" in side or "ratio" in side or "factor" in side for side in sides):
                yield from (c.replace(node, side) for side in sides)


def groups(c: Context) -> Iterator[Edit]:
    for call, _ in c.calls():
        for keyword in call.keywords:
            if keyword.arg in ("groups", "cardinality", "num_groups"):
                yield from (c.replace(node, text) for node, text in others(keyword.value, 1, 2, 3))
                yield c.without_argument(call, keyword)


def downsample(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.If) and c.is_ran(node) and not node.orelse and SHORTCUT.search(c.source.of(node.test)):
            yield c.without_statement(node)
        if isinstance(node, ast.Call) and c.is_reached(node):
            if is_self(node.func) and SHORTCUT.search(node.func.attr) and len(node.args) == 1:
                yield c.replace(node, c.source.of(node.args[0]))
            for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if isinstance(value, ast.Name) and re.search(r"down|short|proj", value.id, re.I):
                    yield c.replace(value, "None")
        if isinstance(node, ast.Assign) and c.is_built(node) and SHORTCUT.search(last_name(node.targets[0])):
            if isinstance(node.value, ast.Call):
                yield c.replace(node.value, "None")
                yield c.replace(node.value, "nn.Identity()" if "import torch.nn as nn" in c.source.text or "nn." in c.source.text else "None")


def condition(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.BoolOp) and c.is_reached(node):
            for left_out in node.values:
                kept = [c.source.of(value) for value in node.values if value is not left_out]
                yield c.replace(node, (" and " if isinstance(node.op, ast.And) else " or ").join(kept))
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and c.is_reached(node):
            sign = {ast.NotEq: "==", ast.Eq: "!=", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Is: "is not"}
            sign[ast.IsNot] = "is"
            if type(node.ops[0]) in sign:
                text = f"{c.source.of(node.left)} {sign[type(node.ops[0])]} {c.source.of(node.comparators[0])}"
                yield c.replace(node, text)
        if isinstance(node, (ast.If, ast.IfExp)) and c.is_reached(node) and isinstance(node.test, (ast.Name, ast.Attribute)):
            yield c.replace(node.test, f"not {c.source.of(node.test)}")


def update(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if not c.is_built(node) or c.source.function(node) is None:
            continue
        if isinstance(node, ast.AugAssign):
            yield c.without_statement(node)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, (ast.Name, ast.Attribute, ast.BinOp)):
            target = c.source.of(node.targets[0])
            if CHANNELS.search(target) or "in_" in target:
                times = sum(
                    isinstance(one, ast.Assign) and any(c.source.of(each) == target for each in one.targets) for one in c.nodes
                )
                loops = any(isinstance(one, (ast.For, ast.While)) for one in c.source.up(node))
                if 1 < times or loops:
                    yield c.without_statement(node)
                    yield from (c.replace(node.value, text) for text in sizes(c, node.value))


def loop(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) == "range" and c.is_reached(node):
            bound = node.args[-1] if len(node.args) < 3 else node.args[1]
            text = c.source.of(bound)
            yield from (c.replace(bound, f"{text} {more}") for more in ("- 1", "+ 1"))
            if len(node.args) == 2:
                yield c.replace(node, f"range({text})")
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and c.is_reached(node):
            for end in (node.slice.lower, node.slice.upper):
                if end is not None and is_int(end):
                    yield c.replace(end, str(end.value + 1))
        if isinstance(node, ast.Subscript) and c.is_reached(node) and isinstance(node.ctx, ast.Load):
            if is_int(node.slice):
                yield c.replace(node.slice, str(node.slice.value + 1))


def swap(c: Context) -> Iterator[Edit]:
    for call, _ in c.calls():
        for one, other in zip(call.args, call.args[1:]):
            a, b = c.source.of(one), c.source.of(other)
            if a != b and not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
                start, end = c.source.span(one)[0], c.source.span(other)[1]
                between = c.source.text[c.source.span(one)[1] : c.source.span(other)[0]]
                yield start, end, b + between + a


def argument(c: Context) -> Iterator[Edit]:
    for call, name in c.calls():
        if name in ("super", "print", "len", "isinstance", "range"):
            continue
        for part in [*call.args, *call.keywords]:
            if not isinstance(part, ast.Starred) and getattr(part, "arg", "") is not None:
                yield c.without_argument(call, part)


def flatten(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_ran):
        if name in ("flatten", "view", "reshape") and isinstance(call.func, ast.Attribute):
            owner = call.func.value
            tensor = call.args[0] if last_name(owner) == "torch" and call.args else owner
            yield c.replace(call, c.source.of(tensor))
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if is_int(value):
                    yield from (c.replace(node, text) for node, text in others(value, 0, 1, 2))


def pool(c: Context) -> Iterator[Edit]:
    for call, name in c.calls():
        if is_self(call.func) and POOL.search(name) and len(call.args) == 1 and c.is_ran(call):
            yield c.replace(call, c.source.of(call.args[0]))
        if "adaptive" in name.lower() and POOL.search(name) and call.args:
            yield from (c.replace(node, text) for node, text in others(call.args[-1], 1, 2, 7))


def linear(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_built):
        if LINEAR.search(name):
            places = [value for value in call.args[:2] if not isinstance(value, ast.Starred)]
            places += [keyword.value for keyword in call.keywords if keyword.arg and CHANNELS.search(keyword.arg)]
            for node in places:
                yield from (c.replace(node, text) for text in sizes(c, node))


def concat(c: Context) -> Iterator[Edit]:
    """A concat for an add, and an add for a concat."""
    torch = "torch" if any(isinstance(node, ast.Import) and any(one.name == "torch" and not one.asname for one in node.names) for node in c.nodes) else None
    for node in c.nodes:
        if not c.is_ran(node):
            continue
        if isinstance(node, ast.Call) and last_name(node.func) in ("cat", "concat") and node.args:
            if isinstance(node.args[0], (ast.List, ast.Tuple)) and 1 < len(node.args[0].elts):
                parts = [c.source.of(item) for item in node.args[0].elts]
                yield c.replace(node, f"({' + '.join(parts)})")
        if torch and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _is_activation(node.left) and _is_activation(node.right):
            yield c.replace(node, f"torch.cat([{c.source.of(node.left)}, {c.source.of(node.right)}], 1)")
        if torch and isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and _is_activation(node.value):
            target = c.source.of(node.target)
            yield c.replace(node, f"{target} = torch.cat([{target}, {c.source.of(node.value)}], dim=1)")


def _is_activation(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Call) and is_self(node.func))


def axis(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_ran):
        if name in BY_AXIS:
            for value in [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in ("dim", "axis"))]:
                yield from (c.replace(node, text) for node, text in others(value, 0, 1, 2, 3) if is_int(node))


def view(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_ran):
        if name in VIEWS:
            for value in call.args:
                for node in [value, *getattr(value, "elts", ())]:
                    if is_int(node):
                        yield c.replace(node, str(node.value + 1))
                    elif isinstance(node, ast.BinOp):
                        yield c.replace(node, c.source.of(node.left))


def attribute(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if is_self(node) and c.is_reached(node):
            start, end = c.source.span(node)
            yield from ((end - len(node.attr), end, text) for text in typos(node.attr))
    for call, name in c.calls():
        # `nn.Conv2d`, `torch.flatten`, `x.mean`.
        if isinstance(call.func, ast.Attribute) and not is_self(call.func):
            start, end = c.source.span(call.func)
            yield from ((end - len(name), end, text) for text in list(typos(name))[:2])


def keyword(c: Context) -> Iterator[Edit]:
    for call, _ in c.calls():
        for one in call.keywords:
            if one.arg is not None:
                start = c.source.span(one)[0]
                if one.arg in SYNONYMS:
                    yield start, start + len(one.arg), SYNONYMS[one.arg]
                yield from ((start, start + len(one.arg), text) for text in list(typos(one.arg))[:1])


def name(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and c.is_reached(node) and node.id != "self":
            if c.source.function(node) is not None and not c.is_annotation(node):
                yield from (c.replace(node, text) for text in typos(node.id))


def variable(c: Context) -> Iterator[Edit]:
    """Another local variable of the function in a layer's call or an add."""
    for node in c.nodes:
        if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and c.is_ran(node)):
            continue
        function, parent = c.source.function(node), c.source.parents[node]
        is_operand = isinstance(parent, (ast.BinOp, ast.AugAssign, ast.Return)) or (isinstance(parent, ast.Call) and node in parent.args)
        if function is None or not is_operand:
            continue
        known = {argument.arg for argument in function.args.args} - {"self"}
        known |= {
            one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.lineno < node.lineno
        }
        yield from (c.replace(node, other) for other in sorted(known - {node.id}))


def uncalled(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_ran):
        if is_self(call.func) and call.args:
            yield c.replace(call, c.source.of(call.func))


def skipped(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.Assign) and c.is_ran(node) and isinstance(node.value, ast.Call) and node.value.args:
            if c.source.of(node.value.args[0]) == c.source.of(node.targets[0]):
                yield c.without_statement(node)
            elif is_self(node.value.func) and isinstance(node.value.args[0], ast.Name):
                yield c.replace(node.value, c.source.of(node.value.args[0]))


def rebuilt(c: Context) -> Iterator[Edit]:
    for call, name in c.calls(c.is_ran):
        if is_self(call.func) and len(call.args) == 1 and name in c.layers:
            start, end = c.source.span(call.func)
            yield start, end, c.layers[name]


def returned(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        if isinstance(node, ast.Return) and node.value is not None and c.is_reached(node):
            yield c.without_statement(node)
            if isinstance(node.value, ast.Name):
                yield c.replace(node.value, f"{node.value.id}, {node.value.id}")


def order(c: Context) -> Iterator[Edit]:
    for node in c.nodes:
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for one, other in zip(body, body[1:]):
            if isinstance(one, ast.Assign) and isinstance(other, ast.Assign) and c.is_reached(one) and c.is_reached(other):
                a, b = c.source.of(one), c.source.of(other)
                if "\n" not in a + b and isinstance(one.value, ast.Call) and isinstance(other.value, ast.Call):
                    start, end = c.source.span(one)[0], c.source.span(other)[1]
                    between = c.source.text[c.source.span(one)[1] : c.source.span(other)[0]]
                    yield start, end, b + between + a


def benign(c: Context) -> Iterator[Edit]:
    """What leaves the program running."""
    for node in c.nodes:
        if not c.is_reached(node):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield c.replace(node, str(not node.value))
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value < 1:
            yield c.replace(node, str(node.value / 2))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and c.is_ran(node) and _is_activation(node.left) and _is_activation(node.right):
            yield c.replace(node, f"{c.source.of(node.right)} + {c.source.of(node.left)}")
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and c.is_ran(node):
            sign = {ast.Add: "+", ast.Mult: "*"}.get(type(node.op))
            if sign:
                yield c.replace(node, f"{node.target.id} = {node.target.id} {sign} ({c.source.of(node.value)})")
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            start, end = c.source.span(node.func)
            if name in ("relu", "ReLU", "relu_") and not is_self(node.func):
                other = {"relu": "gelu", "ReLU": "ReLU6", "relu_": "sigmoid"}[name]
                if isinstance(node.func, ast.Attribute):
                    yield end - len(name), end, other
            if name == "flatten" and last_name(getattr(node.func, "value", node)) == "torch" and len(node.args) == 2:
                yield c.replace(node, f"{c.source.of(node.args[0])}.flatten({c.source.of(node.args[1])})")
            if 1 < len(node.keywords) and not any(one.arg is None for one in node.keywords) and "\n" not in c.source.of(node):
                parts = [c.source.of(one) for one in (*node.args, *reversed(node.keywords))]
                yield c.replace(node, f"{c.source.of(node.func)}({', '.join(parts)})")
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and c.is_ran(node):
            yield c.replace(node, f"result = {node.value.id}; return result")
        if isinstance(node, ast.Assign) and c.is_ran(node) and isinstance(node.targets[0], ast.Name):
            if isinstance(node.value, ast.Call) and is_self(node.value.func) and len(node.value.args) == 1 and not node.value.keywords:
                yield c.replace(node.value, f"{c.source.of(node.value.func)}.forward({c.source.of(node.value.args[0])})")


KINDS: dict[str, tuple[Callable[[Context], Iterator[Edit]], int]] = {
    "stride": (stride, 3),
    "padding": (padding, 2),
    "kernel": (kernel, 2),
    "channels": (channels, 3),
    "expansion": (expansion, 3),
    "groups": (groups, 1),
    "downsample": (downsample, 3),
    "condition": (condition, 2),
    "update": (update, 3),
    "loop": (loop, 1),
    "swap": (swap, 2),
    "argument": (argument, 2),
    "flatten": (flatten, 1),
    "pool": (pool, 1),
    "linear": (linear, 1),
    "concat": (concat, 1),
    "axis": (axis, 1),
    "view": (view, 1),
    "attribute": (attribute, 1),
    "keyword": (keyword, 1),
    "name": (name, 1),
    "variable": (variable, 1),
    "uncalled": (uncalled, 1),
    "skipped": (skipped, 2),
    "rebuilt": (rebuilt, 1),
    "returned": (returned, 1),
    "order": (order, 1),
    "benign": (benign, 3),
}
"""Kind → its edits, and how many turns it has in a round."""
