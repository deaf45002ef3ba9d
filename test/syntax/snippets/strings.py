'a'
"b"
'''c
d'''
r'\n'
b'\x00\xff'
rb'\d'
u'e'
'a' 'b' "c"
('x'
 'y')
'\t\n\\\'\"\a\b\f\v\r'
'\101\x41\u0041\U00000041'
'\z\8'
'line \
continued'
b'a' b'b'
''
