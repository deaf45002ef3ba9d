x = 1
def f():
    global x, y
    x = 2
    y = 3
    def g(): return x
    return g
class C:
    global z
    z = 1
global w

def h():
    global v
    for v in range(3): pass
    import os
    def os2(): pass
    del os
