x = 1

def f():
    return 2
class C:
    pass
