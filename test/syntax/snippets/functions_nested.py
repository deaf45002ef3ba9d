def outer(a):
    b = 1
    def middle(c):
        nonlocal b
        b = c
        def inner(d):
            global e
            e = d
            return a + b + c
        return inner
    return middle
