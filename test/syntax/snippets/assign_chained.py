a = b = c = f(1)
obj.x = lst[0] = (p, q) = g()
x = y = 1,
