x = 1
y = x
z = (x)
w = ((y))
x, y = y, x
(a, b) = 1, 2
[c, d] = a, b
