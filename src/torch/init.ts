import { fail, type Interp } from "../eval/interp.ts";
import { float, NONE, type TensorValue, type Value } from "../eval/value.ts";
import type { Init } from "../graph/graph.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { native, raw } from "../lang/native.ts";
import { t } from "../text/text.ts";

const names = new Map<string, Value>();

/** `torch.nn.init`: what it does to a parameter is kept as the distribution it draws from. */
export const initFunctions: ReadonlyMap<string, Value> = names;

function define(
  name: string,
  signature: string,
  make: (get: (name: string) => Value, tensor: TensorValue) => Init | undefined,
): void {
  const run = native(
    name,
    `tensor${signature === "" ? "" : `, ${signature}`}`,
    (interp: Interp, get) => {
      const value = get("tensor");
      if (value.kind !== "tensor") {
        interp.lang.getAttribute(interp, value, firstRead(name), undefined);
        return value;
      }
      const reason = refusal(name, value, get);
      if (reason !== undefined) {
        fail(interp, "ValueError", reason);
        return value;
      }
      const made = make(get, value);
      if (value.weight !== undefined && made !== undefined) interp.journal.assign(value.weight, "init", made);
      return value;
    },
    { free: true },
  );
  names.set(name, run);
}

/** Those that scale by a weight's fan-in or fan-out. */
const byFans = /^(?:kaiming|xavier)_/;

/** PyTorch's own words where an initializer does not take a tensor of this shape. */
function refusal(name: string, { type: { shape } }: TensorValue, get: (name: string) => Value): string | undefined {
  const rank = shape?.length;
  if (rank === undefined) return undefined;
  if (byFans.test(name) && rank < 2)
    return "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions";
  if (/^orthogonal/.test(name) && rank < 2) return "Only tensors with 2 or more dimensions are supported";
  if (/^sparse/.test(name) && rank !== 2) return "Only tensors with 2 dimensions are supported";
  if (!/^dirac/.test(name)) return undefined;
  if (rank < 3 || 5 < rank) return "Only tensors with 3, 4, or 5 dimensions are supported";
  const [outs, groups] = [shape?.[0]?.size, number(get("groups"))];
  return typeof outs === "number" && outs % groups !== 0 && !Number.isNaN(groups)
    ? "dim 0 must be divisible by groups"
    : undefined;
}

/** The attribute that an initializer reads first, which is what it fails by where it is given no tensor. */
function firstRead(name: string): string {
  if (name.startsWith("kaiming")) return "shape";
  if (name.startsWith("xavier")) return "dim";
  if (name.startsWith("trunc_normal")) return "is_meta";
  if (/^(?:normal|uniform)/.test(name)) return name.endsWith("_") ? name : `${name}_`;
  if (name.startsWith("zeros")) return "zero_";
  return /^(?:constant|ones)/.test(name) ? "fill_" : "ndimension";
}

const lost: Init = { kind: "unknown", why: { reason: t("the initialization is not known") } };
const number = (value: Value): number => toFloat(value) ?? Number.NaN;

/** Fan-in and fan-out as torch computes them from a weight's shape. */
function fans(tensor: TensorValue): readonly [number, number] | undefined {
  const shape = tensor.type.shape?.map((dim) => dim.size);
  if (shape === undefined || shape.length < 2 || shape.some((size) => typeof size !== "number")) return undefined;
  const known = shape as readonly number[];
  const field = known.slice(2).reduce((a, b) => a * b, 1);
  return [(known[1] ?? 1) * field, (known[0] ?? 1) * field];
}

function gain(nonlinearity: Value, slope: number): number {
  const name = nonlinearity.kind === "str" ? nonlinearity.value : "leaky_relu";
  if (name === "relu") return Math.SQRT2;
  if (name === "tanh") return 5 / 3;
  if (name === "selu") return 0.75;
  return name === "leaky_relu" ? Math.sqrt(2 / (1 + slope * slope)) : 1;
}

const uniform = (bound: number): Init => (Number.isNaN(bound) ? lost : { kind: "uniform", low: -bound, high: bound });
const normal = (mean: number, std: number): Init => (Number.isNaN(mean + std) ? lost : { kind: "normal", mean, std });

/** Above it a weight's first values are not listed one by one. */
const MAX_LISTED = 65_536;

/** Ones on the diagonal of a matrix. */
function diagonal(tensor: TensorValue): Init {
  const [rows, columns] = tensor.type.shape?.map((dim) => dim.size) ?? [];
  if (typeof rows !== "number" || typeof columns !== "number" || MAX_LISTED < rows * columns) return lost;
  const values = Array.from({ length: rows * columns }, (_, i) => Number(Math.floor(i / columns) === i % columns));
  return { kind: "values", values };
}

function kaimingStd(get: (name: string) => Value, tensor: TensorValue): number {
  const both = fans(tensor);
  const mode = get("mode");
  const fan = both?.[mode.kind === "str" && mode.value === "fan_out" ? 1 : 0];
  return fan === undefined ? Number.NaN : gain(get("nonlinearity"), number(get("a"))) / Math.sqrt(fan);
}
const xavierStd = (get: (name: string) => Value, tensor: TensorValue): number => {
  const both = fans(tensor);
  return both === undefined ? Number.NaN : number(get("gain")) * Math.sqrt(2 / (both[0] + both[1]));
};

for (const name of ["kaiming_normal_", "kaiming_normal"])
  define(name, "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None", (get, tensor) =>
    normal(0, kaimingStd(get, tensor)),
  );
for (const name of ["kaiming_uniform_", "kaiming_uniform"])
  define(name, "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None", (get, tensor) =>
    uniform(Math.sqrt(3) * kaimingStd(get, tensor)),
  );
for (const name of ["xavier_normal_", "xavier_normal"])
  define(name, "gain=1.0, generator=None", (get, tensor) => normal(0, xavierStd(get, tensor)));
for (const name of ["xavier_uniform_", "xavier_uniform"])
  define(name, "gain=1.0, generator=None", (get, tensor) => uniform(Math.sqrt(3) * xavierStd(get, tensor)));
for (const name of ["constant_", "constant"])
  define(name, "val", (get) =>
    Number.isNaN(number(get("val"))) ? lost : { kind: "constant", value: number(get("val")) },
  );
define("zeros_", "", () => ({ kind: "constant", value: 0 }));
define("ones_", "", () => ({ kind: "constant", value: 1 }));
for (const name of ["normal_", "normal"])
  define(name, "mean=0.0, std=1.0, generator=None", (get) => normal(number(get("mean")), number(get("std"))));
for (const name of ["uniform_", "uniform"])
  define(name, "a=0.0, b=1.0, generator=None", (get) => ({
    kind: "uniform",
    low: number(get("a")),
    high: number(get("b")),
  }));
define("trunc_normal_", "mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None", (get) => ({
  kind: "normal",
  mean: number(get("mean")),
  std: number(get("std")),
  truncate: [number(get("a")), number(get("b"))],
}));
for (const name of ["eye_", "eye"]) define(name, "", (_get, tensor) => diagonal(tensor));
for (const name of ["orthogonal_", "orthogonal"])
  define(name, "gain=1, generator=None", (get) => {
    const gain = number(get("gain"));
    return Number.isNaN(gain) ? lost : { kind: "orthogonal", gain };
  });
for (const name of ["dirac_", "dirac"])
  define(name, "groups=1", (get) => {
    const groups = number(get("groups"));
    return Number.isNaN(groups) ? lost : { kind: "dirac", groups, value: 1 };
  });
for (const name of ["sparse_", "sparse"])
  define(name, "sparsity, std=0.01, generator=None", (get, tensor) => {
    const [rows, std] = [tensor.type.shape?.[0]?.size, number(get("std"))];
    const zeros = typeof rows === "number" ? Math.ceil(number(get("sparsity")) * rows) : Number.NaN;
    return Number.isNaN(zeros + std) ? lost : { kind: "sparse", zeros, std };
  });
names.set(
  "calculate_gain",
  native(
    "calculate_gain",
    "nonlinearity, param=None",
    (_interp, get) => float(gain(get("nonlinearity"), toFloat(get("param")) ?? 0.01)),
    { free: true },
  ),
);
names.set(
  "_calculate_fan_in_and_fan_out",
  raw(
    "_calculate_fan_in_and_fan_out",
    (_interp, args) => {
      const value = args.positional[0]?.value;
      const both = value?.kind === "tensor" ? fans(value) : undefined;
      return both === undefined
        ? NONE
        : { kind: "tuple", items: both.map((size): Value => ({ kind: "int", dim: { size } })) };
    },
    { free: true },
  ),
);
