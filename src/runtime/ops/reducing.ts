import { type Args, axes, axis, flag, input, number, type Run } from "../args.ts";
import {
  cast,
  kernel,
  mul,
  type Reduction,
  reduce,
  reshape,
  scalar,
  scale,
  sub,
  type Tensor,
  transpose,
} from "../kernels.ts";
import { first, ofFirst, ofLayout, physicalAxis, product, range, tensorOf, type Value } from "../value.ts";

/** Over `axes` (all if absent; with `none`, an empty list means no axis); `keepdim` leaves axes of length 1. */
function reducing(f: (x: Tensor, axes: readonly number[], args: Args) => Tensor, keepType = false, none = false): Run {
  return (inputs, args) => {
    const x = input(inputs, 0);
    const over = none && Array.isArray(args.axes) && args.axes.length === 0 ? [] : axes(args, x.shape.length);
    const keepdim = flag(args, "keepdim");
    const tensor = tensorOf(x);
    const source = keepType && tensor.dtype !== "bool" ? tensor : cast(tensor, "float32");
    const physical = over.map((at) => physicalAxis(x, at)).sort((a, b) => a - b);
    const kept = ofLayout(f(source, physical, args), x.layout);
    if (keepdim) return [kept];
    const shape = x.shape.filter((_, i) => !over.includes(i));
    return [ofFirst(reshape(first(kept), shape))];
  };
}

const by = (name: Reduction): ((x: Tensor, axes: readonly number[]) => Tensor) => {
  return (x, over) => reduce(name, x, over, true);
};

function variance(x: Tensor, over: readonly number[], args: Args): Tensor {
  const centred = sub(x, reduce("Mean", x, over, true));
  const count = product(over.map((at) => x.shape[at] ?? 1));
  const sum = reduce("Sum", mul(centred, centred), over, true);
  return scale(sum, 1 / (count - number(args, "correction", 1)));
}

/** Maximum or minimum along one axis, and the index of the first such element. */
function extreme(name: "Max" | "Min"): Run {
  const values = reducing(by(name), true);
  const indices = argExtreme(name === "Max" ? "ArgMax" : "ArgMin");
  return (inputs, given, outputs) => {
    const args = { ...given, axes: given.axis ?? null };
    const out = values(inputs, args, outputs);
    if ("kind" in out) return out;
    const at = indices(inputs, args, outputs);
    return "kind" in at ? at : [...out, ...at];
  };
}

/** Index along one axis, or in row-major order without one. */
function argExtreme(name: "ArgMax" | "ArgMin"): Run {
  return (inputs, args) => {
    const x = first(input(inputs, 0));
    const all = args.axes === undefined || args.axes === null;
    const rank = x.shape.length;
    const [at = 0] = all ? [0] : axes(args, rank);
    const source = all ? reshape(x, [product(x.shape)]) : lastAxis(x, at);
    const index = kernel(name, { x: cast(source, "float32") }, { axis: source.shape.length - 1 });
    const reduced = all ? x.shape.map(() => 1) : x.shape.map((n, i) => (i === at ? 1 : n));
    const shape = flag(args, "keepdim") ? reduced : all ? [] : x.shape.filter((_, i) => i !== at);
    return [ofFirst(reshape(index, shape))];
  };
}

function lastAxis(x: Tensor, at: number): Tensor {
  return transpose(x, [...range(0, x.shape.length).filter((i) => i !== at), at]);
}

/** The p of a norm; "fro" is 2. */
export function normOrder(args: Args): number {
  if (args.p === "fro") return 2;
  if (args.p === "inf") return Number.POSITIVE_INFINITY;
  return args.p === "-inf" ? Number.NEGATIVE_INFINITY : number(args, "p", 2);
}

/** (Σ |x|^p)^(1/p); p may be ±∞. */
function norm(x: Tensor, over: readonly number[], args: Args): Tensor {
  const p = normOrder(args);
  const size = kernel("Abs", { x });
  if (p === Number.POSITIVE_INFINITY) return reduce("Max", size, over, true);
  if (p === Number.NEGATIVE_INFINITY) return reduce("Min", size, over, true);
  if (p === 2) return kernel("Sqrt", { x: reduce("Sum", mul(x, x), over, true) });
  if (p === 1) return reduce("Sum", size, over, true);
  if (p === 0) return reduce("Sum", cast(kernel("NotEqual", { a: x, b: scalar(0) }), "float32"), over, true);
  const sum = reduce("Sum", kernel("Pow", { a: size, b: scalar(p) }), over, true);
  return kernel("Pow", { a: sum, b: scalar(1 / p) });
}

/** log Σ eˣ without overflow. */
function logSumExp(x: Tensor, over: readonly number[]): Tensor {
  const top = reduce("Max", x, over, true);
  const sum = reduce("Sum", kernel("Exp", { x: sub(x, top) }), over, true);
  return kernel("Add", { a: kernel("Log", { x: sum }), b: top });
}

function nonZero(x: Tensor): Tensor {
  return kernel("NotEqual", { a: x, b: scalar(0) });
}

/** 1 where an element is not 0. */
function truthOf(x: Tensor): Tensor {
  return cast(nonZero(x), "float32");
}

/** Kernels normalize the last axis; channels already lie there in layout `last`. */
function alongLast(x: Value, at: number, f: (x: Tensor) => Tensor): Value {
  const tensor = cast(tensorOf(x), "float32");
  const rank = tensor.shape.length;
  if (rank === 0) return ofFirst(reshape(f(reshape(tensor, [1])), []));
  const physical = physicalAxis(x, at);
  if (physical === rank - 1) return ofLayout(f(tensor), x.layout);
  const perm = [...range(0, rank).filter((i) => i !== physical), physical];
  const back = range(0, rank).map((i) => perm.indexOf(i));
  return ofLayout(transpose(f(transpose(tensor, perm)), back), x.layout);
}

/** Without an axis, PyTorch's old rule. */
export function softmaxAxis(x: Pick<Value, "shape">, args: Args): number {
  const rank = x.shape.length;
  if (typeof args.axis === "number") return axis(args, rank);
  return rank === 0 || rank === 1 || rank === 3 ? 0 : 1;
}

const softmax: Run = (inputs, args) => {
  const x = input(inputs, 0);
  return [alongLast(x, softmaxAxis(x, args), softmaxLast)];
};

/** Softmax of the last axis, any rank. */
export function softmaxLast(x: Tensor): Tensor {
  const width = x.shape[x.shape.length - 1] ?? 1;
  const flat = reshape(x, [width === 0 ? 0 : product(x.shape) / width, width]);
  return reshape(kernel("Softmax", { logits: flat }, { dim: 1 }), x.shape);
}

const logSoftmax: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const out = alongLast(x, softmaxAxis(x, args), (tensor) => {
    const at = [tensor.shape.length - 1];
    const centred = sub(tensor, reduce("Max", tensor, at, true));
    return sub(centred, kernel("Log", { x: reduce("Sum", kernel("Exp", { x: centred }), at, true) }));
  });
  return [out];
};

export const REDUCING: Readonly<Record<string, Run>> = {
  mean: reducing(by("Mean")),
  sum: reducing(by("Sum")),
  prod: reducing(by("Prod")),
  max: reducing(by("Max"), true),
  min: reducing(by("Min"), true),
  max_with_indices: extreme("Max"),
  min_with_indices: extreme("Min"),
  logsumexp: reducing(logSumExp),
  any: reducing((x, over) => nonZero(reduce("Max", truthOf(x), over, true)), false, true),
  all: reducing((x, over) => nonZero(reduce("Min", truthOf(x), over, true)), false, true),
  var: reducing(variance),
  std: reducing((x, over, args) => kernel("Sqrt", { x: variance(x, over, args) })),
  argmax: argExtreme("ArgMax"),
  argmin: argExtreme("ArgMin"),
  norm: reducing(norm),
  softmax,
  log_softmax: logSoftmax,
};
