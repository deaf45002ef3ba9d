import { itemsOf } from "../../eval/evaluate.ts";
import { fail, isWhy } from "../../eval/interp.ts";
import { bool, float, int, type ModuleValue, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat, whyOf } from "../arithmetic.ts";
import { raw } from "../native.ts";
import { fn, type Names, nativeModule } from "./module.ts";

export function mathModule(): ModuleValue {
  const names: Names = {
    pi: float(Math.PI),
    e: float(Math.E),
    inf: float(Infinity),
    nan: float(Number.NaN),
    tau: float(2 * Math.PI),
  };
  const unaryFloat: Record<string, (x: number) => number> = {
    sqrt: Math.sqrt,
    exp: Math.exp,
    log2: Math.log2,
    log10: Math.log10,
    log1p: Math.log1p,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    tanh: Math.tanh,
    fabs: Math.abs,
    atan: Math.atan,
    radians: (x) => (x * Math.PI) / 180,
    erf: (x) => x,
  };
  delete unaryFloat.erf;
  const lost = (value: Value): Value => ({
    kind: "float",
    value: undefined,
    why: whyOf(value) ?? { reason: t("an unknown number") },
  });
  for (const [name, compute] of Object.entries(unaryFloat)) {
    names[name] = fn(name, "x", (interp, get) => {
      const x = toFloat(get("x"));
      if (x === undefined) return lost(get("x"));
      const y = compute(x);
      return Number.isNaN(y) && !Number.isNaN(x) ? fail(interp, "ValueError", "math domain error") : float(y);
    });
  }
  for (const [name, compute] of [
    ["floor", Math.floor],
    ["ceil", Math.ceil],
    ["trunc", Math.trunc],
  ] as const) {
    names[name] = fn(name, "x", (_interp, get) => {
      const value = get("x");
      if (value.kind === "int") return value;
      const x = toFloat(value);
      return x === undefined
        ? { kind: "int", dim: { size: undefined, why: whyOf(value) ?? { reason: t("an unknown number") } } }
        : int(compute(x));
    });
  }
  names.log = fn("log", "x, base=None", (interp, get) => {
    const x = toFloat(get("x"));
    const base = toFloat(get("base"));
    if (x === undefined) return lost(get("x"));
    if (x <= 0) return fail(interp, "ValueError", "math domain error");
    return float(
      base === undefined
        ? Math.log(x)
        : base === 2
          ? Math.log2(x)
          : base === 10
            ? Math.log10(x)
            : Math.log(x) / Math.log(base),
    );
  });
  for (const name of ["pow", "fmod", "atan2", "hypot"] as const) {
    names[name] = fn(name, "x, y", (_interp, get) => {
      const x = toFloat(get("x"));
      const y = toFloat(get("y"));
      if (x === undefined || y === undefined) return lost(get("x"));
      return float(
        name === "pow" ? x ** y : name === "fmod" ? x % y : name === "atan2" ? Math.atan2(x, y) : Math.hypot(x, y),
      );
    });
  }
  names.prod = fn("prod", "iterable, *, start=1", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return unknown(items);
    return items.reduce((product, item) => interp.lang.binary(interp, "*", product, item, false), get("start"));
  });
  names.gcd = raw(
    "gcd",
    (_interp, args) => {
      const values = args.positional.map((arg) => toFloat(arg.value));
      if (values.some((v) => v === undefined)) return unknown({ reason: t("an unknown number") });
      return int(
        values.reduce<number>((a, b) => {
          let [x, y] = [Math.abs(a), Math.abs(b ?? 0)];
          while (y !== 0) [x, y] = [y, x % y];
          return x;
        }, 0),
      );
    },
    { free: true },
  );
  names.isclose = fn("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", (_interp, get) => {
    const [a, b, rel, abs] = ["a", "b", "rel_tol", "abs_tol"].map((n) => toFloat(get(n)));
    return a === undefined || b === undefined
      ? unknown({ reason: t("an unknown number") })
      : bool(Math.abs(a - b) <= Math.max((rel ?? 0) * Math.max(Math.abs(a), Math.abs(b)), abs ?? 0));
  });
  names.isnan = fn("isnan", "x", (_interp, get) => bool(Number.isNaN(toFloat(get("x")) ?? 0)));
  names.isinf = fn("isinf", "x", (_interp, get) => bool(!Number.isFinite(toFloat(get("x")) ?? 0)));
  return nativeModule("math", names);
}
