"""Dataclasses, enums, typing and metaclasses."""
# --- dataclass
from dataclasses import dataclass


@dataclass
class Cfg:
    depth: int
    width: float = 1.0
    name: str = "net"


a = Cfg(18)
b = Cfg(depth=18, width=1.0)
result = (a, a == b, a != Cfg(34), a.name, Cfg.width, Cfg(1, 2.0, "x"))
# --- dataclass field with a factory
from dataclasses import dataclass, field


@dataclass
class Cfg:
    layers: list = field(default_factory=lambda: [2, 2])
    extra: dict = field(default_factory=dict)


a, b = Cfg(), Cfg()
a.layers.append(3)
result = (a, b, hasattr(Cfg, "layers"))
# --- dataclass with a mutable default
from dataclasses import dataclass


@dataclass
class Cfg:
    layers: list = []


# --- dataclass post init and init=False
from dataclasses import dataclass, field


@dataclass
class Cfg:
    depth: int
    blocks: int = field(init=False)
    note: str = field(default="n", repr=False)

    def __post_init__(self):
        self.blocks = self.depth // 2


result = (Cfg(8), Cfg(8).blocks, Cfg(8).note)
# --- dataclass InitVar and ClassVar
from dataclasses import InitVar, dataclass
from typing import ClassVar


@dataclass
class Cfg:
    base: int
    scale: InitVar[int] = 2
    count: ClassVar[int] = 7

    def __post_init__(self, scale):
        self.base *= scale


result = (Cfg(3), Cfg(3, 5).base, Cfg.count)
# --- frozen dataclass
from dataclasses import dataclass


@dataclass(frozen=True)
class P:
    x: int
    y: int = 0


d = {P(1): "a"}
try:
    P(1).x = 5
except Exception as e:
    result = (d[P(1, 0)], hash(P(1)) == hash(P(1)), type(e).__name__, str(e), isinstance(e, AttributeError))
# --- dataclass without frozen is unhashable
from dataclasses import dataclass


@dataclass
class P:
    x: int


hash(P(1))
# --- dataclass order
from dataclasses import dataclass


@dataclass(order=True)
class V:
    major: int
    minor: int = 0


result = (V(1) < V(2), V(1, 5) > V(1), sorted([V(2), V(1, 3), V(1)]), max(V(1), V(0)), V(1) <= V(1))
# --- dataclass without order
from dataclasses import dataclass


@dataclass
class V:
    x: int


V(1) < V(2)
# --- dataclass inheritance
from dataclasses import dataclass


@dataclass
class Base:
    a: int
    b: int = 2


@dataclass
class Child(Base):
    c: int = 3
    a: int = 10


result = (Child(), Child(1, 5), Base(1) == Child(1), [f for f in Child.__dataclass_fields__])
# --- dataclass inheritance without defaults after defaults
from dataclasses import dataclass


@dataclass
class Base:
    a: int = 1


@dataclass
class Child(Base):
    b: int


# --- dataclass keyword-only
from dataclasses import KW_ONLY, dataclass, field


@dataclass
class A:
    x: int
    _: KW_ONLY
    y: int = 2


@dataclass(kw_only=True)
class B:
    x: int = 1


@dataclass
class C:
    x: int = field(kw_only=True)


result = (A(1, y=5), B(x=3), C(x=4))
# --- dataclass missing argument
from dataclasses import dataclass


@dataclass
class Cfg:
    depth: int
    width: int


Cfg(1)
# --- dataclass unexpected argument
from dataclasses import dataclass


@dataclass
class Cfg:
    depth: int


Cfg(1, size=3)
# --- dataclass too many arguments
from dataclasses import dataclass


@dataclass
class Cfg:
    depth: int


Cfg(1, 2)
# --- replace, asdict, astuple
from dataclasses import asdict, astuple, dataclass, field, replace


@dataclass
class Inner:
    x: int = 1


@dataclass
class Outer:
    inner: Inner = field(default_factory=Inner)
    items: list = field(default_factory=lambda: [Inner(2)])


o = Outer()
r = replace(o, items=[])
d = asdict(o)
d["inner"]["x"] = 99
result = (d, o.inner.x, r, r.inner is o.inner, astuple(o))
# --- fields
from dataclasses import MISSING, dataclass, field, fields, is_dataclass


@dataclass
class Cfg:
    a: int
    b: str = field(default="x", metadata={"help": "b"})


result = ([f.name for f in fields(Cfg)], [f.default is MISSING for f in fields(Cfg(1))], fields(Cfg)[1].default, fields(Cfg)[0].type, fields(Cfg)[1].metadata["help"], is_dataclass(Cfg), is_dataclass(Cfg(1)), is_dataclass(3))
# --- building a dataclass from a dict
from dataclasses import dataclass, fields


@dataclass
class Cfg:
    depth: int = 18
    width: int = 64

    @classmethod
    def from_dict(cls, d):
        names = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in d.items() if k in names})


result = Cfg.from_dict({"depth": 50, "unknown": 1})
# --- dataclass with its own methods
from dataclasses import dataclass


@dataclass
class V:
    x: int

    def __repr__(self):
        return f"<V {self.x}>"

    def __add__(self, o):
        return V(self.x + o.x)

    @property
    def double(self):
        return self.x * 2


result = (V(1) + V(2), V(4).double, V(1) == V(1))
# --- dataclass eq=False and repr=False
from dataclasses import dataclass


@dataclass(eq=False)
class A:
    x: int


a = A(1)
result = (a == A(1), a == a, len({a, A(1)}))
# --- dataclass string annotations
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass
class Cfg:
    depth: int
    next: Cfg | None = None
    kind: ClassVar[str] = "k"


result = (Cfg(1, Cfg(2)), Cfg.kind, [f for f in Cfg.__dataclass_fields__ if f != "kind"])
# --- dataclass match_args and unsafe_hash
from dataclasses import dataclass


@dataclass(unsafe_hash=True)
class A:
    x: int


result = (A.__match_args__, hash(A(1)) == hash(A(1)), {A(1): 2}[A(1)])
# --- dataclass with slots
from dataclasses import dataclass


@dataclass(slots=True)
class A:
    x: int
    y: int = 2


a = A(1)
try:
    a.z = 3
except AttributeError as e:
    result = (a, str(e))
# --- enum
from enum import Enum


class Act(Enum):
    RELU = "relu"
    GELU = "gelu"


result = (Act.RELU, Act.RELU.name, Act.RELU.value, Act("gelu"), Act["GELU"], list(Act), len(Act), Act.RELU is Act("relu"), Act.RELU == "relu", isinstance(Act.RELU, Act), str(Act.RELU), f"{Act.GELU}", "RELU" in Act.__members__, Act.RELU in Act)
# --- enum without such a value
from enum import Enum


class Act(Enum):
    RELU = 1


Act(5)
# --- enum without such a name
from enum import Enum


class Act(Enum):
    RELU = 1


Act["GELU"]
# --- enum auto and aliases
from enum import Enum, auto


class M(Enum):
    A = auto()
    B = auto()
    C = 7
    D = auto()
    ALIAS = 1


result = ([(m.name, m.value) for m in M], M.ALIAS is M.A, M.ALIAS.name, list(M.__members__))
# --- enum members are hashable and keep attributes
from enum import Enum


class Pool(Enum):
    AVG = ("avg", 2)
    MAX = ("max", 3)

    def __init__(self, label, size):
        self.label = label
        self.size = size

    @property
    def both(self):
        return f"{self.label}{self.size}"

    @classmethod
    def default(cls):
        return cls.AVG


result = ({Pool.AVG: 1}[Pool.AVG], Pool.MAX.both, Pool.default().size, Pool(("max", 3)).name)
# --- enum with methods and functions as values
from enum import Enum


class Op(Enum):
    ADD = 1
    SUB = 2

    def apply(self, a, b):
        if self is Op.ADD:
            return a + b
        return a - b


result = (Op.ADD.apply(1, 2), Op.SUB.apply(5, 2))
# --- IntEnum
from enum import IntEnum


class Level(IntEnum):
    LOW = 1
    HIGH = 3


result = (Level.LOW < Level.HIGH, Level.HIGH + 1, Level.LOW == 1, [0, 10, 20, 30][Level.HIGH], Level(3).name, isinstance(Level.LOW, int), max(Level), sorted([Level.HIGH, Level.LOW]), f"{Level.LOW:d}", repr(Level.LOW))
# --- str enum
from enum import Enum


class Mode(str, Enum):
    TRAIN = "train"
    EVAL = "eval"


result = (Mode.TRAIN == "train", Mode("eval"), {"train": 1}[Mode.TRAIN], Mode.EVAL.upper(), Mode.TRAIN.value, "x" + Mode.TRAIN, isinstance(Mode.TRAIN, str))
# --- Flag
from enum import Flag, auto


class F(Flag):
    A = auto()
    B = auto()
    C = auto()


x = F.A | F.C
result = (F.A.value, F.C.value, x.value, F.A in x, F.B in x, bool(x & F.B), (x & F.A) == F.A)
# --- enum functional call and unique
from enum import Enum, unique

Color = Enum("Color", "RED GREEN")


@unique
class U(Enum):
    A = 1
    B = 2


result = (Color.RED.value, list(Color), Color["GREEN"].value, len(U))
# --- enum compared by identity and iterated by name
from enum import Enum


class E(Enum):
    X = 1
    Y = 2


result = ({e.name.lower(): e.value for e in E}, E.X != E.Y, E.X is E.X, [e for e in E if e is not E.X])
# --- enum cannot be reassigned nor ordered
from enum import Enum


class E(Enum):
    X = 1
    Y = 2


E.X < E.Y
# --- typing constructs cost nothing
from typing import Any, Callable, Dict, Generic, List, Optional, Sequence, Tuple, TypeVar, Union, cast

T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, x: T) -> None:
        self.x = x

    def get(self) -> Optional[T]:
        return self.x


def f(a: List[int], b: Dict[str, Tuple[int, ...]], c: Union[int, str, None], d: Callable[[int], Any]) -> Sequence[int]:
    return a


result = (Box[int](3).get(), f([1], {}, None, len), cast(int, "x"), Box(5).x)
# --- typing Protocol and abc checks
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from typing import Protocol, runtime_checkable


@runtime_checkable
class HasForward(Protocol):
    def forward(self, x): ...


class Net:
    def forward(self, x): ...


result = (
    isinstance([], Sequence),
    isinstance("a", Sequence),
    isinstance({}, Mapping),
    isinstance((x for x in ""), Iterator),
    isinstance([1], Iterable),
    isinstance(5, Iterable),
    isinstance(len, Callable),
    isinstance({}, Sized),
    isinstance({1}, Sequence),
    issubclass(list, Sequence),
    issubclass(dict, Mapping),
)
# --- runtime checkable protocol
from typing import Protocol, runtime_checkable


@runtime_checkable
class HasForward(Protocol):
    def forward(self, x): ...


class Net:
    def forward(self, x): ...


result = (isinstance(Net(), HasForward), isinstance(3, HasForward))
# --- user class in abc checks
from collections.abc import Iterable, Mapping, Sized


class A:
    def __iter__(self):
        return iter([])


class B:
    def __len__(self):
        return 1


class C(Mapping):
    def __getitem__(self, k):
        return {"a": 1}[k]

    def __iter__(self):
        return iter(["a"])

    def __len__(self):
        return 1


c = C()
result = (isinstance(A(), Iterable), isinstance(B(), Iterable), isinstance(B(), Sized), isinstance(c, Mapping), c.get("a"), c.get("z", 5), list(c.items()), "a" in c, list(c.keys()), dict(c))
# --- union types
result = (isinstance(1, int | str), int | None, (int | str) == (str | int), isinstance(None, int | None))
# --- TypedDict and NewType
from typing import NewType, TypedDict

Width = NewType("Width", int)


class Cfg(TypedDict, total=False):
    depth: int


c = Cfg(depth=3)
result = (Width(5), c, c["depth"], type(c) is dict)
# --- overload and final
from typing import Final, Literal, final, overload

SIZE: Final = 3


@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x):
    return x


@final
class A: ...


result = (f(1), f("a"), SIZE)
# --- TYPE_CHECKING
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nowhere import Missing
result = TYPE_CHECKING
# --- get_type_hints and builtin generics
from typing import get_type_hints


class A:
    x: int
    y: list[int]


result = (list(get_type_hints(A)), get_type_hints(A)["x"])
# --- type with three arguments
def init(self, x):
    self.x = x


A = type("A", (), {"k": 3, "__init__": init, "double": lambda self: self.x * 2})
B = type("B", (A,), {})
result = (A(4).double(), A.k, A.__name__, B(1).x, B.__mro__[1] is A, type(A), B.__bases__)
# --- metaclass __new__
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns["tag"] = name.lower()
        cls = super().__new__(mcs, name, bases, ns)
        return cls


class A(metaclass=Meta):
    def f(self):
        return self.tag


class B(A): ...


result = (A.tag, B.tag, A().f(), type(A).__name__, isinstance(B, Meta))
# --- metaclass __init__ registers
REGISTRY = {}


class Meta(type):
    def __init__(cls, name, bases, ns):
        super().__init__(name, bases, ns)
        REGISTRY[name] = cls


class A(metaclass=Meta): ...


class B(A): ...


result = (sorted(REGISTRY), REGISTRY["B"] is B)
# --- metaclass __call__ makes singletons
class Single(type):
    _all = {}

    def __call__(cls, *args, **kwargs):
        if cls not in cls._all:
            cls._all[cls] = super().__call__(*args, **kwargs)
        return cls._all[cls]


class A(metaclass=Single):
    def __init__(self, x):
        self.x = x


result = (A(1) is A(2), A(3).x)
# --- metaclass attributes and operators
class Meta(type):
    size = 5

    def __len__(cls):
        return cls.size

    def __getitem__(cls, i):
        return (cls.__name__, i)

    def __iter__(cls):
        return iter([1, 2])

    def __contains__(cls, x):
        return x == 1

    @property
    def label(cls):
        return "<" + cls.__name__ + ">"

    def make(cls):
        return cls()


class A(metaclass=Meta): ...


result = (len(A), A[3], list(A), 1 in A, 2 in A, A.label, isinstance(A.make(), A), hasattr(A(), "label"))
# --- metaclass __getattr__
class Meta(type):
    def __getattr__(cls, name):
        return f"{cls.__name__}.{name}"


class A(metaclass=Meta):
    x = 1


result = (A.x, A.y)
# --- metaclass with keywords
class Meta(type):
    def __new__(mcs, name, bases, ns, scale=1):
        cls = super().__new__(mcs, name, bases, ns)
        cls.scale = scale
        return cls

    def __init__(cls, name, bases, ns, scale=1):
        super().__init__(name, bases, ns)


class A(metaclass=Meta, scale=3): ...


class B(A): ...


result = (A.scale, B.scale)
# --- class made with super in its methods by a metaclass
class Meta(type):
    def __new__(mcs, name, bases, ns):
        return super().__new__(mcs, name, bases, dict(ns))


class A(metaclass=Meta):
    def f(self):
        return "A"


class B(A):
    def f(self):
        return "B" + super().f()


result = B().f()
# --- class attribute order and __init_subclass__ hooks
class Plugin:
    plugins = {}

    def __init_subclass__(cls, /, key, **kw):
        super().__init_subclass__(**kw)
        Plugin.plugins[key] = cls


class X(Plugin, key="x"): ...


class Y(Plugin, key="y"):
    pass


result = {k: v.__name__ for k, v in Plugin.plugins.items()}
# --- registry with a decorator class and build by name
class Registry:
    def __init__(self, name):
        self.name = name
        self._map = {}

    def register(self, cls=None, name=None):
        def deco(c):
            key = name or c.__name__
            if key in self._map:
                raise KeyError(f"{key} is already in {self.name}")
            self._map[key] = c
            return c

        return deco(cls) if cls is not None else deco

    def build(self, cfg):
        cfg = dict(cfg)
        return self._map[cfg.pop("type")](**cfg)

    def __contains__(self, key):
        return key in self._map

    def __len__(self):
        return len(self._map)


MODELS = Registry("models")


@MODELS.register
class Net:
    def __init__(self, depth):
        self.depth = depth


@MODELS.register(name="small")
class Small(Net): ...


result = (MODELS.build({"type": "Net", "depth": 5}).depth, type(MODELS.build(dict(type="small", depth=1))).__name__, "Net" in MODELS, len(MODELS))
# --- config objects with attribute access
class AttrDict(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__


c = AttrDict(a=1)
c.b = 2
del c.a
result = (c.b, c, "a" in c)
# --- merging nested configs
def merge(a, b):
    out = dict(a)
    for k, v in b.items():
        out[k] = merge(out[k], v) if isinstance(v, dict) and isinstance(out.get(k), dict) else v
    return out


base = {"model": {"depth": 18, "width": 64}, "lr": 0.1}
result = (merge(base, {"model": {"depth": 50}, "wd": 1}), base)
# --- ResNet layer plan
cfg = {18: ("basic", [2, 2, 2, 2]), 50: ("bottleneck", [3, 4, 6, 3])}


def plan(depth, width=64):
    kind, blocks = cfg[depth]
    expansion = {"basic": 1, "bottleneck": 4}[kind]
    inplanes, out = width, []
    for i, n in enumerate(blocks):
        planes = width * 2**i
        for j in range(n):
            stride = 2 if i > 0 and j == 0 else 1
            down = stride != 1 or inplanes != planes * expansion
            out.append((inplanes, planes, stride, down))
            inplanes = planes * expansion
    return out


result = (plan(18), len(plan(50)), plan(50)[-1])
