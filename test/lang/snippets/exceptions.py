"""Exceptions: raised, caught, chained, and what they say."""
# --- try, else and finally order
log = []


def f(fail):
    try:
        log.append("try")
        if fail:
            raise ValueError
    except ValueError:
        log.append("except")
    else:
        log.append("else")
    finally:
        log.append("finally")


f(False)
f(True)
result = log
# --- first matching handler
def f(error):
    try:
        raise error
    except KeyError:
        return "key"
    except LookupError:
        return "lookup"
    except (TypeError, ValueError) as e:
        return type(e).__name__
    except Exception:
        return "other"


result = [f(KeyError()), f(IndexError()), f(ValueError()), f(TypeError()), f(RuntimeError())]
# --- bare except
try:
    1 / 0
except:
    result = "caught"
# --- uncaught type goes on
try:
    raise KeyError("k")
except ValueError:
    result = "no"
# --- str, repr and args of exceptions
e = [ValueError("bad", 3), ValueError("only"), ValueError(), KeyError("k"), KeyError("a", 1), IndexError(5)]
result = [(str(x), repr(x), x.args) for x in e]
# --- exception name is deleted after the handler
try:
    raise ValueError("x")
except ValueError as e:
    pass
e
# --- raise a class
try:
    raise ValueError
except ValueError as e:
    result = (e.args, str(e))
# --- raise something that is no exception
raise 3
# --- raise a string
raise "message"
# --- re-raise
def f():
    try:
        raise KeyError("inner")
    except KeyError:
        raise


f()
# --- raise without an exception
raise
# --- raise from
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") from e
except ValueError as e:
    result = (repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
# --- raise from None
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise ValueError("b") from None
except ValueError as e:
    result = (e.__cause__, repr(e.__context__), e.__suppress_context__)
# --- implicit context
try:
    try:
        {}["x"]
    except KeyError:
        1 / 0
except ZeroDivisionError as e:
    result = repr(e.__context__)
# --- finally overrides a return
def f():
    try:
        return "try"
    finally:
        return "finally"


result = f()
# --- finally runs on return
log = []


def f():
    try:
        return log.append("value") or "returned"
    finally:
        log.append("finally")


result = (f(), log)
# --- finally runs on break and continue
log = []
for i in range(4):
    try:
        if i == 1:
            continue
        if i == 3:
            break
        log.append(i)
    finally:
        log.append(f"f{i}")
result = log
# --- finally swallows by break
def f():
    for _ in range(1):
        try:
            raise ValueError
        finally:
            break
    return "swallowed"


result = f()
# --- return in except with finally
def f():
    try:
        raise ValueError
    except ValueError:
        return 1
    finally:
        log.append("done")


log = []
result = (f(), log)
# --- nested handlers
def f():
    try:
        try:
            raise ValueError("a")
        except TypeError:
            return "wrong"
        finally:
            log.append("inner finally")
    except ValueError as e:
        return f"outer {e}"


log = []
result = (f(), log)
# --- exception in else is not caught
try:
    try:
        pass
    except ValueError:
        pass
    else:
        raise ValueError("from else")
except ValueError as e:
    result = str(e)
# --- exception in a handler replaces
try:
    try:
        raise ValueError("a")
    except ValueError:
        raise KeyError("b")
except KeyError as e:
    result = str(e)
# --- custom exception
class ShapeError(ValueError):
    def __init__(self, got, want):
        super().__init__(f"got {got}, want {want}")
        self.got = got


try:
    raise ShapeError(3, 4)
except ValueError as e:
    result = (type(e).__name__, str(e), e.got, e.args)
# --- custom exception without its own __init__
class MyError(Exception):
    """doc"""


raise MyError("text", 2)
# --- custom exception with __str__
class MyError(Exception):
    def __str__(self):
        return "custom: " + str(self.args)


raise MyError(1)
# --- custom exception hierarchy
class Base(Exception): ...


class Child(Base): ...


try:
    raise Child("c")
except Base as e:
    result = (isinstance(e, Child), repr(e))
# --- uncaught message of a custom exception
class ConfigError(RuntimeError):
    pass


def build(name):
    raise ConfigError(f"unknown model {name!r}")


build("resnet")
# --- assert with a message
depth = 7
assert depth in (18, 34), f"unsupported depth {depth}"
# --- assert without a message
assert 1 == 2
# --- assert with a tuple message
assert False, ("a", 1)
# --- assert that holds does not evaluate its message
log = []
assert True, log.append(1)
result = log
# --- assertion caught
try:
    assert [] , "empty"
except AssertionError as e:
    result = (str(e), e.args)
# --- zero division, int
1 // 0
# --- zero modulo, int
1 % 0
# --- zero true division, int
1 / 0
# --- zero division, float
1.0 / 0
# --- zero floor division, float
1.0 // 0
# --- zero modulo, float
1.0 % 0
# --- divmod by zero
divmod(1, 0)
# --- zero to a negative power
0**-1
# --- KeyError of a dict
{"a": 1}["b"]
# --- KeyError with a tuple key
{}[1, 2]
# --- KeyError with an int key
{}[3]
# --- IndexError of a list
[1, 2][2]
# --- IndexError of a tuple
(1, 2)[-3]
# --- IndexError of a string
"ab"[5]
# --- IndexError of a range
range(3)[3]
# --- IndexError on assignment
x = [1]
x[1] = 2
# --- list index that is no integer
[1]["a"]
# --- list index that is a float
[1][0.0]
# --- tuple index that is no integer
(1,)["a"]
# --- string index that is no integer
"a"["b"]
# --- tuple assignment
t = (1, 2)
t[0] = 3
# --- string assignment
s = "ab"
s[0] = "c"
# --- item assignment to an instance
class A: ...


A()[0] = 1
# --- item deletion of an instance
class A: ...


a = A()
del a[0]
# --- item deletion of a tuple
t = (1,)
del t[0]
# --- subscript of an int
5[0] if False else (5).__class__
x = 5
x[0]
# --- subscript of None
None[0]
# --- subscript of a function
def f(): ...


f[0]
# --- int of a bad string
int("3.5")
# --- int of an empty string
int("")
# --- int with base of a bad string
int("12", 2)
# --- int of None
int(None)
# --- int of a list
int([1])
# --- float of a bad string
float("abc")
# --- float of None
float(None)
# --- int of infinity
int(float("inf"))
# --- int of nan
int(float("nan"))
# --- list.remove of what is not there
[1].remove(2)
# --- list.index of what is not there
[1].index(2)
# --- tuple.index of what is not there
(1,).index(2)
# --- str.index of what is not there
"abc".index("z")
# --- pop from an empty list
[].pop()
# --- pop out of range
[1].pop(3)
# --- popitem of an empty dict
{}.popitem()
# --- pop of a missing key
{}.pop("k")
# --- set.remove of what is not there
{1}.remove(2)
# --- pop from an empty set
set().pop()
# --- max of nothing
max([])
# --- min of nothing by generator
min(x for x in [])
# --- max of mixed kinds
max([1, "a"])
# --- sum of strings
sum(["a", "b"])
# --- join of ints
",".join([1, 2])
# --- ord of a long string
ord("ab")
# --- chr out of range
chr(-1)
# --- dict from bad pairs
dict([1, 2])
# --- dict from pairs of wrong length
dict([(1, 2, 3)])
# --- range with a float
range(2.0)
# --- range with step zero
range(1, 2, 0)
# --- slice step zero
[1, 2][::0]
# --- slice with a string bound
[1, 2]["a":]
# --- extended slice assignment of wrong length
x = [1, 2, 3, 4]
x[::2] = [9]
# --- exceptions from a call inside a comprehension
def f(x):
    if x == 2:
        raise ValueError(f"bad {x}")
    return x


try:
    [f(x) for x in range(5)]
except ValueError as e:
    result = str(e)
# --- NotImplementedError
class Base:
    def forward(self, x):
        raise NotImplementedError("subclasses do this")


class Net(Base): ...


try:
    Net().forward(1)
except NotImplementedError as e:
    result = (str(e), isinstance(e, RuntimeError))
# --- exception classes and their bases
result = [[c.__name__ for c in e.__mro__[:-1]] for e in (KeyError, ZeroDivisionError, ModuleNotFoundError, UnicodeDecodeError, StopIteration, FileNotFoundError, RecursionError, UnboundLocalError)]
# --- with swallows when __exit__ returns true
class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        self.seen = (kind.__name__, str(value))
        return True


s = Swallow()
with s:
    raise ValueError("quiet")
result = s.seen
# --- with passes on when __exit__ returns false
log = []


class Pass:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        log.append(kind.__name__)


try:
    with Pass():
        [][0]
except IndexError as e:
    result = (log, str(e))
# --- with several managers leaves in reverse
log = []


class CM:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        log.append(f"+{self.n}")
        return self.n

    def __exit__(self, *a):
        log.append(f"-{self.n}")


with CM(1) as a, CM(2) as b:
    log.append((a, b))
with (CM(3), CM(4) as d):
    log.append(d)
result = log
# --- with runs exit on return
log = []


class CM:
    def __enter__(self): ...

    def __exit__(self, *a):
        log.append("exit")


def f():
    with CM():
        return "value"


result = (f(), log)
# --- with target may be an attribute or a tuple
class CM:
    def __enter__(self):
        return (1, 2)

    def __exit__(self, *a): ...


class Box: ...


box = Box()
with CM() as (a, b):
    pass
with CM() as box.value:
    pass
result = (a, b, box.value)
# --- with something that is no context manager
with 3:
    pass
# --- with an instance without the protocol
class A: ...


with A():
    pass
# --- suppress
from contextlib import suppress

with suppress(KeyError, IndexError):
    {}["a"]
    result = "not reached"
result = "after"
# --- suppress of another type
from contextlib import suppress

with suppress(KeyError):
    int("x")
# --- ExitStack
from contextlib import ExitStack

log = []


class CM:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return self.n

    def __exit__(self, *a):
        log.append(self.n)


with ExitStack() as stack:
    values = [stack.enter_context(CM(i)) for i in range(3)]
    stack.callback(log.append, "callback")
result = (values, log)
# --- nullcontext
from contextlib import nullcontext

with nullcontext() as a, nullcontext(5) as b:
    result = (a, b)
# --- import of a missing name
try:
    from math import nothing_there
except ImportError as e:
    result = str(e).split(" (")[0]
# --- add_note and with_traceback
e = ValueError("x")
e.add_note("note")
result = (e.__notes__, e.with_traceback(None) is e, e.__traceback__)
# --- exceptions compare by identity and can be kept
errors = []
for bad in ("x", "1"):
    try:
        int(bad)
    except ValueError as e:
        errors.append(e)
result = ([str(e) for e in errors], errors[0] == errors[0], ValueError("a") == ValueError("a"))
# --- handler type is evaluated when needed
def kinds():
    log.append("evaluated")
    return KeyError


log = []
try:
    pass
except kinds():
    pass
try:
    {}[0]
except kinds():
    pass
result = log
# --- handler with something that is no exception class
try:
    1 / 0
except 5:
    pass
# --- retry loop
tries = 0
while True:
    tries += 1
    try:
        if tries < 3:
            raise RuntimeError("again")
        break
    except RuntimeError:
        continue
result = tries
# --- getattr default swallows a nested AttributeError
class A:
    @property
    def x(self):
        return None.shape


result = getattr(A(), "x", "default")
# --- exception groups of handlers keep the traceback out of args
def f():
    raise TypeError("t")


try:
    f()
except (KeyError, TypeError) as e:
    saved = e
result = (saved.args, isinstance(saved, TypeError))
# --- OSError with errno
e = OSError(2, "No such file")
result = (e.errno, e.strerror, str(e), e.args, FileNotFoundError is OSError)
# --- UnicodeError family and arithmetic family
result = (issubclass(UnicodeDecodeError, ValueError), issubclass(OverflowError, ArithmeticError), issubclass(TimeoutError, OSError), issubclass(StopAsyncIteration, Exception), issubclass(KeyboardInterrupt, Exception))
# --- float overflow
2.0**5000
# --- int too large for a float
float(10**400)
# --- shift by a negative count
1 << -1
# --- negative repeat and slice of nothing
result = ([1] * -1, "a" * 0, [][:], ""[1:], ()[5:9])
