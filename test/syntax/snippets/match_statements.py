match command.split():
    case [action]:
        a = action
    case [action, obj]:
        b = f(action, obj)
    case Point(x=0, y=0):
        c = 1
    case {'k': v, **rest} if v > 0:
        d = v
    case 'a' | 'b' as e:
        g(e)
    case _:
        h = 0
match x, y:
    case 1, _: pass
match (n):
    case None: z = 1
