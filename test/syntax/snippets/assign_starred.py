first, *rest = items
*init, last = items
a, (b, *c), d = 1, (2, 3, 4), 5
[head, *_] = x
