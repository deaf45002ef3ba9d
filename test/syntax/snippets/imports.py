import a
import a.b.c
import a as b
import a.b as c, d, e.f as g
from a import b
from a.b import c as d, e
from . import f
from .. import g
from .h import i
from ...j.k import l
from m import (n, o as p,
    q,
)
from r import *
from .... import s
def t():
    import u.v
    from w import x
    return u
