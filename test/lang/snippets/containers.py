"""Lists, tuples, dicts, sets, bytes and slices."""
# --- list methods
x = [3, 1, 2]
x.append(4)
x.extend((5, 6))
x.insert(0, 9)
x.insert(-1, 8)
x.insert(100, 7)
popped = (x.pop(), x.pop(0))
x.remove(1)
result = (x, popped, x.index(5), x.count(2), x.copy() == x, x.index(2, 1))
# --- list methods return None
x = [2, 1]
result = (x.sort(), x.reverse(), x.append(1), x.clear(), x)
# --- sort with key, reverse and stability
words = ["bb", "a", "cc", "d", "aa"]
words.sort(key=len)
result = (words, sorted(words, key=len, reverse=True), sorted(words, reverse=True), sorted([(1, "b"), (1, "a"), (0, "z")]))
# --- sort of mixed numbers and tuples
result = (sorted([3, 1.5, True, -2]), sorted([(2, 1), (1, 5), (1, 2)]), sorted("hello"), sorted({"b": 1, "a": 2}))
# --- sort of what has no order
[1, "a"].sort()
# --- sort calls the key once an item
log = []
xs = sorted([3, 1, 2], key=lambda x: log.append(x) or -x)
result = (xs, log)
# --- list repetition shares its items
rows = [[0] * 2] * 2
rows[0][0] = 1
result = rows
# --- list comparison
result = ([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [2] > [1, 9], [] < [0], [1, 2] == [1, 2], [1] == (1,), [1] != [2])
# --- slicing
x = list(range(10))
result = (x[2:5], x[:3], x[7:], x[-3:], x[:-7], x[::3], x[::-1], x[8:2:-2], x[100:], x[-100:2], x[5:2], x[:], x[-1:-4:-1])
# --- slicing strings, tuples and ranges
result = ("hello"[1:3], "hello"[::-1], (1, 2, 3)[1:], range(10)[2:8:2], range(10)[::-1], range(10)[-1], "abc"[-2:])
# --- slice assignment
x = [1, 2, 3, 4, 5]
x[1:3] = [20, 30, 40]
y = [1, 2, 3]
y[1:1] = [9, 9]
z = [1, 2, 3]
z[:] = "ab"
w = [1, 2, 3, 4]
w[::2] = [10, 30]
v = [1, 2, 3]
v[5:] = [4]
u = [1, 2, 3]
u[3:1] = [7]
result = (x, y, z, w, v, u)
# --- slice deletion
x = list(range(8))
del x[1:3]
y = list(range(8))
del y[::2]
z = [1, 2, 3]
del z[-1], z[0]
w = list(range(5))
del w[::-2]
result = (x, y, z, w)
# --- slice assignment of itself and of a non-iterable
x = [1, 2]
x[1:] = x
try:
    x[0:1] = 5
except TypeError as error:
    result = (x, str(error))
# --- slice objects
s = slice(1, None, 2)
result = ([0, 1, 2, 3, 4][s], s.start, s.stop, s.step, s, slice(3), s.indices(4), slice(None, None, -1).indices(3))
# --- nested lists
m = [[i * 3 + j for j in range(3)] for i in range(2)]
result = (m, [list(r) for r in zip(*m)], sum(m, []), m[1][-1])
# --- tuples
t = (1, "a", 2.0)
result = (t + (3,), t * 2, t[1], len(t), t.count(1), t.index("a"), (1,), (), tuple("ab"), 1 in t, hash((1, 2)) == hash((1, 2)))
# --- tuple comparison
result = ((1, 2) < (1, 3), (1,) < (1, 0), (2,) > (1, 5), max((1, 2), (2, 0)), min([(3, "a"), (3, "b")]))
# --- dict methods
d = {"a": 1, "b": 2}
d.update(c=3)
d.update({"a": 10})
d.update([("d", 4)])
got = (d.get("a"), d.get("z"), d.get("z", 0), d.setdefault("e", 5), d.setdefault("a", 99), d.pop("b"), d.pop("zz", None))
result = (d, got, d.popitem(), len(d), list(d), "a" in d, "b" in d)
# --- dict keeps insertion order
d = {}
for k in "cab":
    d[k] = len(d)
d["c"] = 9
del d["a"]
d["a"] = 7
result = (d, list(d.items()), list(d.keys()), list(d.values()), list(reversed(d)))
# --- dict views are live
d = {"a": 1}
keys, values, items = d.keys(), d.values(), d.items()
d["b"] = 2
result = (list(keys), list(values), list(items), len(keys), "b" in keys, ("b", 2) in items, 2 in values)
# --- dict views print and compare
d = {"a": 1, "b": 2}
result = (d.keys(), d.values(), d.items(), d.keys() == {"a", "b"}, d.keys() & {"a", "z"}, sorted(d.keys() | {"c"}), d.keys() - {"a"})
# --- dict views have no index
{"a": 1}.keys()[0]
# --- dict constructors
result = (dict(a=1, b=2), dict([("x", 1)]), dict({"k": 1}, j=2), dict(zip("ab", [1, 2])), dict.fromkeys("ab", 0), dict.fromkeys([1]), {**{"a": 1}, "a": 2}, dict())
# --- dict keys that are equal are one
d = {1: "int", 1.0: "float", True: "bool"}
result = (d, len(d), {0: "a", False: "b"}, {(1, 2): 3}[1, 2], {None: 1}[None])
# --- dict equality ignores order
result = ({"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} == {"a": 1.0}, {"a": [1]} == {"a": [1]}, {"a": 1} != {"b": 1})
# --- nested dict update
cfg = {"model": {"depth": 18}}
cfg["model"]["depth"] = 50
cfg.setdefault("train", {}).setdefault("lr", 0.1)
copy = dict(cfg)
copy["model"]["width"] = 2
result = cfg
# --- iterating items while building another
result = {k.upper(): v * 2 for k, v in {"a": 1, "b": 2}.items() if v > 1}
# --- state dict surgery
state = {"module.conv1.weight": 1, "module.fc.weight": 2, "other": 3}
clean = {(k[len("module.") :] if k.startswith("module.") else k): v for k, v in state.items()}
for k in [k for k in clean if "fc" in k]:
    clean.pop(k)
result = clean
# --- dict copy is shallow
a = {"x": [1]}
b = a.copy()
b["x"].append(2)
b["y"] = 1
result = (a, b)
# --- sets
s = {1, 2, 3}
s.add(4)
s.discard(9)
s.remove(1)
s.update([5, 6], (7,))
result = (sorted(s), len(s), 3 in s, {1, 1, 1}, set(), set("aa") == {"a"})
# --- set methods
a, b = {1, 2, 3}, {3, 4}
result = (sorted(a.union(b, [9])), a.intersection(b), sorted(a.difference(b)), sorted(a.symmetric_difference(b)), a.issubset({1, 2, 3, 4}), a.issuperset([1]), a.isdisjoint({8}), a.copy() == a)
# --- set in-place methods
a = {1, 2, 3, 4}
a -= {1}
a &= {2, 3, 9}
a |= {5}
a ^= {2, 7}
b = {1, 2, 3}
b.intersection_update([2, 3])
b.difference_update([3])
result = (sorted(a), b)
# --- small integers in a set come out in order
result = (list({3, 1, 2}), list(set([5, 0, 3])), [x for x in {2, 1}], {9, 8, 7}, set(range(5)))
# --- frozenset
f = frozenset([1, 2, 2])
result = (f, len(f), {f: 1}[frozenset({2, 1})], f | {3}, type(f & {1}).__name__, f == {1, 2}, hash(f) == hash(frozenset([2, 1])))
# --- frozenset has no add
frozenset().add(1)
# --- set pop and clear
s = {7}
result = (s.pop(), s, s.clear())
# --- set comparison
result = ({1} < {1, 2}, {1, 2} <= {1, 2}, {3} > set(), {1} == {1.0}, {1} != {2}, {1, 2} < {1, 3})
# --- bytes
b = b"abc\x00"
result = (b, b[0], b[1:3], len(b), list(b), b + b"d", b"a" in b, b.decode("latin1") == "abc\x00", "é".encode(), b"%d" % 3)
# --- bytes methods
b = b" Hello World "
result = (b.strip(), b.split(), b.upper(), b.replace(b"o", b"0"), b.find(b"W"), b",".join([b"a", b"b"]), b.hex(), bytes([65, 66]), bytes(2), bytes.fromhex("4142"))
# --- range
r = range(2, 11, 3)
result = (list(r), len(r), r[1], r[-1], 5 in r, 6 in r, r.index(8), r.count(5), r, r.start, r.stop, r.step, range(3) == range(0, 3, 1), list(range(5, 0, -2)), bool(range(0)))
# --- membership
result = (1 in [1, 2], "ell" in "hello", "" in "a", 3 not in (1, 2), "a" in {"a": 1}, [1] in [[1]], None in [None], float("nan") in [float("nan")])
# --- membership of a number in a string
3 in "abc"
# --- aliasing and copying
a = [1, [2]]
b = a
c = a[:]
d = list(a)
b.append(3)
c[1].append(9)
result = (a, b, c, d, a is b, a is c)
# --- copy and deepcopy
import copy

a = {"x": [1, {"y": 2}], "t": (1, [2])}
b = copy.copy(a)
c = copy.deepcopy(a)
a["x"].append(3)
a["t"][1].append(4)
result = (b, c)
# --- deepcopy keeps shared parts shared
import copy

shared = [1]
a = [shared, shared]
b = copy.deepcopy(a)
b[0].append(2)
result = (a, b, b[0] is b[1])
# --- deepcopy of a cycle
import copy

a = [1]
a.append(a)
b = copy.deepcopy(a)
result = (b[1] is b, b[0], b is a)
# --- deepcopy of an instance
import copy


class Cfg:
    def __init__(self):
        self.layers = [1, 2]
        self.me = self


a = Cfg()
b = copy.deepcopy(a)
b.layers.append(3)
c = copy.copy(a)
c.layers.append(4)
result = (a.layers, b.layers, b.me is b, c.me is a)
# --- __copy__ and __deepcopy__
import copy


class A:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return "deep"


result = (copy.copy(A()), copy.deepcopy([A()]))
# --- copy of immutables is the same
import copy

t = (1, 2)
result = (copy.copy(t) is t, copy.deepcopy(t) is t, copy.copy("a"), copy.deepcopy(5), copy.deepcopy(None))
# --- del of names, items and slices
x = [1, 2, 3, 4]
d = {"a": {"b": 1, "c": 2}}
del x[0], d["a"]["b"]
result = (x, d)
# --- multiplication table by nested loops
table = {}
for i in range(1, 4):
    for j in range(1, 4):
        table.setdefault(i, []).append(i * j)
result = table
# --- empty displays
result = ([], (), {}, set(), "", b"", [[]], [()], ((),), {"a": {}})
# --- repr of nested containers
result = [1, (2,), {"k": [None, True]}, {3}, "it's", 'a "b"', b"x", 1.0, ..., slice(1)]
# --- repr of a list that holds itself
a = [1]
a.append(a)
d = {}
d["d"] = d
result = (repr(a), repr(d))
# --- list from anything iterable
result = (list("ab"), list((1,)), list({"a": 1}), list(range(2)), list(map(str, [1])), list({5}), list(b"a"), list())
# --- list equality with instances uses identity first
class A:
    def __eq__(self, o):
        return False


a = A()
result = ([a] == [a], a in [a], [A()] == [A()], (a,) == (a,), {1: a} == {1: a}, [a].index(a), [a].count(a))
# --- groups by a dict of lists
pairs = [("conv", 1), ("bn", 2), ("conv", 3)]
groups = {}
for k, v in pairs:
    groups.setdefault(k, []).append(v)
result = groups
# --- two-level comprehension over a dict
cfg = {"s1": [64, 64], "s2": [128]}
result = [(stage, i, c) for stage, cs in cfg.items() for i, c in enumerate(cs)]
# --- list as a stack and a queue
s = []
s.append(1)
s.append(2)
result = (s.pop(), s[-1], s.pop(0), s)
# --- subscript with a bool
result = (["a", "b"][True], {True: 1}[1], (10, 20)[False])
# --- negative index assignment
x = [1, 2, 3]
x[-1] = 9
x[-3] += 10
result = x
# --- unpack a dict into names
d = {"a": 1, "b": 2}
k1, k2 = d
(n1, v1), (n2, v2) = d.items()
result = (k1, k2, n1, v1, n2, v2)
# --- int as set member and its float twin
s = {1, 2.0, "1"}
result = (1.0 in s, 2 in s, "1" in s, True in s, len(s | {1.0, True}))
