def f(): pass
def g(a, b=1, *args, c, d=2, **kw): return a
def h(a, /, b, *, c): ...
def i(*, a=1): 'doc'
def j(a, b): return a; return b
def k(a,
      b=(1, 2),
      ):
    '''Doc
    string.'''
    x = a
    return x
