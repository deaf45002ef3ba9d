class A: pass
class B(): x = 1
class C(A, B): ...
class D(A, metaclass=M, x=1): 'doc'
class E(*bases, **kw):
    '''doc
    more'''
    x: int
    y: int = 0
    def f(self): return __class__
    class Inner(A):
        z = 1
class F(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)
