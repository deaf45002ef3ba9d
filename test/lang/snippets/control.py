"""Statements: loops, conditions, match, names."""
# --- while with else
out = []
n = 3
while n:
    n -= 1
    if n == 5:
        break
else:
    out.append("else")
while True:
    out.append(n)
    n += 1
    if n > 2:
        break
else:
    out.append("never")
result = out
# --- for with else and break
def find(xs, y):
    for i, x in enumerate(xs):
        if x == y:
            break
    else:
        return "missing"
    return i


result = (find([1, 2], 2), find([1, 2], 5), find([], 1))
# --- continue in nested loops
out = []
for i in range(3):
    for j in range(3):
        if j == i:
            continue
        if j > 1:
            break
        out.append((i, j))
result = out
# --- loop variable stays after the loop
for i in range(3):
    pass
for j in []:
    pass
result = (i, "j" in globals())
# --- loop over a changed list
xs = [3, 2, 1]
for x in xs[:]:
    if x > 1:
        xs.remove(x)
result = xs
# --- unpacking in loops
pairs = {"a": (1, 2), "b": (3, 4)}
result = [(k, x, y) for k, (x, y) in pairs.items()] + [a for a, *_ in ["xyz", "uv"]]
# --- for target may be an attribute or an item
class A: ...


a = A()
d = {}
for a.x in range(3):
    pass
for d["k"] in "ab":
    pass
result = (a.x, d)
# --- elif chain
def kind(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "small"
    else:
        return "large"


result = [kind(n) for n in (-1, 0, 5, 50)]
# --- nested conditional expressions
result = ["a" if x > 2 else "b" if x > 1 else "c" for x in (1, 2, 3)]
# --- walrus in while
data = iter([1, 2, 0, 3])
out = []
while x := next(data):
    out.append(x)
result = (out, x)
# --- pass, ellipsis and docstring bodies
def f(): ...


def g():
    pass


class A: ...


result = (f(), g(), A.__doc__)
# --- global names made by a function
def setup():
    global WIDTH
    WIDTH = 64


setup()
result = WIDTH
# --- assert as a check of arguments
def build(depth):
    assert isinstance(depth, int) and depth > 0, "depth must be positive"
    return depth


try:
    build(-1)
except AssertionError as e:
    result = (build(3), str(e))
# --- semicolons and line joining
a = 1; b = 2; c = (a +
    b)
d = a + \
    b
result = (c, d)
# --- del of several names
a = b = c = 1
del a, (b, c)
result = [n for n in ("a", "b", "c") if n in globals()]
# --- match on literals
def f(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "few"
        case -1:
            return "minus one"
        case "a" | "b":
            return "letter"
        case None:
            return "none"
        case True:
            return "true"
        case 2.5:
            return "float"
        case _:
            return "other"


result = [f(x) for x in (0, 2, -1, "b", None, True, 2.5, "z", [], 1)]
# --- match on sequences
def f(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return ("one", a)
        case [a, b]:
            return ("two", a, b)
        case [first, *rest]:
            return ("many", first, rest)
        case _:
            return "no"


result = [f(x) for x in ([], [1], (1, 2), [1, 2, 3, 4], "ab", 5, range(3), {1: 2})]
# --- match with a star in the middle
def f(x):
    match x:
        case [a, *_, b]:
            return (a, b)
        case _:
            return None


result = [f([1, 2, 3]), f([1, 2]), f([1])]
# --- match on nested sequences
def f(x):
    match x:
        case [["conv", c], *rest] if c > 0:
            return ("conv", c, len(rest))
        case [[kind, _], *_]:
            return kind
        case _:
            return None


result = [f([["conv", 3], 1]), f([["conv", 0]]), f([["pool", 1], 2]), f([])]
# --- match on mappings
def f(x):
    match x:
        case {"type": "conv", "channels": c}:
            return ("conv", c)
        case {"type": t, **rest}:
            return (t, rest)
        case {}:
            return "some dict"
        case _:
            return "no dict"


result = [f({"type": "conv", "channels": 3, "k": 1}), f({"type": "pool", "size": 2}), f({"a": 1}), f([1])]
# --- match on classes
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def f(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(x, 0):
            return ("x axis", x)
        case Point(x=0, y=y):
            return ("y axis", y)
        case Point(x, y) if x == y:
            return "diagonal"
        case Point():
            return "somewhere"
        case _:
            return "no point"


result = [f(Point(0, 0)), f(Point(3, 0)), f(Point(0, 2)), f(Point(4, 4)), f(Point(1, 2)), f((0, 0))]
# --- match on builtin classes
def f(x):
    match x:
        case bool():
            return "bool"
        case int(n):
            return ("int", n)
        case str() as s:
            return ("str", s)
        case float() | complex():
            return "number"
        case list([a, *_]):
            return ("list", a)
        case dict(d):
            return ("dict", len(d))
        case tuple():
            return "tuple"
        case _:
            return "?"


result = [f(x) for x in (True, 3, "a", 2.5, 1j, [1, 2], [], {}, (), None)]
# --- match with as and or
def f(x):
    match x:
        case (1 | 2) as n, *rest:
            return (n, rest)
        case [("a" | "b") as s]:
            return s
        case {"k": (int() | float()) as v}:
            return v
        case other:
            return ("other", other)


result = [f([1, 5]), f([2]), f(["b"]), f({"k": 1.5}), f("x")]
# --- match on dotted values
class Mode:
    EVAL = "eval"
    TRAIN = "train"


def f(x):
    match x:
        case Mode.EVAL:
            return 1
        case Mode.TRAIN:
            return 2
    return 3


result = [f("eval"), f("train"), f("other")]
# --- match binds only in the case that fits
def f(x):
    match x:
        case [a, 1]:
            pass
        case [b, 2]:
            pass
    return sorted(locals())


result = [f([5, 1]), f([5, 2])]
# --- match on a tuple subject
def f(a, b):
    match a, b:
        case 0, _:
            return "first zero"
        case _, 0:
            return "second zero"
        case int(x), int(y):
            return x + y
        case _:
            return None


result = [f(0, 1), f(1, 0), f(2, 3), f("a", 1)]
# --- match evaluates guards in order
log = []


def check(n):
    log.append(n)
    return n == 2


match 5:
    case x if check(1):
        result = 1
    case x if check(2):
        result = (2, x, log)
    case _:
        result = 3
# --- match without a fitting case
x = "before"
match 5:
    case 6:
        x = "six"
result = x
# --- match on enums and dataclasses
from dataclasses import dataclass
from enum import Enum


class Act(Enum):
    RELU = 1
    GELU = 2


@dataclass
class Layer:
    act: Act
    width: int


def f(x):
    match x:
        case Layer(Act.RELU, width=w):
            return ("relu", w)
        case Layer(act=a):
            return a.name
        case Act.GELU:
            return "bare"


result = [f(Layer(Act.RELU, 3)), f(Layer(Act.GELU, 1)), f(Act.GELU), f(1)]
# --- match of a missing attribute
class A: ...


def f(x):
    match x:
        case A(size=3):
            return "three"
        case A():
            return "plain"


a = A()
a.size = 3
result = [f(a), f(A())]
# --- conditional import and alias
import math as m
from math import floor as fl, ceil

result = (m.pi > 3, fl(2.5), ceil(2.1))
# --- import inside a function
def f():
    from math import sqrt

    return sqrt(4)


result = (f(), "sqrt" in globals())
# --- if __name__ is main
result = [__name__]
if __name__ == "__main__":
    result.append("main")
# --- try in a loop with else
out = []
for s in ("1", "x", "2"):
    try:
        n = int(s)
    except ValueError:
        out.append("bad")
    else:
        out.append(n)
result = out
# --- nested functions and loops share scopes right
def f():
    out = []
    for i in range(2):
        def g():
            return i
        out.append(g)
    return [g() for g in out]


result = f()
# --- exec order of decorators, defaults and annotations
log = []


def v(x, r=None):
    log.append(x)
    return r


@v("deco", lambda f: f)
def f(a=v("default")):
    ...


result = log
# --- tuple without parentheses in return, yield, subscripts
def f():
    return 1, *[2, 3]


d = {(1, 2): "a"}
result = (f(), d[1, 2])
# --- augmented assignment to a global list in a function
items = []


def add(x):
    items.append(x)
    items[:] = items + [x * 10]


add(1)
result = items
# --- augmented assignment makes a name local
n = 0


def f():
    n += 1


f()
# --- type aliases and annotated names
x: int = 3
y: "list[int]"
z: list[int] = [1]
result = (x, z, "y" in globals(), __annotations__["x"])
# --- chained methods over lines
result = (
    "  Conv2d-BN  "
    .strip()
    .lower()
    .replace("-", "_")
)
# --- starred assignment in a for loop
out = []
for first, *rest in [(1, 2, 3), (4,)]:
    out.append((first, rest))
result = out
# --- complex condition
a, b = 3, None
result = (a is not None and b is None, not (a and b), a == 3 or b.x, b if b else a)
