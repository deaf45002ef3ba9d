[x for x in y]
[x for x in y if x]
[x for x in y if x if z]
[x + z for x in y for z in x if z]
{x for x in y}
{k: v for k, v in d.items()}
(x for x in y)
[[a for a in b] for b in c]
[x for x in [y for y in z]]
[(x, y) for x, y in z]
[x for x, *y in z]
[lambda: x for x in y]
[f(x) for x in range(10) if x % 2 == 0]
((x) for x in (y))
[a.b for a.b in c]
