"""Which edits of a program are made: drawn by a seed that is the program's own, kind by kind."""

from __future__ import annotations

import ast
import random
from typing import Any

from mutants.kinds import KINDS, Context
from mutants.source import Source


def choose(text: str, seed: str, reached: dict[str, Any], count: int, seen: set[str]) -> list[tuple[str, int, int, str]]:
    """Up to `count` edits as kind, from, to, text; positions in UTF-16 units. No two give one text; `seen` is added to."""
    source = Source(text)
    context = Context(source, reached["built"], reached["ran"])
    dice = random.Random(seed)
    offers: dict[str, list[tuple[int, int, str]]] = {}
    for kind, (edits, _) in KINDS.items():
        offers[kind] = list(dict.fromkeys(edits(context)))
        dice.shuffle(offers[kind])
    chosen: list[tuple[str, int, int, str]] = []
    while len(chosen) < count and any(offers.values()):
        turns = [kind for kind, (_, share) in KINDS.items() for _ in range(share)]
        dice.shuffle(turns)
        for kind in turns[: count - len(chosen)]:
            while offers[kind]:
                start, end, replacement = offers[kind].pop()
                made = text[:start] + replacement + text[end:]
                if made != text and made not in seen and parses(made):
                    seen.add(made)
                    chosen.append((kind, source.units(start), source.units(end), replacement))
                    break
    return chosen


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
