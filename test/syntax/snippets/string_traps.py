a = '(['  # ])
b = "#"
c = '''"'''
d = """'''
def f(): pass
'''"""
e = '\''
f = r'\'' + "x"
g = '\\'
h = {'}': ']'}
i = f'{a}}}' f"{'}'}"
j = f"{x!r:{'>'}10}"
def k():
    '''
def not_a_function():
    pass
'''
    return 1
