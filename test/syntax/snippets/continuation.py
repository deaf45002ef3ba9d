x = 1 + \
    2
if a and \
   b:
    c
y = (1 +
     2)
assert x, \
    'm'
z = [
1,
2,
]
f(
a,
b
)
from a import \
    b
