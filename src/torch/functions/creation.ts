import { itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { type ClassValue, NONE, type TensorValue, tensor, tuple, type Value } from "../../eval/value.ts";
import { toFloat, whyOf } from "../../lang/arithmetic.ts";
import { nativeClass } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Dim, DType, Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { arrayOf, epsilonOf, type HostArray, MAX_ELEMENTS } from "../../values/array.ts";
import { sizeClass, tensorClass } from "../classes.ts";
import { dimOf, dimsOf, dtypeOf, emitAll, numberOf, tensorOf } from "../convert.ts";
import { define, sizes } from "../define.ts";
import { dtypeValue, isFloating } from "../dtypes.ts";

/** Keywords that every function that makes a tensor takes. */
const OPTIONS =
  "dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, memory_format=None, out=None, generator=None, names=None";

/** What fills a new tensor: a number that is known, one that is not, or something that no analysis knows. */
type Fill = number | "unknown" | "random" | "empty";

/** A tensor made from nothing but a shape. */
function filled(interp: Interp, shape: readonly Dim[] | Why, dtype: DType | undefined, fill: Fill): Value {
  if (isWhy(shape)) return tensor({ shape: undefined, why: shape, dtype });
  const dims = shape as readonly Dim[];
  const known = dims.map(({ size }) => size);
  if (typeof fill === "number" && dtype !== undefined && known.every((size) => typeof size === "number")) {
    const count = known.reduce((a, b) => a * b, 1);
    const isSmall = 0 <= count && count <= MAX_ELEMENTS && known.every((size) => 0 <= size);
    const host = isSmall ? arrayOf(dtype, known, new Array<number>(count).fill(fill)) : undefined;
    if (host !== undefined) return { kind: "tensor", type: { shape: dims, dtype }, host };
  }
  const args = { shape: [...dims], fill, ...(dtype === undefined ? { dtype: null } : { dtype }) };
  const outputs = emitAll(interp, "constant", [], args);
  return (Array.isArray(outputs) ? outputs[0] : undefined) ?? tensor({ shape: dims, dtype });
}

const FILLS: readonly (readonly [string, Fill])[] = [
  ["zeros", 0],
  ["ones", 1],
  ["empty", "empty"],
  ["randn", "random"],
  ["rand", "random"],
];

for (const [name, fill] of FILLS) {
  define("t", name, `*size, ${OPTIONS}`, (interp, get) =>
    filled(interp, sizeArgument(interp, get), dtypeOf(get("dtype"), "float32"), fill),
  );
  define("t", `${name}_like`, `input, *, ${OPTIONS}`, (interp, get) => like(interp, get("input"), get("dtype"), fill));
  if (fill !== "random")
    define("m", `new_${name}`, `input, *size, ${OPTIONS}`, (interp, get) => {
      const source = get("input");
      const own = source.kind === "tensor" ? source.type.dtype : undefined;
      return filled(interp, sizeArgument(interp, get), dtypeOf(get("dtype"), own), fill);
    });
}

/** `torch.zeros(2, 3)`, `torch.zeros((2, 3))` and `torch.zeros(size=(2, 3))`. */
function sizeArgument(interp: Interp, get: (name: string) => Value): readonly Dim[] | Why {
  return sizes(interp, get("size"));
}

function like(interp: Interp, source: Value, asked: Value, fill: Fill): Value {
  if (source.kind !== "tensor") return tensorOf(interp, source, "empty_like", "input");
  const shape = source.type.shape ?? source.type.why ?? { reason: t("a shape that is not known") };
  return filled(interp, shape, dtypeOf(asked, source.type.dtype), fill);
}

const fillOf = (value: Value): Fill => toFloat(value) ?? "unknown";
/** The type that `torch.full` and `torch.tensor` find in a number. */
function numberType(value: Value): DType | undefined {
  if (value.kind === "bool") return "bool";
  if (value.kind === "int") return value.cls === undefined ? "int64" : numpyType(value.cls.name);
  if (value.kind === "float") return value.cls === undefined ? "float32" : numpyType(value.cls.name);
  if (value.kind === "complex") return "complex64";
  return value.kind === "tensor" ? value.type.dtype : undefined;
}

function numpyType(name: string): DType | undefined {
  return ({ float64: "float64", float32: "float32", int64: "int64", int32: "int32" } as const)[
    name as "float64" | "float32" | "int64" | "int32"
  ];
}

define("t", "full", `size, fill_value, *, ${OPTIONS}`, (interp, get) =>
  filled(
    interp,
    dimsOf(interp, get("size"), 1),
    dtypeOf(get("dtype"), numberType(get("fill_value"))),
    fillOf(get("fill_value")),
  ),
);
define("t", "full_like", `input, fill_value, *, ${OPTIONS}`, (interp, get) =>
  like(interp, get("input"), get("dtype"), fillOf(get("fill_value"))),
);
define("m", "new_full", `input, size, fill_value, *, ${OPTIONS}`, (interp, get) => {
  const source = get("input");
  const own = source.kind === "tensor" ? source.type.dtype : undefined;
  return filled(interp, dimsOf(interp, get("size"), 1), dtypeOf(get("dtype"), own), fillOf(get("fill_value")));
});
define("t", "randint", `low, high=None, size=None, *, ${OPTIONS}`, (interp, get) => {
  // With two arguments the second is the size.
  const size = get("size").kind === "none" ? get("high") : get("size");
  return filled(interp, dimsOf(interp, size, 1), dtypeOf(get("dtype"), "int64"), "random");
});
define("t", "randint_like", `input, low, high=None, *, ${OPTIONS}`, (interp, get) =>
  like(interp, get("input"), get("dtype"), "random"),
);
define("t", "randperm", `n, *, ${OPTIONS}`, (interp, get) =>
  filled(interp, [dimOf(get("n"))], dtypeOf(get("dtype"), "int64"), "random"),
);
define("t", "normal", `mean, std=1.0, size=None, *, ${OPTIONS}`, (interp, get) => {
  const model = [get("mean"), get("std")].find((value) => value.kind === "tensor");
  if (get("size").kind === "none") return model === undefined ? NONE : like(interp, model, NONE, "random");
  return filled(interp, dimsOf(interp, get("size"), 1), dtypeOf(get("dtype"), "float32"), "random");
});
define("t", "bernoulli", "input, p=None, *, generator=None, out=None", (interp, get) =>
  like(interp, get("input"), NONE, "random"),
);
define("t", "multinomial", "input, num_samples, replacement=False, *, generator=None, out=None", (interp, get) => {
  const source = get("input");
  const shape = source.kind === "tensor" ? source.type.shape : undefined;
  if (shape === undefined) return tensor({ shape: undefined, dtype: "int64", why: whyOf(source) ?? LOST });
  return filled(interp, [...shape.slice(0, -1), dimOf(get("num_samples"))], "int64", "random");
});
define("t", "eye", `n, m=None, *, ${OPTIONS}`, (interp, get) => {
  const rows = dimOf(get("n"));
  const columns = dimOf(get("m").kind === "none" ? get("n") : get("m"));
  const dtype = dtypeOf(get("dtype"), "float32");
  const [n, m] = [rows.size, columns.size];
  if (typeof n !== "number" || typeof m !== "number" || dtype === undefined || MAX_ELEMENTS < n * m)
    return filled(interp, [rows, columns], dtype, "unknown");
  const data = Array.from({ length: n * m }, (_, at) => (at % m === Math.floor(at / m) ? 1 : 0));
  return withValues([rows, columns], dtype, { shape: [n, m], data });
});

const LOST: Why = { reason: t("a shape that is not known") };

function withValues(shape: readonly Dim[], dtype: DType, host: HostArray | undefined): TensorValue {
  return { kind: "tensor", type: { shape, dtype }, ...(host === undefined ? {} : { host }) };
}

define("t", "linspace", `start, end, steps, *, ${OPTIONS}`, (interp, get) => {
  const steps = dimOf(get("steps"));
  const dtype = dtypeOf(get("dtype"), "float32");
  const values = dtype === undefined ? undefined : spaced(toFloat(get("start")), toFloat(get("end")), steps, dtype);
  if (dtype === undefined || values === undefined) return filled(interp, [steps], dtype, "unknown");
  return withValues([steps], dtype, arrayOf(dtype, [values.length], values));
});
define("t", "logspace", `start, end, steps, base=10.0, *, ${OPTIONS}`, (interp, get) => {
  const steps = dimOf(get("steps"));
  const dtype = dtypeOf(get("dtype"), "float32");
  const base = toFloat(get("base"));
  const powers = dtype === undefined ? undefined : spaced(toFloat(get("start")), toFloat(get("end")), steps, dtype);
  if (dtype === undefined || powers === undefined || base === undefined)
    return filled(interp, [steps], dtype, "unknown");
  const values = powers.map((power) => base ** power);
  const fuzz = values.map((value) => Math.abs(value) * epsilonOf(dtype) * 16);
  return withValues([steps], dtype, arrayOf(dtype, [values.length], values, fuzz));
});

/** Evenly spaced numbers as PyTorch makes them: counted from the nearer end, with one rounding a number. */
function spaced(
  start: number | undefined,
  end: number | undefined,
  steps: Dim,
  dtype: DType,
): readonly number[] | undefined {
  const n = steps.size;
  if (start === undefined || end === undefined || typeof n !== "number" || n < 0 || MAX_ELEMENTS < n) return undefined;
  const round = dtype === "float64" ? (value: number): number => value : Math.fround;
  if (!isFloating(dtype) && !(Number.isInteger(start) && Number.isInteger(end))) return undefined;
  const [a, b] = isFloating(dtype) ? [round(start), round(end)] : [start, end];
  const step = isFloating(dtype) ? round(round(b - a) / (n - 1)) : (b - a) / (n - 1);
  return Array.from({ length: n }, (_, i) =>
    n === 1 || i < Math.floor(n / 2) ? a + (n === 1 ? 0 : step * i) : b - step * (n - i - 1),
  );
}

define("t", "arange", `start=None, end=None, step=1, *, ${OPTIONS}`, (interp, get) => {
  const [first, last] = get("end").kind === "none" ? [NONE, get("start")] : [get("start"), get("end")];
  if (last.kind === "none") return fail(interp, "TypeError", 'arange() missing 1 required positional arguments: "end"');
  const parts = [first, last, get("step")];
  const asked = get("dtype");
  const hasFloat = parts.some(
    (value) =>
      value.kind === "float" ||
      (value.kind === "tensor" && value.type.dtype !== undefined && isFloating(value.type.dtype)),
  );
  const isOpen = parts.some((value) => value.kind === "unknown");
  const dtype = dtypeOf(asked, isOpen ? undefined : hasFloat ? "float32" : "int64");
  const [from, to, by] = [first.kind === "none" ? 0 : numberIn(first), numberIn(last), numberIn(get("step"))];
  if (from !== undefined && to !== undefined && by !== undefined && by !== 0 && dtype !== undefined) {
    const count = Math.max(0, Math.ceil((to - from) / by));
    if (count <= MAX_ELEMENTS) {
      const values = Array.from({ length: count }, (_, i) => from + i * by);
      const isExact = values.every((value) => !hasFloat || Math.fround(value) === value || dtype === "float64");
      const off = Math.max(Math.abs(from), Math.abs(to)) * epsilonOf(dtype);
      const fuzz = isExact ? undefined : values.map(() => off);
      const end = dimOf(last);
      const length: Dim = by === 1 && from === 0 && end.size === count ? end : { size: count };
      return withValues([length], dtype, arrayOf(dtype, [count], values, fuzz));
    }
  }
  const arg = (value: Value): Arg => {
    const n = numberOf(value);
    return value.kind === "int" ? value.dim : n;
  };
  const outputs = emitAll(interp, "arange", [], {
    start: first.kind === "none" ? { size: 0 } : arg(first),
    end: arg(last),
    step: arg(get("step")),
    ...(dtype === undefined ? {} : { dtype }),
  });
  return (Array.isArray(outputs) ? outputs[0] : undefined) ?? tensor({ shape: undefined, dtype, why: LOST });
});

const numberIn = (value: Value): number | undefined =>
  value.kind === "tensor" && value.host?.data.length === 1 && value.host.fuzz === undefined
    ? value.host.data[0]
    : toFloat(value);

for (const [names, first] of [
  ["tensor as_tensor", "data"],
  ["asarray", "obj"],
  ["from_numpy", "ndarray"],
  ["scalar_tensor", "s"],
] as const)
  define("t", names, `${first}, ${OPTIONS}, copy=None`, (interp, get) => fromData(interp, get(first), get("dtype")));
define("m", "new_tensor", `input, data, *, ${OPTIONS}`, (interp, get) => fromData(interp, get("data"), get("dtype")));

/** A tensor from numbers, nested lists of them, or tensors. */
export function fromData(interp: Interp, data: Value, asked: Value): Value {
  const source = data.kind === "instance" && data.payload?.kind === "tensor" ? data.payload : data;
  if (source.kind === "tensor") {
    const dtype = dtypeOf(asked, source.type.dtype);
    const made = arrayFrom(source.host, dtype);
    return {
      kind: "tensor",
      type: { ...source.type, dtype },
      ...(source.ref === undefined ? {} : { ref: source.ref }),
      ...(made === undefined ? {} : { host: made }),
    };
  }
  if (source.kind === "unknown") return tensor({ shape: undefined, why: source.why, dtype: dtypeOf(asked, undefined) });
  const shape: Dim[] = [];
  const flat: (number | undefined)[] = [];
  const types: (DType | undefined)[] = [];
  const lost = walk(interp, source, 0, shape, flat, types);
  if (lost !== undefined) return tensor({ shape: undefined, why: lost, dtype: dtypeOf(asked, undefined) });
  const dtype = dtypeOf(asked, commonType(types));
  const known = flat.filter((n) => n !== undefined);
  const lengths = shape.map(({ size }) => Number(size));
  if (known.length !== flat.length || dtype === undefined) return tensor({ shape, dtype });
  return withValues(shape, dtype, arrayOf(dtype, lengths, known));
}

function arrayFrom(host: HostArray | undefined, dtype: DType | undefined): HostArray | undefined {
  return host === undefined || dtype === undefined || host.fuzz !== undefined
    ? undefined
    : arrayOf(dtype, host.shape, host.data);
}

function walk(
  interp: Interp,
  value: Value,
  depth: number,
  shape: Dim[],
  flat: (number | undefined)[],
  types: (DType | undefined)[],
): Why | undefined {
  if (value.kind === "int" || value.kind === "float" || value.kind === "bool" || value.kind === "complex") {
    if (depth !== shape.length) return { reason: t("a tensor of lists of different lengths") };
    flat.push(toFloat(value));
    types.push(numberType(value));
    return undefined;
  }
  if (value.kind === "tensor") {
    const own = value.type.shape;
    if (own === undefined) return value.type.why ?? LOST;
    if (flat.length === 0) shape.push(...own);
    types.push(value.type.dtype);
    if (value.host === undefined || value.host.fuzz !== undefined) flat.push(undefined);
    else flat.push(...value.host.data);
    return undefined;
  }
  if (value.kind === "instance" && value.payload?.kind === "tensor")
    return walk(interp, value.payload, depth, shape, flat, types);
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "range" && value.kind !== "instance")
    return whyOf(value) ?? { reason: t("a tensor whose data is not known") };
  const items = itemsOf(interp, value);
  if (isWhy(items)) return items;
  if (shape.length === depth && flat.length === 0) shape.push({ size: items.length });
  if (shape[depth]?.size !== items.length) return { reason: t("a tensor of lists of different lengths") };
  for (const item of items) {
    const lost = walk(interp, item, depth + 1, shape, flat, types);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** The type of a list of numbers: float32 if one is a float, int64 if one is whole, else bool; float32 of nothing. */
function commonType(types: readonly (DType | undefined)[]): DType | undefined {
  const order: readonly DType[] = ["complex64", "float64", "float32", "int64", "int32", "bool"];
  if (types.length === 0) return "float32";
  if (types.includes(undefined)) return undefined;
  const own = new Set(types);
  if (own.size === 1) return types[0];
  return order.find((dtype) => own.has(dtype));
}

/** `torch.Tensor(2, 3)` is not filled, `torch.Tensor([2, 3])` holds the numbers; so the classes of other types. */
function construct(dtype: DType): NonNullable<ClassValue["construct"]> {
  return (interp, _cls, args) => {
    const given = args.positional.map(({ value }) => value);
    const [first] = given;
    if (first === undefined) return filled(interp, [{ size: 0 }], dtype, "empty");
    if (first.kind === "int") return filled(interp, sizes(interp, tuple(given)), dtype, "empty");
    const isSize = first.kind === "tuple" && first.cls === sizeClass;
    return isSize ? filled(interp, sizes(interp, first), dtype, "empty") : fromData(interp, first, dtypeValue(dtype));
  };
}
(tensorClass as { construct?: unknown }).construct = construct("float32");
const TYPED: readonly (readonly [string, DType])[] = [
  ["FloatTensor", "float32"],
  ["DoubleTensor", "float64"],
  ["HalfTensor", "float16"],
  ["BFloat16Tensor", "bfloat16"],
  ["LongTensor", "int64"],
  ["IntTensor", "int32"],
  ["ShortTensor", "int16"],
  ["CharTensor", "int8"],
  ["ByteTensor", "uint8"],
  ["BoolTensor", "bool"],
];
/** `torch.FloatTensor` and its like. */
export const typedTensors: Readonly<Record<string, Value>> = Object.fromEntries(
  TYPED.map(([name, dtype]) => [name, nativeClass(name, "torch", [tensorClass], [], construct(dtype))]),
);
