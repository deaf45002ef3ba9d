# first
x = 1  # second

# third
def f():  # fourth
    # fifth
    return 1
    # sixth
# seventh
y = [  # eighth
    1,  # ninth
    # tenth
]
'# not a comment'
z = '''
# nor this
'''  # x: [N, 3, 224, 224]
#
#!shebang-like
