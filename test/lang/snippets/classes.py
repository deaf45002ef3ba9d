"""Classes, their attributes and how they are looked up."""
# --- class attribute is shared until assigned on the instance
class A:
    kernel = 3


a, b = A(), A()
a.kernel = 5
result = (a.kernel, b.kernel, A.kernel)
# --- mutable class attribute is one object
class A:
    items = []


A().items.append(1)
A().items.append(2)
result = A.items
# --- augmented assignment on an instance reads the class and writes the instance
class A:
    count = 1


a = A()
a.count += 4
result = (a.count, A.count, "count" in a.__dict__)
# --- class body sees its own names but methods do not
x = "module"


class A:
    x = "class"
    y = x

    def read(self):
        return x


result = (A.y, A().read())
# --- comprehension in a class body does not see class names
class A:
    n = 2
    try:
        values = [n for _ in range(1)]
    except NameError as error:
        values = str(error)


result = A.values
# --- outermost iterable of a comprehension in a class body is seen
class A:
    sizes = (1, 2, 3)
    doubled = [2 * s for s in sizes]


result = A.doubled
# --- class body runs statements
class A:
    widths = {}
    for i in range(3):
        widths[i] = 2**i
    del i


result = (A.widths, hasattr(A, "i"))
# --- conditional method definitions
FAST = True


class A:
    if FAST:

        def run(self):
            return "fast"

    else:

        def run(self):
            return "slow"


result = A().run()
# --- C3 order of a diamond
class A: ...


class B(A): ...


class C(A): ...


class D(B, C): ...


result = [cls.__name__ for cls in D.__mro__]
# --- C3 order of mixins
class Base: ...


class Mixin(Base): ...


class Layer(Base): ...


class Net(Mixin, Layer): ...


result = [cls.__name__ for cls in Net.mro()]
# --- inconsistent order is refused
class A: ...


class B(A): ...


class C(A, B): ...


# --- cooperative super runs along the order of the instance
log = []


class A:
    def __init__(self):
        log.append("A")


class B(A):
    def __init__(self):
        log.append("B")
        super().__init__()


class C(A):
    def __init__(self):
        log.append("C")
        super().__init__()


class D(B, C):
    def __init__(self):
        log.append("D")
        super().__init__()


D()
result = log
# --- super with arguments
class A:
    def name(self):
        return "A"


class B(A):
    def name(self):
        return "B" + super(B, self).name()


class C(B):
    def name(self):
        return "C" + super(C, self).name()


result = C().name()
# --- super that skips a class
class A:
    def name(self):
        return "A"


class B(A):
    def name(self):
        return "B"


class C(B):
    def name(self):
        return super(B, self).name()


result = C().name()
# --- super in a class method
class A:
    @classmethod
    def make(cls, n):
        return (cls.__name__, n)


class B(A):
    @classmethod
    def make(cls, n):
        return super().make(n + 1)


result = B.make(1)
# --- super in a nested function
class A:
    def f(self):
        return 1


class B(A):
    def f(self):
        def inner():
            return super(B, self).f()

        return inner() + 1


result = B().f()
# --- super without arguments in a closure of the first parameter
class A:
    def f(self):
        return 1


class B(A):
    def f(self):
        g = super().f
        return g() + 10


result = B().f()
# --- super attribute that no base has
class A: ...


class B(A):
    def f(self):
        return super().f()


B().f()
# --- super reads a property of the base
class A:
    @property
    def size(self):
        return 3


class B(A):
    @property
    def size(self):
        return super().size * 2


result = B().size
# --- __class__ in a method
class A:
    def me(self):
        return __class__.__name__


class B(A): ...


result = B().me()
# --- property with setter and deleter
class A:
    def __init__(self):
        self._x = 1

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value * 10

    @x.deleter
    def x(self):
        self._x = None


a = A()
a.x = 2
first = a.x
del a.x
result = (first, a.x)
# --- property without setter
class A:
    @property
    def x(self):
        return 1


A().x = 2
# --- property without deleter
class A:
    @property
    def x(self):
        return 1


del A().x
# --- property made by a call
class A:
    def get(self):
        return self._v

    def put(self, v):
        self._v = v

    v = property(get, put, doc="the value")


a = A()
a.v = 4
result = (a.v, A.v.__doc__)
# --- property that raises AttributeError falls back to __getattr__
class A:
    @property
    def x(self):
        return self.missing

    def __getattr__(self, name):
        return "fallback " + name


result = A().x
# --- property overridden in a subclass
class A:
    @property
    def x(self):
        return "A"

    def show(self):
        return self.x


class B(A):
    x = "plain"


result = (A().show(), B().show())
# --- property setter extended in a subclass
class A:
    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, v):
        self._x = v


class B(A):
    @A.x.setter
    def x(self, v):
        self._x = v + 1


b = B()
b.x = 1
result = b.x
# --- static and class methods
class A:
    scale = 2

    @staticmethod
    def double(x):
        return 2 * x

    @classmethod
    def scaled(cls, x):
        return cls.scale * x


class B(A):
    scale = 5


result = (A.double(3), A().double(4), A.scaled(1), B.scaled(1), B().scaled(2))
# --- static method called inside the class body
class A:
    @staticmethod
    def f(x):
        return x + 1

    value = f(1)


result = A.value
# --- class method as alternative constructor
class Config:
    def __init__(self, depth, width=1):
        self.depth, self.width = depth, width

    @classmethod
    def from_dict(cls, d):
        return cls(**d)


c = Config.from_dict({"depth": 3})
result = (c.depth, c.width, type(c).__name__)
# --- bound method equality and attributes
class A:
    def f(self):
        return self


a = A()
m = a.f
result = (m == a.f, m is a.f, m.__self__ is a, m.__func__ is A.f, m.__name__)
# --- function taken from the class is unbound
class A:
    def f(self, x):
        return (self, x)


result = A.f(1, 2)
# --- methods stored on the instance are not bound
class A:
    def __init__(self):
        self.f = lambda *args: args


result = A().f(1)
# --- function assigned to the class becomes a method
class A: ...


def f(self, n):
    return n * 2


A.f = f
result = A().f(4)
# --- types.MethodType binds a function
import types


class A:
    n = 3


def f(self, k):
    return self.n * k


a = A()
a.f = types.MethodType(f, a)
result = a.f(5)
# --- __get__ of a function binds it
class A:
    n = 3


def f(self):
    return self.n


result = f.__get__(A(), A)()
# --- name mangling
class A:
    def __init__(self):
        self.__secret = 1

    def read(self):
        return self.__secret


a = A()
result = (a.read(), sorted(vars(a)), hasattr(a, "__secret"))
# --- name mangling in a subclass
class A:
    def __f(self):
        return "A"

    def run(self):
        return self.__f()


class B(A):
    def __f(self):
        return "B"


result = B().run()
# --- __call__
class Scale:
    def __init__(self, k):
        self.k = k

    def __call__(self, x, *, bias=0):
        return x * self.k + bias


result = Scale(3)(4, bias=1)
# --- call of an instance without __call__
class A: ...


A()()
# --- __call__ on the instance is not used
class A:
    pass


a = A()
a.__call__ = lambda: 1
a()
# --- __getattr__ only for what is missing
class A:
    x = 1

    def __getattr__(self, name):
        return f"<{name}>"


a = A()
a.y = 2
result = (a.x, a.y, a.z)
# --- __getattr__ that delegates
class Wrap:
    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)


result = Wrap([3, 1, 2]).index(2)
# --- __getattr__ that raises
class A:
    def __getattr__(self, name):
        raise AttributeError(f"no {name} here")


A().z
# --- hasattr and getattr with __getattr__
class A:
    def __getattr__(self, name):
        if name.startswith("layer"):
            return name.upper()
        raise AttributeError(name)


a = A()
result = (hasattr(a, "layer1"), hasattr(a, "other"), getattr(a, "other", None))
# --- hasattr swallows only AttributeError
class A:
    @property
    def x(self):
        raise ValueError("boom")


hasattr(A(), "x")
# --- __getattribute__ sees every read
class A:
    def __init__(self):
        self.x = 1

    def __getattribute__(self, name):
        if name == "x":
            return "caught"
        return super().__getattribute__(name)


a = A()
a.y = 2
result = (a.x, a.y, object.__getattribute__(a, "x"))
# --- __getattribute__ then __getattr__
class A:
    def __getattribute__(self, name):
        raise AttributeError(name)

    def __getattr__(self, name):
        return "second " + name


result = A().anything
# --- __setattr__
class A:
    def __setattr__(self, name, value):
        super().__setattr__(name, value * 2)


a = A()
a.x = 3
result = a.x
# --- __setattr__ with object.__setattr__ and __dict__
class A:
    def __setattr__(self, name, value):
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            self.__dict__[name] = ("set", value)


a = A()
a._x = 1
a.y = 2
result = (a._x, a.y)
# --- __setattr__ that refuses
class Frozen:
    def __setattr__(self, name, value):
        raise AttributeError(f"cannot set {name}")


Frozen().x = 1
# --- __delattr__
log = []


class A:
    def __delattr__(self, name):
        log.append(name)
        object.__delattr__(self, name)


a = A()
a.x = 1
del a.x
result = (log, hasattr(a, "x"))
# --- del of a missing attribute
class A: ...


a = A()
del a.x
# --- del of a class attribute
class A:
    x = 1


del A.x
result = hasattr(A, "x")
# --- missing attribute of an instance
class Net:
    def __init__(self):
        self.layer1 = 1


Net().layer2
# --- missing attribute of a class
class Net: ...


Net.depth
# --- missing attribute of a builtin
(3).depth
# --- missing attribute of a list
[].add(1)
# --- missing attribute of None
x = None
x.shape
# --- missing attribute of a function
def f(): ...


f.weight
# --- missing attribute of a module
import math

math.cosinus
# --- __dict__ of an instance
class A:
    def __init__(self):
        self.a, self.b = 1, 2


a = A()
a.__dict__["c"] = 3
a.__dict__.update(a=5)
result = (a.a, a.c, list(a.__dict__))
# --- __dict__ of a class
class A:
    """doc"""

    x = 1

    def f(self): ...


result = ([k for k in A.__dict__ if not k.startswith("__")], A.__dict__["x"], A.__doc__)
# --- vars of an instance is live
class A: ...


a = A()
v = vars(a)
a.x = 1
v["y"] = 2
result = (v, a.y)
# --- __name__, __qualname__, __module__, __doc__
class Outer:
    class Inner:
        def method(self):
            """Does it."""


def f():
    def g(): ...

    return g


result = (
    Outer.Inner.__qualname__,
    Outer.Inner.__name__,
    Outer.Inner.method.__qualname__,
    Outer.Inner.method.__doc__,
    f().__qualname__,
    f().__name__,
    Outer.__module__,
    (lambda: 0).__name__,
)
# --- renamed function
def f(): ...


f.__name__ = "renamed"
f.tag = 1
result = (f.__name__, f.__qualname__, f.tag, f.__dict__)
# --- attributes of a type
class A: ...


class B(A): ...


result = (B.__bases__, B.__base__, B.__class__, type(B()), B().__class__ is B)
# --- assigning __class__
class A:
    def who(self):
        return "A"


class B:
    def who(self):
        return "B"


a = A()
a.__class__ = B
result = (a.who(), isinstance(a, B))
# --- __slots__
class P:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x = 1


p = P()
result = (p.x, hasattr(p, "y"), hasattr(p, "__dict__"))
# --- __slots__ refuse other names
class P:
    __slots__ = ("x",)


P().z = 1
# --- __slots__ unset
class P:
    __slots__ = ("x",)


P().x
# --- __slots__ with a subclass that has a dict
class P:
    __slots__ = ("x",)


class Q(P): ...


q = Q()
q.x, q.z = 1, 2
result = (q.x, q.z, q.__dict__)
# --- isinstance and issubclass
class A: ...


class B(A): ...


result = (
    isinstance(B(), A),
    isinstance(A(), B),
    isinstance(B(), (int, A)),
    issubclass(B, A),
    issubclass(B, (int, str)),
    issubclass(bool, int),
    isinstance(True, int),
    isinstance(3, int | str),
    isinstance("a", int | None),
    isinstance(None, int | None),
    isinstance(A, type),
)
# --- isinstance with a wrong second argument
isinstance(1, [int])
# --- issubclass of an instance
issubclass(1, int)
# --- __instancecheck__
class Meta(type):
    def __instancecheck__(cls, value):
        return value == 3


class A(metaclass=Meta): ...


result = (isinstance(3, A), isinstance(4, A))
# --- object takes no arguments
class A: ...


A(1)
# --- missing constructor argument
class A:
    def __init__(self, width, depth): ...


A(1)
# --- __init__ must return None
class A:
    def __init__(self):
        return 1


A()
# --- __new__ makes the instance
class A:
    def __new__(cls, n):
        self = super().__new__(cls)
        self.made = n
        return self

    def __init__(self, n):
        self.init = n + 1


a = A(1)
result = (a.made, a.init)
# --- __new__ of another type skips __init__
log = []


class A:
    def __new__(cls):
        return 7

    def __init__(self):
        log.append("init")


result = (A(), log)
# --- singleton by __new__
class Single:
    _one = None

    def __new__(cls):
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one


result = Single() is Single()
# --- subclass of int
class Channels(int):
    def doubled(self):
        return Channels(self * 2)


c = Channels(8)
result = (c + 1, c.doubled(), type(c.doubled()).__name__, type(c + 1).__name__, isinstance(c, int), c == 8)
# --- subclass of str
class Name(str):
    def shout(self):
        return self.upper() + "!"


n = Name("relu")
result = (n.shout(), n + "6", n == "relu", len(n), type(n.upper()).__name__, {n: 1}["relu"])
# --- subclass of list
class Stack(list):
    def push(self, x):
        self.append(x)
        return self

    @property
    def top(self):
        return self[-1]


s = Stack([1]).push(2).push(3)
result = (s, s.top, len(s), s == [1, 2, 3], isinstance(s, list), list(reversed(s)))
# --- subclass of dict
class Config(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value


c = Config(depth=18)
c.width = 2
result = (c.depth, c["width"], c, hasattr(c, "none"), dict(c))
# --- dict subclass with __missing__
class Default(dict):
    def __missing__(self, key):
        self[key] = key * 2
        return self[key]


d = Default()
result = (d[3], d, d.get(5))
# --- dict subclass that overrides __setitem__
class Upper(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)


u = Upper()
u["a"] = 1
u.update(b=2)
result = u
# --- tuple subclass with __new__
class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    @property
    def total(self):
        return self[0] + self[1]


p = Pair(1, 2)
a, b = p
result = (p, p.total, a, b, p == (1, 2))
# --- nested classes
class Net:
    class Config:
        depth = 2

    def __init__(self):
        self.depth = self.Config.depth


class Deep(Net):
    class Config(Net.Config):
        depth = 4


result = (Net().depth, Deep().depth)
# --- class made inside a function closes over its variables
def make(k):
    class A:
        factor = k

        def f(self, x):
            return x * k

    return A


result = (make(3)().f(2), make(5).factor)
# --- class decorator
def register(cls):
    REGISTRY[cls.__name__] = cls
    cls.tag = "seen"
    return cls


REGISTRY = {}


@register
class Net: ...


result = (sorted(REGISTRY), Net.tag)
# --- class replaced by a decorator
def replace(cls):
    return 5


@replace
class A: ...


result = A
# --- default __repr__ uses __str__ only for str
class A:
    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


class B:
    def __repr__(self):
        return "only repr"


result = (str(A()), repr(A()), [A()], f"{A()}", f"{A()!r}", str(B()), f"{B()}")
# --- __str__ must return a string
class A:
    def __str__(self):
        return 3


str(A())
# --- attribute that is an instance attribute wins over a function of the class
class A:
    def f(self):
        return "class"


a = A()
a.f = lambda: "instance"
result = a.f()
# --- getattr with computed names
class Net:
    def __init__(self):
        for i in range(1, 4):
            setattr(self, "layer%d" % i, i * 10)

    def run(self):
        return [getattr(self, f"layer{i}") for i in range(1, 4)]


net = Net()
delattr(net, "layer" + "2")
result = (hasattr(net, "layer2"), getattr(net, "layer2", "gone"), getattr(net, "layer3"))
# --- getattr of a name that is no string
getattr(object(), 3)
# --- dir of an instance
class A:
    x = 1

    def __init__(self):
        self.y = 2

    def z(self): ...


result = [name for name in dir(A()) if not name.startswith("_")]
# --- methods chain
class Builder:
    def __init__(self):
        self.parts = []

    def add(self, x):
        self.parts.append(x)
        return self


result = Builder().add(1).add(2).parts
# --- private method call with args and kwargs passed on
class A:
    def run(self, *args, **kwargs):
        return self._run(*args, **kwargs)

    def _run(self, a, b=2, *, c=3):
        return (a, b, c)


result = A().run(1, c=5)
# --- instances are truthy, compare by identity, and are hashable
class A: ...


a, b = A(), A()
result = (bool(a), a == a, a == b, a != b, len({a, b, a}))
# --- multiple inheritance calls each __init__ by name
class A:
    def __init__(self, a):
        self.a = a


class B:
    def __init__(self, b):
        self.b = b


class C(A, B):
    def __init__(self):
        A.__init__(self, 1)
        B.__init__(self, b=2)


result = vars(C())
# --- abstract class
from abc import ABC, abstractmethod


class Base(ABC):
    @abstractmethod
    def forward(self): ...

    def run(self):
        return self.forward()


class Impl(Base):
    def forward(self):
        return "done"


result = (Impl().run(), Base.__abstractmethods__)
# --- abstract class cannot be built
from abc import ABC, abstractmethod


class Base(ABC):
    @abstractmethod
    def forward(self): ...


Base()
# --- abstract property
from abc import ABCMeta, abstractmethod


class Base(metaclass=ABCMeta):
    @property
    @abstractmethod
    def size(self): ...

    @abstractmethod
    def run(self): ...


class Part(Base):
    @property
    def size(self):
        return 1


Part()
# --- annotations of a class
class A:
    x: int
    y: "str" = "a"
    z = 3


result = (A.__annotations__, hasattr(A, "x"))
# --- annotations of a function
def f(a: int, b: "str" = "x", *args: float, c=1, **kw: dict) -> bool: ...


result = f.__annotations__
# --- annotations are not evaluated in a function body
def f():
    x: does_not_exist = 3
    return x


result = f()
# --- private names of the machinery are no attributes of the class
class A:
    a = b = 3
    d = {}
    d["x"] += 1 if "x" in d else 0


# --- class body with hidden temporaries
class A:
    a = b = 3
    d = {"k": [1]}
    d["k"] += [2]
    c = 1 < a < 5


result = [k for k in vars(A) if not k.startswith("__")]
# --- __init_subclass__
class Base:
    registry = []

    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag
        Base.registry.append(cls.__name__)


class A(Base, tag="a"): ...


class B(A): ...


result = (Base.registry, A.tag, B.tag)
# --- class keywords that nothing takes
class A(depth=3): ...


# --- __class_getitem__
class Box:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)


result = (Box[int], Box["a", 2])
# --- class that is not subscriptable
class A: ...


A[0]
# --- __set_name__
class Field:
    def __set_name__(self, owner, name):
        self.label = f"{owner.__name__}.{name}"


class A:
    weight = Field()


result = A.weight.label
# --- descriptor with __get__ only
class Const:
    def __get__(self, instance, owner):
        return (instance is None, owner.__name__)


class A:
    x = Const()


a = A()
first = a.x
a.x = 5
result = (first, A.x, a.x)
# --- data descriptor wins over the instance
class Typed:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        if not isinstance(value, int):
            raise TypeError(f"{self.name} must be int")
        setattr(instance, self.name, value)


class A:
    width = Typed()


a = A()
a.width = 3
a.__dict__["width"] = 99
result = (a.width, isinstance(A.width, Typed))
# --- data descriptor refuses
class Positive:
    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError("must be positive")
        instance.__dict__["n"] = value


class A:
    n = Positive()


A().n = -1
# --- descriptor with __delete__
log = []


class D:
    def __get__(self, instance, owner):
        return 1

    def __set__(self, instance, value):
        log.append(("set", value))

    def __delete__(self, instance):
        log.append("delete")


class A:
    x = D()


a = A()
a.x = 3
del a.x
result = (log, a.x)
# --- lazy descriptor caches on the instance
class lazy:
    def __init__(self, fn):
        self.fn = fn
        self.name = fn.__name__

    def __get__(self, instance, owner):
        value = self.fn(instance)
        instance.__dict__[self.name] = value
        return value


calls = []


class A:
    @lazy
    def big(self):
        calls.append(1)
        return 42


a = A()
result = (a.big, a.big, calls)
# --- descriptor on a class used through super
class D:
    def __get__(self, instance, owner):
        return (type(instance).__name__, owner.__name__)


class A:
    x = D()


class B(A):
    def f(self):
        return super().x


result = B().f()
# --- unbound super is stored in a variable
class A:
    def f(self):
        return "A.f"


class B(A):
    def f(self):
        parent = super()
        return parent.f()


result = B().f()
# --- isinstance with an object for a class
class A:
    pass


isinstance(A, A())
# --- isinstance with an object for a class after one that fits
class A:
    pass


result = isinstance(A(), (A, A()))
# --- super of an object
class A:
    def __init__(self):
        super(self, A).__init__()


A()
# --- setattr with a number for a name
class A:
    pass


setattr(A(), 1, 2)
# --- setattr with the arguments swapped
class A:
    def __init__(self):
        setattr("x", self, 1)


A()
# --- delattr with no name
class A:
    pass


delattr(A(), None)
