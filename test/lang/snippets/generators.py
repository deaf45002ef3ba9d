"""Generators and iterators: when their code runs, and what goes in and out."""
# --- nothing runs before the first next
log = []


def g():
    log.append("start")
    yield 1
    log.append("end")


it = g()
before = list(log)
first = next(it)
middle = list(log)
rest = list(it)
result = (before, first, middle, rest, log)
# --- consumer and producer take turns
log = []


def produce():
    for i in range(3):
        log.append(("make", i))
        yield i


for x in produce():
    log.append(("use", x))
result = log
# --- breaking off leaves the rest unrun
log = []


def g():
    for i in range(10):
        log.append(i)
        yield i


for x in g():
    if x == 2:
        break
result = log
# --- infinite generator with islice
from itertools import islice


def naturals():
    n = 0
    while True:
        yield n
        n += 1


result = list(islice(naturals(), 5))
# --- infinite generator with next
def counter():
    n = 0
    while True:
        n += 1
        yield n


c = counter()
result = [next(c) for _ in range(4)]
# --- two generators over one function are apart
def g():
    x = 0
    while x < 3:
        x += 1
        yield x


a, b = g(), g()
result = (next(a), next(a), next(b), list(a), list(b))
# --- generator is used up
def g():
    yield 1
    yield 2


it = g()
result = (list(it), list(it), next(it, "done"))
# --- StopIteration at the end
def g():
    yield 1


it = g()
next(it)
next(it)
# --- return value of a generator
def g():
    yield 1
    return "value"


it = g()
next(it)
try:
    next(it)
except StopIteration as stop:
    result = stop.value
# --- return value of yield from
log = []


def inner():
    yield 1
    yield 2
    return "inner done"


def outer():
    got = yield from inner()
    log.append(got)
    yield 3


result = (list(outer()), log)
# --- yield from a list, a string and a range
def g():
    yield from [1, 2]
    yield from "ab"
    yield from range(2)


result = list(g())
# --- yield from in recursion
def flatten(x):
    for item in x:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


result = list(flatten([1, [2, [3, [4]], 5]]))
# --- tree walk
class Node:
    def __init__(self, name, *children):
        self.name, self.children = name, children

    def walk(self, prefix=""):
        yield prefix + self.name
        for child in self.children:
            yield from child.walk(prefix + self.name + ".")


result = list(Node("net", Node("stem"), Node("layer1", Node("0"), Node("1"))).walk())
# --- send gives the value of yield
def g():
    total = 0
    while True:
        x = yield total
        if x is None:
            return
        total += x


it = g()
result = [next(it), it.send(3), it.send(4)]
# --- send to a generator that has not started
def g():
    x = yield 1


g().send(5)
# --- yield as an expression inside others
log = []


def g():
    x = (yield 1) + (yield 2)
    log.append(x)
    y = [0, (yield 3), 5]
    log.append(y)
    log.append(max((yield 4), 7))


it = g()
sent = [next(it)]
for v in (10, 20, 30, 40):
    try:
        sent.append(it.send(v))
    except StopIteration:
        sent.append("stop")
result = (sent, log)
# --- yield order in a call with other arguments
log = []


def v(x):
    log.append(x)
    return x


def g():
    return_value = dict(a=v(1), b=(yield v(2)), c=v(3))
    log.append(return_value)


it = g()
next(it)
before = list(log)
try:
    it.send("sent")
except StopIteration:
    pass
result = (before, log)
# --- yield in a conditional and a boolean expression
log = []


def g(flag):
    x = (yield "a") if flag else (yield "b")
    log.append(x)
    y = flag and (yield "c")
    log.append(y)


result = (list(g(True)), list(g(False)), log)
# --- yield in a while condition
def g():
    n = 0
    while (yield n):
        n += 1


it = g()
result = [next(it), it.send(True), it.send(True), next(it, "end")]
# --- yield in a comprehension target loop of a generator
def g(n):
    for i in (x * 2 for x in range(n)):
        got = yield i
    else:
        yield "else"


result = list(g(3))
# --- throw is caught inside
log = []


def g():
    try:
        yield 1
    except ValueError as error:
        log.append(str(error))
        yield 2
    yield 3


it = g()
result = (next(it), it.throw(ValueError("boom")), next(it), log)
# --- throw that is not caught
def g():
    yield 1


it = g()
next(it)
it.throw(KeyError("k"))
# --- close runs finally
log = []


def g():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


it = g()
next(it)
it.close()
result = (log, list(it))
# --- close before the start runs nothing
log = []


def g():
    try:
        log.append("start")
        yield 1
    finally:
        log.append("closed")


it = g()
it.close()
result = (log, list(it))
# --- exception inside a generator reaches the caller
def g():
    yield 1
    raise ValueError("inside")


out = []
try:
    for x in g():
        out.append(x)
except ValueError as error:
    out.append(str(error))
result = out
# --- a generator that raised is at its end
def g():
    yield 1
    raise ValueError


it = g()
next(it)
try:
    next(it)
except ValueError:
    pass
result = list(it)
# --- StopIteration raised inside becomes RuntimeError
def g():
    yield 1
    raise StopIteration


list(g())
# --- try, except and finally around yields
log = []


def g():
    for i in range(3):
        try:
            if i == 1:
                raise ValueError(i)
            yield i
        except ValueError as error:
            yield f"caught {error}"
        else:
            log.append(("else", i))
        finally:
            log.append(("finally", i))


result = (list(g()), log)
# --- with around a yield
log = []


class CM:
    def __enter__(self):
        log.append("enter")
        return self

    def __exit__(self, *a):
        log.append("exit")


def g():
    with CM():
        yield 1
        yield 2
    yield 3


for x in g():
    log.append(x)
result = log
# --- continue and break inside a generator's loops
def g():
    for i in range(10):
        if i % 2:
            continue
        for j in range(5):
            if j > 1:
                break
            yield (i, j)
        if i > 3:
            return


result = list(g())
# --- while with else in a generator
def g(n):
    i = 0
    while i < n:
        yield i
        i += 1
        if i == 3:
            break
    else:
        yield "no break"


result = (list(g(2)), list(g(5)))
# --- for with else in a generator
def g(xs):
    for x in xs:
        if x < 0:
            break
        yield x
    else:
        yield "end"


result = (list(g([1, 2])), list(g([1, -1, 2])))
# --- match in a generator
def g(xs):
    for x in xs:
        match x:
            case int():
                yield "int"
            case [a, b]:
                yield a + b
            case _:
                yield None


result = list(g([1, [2, 3], "x"]))
# --- generator expression runs late but its first iterable early
log = []


def source():
    log.append("source")
    return [1, 2, 3]


def f(x):
    log.append(x)
    return x * 10


it = (f(x) for x in source())
before = list(log)
first = next(it)
result = (before, first, log)
# --- generator expression binds late
k = 2
it = (x * k for x in range(3))
k = 10
result = list(it)
# --- generator expressions nest
result = list((i, j) for i in range(3) for j in range(i) if (i + j) % 2)
# --- sum, any, all, max over a generator
log = []


def v(x):
    log.append(x)
    return x


result = (any(v(x) > 1 for x in range(5)), all(v(x) < 1 for x in range(5)), sum(x * x for x in range(4)), max(len(s) for s in ["a", "bbb"]), log)
# --- unpacking a generator
def g():
    yield 1
    yield 2
    yield 3


a, *b = g()
result = (a, b, [*g()], (*g(), 4), {*g()} == {1, 2, 3})
# --- generator as star arguments
def f(*a):
    return a


result = f(*(i * i for i in range(3)))
# --- membership stops early
log = []


def g():
    for i in range(5):
        log.append(i)
        yield i


result = (2 in g(), log)
# --- generator in a class with state
class Pipe:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            self.last = i
            yield i


p = Pipe(3)
it = iter(p)
next(it)
next(it)
result = (p.last, list(p), p.last)
# --- generator method called twice over shared state
class Source:
    def __init__(self):
        self.at = 0

    def take(self, n):
        for _ in range(n):
            self.at += 1
            yield self.at


s = Source()
a, b = s.take(2), s.take(2)
result = [next(a), next(b), next(a), next(b), s.at]
# --- pipeline of generators is lazy in every stage
log = []


def numbers():
    for i in range(4):
        log.append(f"n{i}")
        yield i


def evens(xs):
    for x in xs:
        if x % 2 == 0:
            log.append(f"e{x}")
            yield x


result = ([x for x in evens(numbers())], log)
# --- parameters change before the generator starts
def g(xs):
    for x in xs:
        yield x


xs = [1, 2]
it = g(xs)
xs.append(3)
result = list(it)
# --- closing variable of a generator
def g():
    n = 1

    def bump():
        nonlocal n
        n += 1

    while n < 4:
        yield n
        bump()


result = list(g())
# --- generator that takes from another by next
def pairs(it):
    it = iter(it)
    for a in it:
        yield a, next(it, None)


result = list(pairs([1, 2, 3, 4, 5]))
# --- next inside a generator that runs out
def g(it):
    while True:
        yield next(it)


list(g(iter([1])))
# --- type and name of a generator
def g():
    yield


it = g()
result = (type(it).__name__, it.__name__, iter(it) is it, hasattr(it, "send"), type(x for x in "").__name__)
# --- a generator has no length
def g():
    yield 1


len(g())
# --- a generator is not subscriptable
g = (x for x in [1])
g[0]
# --- iter and next on builtins
it = iter([1, 2, 3])
d = iter({"a": 1})
result = (next(it), list(it), next(d), next(it, None), next(iter("xy")), next(iter((7,))))
# --- next of a list
next([1])
# --- iter of an int
iter(3)
# --- iter with a sentinel
values = iter([1, 2, 0, 3])
result = list(iter(lambda: next(values), 0))
# --- zip stops at the shortest and takes from the first
a = iter([1, 2, 3])
b = iter([10])
pairs = list(zip(a, b))
result = (pairs, next(a))
# --- zip of nothing, one and three
result = (list(zip()), list(zip([1, 2])), list(zip("ab", [1, 2], (True, False))))
# --- zip strict
list(zip([1, 2], [1], strict=True))
# --- zip strict with a longer second
list(zip([1], [1, 2], strict=True))
# --- zip undoes itself
pairs = [(1, "a"), (2, "b")]
nums, chars = zip(*pairs)
result = (nums, chars)
# --- enumerate with a start
result = (list(enumerate("ab", 1)), dict(enumerate("xy", start=10)), next(enumerate([5])))
# --- map is lazy
log = []


def f(x):
    log.append(x)
    return x * 2


m = map(f, [1, 2, 3])
before = list(log)
first = next(m)
result = (before, first, list(log), list(m))
# --- map over several
result = (list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(str, range(3))), list(map(pow, [2, 3], [3, 2])))
# --- filter is lazy
log = []


def odd(x):
    log.append(x)
    return x % 2


f = filter(odd, range(6))
result = (next(f), list(log), list(f), list(filter(None, [0, 1, "", "a", None])))
# --- reversed
r = reversed([1, 2, 3])
result = (next(r), list(r), list(reversed("abc")), list(reversed(range(3))), list(reversed((1, 2))), list(reversed({"a": 1, "b": 2})))
# --- reversed of a set
reversed({1, 2})
# --- reversed of a generator
reversed(x for x in [1])
# --- iterators are consumed once
it = iter([1, 2, 3, 4])
result = (list(zip(it, it)), list(it))
# --- list changed while it is iterated
xs = [1, 2, 3]
out = []
for x in xs:
    out.append(x)
    if len(xs) < 6:
        xs.append(x * 10)
result = out
# --- dict changed while it is iterated
d = {"a": 1}
for k in d:
    d[k + "x"] = 1
# --- iterating a copy while the dict changes
d = {"a": 1, "b": 2}
for k in list(d):
    if d[k] > 1:
        del d[k]
result = d
# --- generator expression in a class with self
class A:
    k = 3

    def run(self, xs):
        return tuple(self.k * x for x in xs)


result = A().run([1, 2])
# --- contextmanager
from contextlib import contextmanager

log = []


@contextmanager
def scope(name):
    log.append(f"enter {name}")
    try:
        yield name.upper()
    finally:
        log.append(f"exit {name}")


with scope("a") as a, scope("b") as b:
    log.append((a, b))
result = log
# --- contextmanager that swallows
from contextlib import contextmanager


@contextmanager
def quiet():
    try:
        yield
    except ValueError:
        pass


with quiet():
    raise ValueError("x")
result = "went on"
# --- contextmanager that lets pass
from contextlib import contextmanager

log = []


@contextmanager
def watch():
    try:
        yield
    except KeyError:
        log.append("saw it")
        raise


try:
    with watch():
        {}["k"]
except KeyError as error:
    result = (log, str(error))
# --- contextmanager as a decorator
from contextlib import contextmanager

log = []


@contextmanager
def tag(name):
    log.append("<" + name)
    yield
    log.append(name + ">")


@tag("f")
def f():
    log.append("run")


f()
f()
result = log
# --- delegating send through yield from
def inner():
    x = yield "first"
    y = yield x * 2
    return x + y


def outer():
    total = yield from inner()
    yield ("total", total)


it = outer()
result = [next(it), it.send(5), it.send(6)]
# --- throw goes through yield from
def inner():
    try:
        yield 1
    except ValueError:
        yield "inner caught"


def outer():
    yield from inner()
    yield "after"


it = outer()
result = [next(it), it.throw(ValueError), next(it)]
# --- coin of generators: peek with chain
from itertools import chain


def peek(it):
    first = next(it)
    return first, chain([first], it)


first, it = peek(iter(range(3)))
result = (first, list(it))
# --- early return
def g(flag):
    if flag:
        return
    yield 1


result = (list(g(True)), list(g(False)))
# --- generator with only return is still a generator
def g():
    return 5
    yield


result = list(g())
# --- async functions are not run when called
async def f():
    return 1


c = f()
result = type(c).__name__
c.close()
