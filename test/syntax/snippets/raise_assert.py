raise
raise E
raise E(1)
raise E from e
raise (E) from None
assert a
assert a, 'b'
assert (a, b)
assert a < b < c, f'{a}'
