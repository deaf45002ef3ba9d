"""Special methods behind operators, comparison, containers and conversion."""
# --- binary operators call their method
class V:
    def __init__(self, x):
        self.x = x

    def __add__(self, o):
        return ("add", self.x, o)

    def __sub__(self, o):
        return ("sub", self.x, o)

    def __mul__(self, o):
        return ("mul", self.x, o)

    def __truediv__(self, o):
        return ("truediv", self.x, o)

    def __floordiv__(self, o):
        return ("floordiv", self.x, o)

    def __mod__(self, o):
        return ("mod", self.x, o)

    def __pow__(self, o):
        return ("pow", self.x, o)

    def __matmul__(self, o):
        return ("matmul", self.x, o)


v = V(1)
result = [v + 2, v - 2, v * 2, v / 2, v // 2, v % 2, v**2, v @ 2]
# --- reflected operators
class V:
    def __radd__(self, o):
        return ("radd", o)

    def __rsub__(self, o):
        return ("rsub", o)

    def __rmul__(self, o):
        return ("rmul", o)

    def __rtruediv__(self, o):
        return ("rtruediv", o)

    def __rpow__(self, o):
        return ("rpow", o)

    def __rmod__(self, o):
        return ("rmod", o)


v = V()
result = [1 + v, 1 - v, [2] * v, 1 / v, 2**v, 7 % v, sum([v, ], 5)]
# --- bit operators
class V:
    def __and__(self, o):
        return ("and", o)

    def __or__(self, o):
        return ("or", o)

    def __xor__(self, o):
        return ("xor", o)

    def __lshift__(self, o):
        return ("lshift", o)

    def __rshift__(self, o):
        return ("rshift", o)

    def __ror__(self, o):
        return ("ror", o)


v = V()
result = [v & 1, v | 1, v ^ 1, v << 1, v >> 1, 1 | v]
# --- unary operators
class V:
    def __neg__(self):
        return "neg"

    def __pos__(self):
        return "pos"

    def __invert__(self):
        return "invert"

    def __abs__(self):
        return "abs"


v = V()
result = [-v, +v, ~v, abs(v)]
# --- NotImplemented falls to the other side
class A:
    def __add__(self, o):
        return NotImplemented


class B:
    def __radd__(self, o):
        return "B.radd"


result = A() + B()
# --- NotImplemented on both sides
class A:
    def __add__(self, o):
        return NotImplemented


A() + 1
# --- a subclass on the right goes first
class A:
    def __add__(self, o):
        return "A.add"


class B(A):
    def __radd__(self, o):
        return "B.radd"


result = (A() + B(), B() + A())
# --- in-place operator
class V:
    def __init__(self):
        self.log = []

    def __iadd__(self, o):
        self.log.append(o)
        return self


v = w = V()
v += 1
v += 2
result = (v is w, v.log)
# --- in-place operator falls back
class V:
    def __init__(self, x):
        self.x = x

    def __mul__(self, o):
        return V(self.x * o)


v = w = V(2)
v *= 5
result = (v is w, v.x, w.x)
# --- in-place operator on an attribute and an item
class Box:
    def __init__(self):
        self.n = 1
        self.d = {"a": [1]}


b = Box()
b.n += 4
b.d["a"] += [2]
b.d["a"] *= 2
result = (b.n, b.d)
# --- in-place operator on an item evaluates the index once
calls = []


def at():
    calls.append(1)
    return 0


x = [1, 2]
x[at()] += 10
result = (x, calls)
# --- in-place on a list in a tuple both changes and raises
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    result = (t, str(error))
# --- list += any iterable, list + only a list
x = [1]
x += (2, 3)
x += "ab"
try:
    x + (4,)
except TypeError as error:
    result = (x, str(error))
# --- string + int
"a" + 1
# --- int + string
1 + "a"
# --- int + None
1 + None
# --- list * float
[1] * 2.0
# --- unsupported in-place
x = 1
x -= "a"
# --- unary minus of a string
-"a"
# --- comparison methods
class V:
    def __init__(self, x):
        self.x = x

    def __lt__(self, o):
        return self.x < o.x

    def __le__(self, o):
        return self.x <= o.x


a, b = V(1), V(2)
result = (a < b, a > b, a <= b, a >= b)
# --- comparison that is not supported
class A: ...


A() < A()
# --- comparison of int and str
1 < "a"
# --- comparison of None
None > 1
# --- comparison of lists of mixed kinds
[1, "a"] < [1, 2]
# --- sorting by __lt__
class V:
    def __init__(self, x):
        self.x = x

    def __lt__(self, o):
        return self.x > o.x

    def __repr__(self):
        return f"V{self.x}"


result = sorted([V(1), V(3), V(2)])
# --- __eq__ alone gives !=
class V:
    def __init__(self, x):
        self.x = x

    def __eq__(self, o):
        return isinstance(o, V) and self.x == o.x


result = (V(1) == V(1), V(1) != V(1), V(1) == V(2), V(1) == 1, V(1) in [V(2), V(1)], [V(1)] == [V(1)])
# --- __eq__ without __hash__ is unhashable
class V:
    def __eq__(self, o):
        return True


hash(V())
# --- unhashable as a dict key
{[1]: 2}
# --- unhashable in a set
{1, {2: 3}}
# --- __eq__ with __hash__ in a dict
class V:
    def __init__(self, x):
        self.x = x

    def __eq__(self, o):
        return self.x == o.x

    def __hash__(self):
        return hash(self.x)


d = {V(1): "a"}
d[V(1)] = "b"
d[V(2)] = "c"
result = (len(d), d[V(1)], V(2) in d, len({V(1), V(1), V(3)}))
# --- __eq__ may return any value
class V:
    def __eq__(self, o):
        return "maybe"

    __hash__ = None


result = (V() == 1, bool(V() == 1), V() != 1)
# --- __ne__ on its own
class V:
    def __ne__(self, o):
        return "different"


v = V()
result = (v != v, v == v)
# --- __bool__ and __len__ decide truth
class A:
    def __bool__(self):
        return False


class B:
    def __len__(self):
        return 0


class C:
    def __bool__(self):
        return True

    def __len__(self):
        return 0


result = [bool(A()), bool(B()), bool(C()), not B(), "yes" if A() else "no", A() or 5]
# --- __bool__ must return bool
class A:
    def __bool__(self):
        return 1


bool(A())
# --- __len__
class A:
    def __len__(self):
        return 7


result = len(A())
# --- negative __len__
class A:
    def __len__(self):
        return -1


len(A())
# --- len of a number
len(3)
# --- __getitem__ with slices and tuples
class A:
    def __getitem__(self, i):
        return i


a = A()
result = [a[1], a[1:2], a[::2], a[1, 2], a[:, None, ...], a[-1:], a["k"]]
# --- iteration by __getitem__ until IndexError
class A:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * i


result = (list(A()), 4 in A(), 5 in A(), max(A()))
# --- __setitem__ and __delitem__
log = []


class A:
    def __setitem__(self, k, v):
        log.append(("set", k, v))

    def __delitem__(self, k):
        log.append(("del", k))


a = A()
a[1] = 2
a["x", 3] = 4
a[1:2] = [5]
del a[0]
result = log
# --- __contains__
class A:
    def __contains__(self, x):
        return x > 3


result = (4 in A(), 3 in A(), 3 not in A())
# --- membership by __iter__
class A:
    def __iter__(self):
        return iter([1, 2])


result = (2 in A(), 5 in A(), list(A()), [*A(), 3])
# --- membership without support
class A: ...


1 in A()
# --- __iter__ and __next__
class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        self.i = 0
        return self

    def __next__(self):
        if self.i == self.n:
            raise StopIteration
        self.i += 1
        return self.i


c = Count(3)
result = (list(c), [x * 2 for x in c], sum(c), next(iter(c)))
# --- __iter__ that is a generator
class A:
    def __init__(self, *xs):
        self.xs = xs

    def __iter__(self):
        for x in self.xs:
            yield x + 1


first, *rest = A(1, 2, 3)
result = (first, rest, dict(zip("ab", A(1, 2))))
# --- __iter__ returns something that is no iterator
class A:
    def __iter__(self):
        return [1, 2]


list(A())
# --- iteration over an int
for i in 5:
    pass
# --- iteration over an instance
class A: ...


for x in A():
    pass
# --- __reversed__
class A:
    def __reversed__(self):
        return iter("xyz")


result = list(reversed(A()))
# --- reversed by length and items
class A:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 10


result = list(reversed(A()))
# --- __format__
class A:
    def __format__(self, spec):
        return f"<{spec}>"


result = (f"{A()}", f"{A():x>3}", format(A(), "q"), "{:abc}".format(A()))
# --- format spec that the default does not take
class A: ...


f"{A():>10}"
# --- __index__
class I:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        return self.i


result = ([10, 20, 30][I(1)], list(range(I(3))), "abc"[I(0) : I(2)], hex(I(255)), [0] * I(2))
# --- __int__ and __float__
class N:
    def __int__(self):
        return 3

    def __float__(self):
        return 2.5


result = (int(N()), float(N()))
# --- __hash__ decides dict lookups with __eq__
class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, o):
        return self.name == o.name

    def __repr__(self):
        return self.name


result = {Key("a"): 1, Key("b"): 2, Key("a"): 3}
# --- __enter__ and __exit__
log = []


class CM:
    def __enter__(self):
        log.append("enter")
        return "value"

    def __exit__(self, kind, value, tb):
        log.append(kind)


with CM() as v:
    log.append(v)
result = log
# --- special methods are looked up on the class
class A:
    def __len__(self):
        return 1


a = A()
a.__len__ = lambda: 5
result = (len(a), a.__len__())
# --- builtin special methods by name
result = (
    (3).__add__(4),
    "ab".__len__(),
    [1, 2].__getitem__(1),
    {"a": 1}.__contains__("a"),
    (1).__eq__(2),
    "a".__add__("b"),
    (2).__radd__(3),
    [1].__add__([2]),
    (5).__lt__(6),
    int.__mul__(3, 4),
    list.__len__([1, 2, 3]),
    dict.__getitem__({"k": 2}, "k"),
)
# --- special method that does not fit
result = (1).__add__("a")
# --- comparison chains call each operand once
log = []


def v(x):
    log.append(x)
    return x


result = (v(1) < v(2) < v(3), v(3) < v(2) < v(1), log)
# --- chained comparison with mixed operators
a, b, c = 1, 2, 2
result = (a < b == c, a < b != c, a <= b >= c, a == 1 in [1], 1 < 2 > 1, not 1 < 2 < 3)
# --- is and is not
a = [1]
b = a
c = [1]
result = (a is b, a is c, a is not c, None is None, a == c, True is True, () is ())
# --- boolean operators return operands
result = (0 or "a", "a" or 0, 0 and 1, 2 and 3, [] or {} or None, not [], 1 and [] and 3, None or 0)
# --- boolean operators stop early
log = []


def f(x):
    log.append(x)
    return x


f(0) and f(1)
f(2) or f(3)
result = log
# --- conditional expression evaluates one side
log = []
x = log.append(1) if False else log.append(2)
result = log
# --- truth of builtins
values = [0, 1, -1, 0.0, 0.5, "", "a", [], [0], (), (0,), {}, {0: 0}, set(), None, ..., range(0), range(1), b"", 0j]
result = [bool(v) for v in values]
# --- operator precedence
result = (2 + 3 * 4, -(2**2), 2**3**2, 7 // 2 * 2, 1 | 2 ^ 3 & 4, 1 << 2 + 1, not 1 == 2, -7 % 3, 2 * 3 % 4)
# --- bool arithmetic
result = (True + True, True * 3, True & False, True | 2, ~True, -True, True == 1, sum([True, False, True]), True / 2)
# --- set operators
a, b = {1, 2, 3}, {2, 3, 4}
result = (sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a < b, {2} <= a, a >= {1}, a == {3, 2, 1})
# --- set with a list operator
{1} | [2]
# --- dict operators
a = {"x": 1, "y": 2}
b = {"y": 3, "z": 4}
c = a | b
a |= {"w": 0}
result = (c, a)
# --- matrix multiplication without support
1 @ 2
# --- __divmod__ and divmod
class A:
    def __divmod__(self, o):
        return ("divmod", o)


result = (divmod(A(), 3), divmod(7, 2), divmod(-7, 2), divmod(7.5, 2))
# --- __round__, __floor__, __ceil__, __trunc__
import math


class A:
    def __round__(self, n=None):
        return ("round", n)

    def __floor__(self):
        return "floor"

    def __ceil__(self):
        return "ceil"

    def __trunc__(self):
        return 5


result = (round(A()), round(A(), 2), math.floor(A()), math.ceil(A()), math.trunc(A()))
# --- total_ordering
from functools import total_ordering


@total_ordering
class V:
    def __init__(self, x):
        self.x = x

    def __eq__(self, o):
        return self.x == o.x

    def __lt__(self, o):
        return self.x < o.x


result = (V(1) <= V(1), V(2) > V(1), V(2) >= V(3), V(1) != V(2))
# --- rich comparison returns NotImplemented both ways for equality
class A:
    def __eq__(self, o):
        return NotImplemented


a = A()
result = (a == 1, a == a, a != 1)
# --- __lt__ reflected to __gt__
class A:
    def __gt__(self, o):
        return ("gt", o)


result = 5 < A()
# --- operator on the class of a tuple subclass
class Size(tuple):
    def __add__(self, o):
        return Size(tuple.__add__(self, o))

    def __repr__(self):
        return f"Size{tuple(self)}"


result = (Size((1, 2)) + (3,), type(Size((1,)) + ()).__name__)
