def f(p, *q, **r):
    a = 1
    b += 1
    for c in p: pass
    with p as d: pass
    import e.e2
    from g import h as i
    def j(): pass
    class k: pass
    try: pass
    except E as l: pass
    (m := 1)
    n: int
    o: int = 2
    s.t = 1
    u[0] = 1
    [v, *w] = p
    del y
    return z, lambda aa: aa
