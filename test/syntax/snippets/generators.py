def f():
    yield
    x = yield
    y = yield 1
    z = yield 1, 2
    yield from g()
    w = (yield)
    v = f((yield 3))
    return (yield from h())
def g():
    def h(): yield 1
    return h
