f()
f(1)
f(1,)
f(a, b=c)
f(*a)
f(**k)
f(*a, *b, c, d=1, **e, **g)
f(x, *a, y=2)
f(a)(b)(c)
f(
    a,
    b=1,
)
f(x for x in y)
f((x for x in y), 1)
f(x := 1)
f((yield_))
a.b.c(d).e[f](g).h
