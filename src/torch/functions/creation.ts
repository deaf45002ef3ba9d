import { isWhy } from "../../eval/interp.ts";
import { NONE, tensor, unknown, type Value } from "../../eval/value.ts";
import { toFloat, whyOf } from "../../lang/arithmetic.ts";
import type { Dim, Why } from "../../shape/dim.ts";
import { mul, type Size } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, dtypeOf } from "../convert.ts";
import { define, sizes } from "../define.ts";

const made = (shape: readonly Dim[] | Why, value: Value, fill: number | undefined): Value => {
  if (isWhy(shape)) return tensor({ shape: undefined, why: shape, dtype: dtypeOf(value, "float32") });
  const type = { shape: shape as readonly Dim[], dtype: dtypeOf(value, "float32") };
  let count: Size = 1;
  for (const dim of type.shape) count = dim.size === undefined ? Number.NaN : mul(count, dim.size);
  const small = typeof count === "number" && count <= 4096 && fill !== undefined;
  return {
    kind: "tensor",
    type,
    ...(small
      ? { host: { shape: type.shape.map((d) => Number(d.size)), data: new Array<number>(Number(count)).fill(fill) } }
      : {}),
  };
};
for (const [name, fill] of [
  ["zeros", 0],
  ["ones", 1],
  ["empty", undefined],
  ["randn", undefined],
  ["rand", undefined],
] as const) {
  define(
    "t",
    name,
    "*size, dtype=None, device=None, requires_grad=False, layout=None, out=None, generator=None, memory_format=None",
    (interp, get) => made(sizes(interp, get("size")), get("dtype"), fill),
  );
  define(
    "t",
    `${name}_like`,
    "input, dtype=None, device=None, requires_grad=False, layout=None, memory_format=None",
    (_interp, get) => {
      const source = get("input");
      return source.kind === "tensor"
        ? made(source.type.shape ?? source.type.why ?? { reason: t("a shape that is not known") }, NONE, fill)
        : source;
    },
  );
  define("m", `new_${name}`, "input, *size, dtype=None, device=None", (interp, get) =>
    made(sizes(interp, get("size")), get("dtype"), fill),
  );
}
define("t", "full", "size, fill_value, dtype=None, device=None", (interp, get) =>
  made(dimsOf(interp, get("size"), 1), get("dtype"), toFloat(get("fill_value"))),
);
define("t", "eye", "n, m=None, dtype=None, device=None", (_interp, get) =>
  made([dimOf(get("n")), dimOf(get("m").kind === "none" ? get("n") : get("m"))], get("dtype"), undefined),
);
const host = (data: readonly number[], dtype: "float32" | "int64"): Value => ({
  kind: "tensor",
  type: { shape: [{ size: data.length }], dtype },
  host: { shape: [data.length], data },
});
define("t", "linspace", "start, end, steps, dtype=None, device=None", (_interp, get) => {
  const [a, b, n] = ["start", "end", "steps"].map((name) => toFloat(get(name)));
  if (a === undefined || b === undefined || n === undefined || 100_000 < n)
    return made([dimOf(get("steps"))], NONE, undefined);
  return host(
    Array.from({ length: n }, (_, i) => (n === 1 ? a : Math.fround(a + ((b - a) * i) / (n - 1)))),
    "float32",
  );
});
define("t", "arange", "start, end=None, step=1, dtype=None, device=None", (_interp, get) => {
  const [from, to] =
    get("end").kind === "none" ? [0, toFloat(get("start"))] : [toFloat(get("start")), toFloat(get("end"))];
  const stride = toFloat(get("step"));
  if (from === undefined || to === undefined || stride === undefined || stride === 0)
    return tensor({ shape: [get("end").kind === "none" ? dimOf(get("start")) : { size: undefined }], dtype: "int64" });
  return host(
    Array.from(
      { length: Math.max(0, Math.min(100_000, Math.ceil((to - from) / stride))) },
      (_, i) => from + i * stride,
    ),
    "int64",
  );
});
define("t", "tensor as_tensor", "data, dtype=None, device=None, requires_grad=False", (interp, get) => {
  const data = get("data");
  if (data.kind === "tensor") return data;
  const n = toFloat(data);
  if (n !== undefined)
    return {
      kind: "tensor",
      type: {
        shape: [],
        dtype: dtypeOf(get("dtype"), data.kind === "float" ? "float32" : data.kind === "bool" ? "bool" : "int64"),
      },
      host: { shape: [], data: [n] },
    };
  const flat: number[] = [];
  const shape: number[] = [];
  const walk = (value: Value, depth: number): boolean => {
    const number = toFloat(value);
    if (number !== undefined) {
      flat.push(number);
      return true;
    }
    if (value.kind !== "list" && value.kind !== "tuple") return false;
    shape[depth] ??= value.items.length;
    return shape[depth] === value.items.length && value.items.every((item) => walk(item, depth + 1));
  };
  void interp;
  if (!walk(data, 0)) return unknown(whyOf(data) ?? { reason: t("a tensor whose data is not known") });
  return {
    kind: "tensor",
    type: { shape: shape.map((size) => ({ size })), dtype: dtypeOf(get("dtype"), "float32") },
    host: { shape, data: flat },
  };
});
