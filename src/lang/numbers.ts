import { fail } from "../eval/interp.ts";
import { bool, float, int, NONE, str, tuple, unknown, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat, whyOf } from "./arithmetic.ts";
import { bigOf, wholeNumber } from "./integers.ts";
import { type Body, native, raw } from "./native.ts";
import { complexClass, floatClass, intClass } from "./types.ts";

/** Methods of `int`, `float` and `complex`. */
function define(cls: typeof intClass, name: string, signature: string, body: Body): void {
  cls.attrs.set(name, native(name, signature === "" ? "self" : `self, ${signature}`, body));
}
const lost = (value: Value): Value => unknown(whyOf(value) ?? { reason: t("an unknown number") });

define(intClass, "bit_length", "", (_interp, get) => {
  const n = bigOf(get("self"));
  if (n === undefined) return lost(get("self"));
  const magnitude = n < 0n ? -n : n;
  return int(magnitude === 0n ? 0 : magnitude.toString(2).length);
});
define(intClass, "bit_count", "", (_interp, get) => {
  const n = bigOf(get("self"));
  return n === undefined ? lost(get("self")) : int([...(n < 0n ? -n : n).toString(2)].filter((c) => c === "1").length);
});
define(intClass, "conjugate", "", (_interp, get) => get("self"));
define(intClass, "is_integer", "", () => bool(true));
define(intClass, "as_integer_ratio", "", (_interp, get) => tuple([get("self"), int(1)]));
define(intClass, "to_bytes", "length=1, byteorder='big', *, signed=False", (interp, get) => {
  const n = bigOf(get("self"));
  const length = toFloat(get("length"));
  const order = get("byteorder");
  if (n === undefined || length === undefined || order.kind !== "str") return lost(get("self"));
  if (n < 0n) return fail(interp, "OverflowError", "can't convert negative int to unsigned");
  if (1n << BigInt(8 * length) <= n) return fail(interp, "OverflowError", "int too big to convert");
  const bytes = Array.from({ length }, (_, i) => String.fromCharCode(Number((n >> BigInt(8 * i)) & 255n)));
  return { kind: "bytes", value: (order.value === "big" ? bytes.reverse() : bytes).join("") };
});
intClass.attrs.set("from_bytes", {
  kind: "wrapper",
  type: "static",
  fn: native("from_bytes", "bytes, byteorder='big', *, signed=False", (_interp, get) => {
    const bytes = get("bytes");
    const order = get("byteorder");
    if (bytes.kind !== "bytes" || order.kind !== "str") return lost(bytes);
    const codes = [...bytes.value].map((c) => BigInt(c.charCodeAt(0)));
    if (order.value !== "big") codes.reverse();
    return wholeNumber(codes.reduce((total, code) => total * 256n + code, 0n));
  }),
});
define(floatClass, "is_integer", "", (_interp, get) => {
  const n = toFloat(get("self"));
  return n === undefined ? lost(get("self")) : bool(Number.isInteger(n));
});
define(floatClass, "conjugate", "", (_interp, get) => get("self"));
define(floatClass, "as_integer_ratio", "", (interp, get) => {
  const n = toFloat(get("self"));
  if (n === undefined) return lost(get("self"));
  if (!Number.isFinite(n))
    return fail(
      interp,
      Number.isNaN(n) ? "ValueError" : "OverflowError",
      `cannot convert ${Number.isNaN(n) ? "NaN" : "Infinity"} to integer ratio`,
    );
  let [top, bottom] = [n, 1n];
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return tuple([wholeNumber(BigInt(top)), wholeNumber(bottom)]);
});
define(floatClass, "hex", "", (_interp, get) => {
  const n = toFloat(get("self"));
  return n === undefined ? lost(get("self")) : str(hexOf(n));
});
for (const [name, round] of [
  ["__floor__", Math.floor],
  ["__ceil__", Math.ceil],
  ["__trunc__", Math.trunc],
] as const)
  floatClass.attrs.set(
    name,
    native(name, "self", (_interp, get) => {
      const n = toFloat(get("self"));
      return n === undefined ? lost(get("self")) : Number.isFinite(n) ? wholeNumber(BigInt(round(n))) : lost(NONE);
    }),
  );
complexClass.attrs.set(
  "conjugate",
  raw("conjugate", (_interp, args) => {
    const self = args.positional[0]?.value ?? NONE;
    return self.kind === "complex" ? { kind: "complex", re: self.re, im: -self.im } : float(toFloat(self) ?? 0);
  }),
);

/** `float.hex()`. */
function hexOf(n: number): string {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? "nan" : n < 0 ? "-inf" : "inf";
  const sign = n < 0 || Object.is(n, -0) ? "-" : "";
  const size = Math.abs(n);
  if (size === 0) return `${sign}0x0.0p+0`;
  const exponent = Math.max(-1022, Math.floor(Math.log2(size)));
  let mantissa = size / 2 ** exponent;
  const whole = Math.floor(mantissa);
  mantissa -= whole;
  let digits = "";
  for (let i = 0; i < 13; i++) {
    mantissa *= 16;
    const digit = Math.floor(mantissa);
    digits += digit.toString(16);
    mantissa -= digit;
  }
  return `${sign}0x${whole}.${digits}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
