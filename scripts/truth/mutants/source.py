"""A Python file's text, its tree, and where a node of it lies in UTF-16 units."""

from __future__ import annotations

import ast
from typing import Iterator


class Source:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node

    def offset(self, line: int, column: int) -> int:
        """Index into `text` of ast's 1-based line and column in bytes."""
        raw = self.lines[line - 1].encode()[:column]
        return self.starts[line - 1] + len(raw.decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def units(self, index: int) -> int:
        """UTF-16 units before an index of `text`."""
        return len(self.text[:index].encode("utf-16-le")) // 2

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        """What encloses a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node: ast.AST) -> ast.FunctionDef | None:
        return next((one for one in self.up(node) if isinstance(one, ast.FunctionDef)), None)

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return next((one for one in self.up(node) if isinstance(one, ast.ClassDef)), None)


def last_name(node: ast.AST) -> str:
    """`Conv2d` of `nn.Conv2d`; empty for what is no dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def is_int(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def statement_lines(tree: ast.Module, line: int, column: int) -> tuple[int, int]:
    """First and last line of the innermost statement at a position; of a compound one, its header's."""
    found: ast.stmt | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and (node.lineno, node.col_offset) <= (line, column):
            if (line, column) < (node.end_lineno, node.end_col_offset):
                if found is None or (found.lineno, found.col_offset) < (node.lineno, node.col_offset):
                    found = node
    if found is None:
        return line, line
    body = getattr(found, "body", None)
    end = found.end_lineno
    if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
        end = max(found.lineno, body[0].lineno - 1)
    return found.lineno, end
