

if a:

    b


    c
        # odd comment
else:
	d
	e
def f():
  x
  if y:
      z
  return


