x = []  # type: List[int]
def f(a, b):
    # type: (int, str) -> bool
    for i in a:  # type: int
        pass
    with a as b:  # type: int
        pass
    return True  # type: ignore
y = z = 1  # type: not a type at all ]
# type: ignore[attr]
