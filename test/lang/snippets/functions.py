"""Functions: parameters, arguments, closures, decorators."""
# --- defaults are evaluated once
def f(x, acc=[]):
    acc.append(x)
    return acc


f(1)
f(2)
result = f(3)
# --- defaults see the value at definition
n = 1


def f(x=n):
    return x


n = 2
result = f()
# --- positional, keyword and mixed calls
def f(a, b=2, c=3):
    return (a, b, c)


result = [f(1), f(1, 5), f(1, c=9), f(c=1, a=2), f(*[1, 2], **{"c": 4})]
# --- keyword-only parameters
def f(a, *, b, c=3):
    return (a, b, c)


result = [f(1, b=2), f(b=1, a=0, c=5)]
# --- keyword-only parameter is missing
def f(a, *, b, c): ...


f(1)
# --- keyword-only parameter given by position
def f(a, *, b=1): ...


f(1, 2)
# --- positional-only parameters
def f(a, b, /, c, *, d=4):
    return (a, b, c, d)


result = [f(1, 2, 3), f(1, 2, c=5, d=6)]
# --- positional-only parameter given by name
def f(a, /, b): ...


f(a=1, b=2)
# --- positional-only name is free for keywords
def f(a, /, **kw):
    return (a, kw)


result = f(1, a=2)
# --- star parameters
def f(a, *args, k=1, **kw):
    return (a, args, k, kw)


result = [f(1), f(1, 2, 3), f(1, k=5, z=6), f(*range(4), **{"k": 0, "q": 1})]
# --- several unpackings in a call
def f(*args, **kw):
    return (args, kw)


result = f(1, *[2, 3], 4, *"ab", x=1, **{"y": 2}, **dict(z=3))
# --- same keyword twice by unpacking
def f(**kw): ...


f(a=1, **{"a": 2})
# --- unpacking a mapping with a key that is no string
def f(**kw): ...


f(**{1: 2})
# --- unpacking something that is no mapping
def f(**kw): ...


f(**[1])
# --- unpacking something that is not iterable
def f(*a): ...


f(*3)
# --- unpacking a class with keys
class M:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, k):
        return k * 2


def f(**kw):
    return kw


result = f(**M())
# --- too many arguments
def f(a, b): ...


f(1, 2, 3)
# --- too many arguments with defaults
def f(a, b=1): ...


f(1, 2, 3)
# --- no arguments are taken
def f(): ...


f(1)
# --- too many arguments for a method
class A:
    def f(self, x): ...


A().f(1, 2)
# --- one argument is missing
def f(a, b, c): ...


f(1, 2)
# --- several arguments are missing
def f(a, b, c): ...


f()
# --- unexpected keyword
def f(a): ...


f(1, width=2)
# --- argument given twice
def f(a, b): ...


f(1, a=2, b=3)
# --- unexpected keyword for a class
class Block:
    def __init__(self, planes, stride=1): ...


Block(1, dilation=2)
# --- star in list, tuple, set and dict displays
a, b = [1, 2], (3,)
result = ([*a, *b], (*a, 0, *b), sorted({*a, *b}), {**{"x": 1}, "y": 2, **{"x": 3}})
# --- star on the left
a, *b, c = range(5)
(d, e), *f = [(1, 2), 3]
[g, *h] = "xyz"
*i, j = (1,)
result = (a, b, c, d, e, f, g, h, i, j)
# --- nested unpacking in a for loop
result = [(i, a, b) for i, (a, b) in enumerate([(1, 2), (3, 4)])]
# --- too few values to unpack
a, b, c = 1, 2
# --- too many values to unpack
a, b = [1, 2, 3]
# --- too few values with a star
a, *b, c = [1]
# --- unpacking something that is not iterable on the left
a, b = 5
# --- swap and simultaneous assignment
a, b = 1, 2
a, b = b, a
x = [0, 1, 2]
i = 0
i, x[i] = 1, 9
result = (a, b, i, x)
# --- chained assignment is left to right
log = []


class L:
    def __setitem__(self, k, v):
        log.append((k, v))


x = L()
x["a"] = x["b"] = y = 5
result = (log, y)
# --- closures share variables
def make():
    n = 0

    def inc():
        nonlocal n
        n += 1
        return n

    def get():
        return n

    return inc, get


inc, get = make()
inc()
inc()
result = get()
# --- closures in a loop see the last value
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
result = ([f() for f in fs], [g() for g in gs])
# --- closure variable assigned later
def outer():
    def inner():
        return x

    x = 5
    return inner()


result = outer()
# --- closure variable not yet assigned
def outer():
    def inner():
        return x

    inner()
    x = 5


outer()
# --- local variable before its assignment
x = 1


def f():
    y = x
    x = 2
    return y


f()
# --- conditional local variable that was not assigned
def f(flag):
    if flag:
        out = 1
    return out


f(False)
# --- deleted local variable
def f():
    x = 1
    del x
    return x


f()
# --- deleted global name
x = 1
del x
x
# --- name that exists nowhere
def f():
    return undefined_name


f()
# --- global statement
count = 0


def bump():
    global count, fresh
    count += 1
    fresh = "made"


bump()
bump()
result = (count, fresh)
# --- nonlocal through two levels
def a():
    x = 1

    def b():
        def c():
            nonlocal x
            x = 2

        c()

    b()
    return x


result = a()
# --- global in a nested function skips the enclosing one
x = "global"


def outer():
    x = "outer"

    def inner():
        global x
        return x

    return inner()


result = outer()
# --- lambda with defaults, stars and conditional
f = lambda x, *a, k=2, **kw: (x, a, k, kw) if x else None
result = (f(1, 2, k=3, z=4), f(0))
# --- recursion
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)


result = (fact(5), fact(20))
# --- mutual recursion
def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


result = (even(10), odd(7))
# --- functions are values
ops = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
result = {name: op(3, 4) for name, op in ops.items()}
# --- decorator wraps
def twice(fn):
    def inner(*args, **kwargs):
        return fn(fn(*args, **kwargs))

    return inner


@twice
def inc(x):
    return x + 1


result = (inc(1), inc.__name__)
# --- decorators apply from below
def tag(name):
    def deco(fn):
        def inner(*a):
            return f"{name}({fn(*a)})"

        return inner

    return deco


@tag("outer")
@tag("inner")
def f():
    return "f"


result = f()
# --- decorator with functools.wraps
from functools import wraps


def log(fn):
    @wraps(fn)
    def inner(*args):
        """inner doc"""
        return ("logged", fn(*args))

    return inner


@log
def f(x):
    """f doc"""
    return x


result = (f(1), f.__name__, f.__doc__, f.__wrapped__(2), f.__qualname__)
# --- decorator as a class
class Count:
    def __init__(self, fn):
        self.fn = fn
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        return self.fn(*args)


@Count
def f(x):
    return x


f(1)
f(2)
result = (f.calls, f(3))
# --- decorator that registers
REGISTRY = {}


def register(name=None):
    def deco(fn):
        REGISTRY[name or fn.__name__] = fn
        return fn

    return deco


@register()
def resnet18():
    return 18


@register("alias")
def resnet34():
    return 34


result = {k: v() for k, v in REGISTRY.items()}
# --- decorator on a method
def clamp(fn):
    def inner(self, x):
        return min(fn(self, x), self.limit)

    return inner


class A:
    limit = 10

    @clamp
    def f(self, x):
        return x * 3


result = (A().f(2), A().f(5))
# --- decorator with optional arguments
def deco(fn=None, *, k=1):
    def wrap(g):
        return lambda x: g(x) * k

    return wrap if fn is None else wrap(fn)


@deco
def a(x):
    return x


@deco(k=5)
def b(x):
    return x


result = (a(2), b(2))
# --- argument evaluation order
log = []


def v(x):
    log.append(x)
    return x


def f(*a, **k): ...


f(v(1), v(2), k=v(3), *[v(4)], **{"z": v(5)})
result = log
# --- evaluation order of a dict display
log = []


def v(x):
    log.append(x)
    return x


{v(1): v(2), v(3): v(4)}
result = log
# --- evaluation order of an assignment
log = []


def v(x):
    log.append(x)
    return [0, 0]


v("target")[0] = v("value")
result = log
# --- function attributes
def f(): ...


f.calls = 0
f.calls += 1
result = (f.calls, hasattr(f, "other"), vars(f))
# --- docstrings
def f():
    """First line.

    Second.
    """


def g():
    pass


result = (f.__doc__, g.__doc__)
# --- __defaults__ and __kwdefaults__
def f(a, b=2, *c, d=4, e, g=6): ...


result = (f.__defaults__, f.__kwdefaults__, (lambda: 0).__defaults__)
# --- __code__ facts
def f(a, b, *args, c=1, **kw):
    x = 1


result = (f.__code__.co_argcount, f.__code__.co_varnames[:2], f.__code__.co_name)
# --- return without value and falling off the end
def f(x):
    if x:
        return


def g():
    1


result = (f(1), f(0), g())
# --- returning several values
def f():
    return 1, 2


a, b = f()
result = (f(), a, b, type(f()).__name__)
# --- a class instance as default
class D:
    pass


d = D()


def f(x=d):
    return x is d


result = f()
# --- mutable argument changes for the caller
def f(xs, d):
    xs.append(1)
    d["k"] = 2
    xs = [9]
    return xs


a, b = [], {}
f(a, b)
result = (a, b)
# --- call of something that is not callable
x = 3
x(1)
# --- call of None
layers = {"relu": None}
layers["relu"]()
# --- comprehension variable does not leak
x = "outer"
ys = [x for x in range(3)]
result = (x, ys)
# --- walrus in a comprehension leaks
ys = [last := i * 2 for i in range(4)]
result = (ys, last)
# --- walrus in a condition
data = [3, 1, 2]
if (n := len(data)) > 2:
    result = (n, [y for x in data if (y := x * 2) > 2])
# --- nested comprehensions
result = [[i * j for j in range(3)] for i in range(2)], [(i, j) for i in range(3) for j in range(i)]
# --- comprehension conditions
result = ([x for x in range(20) if x % 2 if x % 3], {x % 3 for x in range(9)} == {0, 1, 2}, {k: v for k, v in zip("abc", range(3)) if v})
# --- comprehension reads a local of its function
def f(k):
    return [k * i for i in range(3)], {i: k for i in range(2)}, sum(k for _ in range(4))


result = f(5)
# --- dict comprehension evaluates the key first
log = []


def v(x):
    log.append(x)
    return x


{v("k"): v("v") for _ in range(1)}
result = log
# --- locals of a function
def f(a, b=2):
    c = 3
    return sorted(locals().items())


result = f(1)
# --- globals holds module names
x = 5


def f():
    return globals()["x"], "nothing" in globals()


result = f()
# --- default argument may use earlier names only of the scope around
a = 1


def f(a=a, b=a + 1):
    return (a, b)


result = (f(), f(5))
# --- star-args are a tuple, keywords a fresh dict
def f(*args, **kw):
    kw["new"] = 1
    return type(args).__name__, kw


d = {"a": 1}
result = (f(1, **d), d)
# --- keyword arguments keep their order
def f(**kw):
    return list(kw)


result = f(z=1, a=2, m=3)
# --- nested functions with the same names
def f(x):
    def g(x):
        return x + 1

    return g(x) + x


result = f(1)
# --- conditional lambda in a loop of a dict
acts = {}
for name, slope in [("relu", 0.0), ("leaky", 0.1)]:
    acts[name] = lambda x, s=slope: x if x > 0 else s * x
result = (acts["relu"](-2), acts["leaky"](-2), acts["leaky"](3))
# --- repr of functions by qualified name
class A:
    def f(self): ...


result = (repr(A.f).split(" at ")[0], str(len).split(" at ")[0])
# --- method resolution of a call on a partial application by closure
def compose(*fns):
    def run(x):
        for fn in fns:
            x = fn(x)
        return x

    return run


result = compose(str, len, lambda n: n * 2)(12345)
