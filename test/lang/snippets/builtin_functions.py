"""Builtin functions that the other files do not reach."""
# --- type of things
result = [type(x).__name__ for x in (1, 1.0, "a", b"", None, [], (), {}, set(), frozenset(), True, 1j, range(1), slice(1), ..., NotImplemented, int, len, lambda: 0, {}.keys(), {}.items(), {}.values(), iter([]), iter(()), iter({}), iter(set()), iter(range(1)), zip(), map(len, []), filter(None, []), enumerate([]), reversed([]), (x for x in []), property(), staticmethod(len), classmethod(len), super, object())]
# --- callable
class A:
    def __call__(self): ...


class B: ...


result = [callable(x) for x in (len, A(), B(), B, lambda: 0, "a".upper, 3, print)]
# --- id and is
a = []
b = a
result = (id(a) == id(b), id(a) == id([]), a is b)
# --- sorted with keys
result = (sorted(["b", "A", "c"], key=str.lower), sorted([3, -1, 2], key=abs, reverse=True), sorted({"x": 2, "y": 1}.items(), key=lambda kv: kv[1]), sorted([(2, "a"), (1, "b"), (2, "A")], key=lambda p: p[0]))
# --- reverse keeps the order of equals
xs = [("a", 1), ("b", 1), ("c", 0)]
result = (sorted(xs, key=lambda p: p[1], reverse=True), sorted(xs, key=lambda p: p[1]))
# --- min and max with ties, keys and defaults
result = (max([(1, "a"), (1, "b")], key=lambda p: p[0]), min("bca"), max([], default=None), min([3, 1], key=lambda x: -x), max(3, 7, 5), max([1.5, 2]), min({"b": 1, "a": 2}))
# --- any and all on edge cases
result = (any([]), all([]), any([0, "", None, 3]), all([1, "a", []]), any(x > 2 for x in [1, 2, 3]), all({}))
# --- sum with floats, lists and starts
result = (sum([1, 2.5, True]), sum([[1], [2, 3]], []), sum(range(101)), sum([], 5), sum((x * x for x in (1, 2)), 10), sum([(1,), (2,)], ()))
# --- zip, map and filter consume what they need
it = iter(range(5))
result = (list(zip(it, "ab")), list(it), list(map(lambda *a: a, "ab", [1, 2, 3])), list(filter(lambda p: p[1], enumerate([0, 1, 2]))))
# --- enumerate of a string and a dict
result = (list(enumerate("ab")), list(enumerate({"x": 1}, 5)), [i for i, _ in enumerate([7, 8, 9]) if i % 2 == 0])
# --- range arithmetic
result = (list(range(5)[1:3]), range(0, 10, 3)[-1], len(range(10, 0, -3)), 4 in range(0, 10, 2), list(range(-3, 3, 2)), sum(range(1, 5)), range(3) == range(0, 3), max(range(7)), [*range(2)], range(10)[2:5])
# --- isinstance with tuples of types
result = [isinstance(x, (list, tuple)) for x in ([], (), {}, "a")] + [isinstance(True, bool), isinstance(1, bool), isinstance(1.0, (int, float)), isinstance(None, type(None)), isinstance(int, type)]
# --- getattr, setattr, delattr, hasattr by loops
class Net: ...


n = Net()
for i in range(3):
    setattr(n, f"layer{i}", i)
delattr(n, "layer1")
result = ([hasattr(n, f"layer{i}") for i in range(3)], getattr(n, "layer9", -1), sorted(vars(n)))
# --- getattr without such an attribute
class Net: ...


getattr(Net(), "layer%d" % 4)
# --- dir of builtins and classes
class A:
    x = 1

    def f(self): ...


result = ("append" in dir([]), "f" in dir(A), "x" in dir(A()), "__init__" in dir(A), [d for d in dir(A) if not d.startswith("_")])
# --- vars of a class and a module
import math


class A:
    x = 1


result = (vars(A)["x"], vars(math)["pi"] > 3)
# --- int, float, str, bool conversions
result = (int("12"), float("1.5"), str(12), bool("False"), bool(0.0), int(True), str(True), float(3), int(-2.7), list(map(int, "123")), str([1, "a"]), bool([0]))
# --- list, tuple, set and dict conversions
result = (list("ab"), tuple([1, 2]), sorted(set([2, 1, 2])), dict([["a", 1]]), list({"a": 1}.items()), dict(zip("ab", range(2))), tuple({"k": 1}), list(reversed([1, 2])), frozenset("a"), set())
# --- print returns None and takes options
result = (print("x", end=""), print(1, 2, sep=","))
# --- repr, str, format and ascii
result = (repr("a"), str("a"), format(3.14159, ".2f"), ascii("ñ"), repr([1, "b"]), format(5), format("a", ">3"))
# --- hash is the same for equal values
result = (hash("a") == hash("a"), hash((1, "a")) == hash((1, "a")), hash(frozenset([1])) == hash(frozenset([1])), hash(1.0) == hash(1))
# --- round, abs, pow, divmod
result = (round(3.14159, 2), abs(-5), pow(2, 8), pow(2, -1), divmod(17, 5), round(-0.5), round(2.5), round(3.5), pow(2, 10, 1000))
# --- slice objects in use
s = slice(1, 4)
result = ([0, 1, 2, 3, 4][s], "hello"[s], (0, 1, 2)[slice(None, None, -1)], s.start, s == slice(1, 4))
# --- object and its methods
o = object()
result = (o == o, o != object(), isinstance(o, object), hasattr(o, "__dict__"), type(o), bool(o))
# --- NotImplemented and Ellipsis
result = (NotImplemented, ..., Ellipsis is ..., type(...).__name__, repr(NotImplemented))
# --- lambda in sorted and map with closures
scale = 3
result = (list(map(lambda x: x * scale, [1, 2])), sorted([3, 1], key=lambda x: -x), (lambda *a, **k: (a, k))(1, b=2))
# --- staticmethod and classmethod as functions
class A:
    def f(x):
        return x

    g = staticmethod(f)
    h = classmethod(lambda cls, y: (cls.__name__, y))


result = (A.g(1), A().g(2), A.h(3))
# --- property as a function over names
def forward_to(name):
    return property(lambda self: getattr(self.inner, name))


class A:
    def __init__(self):
        self.inner = [1, 2]

    count = forward_to("__len__")


result = A().count()
# --- super with a class in the middle of other code
class A:
    def __init__(self, **kw):
        self.rest = kw


class B(A):
    def __init__(self, b, **kw):
        super().__init__(**kw)
        self.b = b


class C(B):
    def __init__(self, *args, **kwargs):
        super(C, self).__init__(*args, **kwargs)


c = C(1, x=2)
result = (c.b, c.rest)
# --- open, input and eval are not run
def f():
    return [open, input, eval]


result = len(f())
# --- iter over callable twice
n = iter([3, 2, 1, 0, 5])
result = [x for x in iter(lambda: next(n), 0)]
# --- next with default of many kinds
result = (next(iter([]), None), next(iter([1])), next((x for x in range(5) if x > 3), -1), next(iter(""), "d"))
# --- complex unpack of zipped enumerations
names = ["a", "b"]
sizes = [1, 2]
result = [(i, n, s) for i, (n, s) in enumerate(zip(names, sizes))], {n: s for n, s in zip(names, sizes)}, dict(map(lambda p: (p[1], p[0]), enumerate(names)))
# --- builtin names can be shadowed
list_ = list
list = lambda x: "mine"
result = (list([1]), list_([1]))
# --- wrong number of arguments for a builtin
len()
# --- len of a generator
len(x for x in [1])
# --- abs of a string
abs("a")
# --- round of a string
round("a")
# --- sum of mixed kinds
sum([1, "a"])
# --- sorted of mixed kinds
sorted([1, "a", None])
# --- isinstance with one argument
isinstance(3)
# --- dict update with keywords and pairs
d = dict(a=1)
d.update([("b", 2)], c=3)
d.update(d)
result = d
# --- dir of a module and of a scope
import math

x = 1


def f():
    y = 2
    return dir()


result = ("sqrt" in dir(math), "nothing_there" in dir(math), f(), "x" in dir())
# --- dir by __dir__
class A:
    def __dir__(self):
        return ["b", "a"]


result = dir(A())
