try: a
except: b
try:
    a
except E: b
except (F, G) as e:
    c
except H.I as f: d
else:
    g
finally:
    h
try:
    a
finally: b
def f():
    try:
        import x
    except ImportError as err:
        x = None
    return x
