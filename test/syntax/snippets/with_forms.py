with a: b
with a as b: c
with a as b, c as d: e
with (a as b, c): d
with (a as b,
      c as (d, e),
      ):
    f
with (a): b
with (a, b): c
with (a, b) as c: d
with f() as self.x, g() as y[0]: pass
with torch.no_grad():
    x = 1
with (yield_): pass
