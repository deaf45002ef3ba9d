import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import { type Args, input, number, type Run } from "../args.ts";
import {
  add,
  broadcastTo,
  cast,
  div,
  kernel,
  mul,
  reshape,
  sameShape,
  scalar,
  scale,
  slab,
  sub,
  type Tensor,
  type TensorType,
  upload,
} from "../kernels.ts";
import { ADD_RELU } from "../kernels_own.ts";
import { first, inLayout, ofFirst, ofLayout, physicalAxis, tensorOf, type Value } from "../value.ts";
import { broadcastShape, hosted, spread } from "./host.ts";

type Unary = (x: Tensor, args: Args) => Tensor;

/** Keeps the layout; integers become float32 unless `keep`. */
function unary(f: Unary, keep = false): Run {
  return (inputs, args) => {
    const x = input(inputs, 0);
    const tensor = tensorOf(x);
    return [ofLayout(f(keep ? tensor : cast(tensor, "float32"), args), x.layout)];
  };
}

const plain =
  (name: string): Unary =>
  (x) =>
    kernel(name, { x });

/** Read back and computed in JavaScript: shaders may round these to three digits. */
const onHost =
  (f: (x: number) => number): Unary =>
  (x) =>
    upload(Float32Array.from(x.dataSync<"float32">(), f), x.shape);

const maximum = (x: Tensor, bound: number): Tensor =>
  kernel("Maximum", { a: x, b: scalar(bound, x.dtype === "int32" ? "int32" : "float32") });
const minimum = (x: Tensor, bound: number): Tensor =>
  kernel("Minimum", { a: x, b: scalar(bound, x.dtype === "int32" ? "int32" : "float32") });
/** The shader of Relu makes NaN of −∞; the WebAssembly kernel is right, and ten times as fast as a maximum. */
const relu = (x: Tensor): Tensor =>
  x.dtype === "float32" && ENGINE.backendName === "wasm" ? kernel("Relu", { x }) : maximum(x, 0);
const relu6 = (x: Tensor): Tensor => minimum(maximum(x, 0), 6);
const shift = (x: Tensor, by: number): Tensor => add(x, scalar(by));
const sigmoid = plain("Sigmoid");
const expm1 = plain("Expm1");

/** log(1 + eˣ) without overflow. */
function softplus(x: Tensor): Tensor {
  const tail = kernel("Log1p", { x: kernel("Exp", { x: kernel("Neg", { x: kernel("Abs", { x }) }) }) });
  return add(maximum(x, 0), tail);
}

/** x above 0, alpha · (e^(x / beta) − 1) below. */
function exponentialBelow(x: Tensor, alpha: number, beta: number): Tensor {
  return add(maximum(x, 0), scale(expm1(scale(minimum(x, 0), 1 / beta), {}), alpha));
}

function clamp(x: Tensor, low: number | null, high: number | null): Tensor {
  const raised = low === null ? x : maximum(x, low);
  return high === null ? raised : minimum(raised, high);
}

const optionalNumber = (args: Args, name: string): number | null => {
  const value = args[name];
  return typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : null;
};

/** A leaky ReLU's, where the program says none. */
export const SLOPE = 0.01;
/** √2 and √(2/π). */
const SQRT2 = Math.SQRT2;
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

export const UNARY: Readonly<Record<string, Run>> = {
  identity: (inputs) => [input(inputs, 0)],
  // A program is of the model in evaluation mode.
  dropout: (inputs) => [input(inputs, 0)],
  relu: unary(relu, true),
  relu6: unary(relu6),
  leaky_relu: unary((x, args) => {
    const slope = number(args, "slope", SLOPE);
    return add(maximum(x, 0), scale(minimum(x, 0), slope));
  }),
  elu: unary((x, args) => exponentialBelow(x, number(args, "alpha", 1), 1)),
  selu: unary((x) => scale(exponentialBelow(x, 1.6732632423543772, 1), 1.0507009873554805)),
  celu: unary((x, args) => {
    const alpha = number(args, "alpha", 1);
    return exponentialBelow(x, alpha, alpha);
  }),
  gelu: unary((x, args) => {
    if (args.approximate === "tanh") {
      const cube = mul(mul(x, x), x);
      const inner = scale(add(x, scale(cube, 0.044715)), SQRT_2_OVER_PI);
      return mul(scale(x, 0.5), shift(kernel("Tanh", { x: inner }), 1));
    }
    return mul(scale(x, 0.5), shift(kernel("Erf", { x: scale(x, 1 / SQRT2) }), 1));
  }),
  silu: unary((x, args) => mul(x, sigmoid(x, args))),
  mish: unary((x) => mul(x, kernel("Tanh", { x: softplus(x) }))),
  sigmoid: unary(sigmoid),
  log_sigmoid: unary((x) => kernel("Neg", { x: softplus(kernel("Neg", { x })) })),
  tanh: unary(plain("Tanh")),
  hardtanh: unary((x, args) => clamp(x, number(args, "low", -1), number(args, "high", 1)), true),
  hardswish: unary((x) => scale(mul(x, relu6(shift(x, 3))), 1 / 6)),
  hardsigmoid: unary((x) => scale(relu6(shift(x, 3)), 1 / 6)),
  softplus: unary((x, args) => {
    const beta = number(args, "beta", 1);
    const threshold = number(args, "threshold", 20);
    const scaled = scale(x, beta);
    const condition = kernel("Greater", { a: scaled, b: scalar(threshold) });
    return kernel("Select", { condition, t: x, e: scale(softplus(scaled), 1 / beta) });
  }),
  softsign: unary((x) => div(x, shift(kernel("Abs", { x }), 1))),
  hardshrink: unary((x, args) => {
    const outside = kernel("Greater", { a: kernel("Abs", { x }), b: scalar(number(args, "lambda", 0.5)) });
    return mul(x, cast(outside, "float32"));
  }),
  softshrink: unary((x, args) => {
    const width = number(args, "lambda", 0.5);
    return add(maximum(shift(x, -width), 0), minimum(shift(x, width), 0));
  }),
  tanhshrink: unary((x) => sub(x, kernel("Tanh", { x }))),
  threshold: unary((x, args) => {
    const condition = kernel("Greater", { a: x, b: scalar(number(args, "threshold")) });
    return kernel("Select", { condition, t: x, e: broadcastTo(scalar(number(args, "value")), x.shape) });
  }),
  exp: unary(plain("Exp")),
  expm1: unary(plain("Expm1")),
  log1p: unary(plain("Log1p")),
  log2: unary((x) => scale(kernel("Log", { x }), Math.LOG2E)),
  log10: unary((x) => scale(kernel("Log", { x }), Math.LOG10E)),
  tan: unary(onHost(Math.tan)),
  asin: unary(onHost(Math.asin)),
  acos: unary(onHost(Math.acos)),
  atan: unary(onHost(Math.atan)),
  sinh: unary(onHost(Math.sinh)),
  cosh: unary(onHost(Math.cosh)),
  asinh: unary(onHost(Math.asinh)),
  acosh: unary(onHost(Math.acosh)),
  atanh: unary(onHost(Math.atanh)),
  exp2: unary(onHost((x) => 2 ** x)),
  erfc: unary((x) => shift(scale(kernel("Erf", { x }), -1), 1)),
  sinc: unary(onHost((x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)))),
  deg2rad: unary((x) => scale(x, Math.PI / 180)),
  rad2deg: unary((x) => scale(x, 180 / Math.PI)),
  frac: unary(onHost((x) => x - Math.trunc(x))),
  isfinite: unary(onHost((x) => (Number.isFinite(x) ? 1 : 0))),
  isinf: unary(onHost((x) => (Math.abs(x) === Infinity ? 1 : 0))),
  trunc: unary((x) => mul(kernel("Sign", { x }), kernel("Floor", { x: kernel("Abs", { x }) }))),
  isnan: unary((x) => kernel("NotEqual", { a: x, b: x })),
  log: unary(plain("Log")),
  sqrt: unary(plain("Sqrt")),
  rsqrt: unary(plain("Rsqrt")),
  abs: unary(plain("Abs"), true),
  neg: unary(plain("Neg"), true),
  square: unary((x) => mul(x, x), true),
  reciprocal: unary(plain("Reciprocal")),
  sin: unary(onHost(Math.sin)),
  cos: unary(onHost(Math.cos)),
  floor: unary(plain("Floor")),
  ceil: unary(plain("Ceil")),
  round: unary(plain("Round")),
  sign: unary(plain("Sign")),
  erf: unary(plain("Erf")),
  clamp: unary((x, args) => clamp(x, optionalNumber(args, "low"), optionalNumber(args, "high")), true),
  logical_not: unary((x) => kernel("LogicalNot", { x: truth(x) }), true),
  cast: unary((x, args) => {
    const to = deviceType(String(args.dtype));
    // Towards zero, as PyTorch; the kernels agree on that for float32 to int32.
    return to === "bool" ? truth(x) : cast(x, to);
  }, true),
};

/** The device's element type for a PyTorch one. */
export function deviceType(dtype: string): TensorType {
  if (dtype === "bool") return "bool";
  return /^u?int/.test(dtype) ? "int32" : "float32";
}

function truth(x: Tensor): Tensor {
  return x.dtype === "bool" ? x : kernel("NotEqual", { a: x, b: scalar(0, x.dtype === "int32" ? "int32" : "float32") });
}

/** The first half of an axis times the sigmoid of the second. */
export const glu: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const at = physicalAxis(x, number(args, "axis", -1));
  const tensor = tensorOf(x);
  const half = (tensor.shape[at] ?? 0) / 2;
  const gate = kernel("Sigmoid", { x: slab(tensor, at, half, half) });
  return [ofLayout(mul(slab(tensor, at, 0, half), gate), x.layout)];
};

/** Negative values times a weight per channel (or one for all). */
export const prelu: Run = (inputs) => {
  const x = input(inputs, 0);
  const tensor = tensorOf(x);
  const weight = tensorOf(input(inputs, 1));
  const rank = x.shape.length;
  const slope =
    x.layout === "last" || rank < 3 || weight.shape[0] === 1
      ? weight
      : reshape(weight, [weight.shape[0] ?? 1, ...x.shape.slice(2).map(() => 1)]);
  return [ofLayout(add(maximum(tensor, 0), mul(minimum(tensor, 0), slope)), x.layout)];
};

/** Values in one layout with PyTorch's broadcasting: shorter shapes get axes of length 1 in front. */
export function align(values: readonly Value[]): {
  readonly tensors: readonly Tensor[];
  readonly layout: "first" | "last";
} {
  const rank = Math.max(...values.map((value) => value.shape.length));
  const layout =
    2 < rank && values.some((value) => value.layout === "last" && value.shape.length === rank) ? "last" : "first";
  const tensors = values.map((value) => {
    const missing = rank - value.shape.length;
    if (missing === 0) return inLayout(value, layout);
    if (value.shape.length === 0) return tensorOf(value);
    const shape = [...Array<number>(missing).fill(1), ...value.shape];
    return inLayout({ shape, layout: "first", stored: reshape(first(value), shape) }, layout);
  });
  return { tensors, layout };
}

type Binary = (a: Tensor, b: Tensor, args: Args) => Tensor;
type Operands = "same" | "float" | "bool";

/** Both operands tensors, or one of them the number `left` or `right` of the arguments. */
function binary(f: Binary, operands: Operands = "same"): Run {
  return (inputs, args) => {
    const left = optionalNumber(args, "left");
    const right = optionalNumber(args, "right");
    if (1 < inputs.length) {
      const { tensors, layout } = align([input(inputs, 0), input(inputs, 1)]);
      const [a, b] = tensors;
      if (a === undefined || b === undefined) throw new Error("an operand is missing");
      return [ofLayout(matched(f, a, b, args, operands), layout)];
    }
    const x = input(inputs, 0);
    const tensor = tensorOf(x);
    const constant = left ?? right ?? 0;
    const type: TensorType = tensor.dtype === "float32" || !Number.isInteger(constant) ? "float32" : "int32";
    const other = scalar(constant, type);
    const out = left === null ? matched(f, tensor, other, args, operands) : matched(f, other, tensor, args, operands);
    return [ofLayout(out, x.layout)];
  };
}

function matched(f: Binary, a: Tensor, b: Tensor, args: Args, operands: Operands): Tensor {
  if (operands === "bool") return f(truth(a), truth(b), args);
  const float = operands === "float" || a.dtype === "float32" || b.dtype === "float32";
  const type: TensorType = float ? "float32" : "int32";
  return f(cast(a, type), cast(b, type), args);
}

const of =
  (name: string): Binary =>
  (a, b) =>
    kernel(name, { a, b });

const withAlpha =
  (name: string): Binary =>
  (a, b, args) => {
    const alpha = number(args, "alpha", 1);
    if (alpha === 1) return kernel(name, { a, b });
    return kernel(name, { a, b: mul(b, scalar(alpha, b.dtype === "int32" ? "int32" : "float32")) });
  };

/** The sum, and 0 where it is below that, in one kernel. */
export const sumRelu: Run = binary(withAlpha(ADD_RELU));

/** ⌊a / b⌋; the FloorDiv kernel would give integers. */
function floorDiv(a: Tensor, b: Tensor): Tensor {
  const quotient = kernel("Floor", { x: div(cast(a, "float32"), cast(b, "float32")) });
  return a.dtype === "int32" && b.dtype === "int32" ? cast(quotient, "int32") : quotient;
}

export const BINARY: Readonly<Record<string, Run>> = {
  add: binary(withAlpha("Add")),
  sub: binary(withAlpha("Sub")),
  mul: binary(of("Multiply")),
  div: binary((a, b, args) => {
    const quotient = kernel("RealDiv", { a: cast(a, "float32"), b: cast(b, "float32") });
    if (typeof args.rounding !== "string") return quotient;
    const size = kernel("Floor", { x: kernel("Abs", { x: quotient }) });
    const whole =
      args.rounding === "floor" ? kernel("Floor", { x: quotient }) : mul(kernel("Sign", { x: quotient }), size);
    return cast(whole, a.dtype === "int32" && b.dtype === "int32" ? "int32" : "float32");
  }),
  atan2: binary(of("Atan2"), "float"),
  logical_xor: binary((a, b) => kernel("NotEqual", { a: cast(a, "int32"), b: cast(b, "int32") }), "bool"),
  pow: binary((a, b) => powerOf(a, b)),
  maximum: binary(of("Maximum")),
  minimum: binary(of("Minimum")),
  eq: binary(of("Equal")),
  ne: binary(of("NotEqual")),
  lt: binary(of("Less")),
  le: binary(of("LessEqual")),
  gt: binary(of("Greater")),
  ge: binary(of("GreaterEqual")),
  floor_div: binary(floorDiv),
  remainder: binary((a, b) => sub(a, mul(b, floorDiv(a, b)))),
  // The sign of the first, exact for any quotient: the kernels' Mod is the sign of the second.
  fmod: binary(onHostPair((a, b) => a % b)),
  logical_and: binary(of("LogicalAnd"), "bool"),
  logical_or: binary(of("LogicalOr"), "bool"),
};

/** Read back and computed in JavaScript, broadcast. */
function onHostPair(f: (a: number, b: number) => number): Binary {
  return (a, b) => {
    const [left, right] = [hosted(ofFirst(a)), hosted(ofFirst(b))];
    const shape = broadcastShape([left.shape, right.shape]);
    const [xs, ys] = [spread(left, shape), spread(right, shape)];
    return upload(
      Float32Array.from(xs, (x, i) => f(x, ys[i] ?? 0)),
      shape,
      left.dtype,
    );
  };
}

function powerOf(a: Tensor, b: Tensor): Tensor {
  return kernel("Pow", { a, b });
}

/** Condition and branches, of which one or both may be a number of the arguments. */
function branchesOf(inputs: readonly Value[], args: Args): readonly Value[] {
  const [left, right] = [optionalNumber(args, "left"), optionalNumber(args, "right")];
  const rest = inputs.slice(1);
  const float = [left, right].some((n) => n !== null && !Number.isInteger(n));
  const value = (n: number): Value => ofFirst(scalar(n, float ? "float32" : "int32"));
  const a = left === null ? rest.shift() : value(left);
  const b = right === null ? rest.shift() : value(right);
  return [input(inputs, 0), input(a === undefined ? [] : [a], 0), input(b === undefined ? [] : [b], 0)];
}

/** Elements of the second input where the first is true, else of the third; all broadcast. */
export const where: Run = (inputs, args) => {
  const { tensors, layout } = align(branchesOf(inputs, args));
  const [condition, a, b] = tensors;
  if (condition === undefined || a === undefined || b === undefined) throw new Error("an input is missing");
  const rank = Math.max(condition.shape.length, a.shape.length, b.shape.length);
  const at = (x: Tensor, i: number): number => x.shape[i - (rank - x.shape.length)] ?? 1;
  const shape = Array.from({ length: rank }, (_, i) => {
    const sizes = [at(condition, i), at(a, i), at(b, i)];
    return sizes.find((n) => n !== 1) ?? 1;
  });
  const type: TensorType = a.dtype === "float32" || b.dtype === "float32" ? "float32" : "int32";
  const full = (x: Tensor): Tensor => (sameShape(x.shape, shape) ? x : broadcastTo(x, shape));
  const out = kernel("Select", {
    // Tile has no kernel for bool on every backend.
    condition: truth(full(cast(condition, "float32"))),
    t: full(cast(a, type)),
    e: full(cast(b, type)),
  });
  return [ofLayout(out, layout)];
};

/** A number where the mask is true, else the first input. An infinite number is written as a word. */
export const maskedFill: Run = (inputs, args, context) => {
  const value = args.value === "inf" ? Infinity : args.value === "-inf" ? -Infinity : number(args, "value", 0);
  return where([input(inputs, 1), input(inputs, 0)], { left: value }, context);
};

/** The lower or upper triangle of the last two axes, 0 elsewhere. */
export const triangle =
  (lower: boolean): Run =>
  (inputs, args) => {
    const x = input(inputs, 0);
    const [rows, columns] = [x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1];
    const diagonal = number(args, "diagonal", 0);
    const kept = Float32Array.from({ length: rows * columns }, (_, at) => {
      const offset = (at % columns) - Math.floor(at / columns);
      return (lower ? offset <= diagonal : diagonal <= offset) ? 1 : 0;
    });
    const mask = broadcastTo(upload(kept, [...x.shape.slice(0, -2).map(() => 1), rows, columns]), x.shape);
    const tensor = first(x);
    const e = broadcastTo(scalar(0, tensor.dtype === "int32" ? "int32" : "float32"), x.shape);
    return [
      ofFirst(
        kernel("Select", { condition: truth(mask), t: tensor.dtype === "bool" ? cast(tensor, "float32") : tensor, e }),
      ),
    ];
  };
