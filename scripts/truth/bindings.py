"""Python source whose every binding reports itself, line numbers untouched.

Each statement of a watched file that binds a name (by `=`, an augmented assignment, unpacking, `for`, `with`, a walrus,
or `self.name = …`), each parameter and each `return` calls a probe with its line, its name and the value. The rules are
those of the contracts' `vars`; the values are those of a real run.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from pathlib import Path

PROBE = "__lens_probe__"
RETURN = "<return>"


def instrument(source: str | bytes, file: str) -> ast.Module:
    """The tree of `source` with a probe call after each binding; `file` is what the probes report."""
    tree = ast.parse(source, file)
    _Instrument(file).block(tree.body)
    return ast.fix_missing_locations(tree)


class Importer(importlib.abc.MetaPathFinder):
    """Loads every module below `folder` instrumented; reported as its path relative to `base`."""

    def __init__(self, folder: Path, base: Path) -> None:
        self.folder = folder.resolve()
        self.base = base.resolve()

    def find_spec(self, fullname, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            return None
        origin = Path(spec.origin).resolve()
        if not origin.is_relative_to(self.folder):
            return None
        spec.loader = _Loader(fullname, spec.origin, origin.relative_to(self.base).as_posix())
        spec.cached = None
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, shown: str) -> None:
        super().__init__(fullname, path)
        self.shown = shown

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return compile(instrument(self.get_data(path), self.shown), path, "exec", dont_inherit=True)


def load(file: Path, name: str, base: Path):
    """Runs one file as module `name`, instrumented, and returns it."""
    loader = _Loader(name, str(file), file.resolve().relative_to(base.resolve()).as_posix())
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


class _Instrument:
    def __init__(self, file: str) -> None:
        self.file = file

    # Statements

    def block(self, body: list[ast.stmt]) -> None:
        """Rewrites a statement list in place."""
        out: list[ast.stmt] = []
        for statement in body:
            before, after = self.statement(statement)
            out += [*before, statement, *after]
        body[:] = out

    def statement(self, node: ast.stmt) -> tuple[list[ast.stmt], list[ast.stmt]]:
        line = node.lineno
        after: list[ast.stmt] = []
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.expression(value, line))
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr):
                setattr(node, field, [self.expression(item, line) for item in value])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.defaults(node.args, line)
            self.block(node.body)
            start = 1 if ast.get_docstring(node, clean=False) is not None else 0
            node.body[start:start] = self.probes(line, parameters(node.args), node)
        elif isinstance(node, ast.ClassDef):
            self.block(node.body)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                node.value = self.call(line, RETURN, node.value)
        elif isinstance(node, ast.Assign):
            after = self.probes(line, [name for target in node.targets for name in bound(target)], node)
        elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
            after = self.probes(line, bound(node.target), node)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.block(node.body)
            node.body[0:0] = self.probes(line, bound(node.target), node)
            self.block(node.orelse)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            names: list[str] = []
            for item in node.items:
                item.context_expr = self.expression(item.context_expr, line)
                if item.optional_vars is not None:
                    names += bound(item.optional_vars)
            self.block(node.body)
            node.body[0:0] = self.probes(line, names, node)
        elif isinstance(node, (ast.If, ast.While)):
            self.block(node.body)
            self.block(node.orelse)
        elif isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
            self.block(node.body)
            for handler in node.handlers:
                self.block(handler.body)
            self.block(node.orelse)
            self.block(node.finalbody)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                self.block(case.body)
        return [], after

    def probes(self, line: int, names: list[str], at: ast.AST) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for name in names:
            owner, _, attribute = name.partition(".")
            read: ast.expr = ast.Name(owner, ast.Load())
            if attribute:
                read = ast.Attribute(read, attribute, ast.Load())
            out.append(ast.copy_location(ast.Expr(self.call(line, name, ast.copy_location(read, at))), at))
        return out

    def call(self, line: int, name: str, value: ast.expr) -> ast.expr:
        arguments = [ast.Constant(self.file), ast.Constant(line), ast.Constant(name)]
        call = ast.Call(ast.Name(PROBE, ast.Load()), [*arguments, value], [])
        for node in (*arguments, call.func, call):
            ast.copy_location(node, value)
        return call

    # Expressions: walruses and lambdas

    def expression(self, node: ast.expr, line: int) -> ast.expr:
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, field, self.expression(value, line))
            elif isinstance(value, list):
                setattr(node, field, [self.part(item, line) for item in value])
        if isinstance(node, ast.NamedExpr):
            node.value = self.call(line, node.target.id, node.value)
        elif isinstance(node, ast.Lambda):
            names = parameters(node.args)
            parts = [self.call(node.lineno, name, ast.copy_location(ast.Name(name, ast.Load()), node)) for name in names]
            result = self.call(node.lineno, RETURN, node.body)
            pack = ast.Tuple([*parts, result], ast.Load())
            node.body = ast.Subscript(pack, ast.Constant(-1), ast.Load())
            for made in (pack, node.body, node.body.slice):
                ast.copy_location(made, result)
        return node

    def part(self, item, line: int):
        if isinstance(item, ast.expr):
            return self.expression(item, line)
        if isinstance(item, ast.keyword):
            item.value = self.expression(item.value, line)
        elif isinstance(item, ast.comprehension):
            item.iter = self.expression(item.iter, line)
            item.ifs = [self.expression(test, line) for test in item.ifs]
        return item

    def defaults(self, args: ast.arguments, line: int) -> None:
        args.defaults = [self.expression(value, line) for value in args.defaults]
        args.kw_defaults = [value and self.expression(value, line) for value in args.kw_defaults]


def parameters(args: ast.arguments) -> list[str]:
    named = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [arg.arg for arg in named if arg is not None]


def bound(target: ast.expr) -> list[str]:
    """Names that an assignment target binds, `self.name` included, subscripts and other attributes not."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in bound(item)]
    if isinstance(target, ast.Starred):
        return bound(target.value)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
        return [f"self.{target.attr}"]
    return []
