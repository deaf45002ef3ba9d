'''Module doc.'''
def f():
    'doc'
def g():
    'a' 'b'
    return 1
def h():
    f'not doc'
def i():
    b'not doc'
def j():
    1
    'not doc'
class C:
    r'''raw \d'''
    def k(self): """inner"""
