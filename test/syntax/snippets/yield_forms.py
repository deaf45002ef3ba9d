def f():
    x = yield
    x += yield x
    x = y = yield
    print((yield))
    yield (1)
    yield (1, 2)
    (yield 1), 2
    await_ = [(yield)]
    return x
