import { type Args, number } from "../args.ts";
import { SLOPE } from "../ops/elementwise.ts";

type Derivative = (x: number) => number;

const sigmoid: Derivative = (x) => 1 / (1 + Math.exp(-x));
const sech2: Derivative = (x) => 1 - Math.tanh(x) ** 2;
const INVERSE_ROOT_2PI = 1 / Math.sqrt(2 * Math.PI);
const normalDensity: Derivative = (x) => INVERSE_ROOT_2PI * Math.exp(-0.5 * x * x);

/** The slope at 0 is PyTorch's choice, as are those at a clamp's bounds. */
export const DERIVATIVES: Readonly<Record<string, (args: Args) => Derivative>> = {
  relu6: () => (x) => (0 < x && x < 6 ? 1 : 0),
  elu: (args) => {
    const alpha = number(args, "alpha", 1);
    return (x) => (0 < x ? 1 : alpha * Math.exp(x));
  },
  selu: () => (x) => 1.0507009873554805 * (0 < x ? 1 : 1.6732632423543772 * Math.exp(x)),
  celu: (args) => {
    const alpha = number(args, "alpha", 1);
    return (x) => (0 < x ? 1 : Math.exp(x / alpha));
  },
  leaky_relu: (args) => {
    const slope = number(args, "slope", SLOPE);
    return (x) => (0 < x ? 1 : slope);
  },
  gelu: (args) => {
    if (args.approximate !== "tanh") return (x) => 0.5 * erfc(-x * Math.SQRT1_2) + x * normalDensity(x);
    const root = Math.sqrt(2 / Math.PI);
    return (x) => {
      const inner = root * (x + 0.044715 * x ** 3);
      return 0.5 * (1 + Math.tanh(inner)) + 0.5 * x * sech2(inner) * root * (1 + 3 * 0.044715 * x * x);
    };
  },
  silu: () => (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  mish: () => (x) => {
    const soft = Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
    return Math.tanh(soft) + x * sech2(soft) * sigmoid(x);
  },
  sigmoid: () => (x) => sigmoid(x) * (1 - sigmoid(x)),
  log_sigmoid: () => (x) => sigmoid(-x),
  tanh: () => sech2,
  hardtanh: (args) => {
    const [low, high] = [number(args, "low", -1), number(args, "high", 1)];
    return (x) => (low < x && x < high ? 1 : 0);
  },
  hardswish: () => (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  hardsigmoid: () => (x) => (-3 < x && x < 3 ? 1 / 6 : 0),
  softplus: (args) => {
    const [beta, threshold] = [number(args, "beta", 1), number(args, "threshold", 20)];
    return (x) => (threshold < beta * x ? 1 : sigmoid(beta * x));
  },
  softsign: () => (x) => 1 / (1 + Math.abs(x)) ** 2,
  hardshrink: beyond("lambda", 0.5),
  softshrink: beyond("lambda", 0.5),
  tanhshrink: () => (x) => Math.tanh(x) ** 2,
  threshold: (args) => {
    const bound = number(args, "threshold");
    return (x) => (bound < x ? 1 : 0);
  },
  clamp: (args) => {
    const low = typeof args.low === "number" ? args.low : Number.NEGATIVE_INFINITY;
    const high = typeof args.high === "number" ? args.high : Number.POSITIVE_INFINITY;
    return (x) => (low <= x && x <= high ? 1 : 0);
  },
  exp: () => Math.exp,
  exp2: () => (x) => Math.LN2 * 2 ** x,
  expm1: () => Math.exp,
  log: () => (x) => 1 / x,
  log2: () => (x) => Math.LOG2E / x,
  log10: () => (x) => Math.LOG10E / x,
  log1p: () => (x) => 1 / (1 + x),
  sqrt: () => (x) => 0.5 / Math.sqrt(x),
  rsqrt: () => (x) => -0.5 * x ** -1.5,
  reciprocal: () => (x) => -1 / (x * x),
  abs: () => Math.sign,
  neg: () => () => -1,
  square: () => (x) => 2 * x,
  sin: () => Math.cos,
  cos: () => (x) => -Math.sin(x),
  tan: () => (x) => 1 + Math.tan(x) ** 2,
  asin: () => (x) => 1 / Math.sqrt(1 - x * x),
  acos: () => (x) => -1 / Math.sqrt(1 - x * x),
  atan: () => (x) => 1 / (1 + x * x),
  sinh: () => Math.cosh,
  cosh: () => Math.sinh,
  asinh: () => (x) => 1 / Math.sqrt(1 + x * x),
  acosh: () => (x) => 1 / Math.sqrt(x * x - 1),
  atanh: () => (x) => 1 / (1 - x * x),
  erf: () => (x) => 2 * Math.SQRT2 * normalDensity(x * Math.SQRT2),
  erfc: () => (x) => -2 * Math.SQRT2 * normalDensity(x * Math.SQRT2),
  sinc: () => (x) => (x === 0 ? 0 : (Math.cos(Math.PI * x) - Math.sin(Math.PI * x) / (Math.PI * x)) / x),
  deg2rad: () => () => Math.PI / 180,
  rad2deg: () => () => 180 / Math.PI,
  frac: () => () => 1,
};

function beyond(name: string, fallback: number): (args: Args) => Derivative {
  return (args) => {
    const width = number(args, name, fallback);
    return (x) => (width < Math.abs(x) ? 1 : 0);
  };
}

/** Coefficients of the Chebyshev fit, highest power first. */
const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/**
 * 1 − erf(x), relative error below 1.2e-7.
 * @see Numerical Recipes in C, 2nd edition, section 6.2 (`erfcc`)
 */
function erfc(x: number): number {
  const size = Math.abs(x);
  const at = 1 / (1 + 0.5 * size);
  const sum = ERFC.reduce((total, c) => total * at + c, 0);
  const tail = at * Math.exp(-size * size + sum);
  return 0 <= x ? tail : 2 - tail;
}
