x = a if b else c
y = a if b else c if d else e
z = (a if b else c) if d else e
f(a if b else c, *d if e else g)
w = lambda: a if b else c
