import { itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import { unknown, type Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { native, raw } from "../../lang/native.ts";
import type { Args } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { emit, flagOf, numberOf, tensorOf } from "../convert.ts";
import { define, lost, torchFunctions, x } from "../define.ts";
import { type Spacing, spacing } from "../spacing.ts";
import { binary } from "./arithmetic.ts";

/** Matrix products. */

for (const [name, signature] of [
  ["matmul", "input, other, *, out=None"],
  ["bmm", "input, mat2, *, out_dtype=None, out=None"],
  ["mm", "input, mat2, *, out_dtype=None, out=None"],
  ["mv", "input, vec, *, out=None"],
] as const) {
  const second = signature.split(", ")[1] ?? "other";
  define("tm", name, signature, (interp, get) =>
    emit(interp, name === "mv" ? "matmul" : name, [x(interp, get, name), x(interp, get, name, second)], {}),
  );
}
for (const [name, reflected] of [
  ["__matmul__", false],
  ["__rmatmul__", true],
] as const)
  tensorClass.attrs.set(
    name,
    native(name, "self, other", (interp, get) => {
      if (get("other").kind !== "tensor" && get("other").kind !== "unknown") return { kind: "not-implemented" };
      const operands = [x(interp, get, "matmul", "self"), x(interp, get, "matmul", "other")];
      return emit(interp, "matmul", reflected ? operands.reverse() : operands, {});
    }),
  );
const scaled = (get: (name: string) => Value): Args => {
  const args: Record<string, number> = {};
  for (const name of ["beta", "alpha"]) {
    const n = toFloat(get(name));
    if (n !== undefined && n !== 1) args[name] = n;
  }
  return args;
};
for (const [name, first, second] of [
  ["addmm", "mat1", "mat2"],
  ["baddbmm", "batch1", "batch2"],
] as const)
  define("tmi", name, `input, ${first}, ${second}, *, beta=1, alpha=1, out_dtype=None, out=None`, (interp, get) =>
    emit(
      interp,
      name,
      ["input", first, second].map((key) => x(interp, get, name, key)),
      scaled(get),
    ),
  );
for (const [name, first, second] of [
  ["addmv", "mat", "vec"],
  ["addbmm", "batch1", "batch2"],
] as const)
  define("tmi", name, `input, ${first}, ${second}, *, beta=1, alpha=1, out=None`, (interp, get) => {
    const product = emit(interp, "matmul", [x(interp, get, name, first), x(interp, get, name, second)], {});
    const sum =
      name === "addbmm" && product.kind === "tensor"
        ? emit(interp, "sum", [product], { axes: { size: 0 }, keepdim: false })
        : product;
    const { alpha = 1, beta = 1 } = scaled(get) as { alpha?: number; beta?: number };
    const left = beta === 1 ? get("input") : binary(interp, "mul", get("input"), { kind: "float", value: beta });
    return binary(interp, "add", left, sum, alpha === 1 ? {} : { alpha });
  });
torchFunctions.set(
  "einsum",
  raw(
    "einsum",
    (interp, args) => {
      const equation = args.positional[0]?.value;
      if (equation?.kind !== "str") return unknown({ reason: t("an einsum whose equation is not known") });
      const rest = args.positional.slice(1).map((arg) => arg.value);
      const only = rest.length === 1 && rest[0] !== undefined && rest[0].kind !== "tensor" ? rest[0] : undefined;
      const operands = only === undefined ? rest : itemsOf(interp, only);
      if (isWhy(operands)) return lost(operands);
      return emit(
        interp,
        "einsum",
        operands.map((operand) => tensorOf(interp, operand, "einsum", "operands")),
        { equation: equation.value },
      );
    },
    { free: true },
  ),
);
define(
  "f",
  "scaled_dot_product_attention",
  "query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False",
  (interp, get) => {
    const query = x(interp, get, "scaled_dot_product_attention", "query");
    const parts = ["key", "value"].map((name) => x(interp, get, "scaled_dot_product_attention", name));
    const heads = (one: Value): unknown => (one.kind === "tensor" ? one.type.shape?.at(-3)?.size : undefined);
    // Grouped queries: each key and value head serves several query heads.
    const [wanted, own] = [heads(query), parts[0] === undefined ? undefined : heads(parts[0])];
    const isGrouped = flagOf(interp, get("enable_gqa")) && wanted !== own;
    if (isGrouped && (typeof wanted !== "number" || typeof own !== "number" || wanted % own !== 0))
      return unknown({ reason: t("{0} is not known", "enable_gqa") });
    const grown = !isGrouped
      ? parts
      : parts.map((part) => {
          const made = emit(interp, "repeat_interleave", [part], {
            repeats: { size: Number(wanted) / Number(own) },
            axis: { size: -3 },
          });
          return tensorOf(interp, made, "scaled_dot_product_attention", "key");
        });
    const mask = get("attn_mask");
    const found = new Set([query, ...grown].map((each) => rowsOf(interp, each)));
    return emit(
      interp,
      "attention",
      [query, ...grown, ...(mask.kind === "none" ? [] : [x(interp, get, "scaled_dot_product_attention", "attn_mask")])],
      {
        causal: flagOf(interp, get("is_causal")),
        scale: numberOf(get("scale")),
        ...(found.has("apart") ? { strided: true } : found.has(undefined) ? { strided: null } : {}),
      },
    );
  },
);

/** How the last axis of a tensor lies in memory. */
function rowsOf(interp: Interp, value: Value): Spacing | undefined {
  if (value.kind !== "tensor" || interp.graph === undefined) return undefined;
  if (value.ref === undefined) return value.view === undefined ? "next" : undefined;
  return spacing(interp.graph.nodes, value.ref, -1);
}

define("t", "cdist", "x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'", (interp, get) =>
  emit(interp, "cdist", [x(interp, get, "cdist", "x1"), x(interp, get, "cdist", "x2")], { p: numberOf(get("p")) }),
);
for (const [name, op] of [
  ["inverse", "inverse"],
  ["det", "det"],
  ["matrix_exp", "matrix_exp"],
] as const)
  define("tm", name, "input, *, out=None", (interp, get) => emit(interp, op, [x(interp, get, name)], {}));
/** `torch.linalg` by name; the rest of it is not known. */
export const linalg = new Map<string, Value>();
for (const [name, op] of [
  ["inv", "inverse"],
  ["det", "det"],
  ["matrix_exp", "matrix_exp"],
] as const)
  linalg.set(
    name,
    native(name, "A, *, out=None", (interp, get) => emit(interp, op, [x(interp, get, name, "A")], {}), { free: true }),
  );
const norm = (name: string, signature: string): void => {
  linalg.set(
    name,
    native(
      name,
      signature,
      (interp, get) => {
        const source = x(interp, get, name, signature.split(", ")[0] ?? "A");
        const order = get("ord");
        const dim = get("dim");
        const list: readonly Value[] =
          dim.kind === "none"
            ? []
            : dim.kind === "int"
              ? [dim]
              : dim.kind === "tuple" || dim.kind === "list"
                ? dim.items
                : [];
        return emit(interp, "norm", [source], {
          p: order.kind === "none" || order.kind === "str" ? 2 : numberOf(order),
          axes: dim.kind === "none" ? null : list.map((one) => (one.kind === "int" ? one.dim : { size: undefined })),
          keepdim: flagOf(interp, get("keepdim")),
        });
      },
      { free: true },
    ),
  );
};
norm("norm", "A, ord=None, dim=None, keepdim=False, *, dtype=None, out=None");
norm("vector_norm", "x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None");
linalg.set(
  "matmul",
  native(
    "matmul",
    "input, other, *, out=None",
    (interp, get) => emit(interp, "matmul", [x(interp, get, "matmul"), x(interp, get, "matmul", "other")], {}),
    { free: true },
  ),
);
