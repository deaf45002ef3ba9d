import type { Interp } from "../../eval/interp.ts";
import { intOf, type TensorValue, tensor, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import type { Args } from "../../ops/operator.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { dimOf, dtypeOf, emit, flagOf, numberOf } from "../convert.ts";
import { axes, define, several, x } from "../define.ts";
import { named, VALUES } from "../returns.ts";
import { binary } from "./arithmetic.ts";

/** Reductions, and what runs along or orders one axis. */

type Get = (name: string) => Value;

const reduce = (interp: Interp, op: string, source: TensorValue | UnknownValue, get: Get, more: Args = {}): Value =>
  emit(interp, op, [source], { axes: axes(interp, get("dim")), keepdim: flagOf(interp, get("keepdim")), ...more });
const typed = (get: Get): Args => {
  const dtype = dtypeOf(get("dtype"), undefined);
  return dtype === undefined ? {} : { dtype };
};

for (const name of ["mean", "sum", "prod", "nansum", "nanmean"])
  define("tm", name, "input, dim=None, keepdim=False, *, dtype=None, out=None", (interp, get) => {
    const op = name.replace("nan", "");
    return reduce(interp, op, x(interp, get, name), get, typed(get));
  });
for (const [name, op] of [
  ["all", "all"],
  ["any", "any"],
] as const)
  define("tm", name, "input, dim=None, keepdim=False, *, out=None", (interp, get) =>
    reduce(interp, op, x(interp, get, name), get),
  );
for (const [name, op] of [
  ["amax", "max"],
  ["amin", "min"],
] as const)
  define("tm", name, "input, dim=(), keepdim=False, *, out=None", (interp, get) =>
    emit(interp, op, [x(interp, get, name)], {
      axes:
        get("dim").kind === "tuple" && axes(interp, get("dim"))?.toString() === "" ? null : axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    }),
  );
for (const [name, signature] of [["logsumexp", "input, dim, keepdim=False, *, out=None"]] as const)
  define("tm", name, signature, (interp, get) => reduce(interp, name, x(interp, get, name), get));

const spread = (interp: Interp, op: string, get: Get): Value => {
  // `std(input, False)` gives the correction in the place of the axes.
  const isFlag = get("dim").kind === "bool";
  const unbiased = isFlag ? get("dim") : get("unbiased");
  return emit(interp, op, [x(interp, get, op)], {
    axes: isFlag ? null : axes(interp, get("dim")),
    keepdim: flagOf(interp, get("keepdim")),
    correction:
      get("correction").kind === "none" ? { size: flagOf(interp, unbiased) ? 1 : 0 } : dimOf(get("correction")),
  });
};
const SPREAD = "input, dim=None, unbiased=True, keepdim=False, *, correction=None, out=None";
for (const name of ["var", "std"]) {
  define("tm", name, SPREAD, (interp, get) => spread(interp, name, get));
  define("t", `${name}_mean`, SPREAD, (interp, get) => {
    const isFlag = get("dim").kind === "bool";
    const mean = emit(interp, "mean", [x(interp, get, name)], {
      axes: isFlag ? null : axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    });
    return { kind: "tuple", items: [spread(interp, name, get), mean] };
  });
}
for (const name of ["argmax", "argmin"])
  define("tm", name, "input, dim=None, keepdim=False, *, out=None", (interp, get) =>
    reduce(interp, name, x(interp, get, name), get),
  );
for (const name of ["max", "min"] as const)
  define("tm", name, "input, dim=None, keepdim=False, *, out=None, other=None", (interp, get) => {
    const other = get("dim").kind === "tensor" ? get("dim") : get("other");
    if (other.kind === "tensor") return binary(interp, name === "max" ? "maximum" : "minimum", get("input"), other);
    if (get("dim").kind === "none") return emit(interp, name, [x(interp, get, name)], { axes: null, keepdim: false });
    const parts = several(interp, `${name}_with_indices`, x(interp, get, name), alongAxis(interp, get));
    return named(name, VALUES, parts);
  });
const alongAxis = (interp: Interp, get: Get): Args => ({
  axis: dimOf(get("dim")),
  keepdim: flagOf(interp, get("keepdim")),
});
define("tm", "aminmax", "input, *, dim=None, keepdim=False, out=None", (interp, get) => {
  const items = ["min", "max"].map((op) => reduce(interp, op, x(interp, get, "aminmax"), get));
  return named("aminmax", ["min", "max"], { kind: "tuple", items });
});
for (const name of ["median", "nanmedian"])
  define("tm", name, "input, dim=None, keepdim=False, *, out=None", (interp, get) => {
    const source = x(interp, get, name);
    if (get("dim").kind === "none") {
      const dtype = source.kind === "tensor" ? source.type.dtype : undefined;
      // The middle one of all has no operator of its own: a number is known to come out.
      return source.kind === "tensor" ? tensor({ shape: [], dtype }) : source;
    }
    return named(name, VALUES, several(interp, "median_with_indices", source, alongAxis(interp, get)));
  });
define("tm", "mode", "input, dim=-1, keepdim=False, *, out=None", (interp, get) =>
  named("mode", VALUES, several(interp, "mode", x(interp, get, "mode"), alongAxis(interp, get))),
);
define("tm", "kthvalue", "input, k, dim=-1, keepdim=False, *, out=None", (interp, get) =>
  named(
    "kthvalue",
    VALUES,
    several(interp, "kthvalue", x(interp, get, "kthvalue"), { ...alongAxis(interp, get), k: dimOf(get("k")) }),
  ),
);
for (const name of ["cummax", "cummin"])
  define("tm", name, "input, dim, *, out=None", (interp, get) =>
    named(name, VALUES, several(interp, name, x(interp, get, name), { axis: dimOf(get("dim")) })),
  );
for (const name of ["cumsum", "cumprod"])
  define("tmi", name, "input, dim, *, dtype=None, out=None", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], { axis: dimOf(get("dim")), ...typed(get) }),
  );
define("tm", "logcumsumexp", "input, dim, *, out=None", (interp, get) =>
  emit(interp, "logcumsumexp", [x(interp, get, "logcumsumexp")], { axis: dimOf(get("dim")) }),
);
define("tm", "norm", "input, p=2, dim=None, keepdim=False, dtype=None, *, out=None", (interp, get) => {
  const p = get("p");
  return reduce(interp, "norm", x(interp, get, "norm"), get, { p: p.kind === "str" ? 2 : numberOf(p) });
});
define("tm", "topk", "input, k, dim=-1, largest=True, sorted=True, *, out=None", (interp, get) =>
  named(
    "topk",
    VALUES,
    several(interp, "topk", x(interp, get, "topk"), {
      k: dimOf(get("k")),
      axis: dimOf(get("dim")),
      largest: flagOf(interp, get("largest")),
    }),
  ),
);
const ordered = (interp: Interp, get: Get): Args => ({
  axis: dimOf(get("dim")),
  descending: flagOf(interp, get("descending")),
  stable: flagOf(interp, get("stable")),
});
define("tm", "sort", "input, dim=-1, descending=False, stable=False, *, out=None", (interp, get) =>
  named("sort", VALUES, several(interp, "sort", x(interp, get, "sort"), ordered(interp, get))),
);
define("t", "msort", "input, *, out=None", (interp, get) => {
  const parts = several(interp, "sort", x(interp, get, "msort"), { axis: { size: 0 } });
  return parts.kind === "tuple" ? (parts.items[0] ?? parts) : parts;
});
define("tm", "argsort", "input, dim=-1, descending=False, stable=False", (interp, get) =>
  emit(interp, "argsort", [x(interp, get, "argsort")], ordered(interp, get)),
);
define("tm", "histc", "input, bins=100, min=0, max=0, *, out=None", (interp, get) =>
  emit(interp, "histc", [x(interp, get, "histc")], { bins: dimOf(get("bins")) }),
);
for (const [where, name, signature, value, edges] of [
  ["t", "bucketize", "input, boundaries, *, out_int32=False, right=False, out=None", "input", "boundaries"],
  [
    "t",
    "searchsorted",
    "sorted_sequence, input, *, out_int32=False, right=False, side=None, out=None, sorter=None",
    "input",
    "sorted_sequence",
  ],
] as const)
  define(where, name, signature, (interp, get) => {
    const source = get(value);
    if (source.kind !== "tensor") return intOf({ size: undefined, why: OPEN });
    const sorted = get(edges);
    if (name === "searchsorted" && sorted.kind === "tensor" && sorted.type.shape?.length !== 1)
      return tensor({ ...source.type, dtype: "int64" });
    return emit(interp, "bucketize", [source, x(interp, get, name, edges)], {});
  });
const OPEN: Why = { reason: t("a number read from a tensor") };
define("tm", "bincount", "input, weights=None, minlength=0", (interp, get) => {
  const source = x(interp, get, "bincount");
  const weights = get("weights");
  const why: Why = { reason: t("as many as {0} finds, which depends on the values", "bincount") };
  return source.kind === "tensor"
    ? tensor({ shape: [{ size: undefined, why }], dtype: weights.kind === "tensor" ? weights.type.dtype : "int64" })
    : source;
});
for (const name of ["quantile", "nanquantile"])
  define("tm", name, "input, q, dim=None, keepdim=False, *, interpolation='linear', out=None", (interp, get) => {
    const source = x(interp, get, name);
    const q = get("q");
    const made = reduce(interp, "mean", source, get);
    const lead = q.kind === "tensor" ? q.type.shape : [];
    if (source.kind !== "tensor" || made.kind !== "tensor" || made.type.shape === undefined || lead === undefined)
      return made.kind === "tensor" ? unknown({ reason: t("a shape that is not known") }) : made;
    return tensor({ shape: [...lead, ...made.type.shape], dtype: source.type.dtype });
  });
define("tm", "count_nonzero", "input, dim=None", (interp, get) => {
  const test = emit(interp, "ne", [x(interp, get, "count_nonzero")], { right: { size: 0 } });
  return test.kind === "tensor"
    ? emit(interp, "sum", [test], { axes: axes(interp, get("dim")), keepdim: false })
    : test;
});
for (const name of ["equal", "allclose", "is_same_size", "is_nonzero"])
  define("tm", name, "input, other=None, rtol=1e-05, atol=1e-08, equal_nan=False", (_interp, get) => {
    const [a, b] = [get("input"), get("other")];
    const [p, q] = [a, b].map((value) =>
      value.kind === "tensor" && value.host?.fuzz === undefined ? value.host : undefined,
    );
    if (name === "equal" && p !== undefined && q !== undefined)
      return {
        kind: "bool",
        value: p.shape.join() === q.shape.join() && p.data.every((value, i) => value === q.data[i]),
      };
    return unknown({ reason: t("a condition on a tensor's values") });
  });
define("tm", "isclose", "input, other, rtol=1e-05, atol=1e-08, equal_nan=False", (interp, get) => {
  const made = binary(interp, "eq", get("input"), get("other"));
  return made.kind === "tensor" ? tensor(made.type) : made;
});
