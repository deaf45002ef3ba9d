def f(data):
    if any((last := x) for x in data):
        return last
    t = [(u := v) for v in data if (w := v)]
    return u, w
r = [s := i for i in range(3)]
def g():
    global k
    [k := i for i in range(3)]
def h():
    k = 0
    def inner():
        nonlocal k
        return [[k := j for j in i] for i in k]
    return inner
