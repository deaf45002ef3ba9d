x = 5
def f(y):
    z = [x + y + w for w in range(y)]
    g = {k: [k + v for v in z] for k in z}
    return (q for q in g if q in z)
class C:
    n = 3
    v = [i for i in range(n)]
    w = [j + k for j in v for k in range(j)]
