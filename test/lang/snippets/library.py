"""The parts of the standard library that models use."""
# --- functools.partial
from functools import partial

f = partial(lambda a, b, c=0: (a, b, c), 1, c=5)
g = partial(f, 2)
result = (f(2), f(2, c=9), g(), g.func(1, 2), g.args, g.keywords, f.args)
# --- partial of a class and of a method
from functools import partial


class Conv:
    def __init__(self, c, k=3, bias=True):
        self.v = (c, k, bias)


make = partial(Conv, k=1, bias=False)
result = (make(8).v, make(8, k=5).v, partial(int, base=2)("101"), partial("a-b".split, "-")())
# --- partial as a class attribute is not bound
from functools import partial


class A:
    f = partial(lambda *a: a, 1)


result = A().f(2)
# --- partialmethod
from functools import partialmethod


class A:
    def set(self, name, value):
        return (name, value)

    set_on = partialmethod(set, value=True)
    set_x = partialmethod(set, "x")


result = (A().set_on("a"), A().set_x(5))
# --- functools.reduce
from functools import reduce

result = (reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(lambda a, b: a + [b], "ab", []), reduce(max, [3, 1]))
# --- reduce of nothing
from functools import reduce

reduce(lambda a, b: a, [])
# --- lru_cache and cache
from functools import cache, lru_cache

calls = []


@lru_cache(maxsize=None)
def f(x):
    calls.append(x)
    return x * 2


@cache
def g(x):
    calls.append(("g", x))
    return x


@lru_cache
def h(x):
    return x


result = ([f(1), f(1), f(2), g(1), g(1), h(3)], calls, f.cache_info().hits, f.__name__, f.__wrapped__(5))
# --- lru_cache of a method
from functools import lru_cache


class A:
    calls = 0

    @lru_cache(maxsize=2)
    def f(self, x):
        A.calls += 1
        return x + 1


a = A()
result = (a.f(1), a.f(1), a.f(2), A.calls)
# --- cached_property
from functools import cached_property


class A:
    calls = 0

    @cached_property
    def big(self):
        A.calls += 1
        return 7


a = A()
result = (a.big, a.big, A.calls, vars(a))
# --- cached_property may be overwritten and deleted
from functools import cached_property


class A:
    @cached_property
    def x(self):
        return []


a = A()
a.x.append(1)
first = a.x
del a.x
second = a.x
a.x = 5
result = (first, second, a.x)
# --- singledispatch
from functools import singledispatch


@singledispatch
def show(x):
    return "object"


@show.register
def _(x: int):
    return "int"


@show.register(list)
@show.register(tuple)
def _(x):
    return "sequence"


result = [show(v) for v in (1, True, [1], (1,), "a", 1.5)]
# --- singledispatchmethod
from functools import singledispatchmethod


class Scale:
    by = 2

    @singledispatchmethod
    def of(self, x, more=0):
        return ("object", self.by)

    @of.register
    def _(self, x: int, more=0):
        return x * self.by + more

    @of.register(list)
    @of.register(tuple)
    def _(self, x, more=0):
        return [self.of(v, more=more) for v in x]


result = (Scale().of(3), Scale().of([1, (2, "a")], more=5), Scale().of(True), Scale().of(1.5))
# --- wraps copies and update_wrapper
from functools import update_wrapper, wraps


def f():
    """f doc"""


def g(): ...


update_wrapper(g, f)
g2 = wraps(f)(lambda: 1)
result = (g.__name__, g.__doc__, g.__wrapped__ is f, g2.__name__, g2())
# --- cmp_to_key
from functools import cmp_to_key

result = sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a))
# --- OrderedDict
from collections import OrderedDict

d = OrderedDict([("a", 1), ("b", 2)])
d["c"] = 3
d.move_to_end("a")
d.move_to_end("c", last=False)
result = (list(d), d.popitem(), d.popitem(last=False), d, isinstance(d, dict), OrderedDict(a=1) == {"a": 1}, type(d.copy()).__name__)
# --- OrderedDict equality cares for order
from collections import OrderedDict

a = OrderedDict(a=1, b=2)
b = OrderedDict(b=2, a=1)
result = (a == b, a == dict(b), a != b, a == OrderedDict([("a", 1), ("b", 2)]))
# --- OrderedDict subclass
from collections import OrderedDict


class Layers(OrderedDict):
    def add(self, k, v):
        self[k] = v
        return self


x = Layers().add("conv", 1).add("bn", 2)
result = (list(x.items()), x["bn"], len(x), x)
# --- defaultdict
from collections import defaultdict

d = defaultdict(list)
d["a"].append(1)
d["a"].append(2)
n = defaultdict(int)
for c in "hello":
    n[c] += 1
k = defaultdict(lambda: "x", {"y": 1})
result = (d, dict(n), k["z"], k["y"], "q" in k, k.get("q"), len(k))
# --- defaultdict nested and without a factory
from collections import defaultdict

tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
d = defaultdict()
try:
    d["k"]
except KeyError as e:
    result = (t["a"]["b"]["c"], list(t), str(e))
# --- Counter
from collections import Counter

c = Counter("abracadabra")
d = Counter(a=1, b=2)
result = (c.most_common(2), c["a"], c["z"], sorted(c), sum(c.values()), c + d == Counter("abracadabra" + "abb"), d - Counter(b=1), Counter([1, 1, 2]), sorted(d.elements()), c.total())
# --- Counter update and subtract
from collections import Counter

c = Counter(a=3)
c.update("ab")
c.subtract({"a": 1})
c["n"] += 2
result = (c, c & Counter(a=1, n=5), Counter(a=1) | Counter(a=3, b=1), Counter())
# --- deque
from collections import deque

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
d.rotate(1)
m = deque(maxlen=2)
for i in range(4):
    m.append(i)
result = (d, d.pop(), d.popleft(), list(d), m, m.maxlen, d[0], len(d), 2 in d, deque("ab") == deque(["a", "b"]))
# --- pop from an empty deque
from collections import deque

deque().popleft()
# --- ChainMap
from collections import ChainMap

base = {"a": 1, "b": 2}
c = ChainMap({"a": 10}, base)
c["z"] = 5
result = (c["a"], c["b"], sorted(c), len(c), c.maps[0], c.get("q"), dict(c) == {"a": 10, "b": 2, "z": 5}, c.new_child({"b": 0})["b"], "b" in c)
# --- namedtuple
from collections import namedtuple

P = namedtuple("P", "x y")
Q = namedtuple("Q", ["a", "b", "c"], defaults=[2, 3])
p = P(1, y=2)
x, y = p
result = (p, p.x, p[1], x, y, p._replace(x=5), p._asdict(), P._fields, Q(1), Q(1, 9), p == (1, 2), len(p), P._make([3, 4]), isinstance(p, tuple), Q._field_defaults, P.__name__)
# --- namedtuple with a missing value
from collections import namedtuple

namedtuple("P", "x y z")(1)
# --- namedtuple cannot be changed
from collections import namedtuple

p = namedtuple("P", "x")(1)
p.x = 2
# --- namedtuple subclass with methods
from collections import namedtuple


class Spec(namedtuple("Spec", "c k")):
    __slots__ = ()

    @property
    def area(self):
        return self.c * self.k

    def __new__(cls, c, k=3):
        return super().__new__(cls, c, k)


s = Spec(2)
result = (s.area, s.k, s, isinstance(s, tuple), s._replace(k=1).area)
# --- typing.NamedTuple
from typing import NamedTuple


class Block(NamedTuple):
    """A block."""

    channels: int
    stride: int = 1

    def out(self, size):
        return size // self.stride


b = Block(64, stride=2)
result = (b, b.out(56), b._asdict(), Block(1), Block.__doc__, Block._fields, b[0], Block.__annotations__, b._replace(stride=4))
# --- NamedTuple by a call
from typing import NamedTuple

P = NamedTuple("P", [("x", int), ("y", str)])
result = (P(1, "a"), P(x=1, y="b").y)
# --- itertools of known length
import itertools as it

result = (
    list(it.chain([1], (2,), "a")),
    list(it.chain.from_iterable([[1], [2, 3]])),
    list(it.product("ab", [1, 2])),
    list(it.product([0, 1], repeat=2)),
    list(it.permutations([1, 2, 3], 2)),
    list(it.combinations("abc", 2)),
    list(it.combinations_with_replacement("ab", 2)),
    list(it.zip_longest("ab", [1], fillvalue=0)),
    list(it.accumulate([1, 2, 3])),
    list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)),
    list(it.pairwise([1, 2, 3])),
    list(it.starmap(pow, [(2, 3), (3, 2)])),
    list(it.compress("abcd", [1, 0, 1, 0])),
    list(it.repeat("x", 2)),
)
# --- itertools with conditions
import itertools as it

result = (
    list(it.takewhile(lambda x: x < 3, [1, 2, 5, 1])),
    list(it.dropwhile(lambda x: x < 3, [1, 2, 5, 1])),
    list(it.filterfalse(lambda x: x % 2, range(5))),
    [(k, list(g)) for k, g in it.groupby("aabbbc")],
    [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4], key=lambda x: x % 2)],
    list(it.islice(range(10), 3)),
    list(it.islice(range(10), 2, 8, 3)),
    list(it.islice("abc", 1, None)),
)
# --- itertools without end
import itertools as it

c = it.count(5, 2)
y = it.cycle("ab")
result = ([next(c) for _ in range(3)], [next(y) for _ in range(5)], list(zip(it.count(), "xyz")), list(zip("ab", it.repeat(0))))
# --- itertools are lazy
import itertools as it

log = []


def g(n):
    for i in range(n):
        log.append(i)
        yield i


a = it.chain(g(2), g(3))
first = next(a)
seen = list(log)
b = it.islice(g(100), 2)
result = (first, seen, list(b), list(a), log)
# --- tee
import itertools as it

a, b = it.tee(iter([1, 2, 3]))
result = (next(a), list(b), list(a))
# --- operator functions
import operator as op

result = (op.add(1, 2), op.mul(3, 4), op.itemgetter(1)([5, 6]), op.itemgetter("a", "b")({"a": 1, "b": 2}), op.attrgetter("real")(3), op.methodcaller("upper")("a"), op.methodcaller("split", ",")("a,b"), op.getitem([1, 2], 0), op.neg(3), op.not_(0), op.eq(1, 1), op.lt(1, 2), op.contains([1], 1), op.truth([]), op.concat("a", "b"), op.is_(None, None), op.index(4), op.mod(7, 3), op.pow(2, 3))
# --- operator keys for sorting
from operator import attrgetter, itemgetter


class V:
    def __init__(self, x):
        self.x = x


result = (sorted([(1, "b"), (0, "z")], key=itemgetter(1)), max([V(1), V(5)], key=attrgetter("x")).x, attrgetter("a.b")(type("T", (), {"a": type("U", (), {"b": 3})})))
# --- inspect.signature
import inspect


def f(a, b=2, *args, c, d=4, **kw): ...


s = inspect.signature(f)
result = (
    list(s.parameters),
    s.parameters["b"].default,
    s.parameters["a"].default is inspect.Parameter.empty,
    s.parameters["c"].kind == inspect.Parameter.KEYWORD_ONLY,
    s.parameters["args"].kind is inspect.Parameter.VAR_POSITIONAL,
    [n for n, p in s.parameters.items() if p.default is not p.empty],
    "kw" in s.parameters,
)
# --- inspect.signature of a class and a method
import inspect


class A:
    def __init__(self, x, y=1): ...

    def m(self, z): ...


result = (list(inspect.signature(A).parameters), list(inspect.signature(A(1).m).parameters), list(inspect.signature(A.m).parameters), str(inspect.signature(A)), str(inspect.signature(lambda a, *b, c=3, **d: 0)))
# --- filtering arguments by a signature
import inspect


def block(inp, out, stride=1): ...


given = {"inp": 1, "out": 2, "dilation": 3}
result = {k: v for k, v in given.items() if k in inspect.signature(block).parameters}
# --- inspect predicates
import inspect


class A:
    def f(self): ...


def g():
    yield


result = (inspect.isclass(A), inspect.isclass(A()), inspect.isfunction(A.f), inspect.ismethod(A().f), inspect.isfunction(len), inspect.isgeneratorfunction(g), inspect.isbuiltin(len), inspect.getmodule is not None, callable(A), inspect.isabstract(A))
# --- inspect.getfullargspec and getmro
import inspect


def f(a, b=1, *c, d=2, **e): ...


spec = inspect.getfullargspec(f)
result = (spec.args, spec.varargs, spec.varkw, spec.defaults, spec.kwonlyargs, [c.__name__ for c in inspect.getmro(bool)])
# --- inspect.getfullargspec is a named tuple, of a class too while it is made
import inspect


class Meta(type):
    def __init__(cls, *args):
        params = inspect.getfullargspec(cls)
        cls.names = params[0] if params[0] else []
        assert "name" in cls.names, f"{cls} must have it"
        super().__init__(*args)


class A(metaclass=Meta):
    def __init__(self, name="", *, deep: int = 3, wide, **kw): ...


args, varargs, varkw, defaults, kwonly, kwonlydefaults, annotations = inspect.getfullargspec(A)
result = (A.names, args, varargs, varkw, defaults, kwonly, kwonlydefaults, annotations, inspect.getfullargspec(A)._fields)
# --- kinds of parameters are in order
import inspect


def f(a, /, b, *c, d, **e): ...


kinds = [p.kind for p in inspect.signature(f).parameters.values()]
P = inspect.Parameter
result = (kinds == sorted(kinds, reverse=True)[::-1], kinds[0] < kinds[1], max(kinds) == P.VAR_KEYWORD, kinds[3] is P.KEYWORD_ONLY, P.VAR_POSITIONAL == 2, kinds[1] in (P.KEYWORD_ONLY, P.POSITIONAL_OR_KEYWORD))
# --- an object's names are replaced
class A:
    pass


a = A()
a.x, a.y = 1, 2
a.__dict__ = {"y": 3, "z": 4}
result = (a.y, a.z, hasattr(a, "x"), sorted(vars(a)))
# --- inspect.signature bind
import inspect


def f(a, b=2, *args, **kw): ...


b = inspect.signature(f).bind(1, 5, 6, z=3)
c = inspect.signature(f).bind(1)
c.apply_defaults()
result = (dict(b.arguments), dict(c.arguments))
# --- types
import types


class A:
    def f(self): ...


result = (isinstance(A.f, types.FunctionType), isinstance(A().f, types.MethodType), isinstance(lambda: 0, types.LambdaType), isinstance((x for x in ""), types.GeneratorType), isinstance(len, types.BuiltinFunctionType), isinstance(types, types.ModuleType), types.NoneType is type(None))
# --- types.SimpleNamespace
from types import SimpleNamespace

ns = SimpleNamespace(a=1, b=[2])
ns.c = 3
result = (ns.a, ns.c, ns, vars(ns), ns == SimpleNamespace(a=1, b=[2], c=3), hasattr(ns, "d"))
# --- types.MappingProxyType
from types import MappingProxyType

m = MappingProxyType({"a": 1})
result = (m["a"], len(m), list(m), m.get("z"), "a" in m)
# --- json
import json

text = json.dumps({"a": [1, 2.5, None, True], "b": "x\n"})
result = (text, json.loads(text), json.loads('[1, {"k": "v"}, -2e3, false]'), json.dumps([1, 2], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps("é"), json.dumps((1,)))
# --- json of something else
import json

json.dumps({1, 2})
# --- json with bad text
import json

try:
    json.loads("{bad}")
except json.JSONDecodeError as e:
    result = isinstance(e, ValueError)
# --- os.path as text
import os

result = (os.path.join("a", "b", "c.py"), os.path.basename("/x/y.pth"), os.path.dirname("/x/y.pth"), os.path.splitext("m.tar.gz"), os.path.join("a", "/b"), os.path.split("/a/b"), os.path.normpath("a/./b/../c"), os.path.isabs("/a"), os.sep)
# --- pathlib as text
from pathlib import Path, PurePosixPath

p = PurePosixPath("/a/b") / "c.tar.gz"
result = (p.name, p.stem, p.suffix, str(p.parent), p.parts, str(p.with_suffix(".zip")), p.suffixes, str(PurePosixPath("a") / "b" / "c"))
# --- warnings and logging do nothing
import logging
import warnings

warnings.warn("old")
warnings.filterwarnings("ignore")
log = logging.getLogger(__name__)
log.info("x %s", 1)
log.warning("y")
logging.basicConfig(level=logging.INFO)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
result = "done"
# --- string.Template and formatter constants
from string import Template

result = (Template("$a-${b}").substitute(a=1, b=2), Template("$x").safe_substitute())
# --- bisect and heapq
import bisect
import heapq

xs = [1, 3, 5]
bisect.insort(xs, 4)
h = [5, 1, 3]
heapq.heapify(h)
heapq.heappush(h, 0)
result = (xs, bisect.bisect_left([1, 3, 3], 3), bisect.bisect([1, 3, 3], 3), heapq.heappop(h), heapq.nsmallest(2, [3, 1, 2]), heapq.nlargest(1, [3, 1]))
# --- statistics
import statistics

result = (statistics.mean([1, 2, 3]), statistics.median([3, 1, 2]), statistics.median([1, 2]), statistics.mean([1, 2]))
# --- weakref and gc do nothing harmful
import gc
import weakref


class A: ...


a = A()
r = weakref.ref(a)
result = (r() is a, gc.collect() is not None)
# --- textwrap and pprint
import textwrap

result = (textwrap.dedent("  a\n    b\n"), textwrap.indent("a\nb", "> "), textwrap.shorten("hello wide world", 11))
# --- argparse defaults
import argparse

p = argparse.ArgumentParser()
p.add_argument("--depth", type=int, default=18)
p.add_argument("--name", default="resnet")
p.add_argument("--flag", action="store_true")
p.add_argument("--lr-rate", type=float, default=0.1)
args = p.parse_args([])
result = (args.depth, args.name, args.flag, args.lr_rate, vars(args))
# --- argparse with arguments
import argparse

p = argparse.ArgumentParser()
p.add_argument("--depth", "-d", type=int, default=18)
p.add_argument("--sizes", nargs="+", type=int)
args = p.parse_args(["-d", "50", "--sizes", "1", "2"])
result = (args.depth, args.sizes)
# --- logging's levels and classes
import logging


class Mine(logging.Logger):
    def __init__(self, name, level=logging.WARNING):
        super().__init__(name)
        self.at = level


mine = Mine("a")
log = logging.getLogger(__name__)
log.info("nothing %d", 3)
logging.basicConfig(level=logging.INFO, format=logging.BASIC_FORMAT)
logging._levelToName[logging.INFO]
levels = (logging.NOTSET, logging.DEBUG, logging.INFO, logging.WARN, logging.WARNING, logging.ERROR, logging.CRITICAL)
kinds = [isinstance(v, logging.Logger) for v in (None, "silent", log, mine)]
result = (levels, kinds, isinstance(mine, logging.Handler), mine.at)
# --- locks of threading
import threading

lock = threading.RLock()
with lock:
    inside = lock.acquire()
lock.release()


class Store(threading.local):
    width = 3

    def __init__(self, depth):
        self.depth = depth


store = Store(2)
store.more = 5
result = (inside, bool(lock), store.width + store.depth + store.more)
# --- inspect.getmodule of a module
import inspect
import math

result = (inspect.getmodule(inspect) is inspect, inspect.getmodule(math).__name__)
