match = 1
case = 2
type = 3
_ = match + case
match(x)
match[0]
match.x
match, case = case, match
print(type(match))
type(x).y = 1
f(match=1, case=2, type=3)
def case(match): return type
match (x)
match * 2
match -1
