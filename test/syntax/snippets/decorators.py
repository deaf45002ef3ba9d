@a
def f(): pass
@a.b
@c(1, x=2)
def g(): pass
@a
class C:
    @property
    def p(self): return 1
    @p.setter
    def p(self, v): self._p = v
    @staticmethod
    async def s(): pass
@(lambda f: f)

# comment between
@x[0].y
def h(): pass
