a is None
a is not None
x in y
x not in y
not x in y
a == b or c != d and e >= f
