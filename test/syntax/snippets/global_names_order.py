b = 1
a = 2
b = 3
for c in x: d = 1
with y as e: pass
import f.g
from h import i as j
def k(): l = 1
class m: n = 1
if x:
    o = 1
else:
    p: int
q.r = 1
try: pass
except E as s: pass
