"""Records what CPython's own parser, tokenizer and symbol table say of Python files, as canonical JSON lists.

    python3 scripts/ast-goldens.py test/syntax/snippets test/syntax/goldens
    python3 scripts/ast-goldens.py DIRECTORY OUT --recursive     # any other sources, for a one-off comparison

Each entry is [kind, start, end, key]: start and end are UTF-16 offsets into the file's text, key holds the fields that
the core language keeps (test/syntax/canonical.ts makes the same list from lowered syntax). Entries are unique and
sorted. Exceptions, because CPython 3.11 cannot tell or the core language lowers the construct:
  - nodes inside an f-string have offsets 0, 0 (3.11 places them wrongly);
  - a chain of comparisons is one entry; nested `and`/`or` of one operator are one entry, as in the ast;
  - a comprehension is one entry (its hidden function's scope comes from the symbol table);
  - of a `match` statement only the subject and the case bodies are listed.
"""

import ast
import io
import json
import pathlib
import struct
import symtable
import sys
import tokenize

BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
}
COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}
UNARY = {ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
COMPREHENSIONS = {ast.ListComp: "<listcomp>", ast.SetComp: "<setcomp>", ast.DictComp: "<dictcomp>",
                  ast.GeneratorExp: "<genexpr>"}
SCOPES = {"listcomp": "<listcomp>", "setcomp": "<setcomp>", "dictcomp": "<dictcomp>", "genexpr": "<genexpr>",
          "lambda": "<lambda>"}


def utf16(text: str) -> int:
    return len(text) + sum(0xFFFF < ord(char) for char in text)


class Recorder:
    def __init__(self, text: str):
        self.text = text
        self.entries = set()
        self.in_format = 0
        self.classes = []
        self.walruses = set()
        self.functions = 0
        # ast counts lines at \n (after universal newlines) only.
        self.lines = io.StringIO(text, newline="").readlines()
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + utf16(line))

    def offset(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return self.starts[line - 1] + utf16(text.encode()[:column].decode())

    def add(self, kind: str, node, *key) -> None:
        if self.in_format:
            start = end = 0
        else:
            start = self.offset(node.lineno, node.col_offset)
            end = self.offset(node.end_lineno, node.end_col_offset)
        self.entries.add(json.dumps([kind, start, end, *key], sort_keys=True))

    def mangle(self, name):
        """`__x` in a class `Net` is `_Net__x`: the compiler does it, not the parser."""
        if not self.classes or name is None or not name.startswith("__") or name.endswith("__"):
            return name
        stripped = self.classes[-1].lstrip("_")
        return f"_{stripped}{name}" if stripped else name

    def walk(self, node) -> None:
        method = getattr(self, "on_" + type(node).__name__, None)
        if method is None:
            self.children(node)
        else:
            method(node)

    def children(self, node) -> None:
        for child in ast.iter_child_nodes(node):
            self.walk(child)

    def on_Name(self, node):
        self.add("name", node, self.mangle(node.id))

    def on_Attribute(self, node):
        self.add("attribute", node, self.mangle(node.attr))
        self.children(node)

    def arguments(self, args, keywords):
        for arg in args:
            if isinstance(arg, ast.Starred):
                self.add("star", arg, "*")
        for keyword in keywords:
            if keyword.arg is None:
                self.add("star", keyword, "**")
            else:
                self.add("keyword", keyword, self.mangle(keyword.arg))

    def on_Call(self, node):
        self.add("call", node, len(node.args) + len(node.keywords))
        self.arguments(node.args, node.keywords)
        self.children(node)

    def on_Constant(self, node):
        value = node.value
        if value is None or isinstance(value, bool) or value is Ellipsis:
            self.add("constant", node, "none" if value is None else "ellipsis" if value is Ellipsis else value)
        elif isinstance(value, str):
            self.add("string", node, value)
        elif isinstance(value, bytes):
            self.add("bytes", node, value.decode("latin-1"))
        elif isinstance(value, complex):
            self.add("number", node, number(value.imag), "j")
        else:
            self.add("number", node, number(value), "float" if isinstance(value, float) else "int")

    def on_JoinedStr(self, node):
        self.add("format", node, self.parts(node))
        self.in_format += 1
        self.fields(node)
        self.in_format -= 1

    def parts(self, node):
        parts = []
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(value.value)
            else:
                conversion = "" if value.conversion == -1 else chr(value.conversion)
                parts.append([conversion, None if value.format_spec is None else self.parts(value.format_spec)])
        return parts

    def fields(self, node):
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.walk(value.value)
                if value.format_spec is not None:
                    self.fields(value.format_spec)

    def on_BinOp(self, node):
        self.add("binary", node, BINARY[type(node.op)])
        self.children(node)

    def on_UnaryOp(self, node):
        self.add("unary", node, UNARY[type(node.op)])
        self.children(node)

    def on_BoolOp(self, node):
        self.add("logic", node, "and" if isinstance(node.op, ast.And) else "or")
        self.children(node)

    def on_Compare(self, node):
        self.add("compare", node, [COMPARE[type(op)] for op in node.ops])
        self.children(node)

    def on_IfExp(self, node):
        self.add("conditional", node)
        self.children(node)

    def on_NamedExpr(self, node):
        if self.functions == 0:
            self.walruses.add(node.target.id)
        self.add("bind", node, self.mangle(node.target.id))
        self.walk(node.value)

    def on_Subscript(self, node):
        self.add("index", node)
        self.children(node)

    def on_Slice(self, node):
        self.add("slice", node, node.lower is not None, node.upper is not None, node.step is not None)
        self.children(node)

    def sequence(self, kind, node):
        stored = isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
        stars = [isinstance(item, ast.Starred) for item in node.elts]
        self.add("unpack" if stored else kind, node, stars)
        self.children(node)

    def on_List(self, node):
        self.sequence("list", node)

    def on_Tuple(self, node):
        self.sequence("tuple", node)

    def on_Set(self, node):
        self.sequence("set", node)

    def on_Dict(self, node):
        self.add("record", node, [key is not None for key in node.keys])
        self.children(node)

    def on_ListComp(self, node):
        self.add("comprehension", node, COMPREHENSIONS[type(node)])
        self.children(node)

    on_SetComp = on_DictComp = on_GeneratorExp = on_ListComp

    def on_Yield(self, node):
        self.add("yield", node, "yield")
        self.children(node)

    def on_YieldFrom(self, node):
        self.add("yield", node, "from")
        self.children(node)

    def on_Await(self, node):
        self.add("yield", node, "await")
        self.children(node)

    def on_arg(self, node):
        if isinstance(node.annotation, ast.Starred):
            self.add("tuple", node.annotation, [True])
        self.children(node)

    def params(self, args):
        result = []
        positional = [*args.posonlyargs, *args.args]
        first = len(positional) - len(args.defaults)
        for index, arg in enumerate(positional):
            kind = "positional-only" if index < len(args.posonlyargs) else "normal"
            result.append([kind, self.mangle(arg.arg), first <= index, arg.annotation is not None])
        if args.vararg:
            result.append(["star", self.mangle(args.vararg.arg), False, args.vararg.annotation is not None])
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            result.append(["keyword-only", self.mangle(arg.arg), default is not None, arg.annotation is not None])
        if args.kwarg:
            result.append(["double-star", self.mangle(args.kwarg.arg), False, args.kwarg.annotation is not None])
        return result

    def on_Lambda(self, node):
        self.add("lambda", node, self.params(node.args))
        self.children(node)

    def on_FunctionDef(self, node):
        is_async = isinstance(node, ast.AsyncFunctionDef)
        doc = ast.get_docstring(node, clean=False)
        self.add("def", node, self.mangle(node.name), self.params(node.args), len(node.decorator_list), node.returns is not None,
                 is_async, doc, is_generator(node))
        self.functions += 1
        self.children(node)
        self.functions -= 1

    on_AsyncFunctionDef = on_FunctionDef

    def on_ClassDef(self, node):
        doc = ast.get_docstring(node, clean=False)
        self.add("class", node, self.mangle(node.name), len(node.decorator_list), len(node.bases) + len(node.keywords),
                 doc)
        self.arguments(node.bases, node.keywords)
        for child in [*node.bases, *node.keywords, *node.decorator_list]:
            self.walk(child)
        self.classes.append(node.name)
        for child in node.body:
            self.walk(child)
        self.classes.pop()

    def on_Expr(self, node):
        self.add("expression", node)
        self.children(node)

    def on_Assign(self, node):
        self.add("assign", node, len(node.targets))
        self.children(node)

    def on_AnnAssign(self, node):
        self.add("annotated", node, node.value is not None)
        self.children(node)

    def on_AugAssign(self, node):
        self.add("augmented", node, BINARY[type(node.op)])
        self.children(node)

    def on_If(self, node):
        self.add("if", node, bool(node.orelse))
        self.children(node)

    def on_While(self, node):
        self.add("loop", node, bool(node.orelse))
        self.children(node)

    def on_For(self, node):
        self.add("iterate", node, bool(node.orelse), isinstance(node, ast.AsyncFor))
        self.children(node)

    on_AsyncFor = on_For

    def on_With(self, node):
        items = [item.optional_vars is not None for item in node.items]
        self.add("with", node, items, isinstance(node, ast.AsyncWith))
        self.children(node)

    on_AsyncWith = on_With

    def on_Try(self, node):
        self.add("try", node, len(node.handlers), bool(node.orelse), bool(node.finalbody))
        self.children(node)

    def on_ExceptHandler(self, node):
        self.add("handler", node, node.type is not None, self.mangle(node.name))
        self.children(node)

    def on_Return(self, node):
        self.add("return", node, node.value is not None)
        self.children(node)

    def on_Raise(self, node):
        self.add("raise", node, node.exc is not None, node.cause is not None)
        self.children(node)

    def on_Assert(self, node):
        self.add("assert", node, node.msg is not None)
        self.children(node)

    def on_Delete(self, node):
        self.add("delete", node, len(node.targets))
        self.children(node)

    def on_Pass(self, node):
        self.add("block", node)

    on_Global = on_Nonlocal = on_Pass

    def on_Break(self, node):
        self.add("jump", node, "break")

    def on_Continue(self, node):
        self.add("jump", node, "continue")

    def on_Import(self, node):
        for alias in node.names:
            self.add("import", node if len(node.names) == 1 else alias, alias.name, alias.asname)

    def on_ImportFrom(self, node):
        star = node.names[0].name == "*"
        self.add("from", node, node.module or "", node.level, star)
        if not star:
            for alias in node.names:
                self.add("alias", alias, alias.name, alias.asname)

    def on_Match(self, node):
        self.walk(node.subject)
        for case in node.cases:
            for statement in case.body:
                self.walk(statement)

    def comments(self):
        for token in tokenize.generate_tokens(io.StringIO(self.text, newline="").readline):
            if token.type == tokenize.COMMENT:
                (line, column), text = token.start, token.string
                start = self.starts[line - 1] + utf16(self.lines[line - 1][:column])
                self.entries.add(json.dumps(["comment", start, start + utf16(text), text[1:].strip()]))

    def scopes(self, table, nested=False):
        if nested:
            # A cell named __class__ stands for super() without arguments, unless the source assigns the name.
            symbols = [s for s in table.get_symbols() if s.get_name() != "__class__" or s.is_assigned()]

            def names(wanted):
                return sorted(s.get_name() for s in symbols if wanted(s))

            free = {s.get_name() for s in symbols if s.is_nonlocal()}
            self.entries.add(json.dumps([
                "scope", 0, 0, SCOPES.get(table.get_name(), self.mangle(table.get_name())),
                names(lambda s: s.is_local() and s.get_name() != ".0"),
                names(lambda s: s.is_declared_global()),
                sorted(free),
            ]))
        else:
            # A `:=` in a comprehension of the module shows as a declared global only.
            self.entries.add(json.dumps(["module", 0, 0, sorted(
                s.get_name() for s in table.get_symbols() if s.is_local() or s.is_assigned() or s.is_imported()
                or s.is_declared_global() and s.get_name() in self.walruses)]))
        if table.get_type() == "class":
            self.classes.append(table.get_name())
        for child in table.get_children():
            self.scopes(child, True)
        if table.get_type() == "class":
            self.classes.pop()


def is_generator(node) -> bool:
    todo = list(node.body)
    while todo:
        item = todo.pop()
        if isinstance(item, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(item))
    return False


def number(value):
    """Small integral values as they are, all others as the bytes of the nearest double, in hexadecimal."""
    try:
        as_float = float(value)
    except OverflowError:
        as_float = float("inf")
    if as_float.is_integer() and as_float < 2**53:
        return int(as_float)
    return struct.pack(">d", as_float).hex()


def record(path: pathlib.Path):
    text = path.read_bytes().decode("utf-8")
    bom = text.startswith("\ufeff")
    body = text[1:] if bom else text
    recorder = Recorder(body)
    recorder.walk(ast.parse(body))
    recorder.comments()
    recorder.scopes(symtable.symtable(body, str(path), "exec"))
    entries = [json.loads(entry) for entry in recorder.entries]
    if bom:
        entries = [[kind, start + (1 if end else 0), end + (1 if end else 0), *key] for kind, start, end, *key in entries]
    return sorted(entries, key=lambda entry: (entry[1], entry[2], json.dumps(entry)))


def main() -> None:
    source, out, *flags = sys.argv[1:]
    root, target = pathlib.Path(source), pathlib.Path(out)
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(root.rglob("*.py") if "--recursive" in flags else root.glob("*.py")):
        lines = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in record(path))
        name = "__".join(path.relative_to(root).with_suffix(".json").parts)
        (target / name).write_text(f"[\n{lines}\n]\n")


main()
