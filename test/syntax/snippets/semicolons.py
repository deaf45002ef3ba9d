a = 1; b = 2; c = 3
x; y;
if a: b; c
def f(): x = 1; return x
class C: a = 1; b = 2
pass; pass
import a; from b import c; d = a
