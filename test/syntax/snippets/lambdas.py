lambda: 0
lambda x: x
lambda x, y=1: x + y
lambda *a, **k: (a, k)
lambda *, k: k
lambda x, /, y: x
lambda x: lambda y: x + y
(lambda: (yield))
f(lambda x: x, key=lambda y: -y)
lambda x=lambda: 1: x()
lambda x: (x, 1)
