while a: b
while a:
    if b: break
    if c: continue
else:
    d
for i in range(3): pass
for i, (j, k) in x:
    continue
else:
    y
for self.x in y: pass
for a[0], *b in c: pass
for x in *a, *b: pass
while True:
    while False: pass
