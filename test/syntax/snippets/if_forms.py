if a: b
if a:
    b
elif c:
    d
elif e: f
else:
    g
if a:
    if b:
        c
    else:
        d
else: e
if (a and
    b):
    pass
