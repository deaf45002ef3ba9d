class _Net(nn.Module):
    __slots__ = ()
    def __init__(self, __depth):
        self.__body = __depth
        self.__len__()
        f(__x=self.__body)
        def __inner(): return __y
        [__z for __z in __w]
    class __Part:
        def g(self): return self.__a
__top = 1
class ___: __q = 1
