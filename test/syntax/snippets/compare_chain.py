a < b < c
a < b <= c == d != e
x = 0 < f(x) < 10
(a < b) < c
a < (b < c)
a < (b < c) < d
not a < b
1 < x in y
