"""Integers, floats, complex numbers and math."""
# --- division and modulo of negatives
result = (7 // 2, -7 // 2, 7 // -2, -7 // -2, 7 % 3, -7 % 3, 7 % -3, -7 % -3, divmod(-7, 3), divmod(7, -3))
# --- true division
result = (6 / 3, 7 / 2, -7 / 2, 1 / 3, 2 / 4, 0 / 5, 10**20 / 10**18, type(4 / 2).__name__)
# --- float floor division and modulo
result = (7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, 5 % 0.3, 1e20 // 3, -0.5 // 1, 6.0 // 0.1, 1.0 % 0.1)
# --- power
result = (2**10, 2**-1, (-2) ** 3, 2**0.5, (-8) ** 2, 0**0, 2.0**3, 10**-2, pow(2, 5), pow(2, 5, 7), pow(3, -1, 7), 4**0.5, (-1) ** 0.5 == 1j)
# --- power of a negative base by a fraction
result = type((-8) ** (1 / 3)).__name__
# --- big integers
result = (2**64, 2**100, 10**30 + 1, 2**53 + 1, (2**64 - 1) * (2**64 + 1), 2**100 // 3, 2**100 % 1000, -(2**70) // 7, 10**20 - 10**20 + 1, 2**64 == 2**64, 2**64 > 2**63)
# --- big integers down to small ones
result = ((2**70 - 2**70 + 5) * 2, 2**100 >> 98, (2**80) // 2**78, int(str(2**65)), hash(2**70) == hash(2**70), {2**70: 1}[2**70], 2**70 in [2**70], 2**54 % 7, -(2**60) % 11)
# --- factorial and huge products
import math

result = (math.factorial(20), math.factorial(25), math.comb(50, 25), math.perm(10, 3), math.prod(range(1, 30)), math.isqrt(10**20))
# --- big integer literals and bases
result = (123456789012345678901234567890, 0xFFFFFFFFFFFFFFFFFF, 0b101, 0o17, 1_000_000, 0xDEADBEEF, 9007199254740993)
# --- bit operations
result = (6 & 3, 6 | 3, 6 ^ 3, ~6, 1 << 10, 1024 >> 3, -5 >> 1, -5 & 3, -1 | 4, 5 ^ -1, ~-1, 1 << 40, (1 << 40) >> 38, 2**60 & (2**60 - 1), (2**60 + 5) & 7, 2**60 | 1)
# --- round half to even
result = (round(0.5), round(1.5), round(2.5), round(-0.5), round(-1.5), round(2.675, 2), round(1234.5678, 2), round(1234.5678, -2), round(1250, -2), round(1350, -2), round(5), round(2.0), type(round(2.0, 1)).__name__, round(3.14159, 3), round(0.125, 2), round(-2.5))
# --- round with None and large digits
result = (round(2.5, None), round(1.1, 20), round(15, 1), round(-15, -1), round(25, -1), round(1e16, 2), round(0.1 + 0.2, 10))
# --- float repr
result = [1.0, 0.1, 1e16, 1e15, 123456789.0, 1e-4, 1e-5, 1.5e300, 0.1 + 0.2, 1 / 3, 1e22, 1e21, 100000.0, 3.0e-7, -2.5, 2**53 * 1.0, 5e-324, 1.7976931348623157e308]
# --- infinities and nan
inf = float("inf")
nan = float("nan")
result = (inf, -inf, nan, inf > 1e308, inf - inf == 0, nan == nan, nan != nan, inf == inf, inf + 1, 1 / inf, min(inf, 3), nan < 1, max(1, nan), str(nan), inf * 0 == inf * 0)
# --- int of things
result = (int(3.9), int(-3.9), int("42"), int(" -7 "), int("1_000"), int("ff", 16), int("0x1f", 16), int("0b11", 0), int("z", 36), int(True), int(), int(1e20), int("+5"), int("0o17", 8), int("007"))
# --- float of things
result = (float("3.5"), float(" 1e3 "), float("inf"), float("-Infinity"), float("1_0.5"), float(7), float(True), float(), float(".5"), float("5."), float("nan") != float("nan"))
# --- int and float comparison
result = (1 == 1.0, 2**53 == 2.0**53, 3 < 3.5, True == 1.0, 10**20 == 1e20, 0.1 + 0.2 == 0.3, 1 < 1.0000001, 2**53 + 1 == 2.0**53)
# --- numeric attributes and methods
result = ((3).real, (3.5).is_integer(), (4.0).is_integer(), (10).bit_length(), (255).bit_count(), (0).bit_length(), (-5).bit_length(), (2.5).as_integer_ratio(), (3).numerator, (3).imag, (0.5).hex(), (3).conjugate(), (10).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"))
# --- abs, min, max, sum
result = (abs(-3), abs(-2.5), abs(3 + 4j), min(3, 1, 2), max([1, 5, 3]), max("abc"), min("b", "a"), max(1, 2.5), max(2, 2.0), sum([1, 2.5]), sum([], 10), sum([[1], [2]], []), max([1, -5], key=abs), min([], default=0), max({"a": 3, "b": 5}, key={"a": 3, "b": 5}.get), sum((1, 2), start=3))
# --- float sums
result = (sum([0.1] * 10), 0.1 * 3, 1e16 + 1, 1e308 * 10, 0.1 + 0.7, 3 * 1.1, 1.1 + 2.2, 100 * 1.1)
# --- complex numbers
z = 3 + 4j
result = (z, z.real, z.imag, z * 2, z + 1, z.conjugate(), z * z, z / 2, -z, z == 3 + 4j, complex(1, 2), 1j**2, abs(z), complex("1+2j"))
# --- bases
result = (bin(10), oct(8), hex(255), bin(-5), hex(-1), bin(0), hex(2**40), int(bin(5), 2), f"{10:b}", bin(2**60))
# --- hash of numbers
result = (hash(1) == hash(1.0), hash(True) == hash(1), hash(5), hash(-1), hash(0.0), hash("a") == hash("a"), hash((1, 2)) == hash((1.0, 2.0)), hash(2**61 - 1))
# --- math functions
import math

result = (math.sqrt(16), math.floor(-2.5), math.ceil(2.1), math.trunc(-2.7), math.log(8, 2), math.log2(8), math.log10(1000), math.exp(0), math.gcd(12, 18), math.lcm(4, 6), math.hypot(3, 4), math.fabs(-2), math.copysign(3, -1), math.fmod(-7, 3), math.isclose(0.1 + 0.2, 0.3), math.isinf(math.inf), math.isnan(math.nan), math.pow(2, 3), math.modf(2.5), math.frexp(8.0), math.ldexp(0.5, 4))
# --- math constants and trigonometry
import math

result = (math.pi, math.e, math.tau, round(math.sin(math.pi / 2), 10), round(math.cos(0), 10), round(math.atan2(1, 1), 10), round(math.degrees(math.pi), 10), round(math.radians(180), 10), round(math.tanh(0.5), 10), round(math.erf(0.5), 10))
# --- math domain errors
import math

math.sqrt(-1)
# --- math log of zero
import math

math.log(0)
# --- math of a string
import math

math.sqrt("4")
# --- math.prod, fsum, dist
import math

result = (math.prod([2, 3, 4]), math.prod([]), math.prod([1.5, 2]), math.fsum([0.1] * 10), math.dist([0, 0], [3, 4]), math.gcd(), math.gcd(0, 5), round(math.cbrt(27), 10))
# --- make_divisible
def make_divisible(v, divisor=8, min_value=None, round_limit=0.9):
    min_value = min_value or divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < round_limit * v:
        new_v += divisor
    return new_v


result = [make_divisible(v * m) for v in (16, 24, 40, 80, 112) for m in (0.5, 0.75, 1.0, 1.4)]
# --- drop-path rates
depths = [2, 2, 6, 2]
total = sum(depths)
rates = [round(0.1 * i / (total - 1), 6) for i in range(total)]
split = []
at = 0
for d in depths:
    split.append(rates[at : at + d])
    at += d
result = split
# --- padding arithmetic
def same(x, k, s, d=1):
    import math

    return max((math.ceil(x / s) - 1) * s + (k - 1) * d + 1 - x, 0)


result = [same(x, k, s) for x in (7, 224, 113) for k in (1, 3, 7) for s in (1, 2)]
# --- int methods on bools and floats
result = (True.real, (True).bit_length(), int.bit_length(7), float.is_integer(2.0), (5).__int__(), (5.9).__int__(), (2.5).__floor__() if hasattr(2.5, "__floor__") else 2, (7).__index__())
# --- numeric tower by isinstance
import numbers

result = (isinstance(1, numbers.Number), isinstance(1.0, numbers.Real), isinstance(1.0, numbers.Integral), isinstance(True, numbers.Integral), isinstance("1", numbers.Number), isinstance(1j, numbers.Complex))
# --- integer caching is not identity of values
result = (1000 == 1000, 1 is not None, type(1) is int, type(True) is bool, type(1.0) is float)
# --- unary operators
result = (-3, +3, -(-3), ~0, -0.0, -True, +True, not 3, -2**2, (-2)**2)
# --- mixed arithmetic keeps kinds
result = [type(x).__name__ for x in [1 + 1, 1 + 1.0, 1 * True, 1 / 1, 3 // 1.0, 2**2, 2**-2, 2.0 * 3, True + True, 5 % 2.0, abs(True), round(1.5), -True, 1 + 1j]]
# --- augmented assignment of numbers
x = 10
x += 5
x -= 3
x *= 2
x //= 5
x **= 3
x %= 50
x <<= 2
x |= 1
x ^= 3
x >>= 1
x &= 0xFF
y = 7
y /= 2
result = (x, y)
# --- number formatting round trip
result = [float(repr(x)) == x for x in [0.1, 1e23, 123456.789, 5e-324, 1 / 3]]
# --- fractions of a stage by cumulative sums
import itertools

widths = [64, 128, 256, 512]
result = (list(itertools.accumulate(widths)), [a / b for a, b in zip(widths, widths[1:])], [w // 8 * 8 for w in (13, 29)], sum(w**2 for w in widths))
# --- comparison across bool, int and float in containers
result = ([True, 1, 1.0].count(1), {1: "a"}[True], [0, 1, 2].index(True), (1.0, 2) == (1, 2.0), max(True, 2), sorted([1.5, True, 0]))
# --- very long integers print in full
result = str(3**100), len(str(2**1000)), (2**200).bit_length(), 10**50 // 10**48, -(10**25)
