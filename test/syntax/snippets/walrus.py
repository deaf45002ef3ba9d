if (n := len(a)) > 10: pass
while chunk := f.read(): pass
y = (x := 3)
f(a := 1, b=(c := 2))
[y := f(x), y ** 2]
x = (y := 0) + (z := 1)
