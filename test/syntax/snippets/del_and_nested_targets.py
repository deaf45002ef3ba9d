for (a, [b, *c]), d.e, f[0] in g:
    del a, b.c
[(x, y), z] = w
with p as (q, r): pass
(s), t = u
((v)) = 1
