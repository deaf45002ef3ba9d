()
(1,)
(1, 2)
1,
1, 2
1, 2,
((1, 2), 3)
((1, 2))
(((1,)))
x = 1,
x = ()
x = *a, b
for x in 1, 2: pass
for x, in y: pass
for (x) in y: pass
