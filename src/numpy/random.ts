import { itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { NONE, opaque, unknown, type Value } from "../eval/value.ts";
import { native, raw } from "../lang/native.ts";
import type { Dim, DType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { arrayValue } from "./classes.ts";

/** `numpy.random`: shapes are known, numbers are not. */

const RANDOM: Why = { reason: t("a random number") };

function drawn(interp: Interp, size: Value, dtype: DType): Value {
  const items = size.kind === "none" ? [] : size.kind === "int" ? [size] : itemsOf(interp, size);
  if (isWhy(items)) return unknown(items);
  const shape = items.map((item): Dim => (item.kind === "int" ? item.dim : { size: undefined, why: RANDOM }));
  return arrayValue(interp, { shape, dtype }, undefined);
}

export function randomFunctions(): Record<string, Value> {
  const names: Record<string, Value> = {};
  const define = (list: string, signature: string, dtype: DType): void => {
    for (const name of list.split(" "))
      names[name] = native(name, signature, (interp, get) => drawn(interp, get("size"), dtype), { free: true });
  };
  define("rand randn", "*size", "float64");
  define("random random_sample ranf sample", "size=None", "float64");
  define("uniform", "low=0.0, high=1.0, size=None", "float64");
  define("normal", "loc=0.0, scale=1.0, size=None", "float64");
  define("beta", "a, b, size=None", "float64");
  define("exponential", "scale=1.0, size=None", "float64");
  define("gamma", "shape, scale=1.0, size=None", "float64");
  define("standard_normal", "size=None", "float64");
  define("binomial", "n, p, size=None", "int64");
  define("poisson", "lam=1.0, size=None", "int64");
  define("randint", "low, high=None, size=None, dtype=None", "int64");
  for (const name of ["choice", "permutation", "multivariate_normal", "dirichlet", "default_rng", "RandomState"])
    names[name] = raw(name, () => unknown(RANDOM, `numpy.random.${name}`), { free: true });
  for (const name of ["seed", "shuffle", "set_state"])
    names[name] = raw(name, (interp, args) => shuffled(interp, args.positional[0]?.value), { free: true });
  names.get_state = raw("get_state", () => opaque("quiet", "quiet"), { free: true });
  return names;
}

/** What was shuffled is in an order that is not known. */
function shuffled(interp: Interp, value: Value | undefined): Value {
  if (value?.kind === "list") interp.journal.assign(value, "why", RANDOM);
  if (value?.kind === "instance" && value.payload?.kind === "tensor")
    interp.journal.assign(value.payload, "host", undefined);
  return NONE;
}
