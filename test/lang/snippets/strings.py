"""Strings, f-strings, format specs and regular expressions."""
# --- case methods
s = "hello World"
result = (s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold(), "they're bill's".title(), "x1y".title())
# --- strip methods
s = "  xxabcxx  "
result = (s.strip(), s.lstrip(), s.rstrip(), s.strip().strip("x"), "abc".strip("ac"), "\t\na\r ".strip(), "mississippi".rstrip("ipz"))
# --- split and rsplit
result = ("a,b,,c".split(","), "a b  c ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), " a b  c ".split(None, 1), "".split(), "".split(","), "a  b c".rsplit(None, 1), "abc".split("abc"))
# --- split with an empty separator
"abc".split("")
# --- splitlines
result = ("a\nb\r\nc".splitlines(), "a\n".splitlines(), "a\nb".splitlines(True), "".splitlines(), "a\n\nb".splitlines())
# --- partition
result = ("a.b.c".partition("."), "a.b.c".rpartition("."), "abc".partition("."), "abc".rpartition("."))
# --- join
result = (",".join(["a", "b"]), "".join("abc"), "-".join([]), ", ".join(str(i) for i in range(3)), ".".join({"x": 1, "y": 2}), " ".join(("one",)))
# --- replace
result = ("aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("z", ""), "a.b.c".replace(".", "_"))
# --- startswith and endswith
s = "layer1.conv"
result = (s.startswith("layer"), s.endswith("conv"), s.startswith(("x", "lay")), s.startswith("1", 5), s.endswith("layer1", 0, 6), s.startswith(""), s.endswith(("a", "b")))
# --- find, index, count
s = "abcabc"
result = (s.find("c"), s.find("c", 3), s.find("z"), s.rfind("b"), s.index("b"), s.rindex("a"), s.count("bc"), s.count(""), s.find("a", 1, 3), "aaaa".count("aa"))
# --- predicates
cases = ["abc", "ABC", "123", "a1", "", " ", "Title Case", "_x1", "1x", "½", "²", "3.5"]
result = [(c.isalpha(), c.isdigit(), c.isalnum(), c.isspace(), c.isupper(), c.islower(), c.istitle(), c.isidentifier(), c.isnumeric(), c.isdecimal()) for c in cases]
# --- padding
result = ("a".ljust(3) + "|", "a".rjust(3), "a".center(4) + "|", "ab".center(5, "*"), "7".zfill(3), "-7".zfill(4), "+7".zfill(4), "abc".zfill(2), "a".ljust(0))
# --- prefixes
result = ("module.x".removeprefix("module."), "x.pth".removesuffix(".pth"), "abc".removeprefix("z"), "abc".removesuffix(""))
# --- translate and maketrans
t = str.maketrans("abc", "xyz")
u = str.maketrans({"a": "1", "b": None})
result = ("aabbcc".translate(t), "abc".translate(u), "abc".translate(str.maketrans("a", "b", "c")))
# --- expandtabs and encode
result = ("a\tb".expandtabs(4), "é".encode("utf-8"), "é".encode("latin-1"), "abc".encode().decode(), "a".encode("ascii"))
# --- repetition, concatenation, comparison
result = ("ab" * 3, 2 * "x", "a" + "b", "a" < "b", "Z" < "a", "abc" < "abd", "" < "a", "10" < "9", "ab" == "a" "b")
# --- string escapes and raw strings
result = ("a\nb\t\\\'", r"\n", "\x41\u00e9", "a\
b", '''x
y''', "\0".isprintable())
# --- characters by name
result = "\N{BULLET} \N{GREEK SMALL LETTER ALPHA}"
# --- repr of strings
result = [repr(s) for s in ["a", "it's", 'q"q', "both ' and \"", "a\nb", "tab\t", "\\", "é", "\x00", "\x7f", "\u200b", "日本"]]
# --- iteration and indexing
s = "abc"
result = (list(s), s[0], s[-1], [c for c in reversed(s)], dict(enumerate(s)), len("é日😀"), "😀x"[1], sorted("bca"))
# --- f-strings
name, n, x = "conv", 3, 2.5
result = (f"{name}{n}", f"{n + 1} {x:.2f}", f"{name!r} {name!s}", f"{{}} {{{n}}}", f"{n=}", f"{x * 2 = }", f"{name=!s}", f"{n=:04d}", f"a{''}b", f"{'nested ' + name}")
# --- f-strings with nested specs
w, p, f = 10, 3, "e"
result = (f"{3.14159:{w}.{p}f}|", f"{'a':>{w}}|", f"{5:0{w - 4}d}", f"{1234.5:{f}}", f"{'x':{'*'}^{5}}", f"{3:{'>' + str(4)}}")
# --- f-strings with expressions
d = {"k": [1, 2]}
result = (f"{d['k'][0]}", f"{[i for i in range(3)]}", f"{(lambda x: x + 1)(2)}", f"{'a' if d else 'b'}", f"{len('abc'):>5}", f"{d!r:>20}", f"{1, 2}", f'{ {"a": 1}["a"] }')
# --- f-string over several lines and joined
a = 1
result = (f"a{a}" "b{a}" f"{a}c", f"""x
{a}
y""")
# --- integer format specs
n = 1234567
result = [format(n, s) for s in ["", "d", ",", "_", "x", "X", "#x", "o", "#o", "b", "#b", "e", ".2e", "f", ".1f", "g", "%", "10", "<10", "^10", "+", " ", "=+12", "012", "+,d", "c"][:-1]]
# --- character and sign format specs
result = [format(65, "c"), format(-5, "+"), format(5, "+d"), format(-5, "05"), format(5, " d"), format(-255, "#x"), format(255, "08b"), format(3, "#010b"), format(0, "d"), format(True, "d"), format(True), format(-42, "=6"), format(42, "*^7"), format(12345678, "_x")]
# --- float format specs
x = 1234.56789
result = [format(x, s) for s in ["", ".2f", ".0f", "e", ".3e", "E", "g", ".3g", ".10g", "G", "n", "%", ".1%", ",.2f", "_.1f", "10.1f", "<10.1f", "+.1f", "012.3f", "^12.2f", "#.0f", ".3", "10", " .2f"]]
# --- float format of odd values
result = [format(v, s) for v in [0.0, -0.0, 1.0, 1e20, 1e-7, float("inf"), float("nan"), -1.5, 0.1 + 0.2, 2.5] for s in ["", ".2f", "g", "e", ".0f"]]
# --- string format specs
result = [format("abc", s) for s in ["", "s", "10", "<10", ">10", "^10", "*^9", ".2", "5.1", "-<6"]]
# --- format of an int with a string code
format(3, "s")
# --- format of a string with an int code
format("a", "d")
# --- format of a float with d
f"{2.5:d}"
# --- format of a list with a spec
f"{[1]:>5}"
# --- format of an unknown code
format(3, "q")
# --- str.format
result = ("{} {}".format(1, "a"), "{1} {0}".format("a", "b"), "{x} {y}".format(x=1, y=2), "{0.real} {1[0]} {2[k]}".format(3, [7], {"k": 8}), "{:>5}|{:<5}|{:^5}".format("a", "b", "c"), "{!r}".format("q"), "{{{}}}".format(1), "{:{w}.{p}f}".format(3.14159, w=8, p=2), "{a[b]}".format(a={"b": 1}))
# --- str.format with too few values
"{} {}".format(1)
# --- str.format with a missing name
"{x}".format(y=1)
# --- str.format mixing numbering
"{} {0}".format(1)
# --- str.format with an attribute and format_map
class A:
    n = 5


result = ("{a.n:03d}".format(a=A), "{x}-{y}".format_map({"x": 1, "y": 2}), "{0}{0}".format("ab"), "%s" % "a" + "{}".format(2))
# --- percent formatting
result = ("%s %d" % ("a", 3), "%5.2f|" % 3.14159, "%-5s|" % "a", "%05d" % 42, "%x %X %o" % (255, 255, 8), "%e" % 12345.678, "%g %g" % (0.0001, 1e10), "%r" % "a", "%%", "%(a)s-%(b)d" % {"a": 1, "b": 2}, "%c%c" % ("a", 66), "%+d" % 5, "%s" % (1,), "%s" % [1, 2])
# --- percent formatting with stars
result = ("%*d" % (5, 42), "%.*f" % (2, 3.14159), "%-*s|" % (4, "a"), "%d" % 3.9, "%i" % True, "%s" % None, "%.3s" % "abcdef", "% d" % 5, "%#x" % 255)
# --- percent formatting with too few values
"%s %s" % "a"
# --- percent formatting with too many values
"%s" % ("a", "b")
# --- percent formatting of a string as number
"%d" % "a"
# --- percent formatting of a missing key
"%(a)s" % {"b": 1}
# --- computed layer names
names = ["layer%d" % (i + 1) for i in range(3)] + ["stage_{}".format(i) for i in range(2)] + [f"block{i:02d}" for i in range(2)]
result = names
# --- str of things
result = [str(x) for x in [1, 1.0, True, None, "a", [1, "a"], (1,), {"a": 1}, int, len.__name__, 1e100, 2**70, -0.0, 1j, range(3), slice(1, 2), b"x", ...]]
# --- str of a class and of types
class Net: ...


result = (str(Net), str(int), repr(str), str(type(None)), str(type), repr(Net))
# --- ascii and chr, ord
result = (ascii("é日"), chr(97), ord("a"), chr(0x1F600), ord("é"), ascii("a'b"), [chr(ord("a") + i) for i in range(3)])
# --- string multiplication in formatting a table
rows = [("conv1", 64), ("layer1.0.conv1", 128)]
w = max(len(n) for n, _ in rows)
result = "\n".join(f"{n:<{w}} {c:>5,}" for n, c in rows)
# --- string methods called on the class
result = (str.upper("a"), str.join(",", ["a", "b"]), list(map(str.strip, [" a ", "b "])), sorted(["b", "A"], key=str.lower), "".join(filter(str.isdigit, "a1b2")))
# --- unknown string method
"abc".uppercase()
# --- bool of strings and comparison with other kinds
result = ("a" == 1, "1" == 1, "" == False, "a" != None, bool(" "), not "")
# --- string as a condition chain
act = "ReLU"
result = {"relu": 1, "gelu": 2}[act.lower()], act.lower() in ("relu", "silu"), act in "ReLU6"
# --- string interning by is with names
a = "abc"
b = a
result = (a is b, a == "abc")
# --- zfill and int round trip
result = [int(str(i).zfill(3)) for i in (1, 22, 333)]
# --- re.match, search, fullmatch
import re

m = re.match(r"(\w+)\.(\d+)", "layer.12.conv")
n = re.search(r"(?P<name>[a-z]+)(?P<num>\d+)", "--stage3--")
result = (m.group(), m.group(1, 2), m.groups(), m.start(2), m.end(), m.span(1), n.groupdict(), n["name"], n.group("num"), re.fullmatch(r"\d+", "12a"), re.match("b", "ab"), bool(m))
# --- re.findall and finditer
import re

result = (re.findall(r"\d+", "a1b22"), re.findall(r"(\w)(\d)", "a1 b2"), [m.group() for m in re.finditer("[a-z]", "A b C d")], re.findall("x", "abc"), re.findall(r"(a)|b", "ab"))
# --- re.sub
import re

result = (re.sub(r"\d", "#", "a1b2"), re.sub(r"(\w+)\.(\w+)", r"\2-\1", "a.b c.d"), re.sub("a", lambda m: m.group().upper() + "!", "banana"), re.sub("a", "x", "aaa", count=2), re.subn("a", "b", "aa"), re.sub(r"(?P<x>\d)", r"<\g<x>>", "a1"))
# --- re.split and escape
import re

result = (re.split(r"[,;]\s*", "a, b;c"), re.split(r"(,)", "a,b"), re.split(",", "a,b,c", 1), re.escape("a.b*c"))
# --- re.compile and flags
import re

p = re.compile(r"^layer(\d)$", re.IGNORECASE)
q = re.compile("a.c", re.S)
result = (p.match("LAYER3").group(1), p.pattern, bool(q.match("a\nc")), p.sub("x", "layer1"), re.findall("^a", "a\na", re.M), [k for k in ["layer1", "conv"] if p.match(k)])
# --- re rename of state-dict keys
import re

old = {"denselayer1.norm.1.weight": 1, "features.0": 2}
pattern = re.compile(r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias))$")
result = {(m.group(1) + m.group(2) if (m := pattern.match(k)) else k): v for k, v in old.items()}
# --- textwrap, string constants
import string

result = (string.ascii_lowercase[:3], string.digits, string.punctuation[:4], string.ascii_letters[26:28])
