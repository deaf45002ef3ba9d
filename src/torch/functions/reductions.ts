import { dimOf, emit, flagOf, numberOf } from "../convert.ts";
import { axes, define, several, x } from "../define.ts";
import { binary } from "./arithmetic.ts";

for (const name of ["mean", "sum", "prod", "amax", "amin", "all", "any"]) {
  const op = name === "amax" ? "max" : name === "amin" ? "min" : name;
  define("tm", name, "input, dim=None, keepdim=False, *, dtype=None", (interp, get) =>
    emit(interp, op, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    }),
  );
}
for (const name of ["var", "std"])
  define("tm", name, "input, dim=None, unbiased=True, keepdim=False, *, correction=None", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
      correction:
        get("correction").kind === "none"
          ? { size: flagOf(interp, get("unbiased")) ? 1 : 0 }
          : dimOf(get("correction")),
    }),
  );
for (const name of ["argmax", "argmin"])
  define("tm", name, "input, dim=None, keepdim=False", (interp, get) =>
    emit(interp, name, [x(interp, get, name)], {
      axes: axes(interp, get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    }),
  );
for (const name of ["max", "min"] as const) {
  define("tm", name, "input, dim=None, keepdim=False", (interp, get) => {
    if (get("dim").kind === "tensor")
      return binary(interp, name === "max" ? "maximum" : "minimum", get("input"), get("dim"));
    if (get("dim").kind === "none") return emit(interp, name, [x(interp, get, name)], { axes: null, keepdim: false });
    return several(interp, `${name}_with_indices`, x(interp, get, name), {
      axis: dimOf(get("dim")),
      keepdim: flagOf(interp, get("keepdim")),
    });
  });
}
define("tm", "norm", "input, p=2, dim=None, keepdim=False", (interp, get) =>
  emit(interp, "norm", [x(interp, get, "norm")], {
    p: numberOf(get("p")),
    axes: axes(interp, get("dim")),
    keepdim: flagOf(interp, get("keepdim")),
  }),
);
define("tm", "cumsum", "input, dim", (interp, get) =>
  emit(interp, "cumsum", [x(interp, get, "cumsum")], { axis: dimOf(get("dim")) }),
);
define("tm", "topk", "input, k, dim=-1, largest=True, sorted=True", (interp, get) =>
  several(interp, "topk", x(interp, get, "topk"), { k: dimOf(get("k")), axis: dimOf(get("dim")) }),
);
