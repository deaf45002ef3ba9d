import { itemsOf } from "../../eval/evaluate.ts";
import { isWhy } from "../../eval/interp.ts";
import { unknown } from "../../eval/value.ts";
import { native, raw } from "../../lang/native.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { emit, flagOf, numberOf, tensorOf } from "../convert.ts";
import { define, lost, torchFunctions, x } from "../define.ts";

for (const name of ["matmul", "bmm", "mm"])
  define("tm", name, "input, other", (interp, get) =>
    emit(interp, name, [x(interp, get, name), x(interp, get, name, "other")], {}),
  );
tensorClass.attrs.set(
  "__matmul__",
  native("__matmul__", "self, other", (interp, get) =>
    emit(interp, "matmul", [x(interp, get, "matmul", "self"), x(interp, get, "matmul", "other")], {}),
  ),
);
torchFunctions.set(
  "einsum",
  raw(
    "einsum",
    (interp, args) => {
      const equation = args.positional[0]?.value;
      if (equation?.kind !== "str") return unknown({ reason: t("an einsum whose equation is not known") });
      const rest = args.positional.slice(1).map((arg) => arg.value);
      const operands =
        rest.length === 1 && rest[0] !== undefined && rest[0].kind !== "tensor" ? itemsOf(interp, rest[0]) : rest;
      return isWhy(operands)
        ? lost(operands)
        : emit(
            interp,
            "einsum",
            operands.map((o) => tensorOf(interp, o, "einsum", "operands")),
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
    if (flagOf(interp, get("enable_gqa"))) return unknown({ reason: t("{0} is not known", "enable_gqa") });
    const names = get("attn_mask").kind === "none" ? ["query", "key", "value"] : ["query", "key", "value", "attn_mask"];
    return emit(
      interp,
      "attention",
      names.map((n) => x(interp, get, "scaled_dot_product_attention", n)),
      { causal: flagOf(interp, get("is_causal")), scale: numberOf(get("scale")) },
    );
  },
);
