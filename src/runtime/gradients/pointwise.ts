import { type Args, number } from "../args.ts";
import { broadcastTo, cast, concat, kernel, mul, scalar, scale, slab, sub, type Tensor } from "../kernels.ts";
import { align, triangle } from "../ops/elementwise.ts";
import { broadcastShape } from "../ops/host.ts";
import { first, inLayout, ofFirst, ofLayout, physicalAxis, product, tensorOf, type Value } from "../value.ts";
import { DERIVATIVES } from "./derivatives.ts";
import {
  type Backward,
  elements,
  fromElements,
  incoming,
  ofLike,
  type Rule,
  read,
  shapeOf,
  unbroadcast,
} from "./rule.ts";

const passed: Rule = { reads: "nothing", run: (b) => [incoming(b)] };

/** The gradient times the function's slope at the input, in float64. */
function bySlope(slopeOf: (args: Args) => (x: number) => number): Rule {
  return {
    reads: "inputs",
    run: (b) => {
      const slope = slopeOf(b.args);
      const gradient = elements(incoming(b));
      const x = elements(read(b));
      return [
        fromElements(
          gradient.map((g, i) => g * slope(x[i] ?? 0)),
          shapeOf(b),
        ),
      ];
    },
  };
}

/** The output is above 0 where the input is. */
const relu: Rule = {
  reads: "output",
  run: (b) => {
    const gradient = incoming(b);
    const y = inLayout(b.output ?? gradient, gradient.layout);
    return [ofLike(mul(tensorOf(gradient), cast(kernel("Greater", { a: y, b: scalar(0) }), "float32")), gradient)];
  },
};

/** x · y with PyTorch's broadcasting. */
function times(a: Value, b: Value): Value {
  const { tensors, layout } = align([a, b]);
  const [x, y] = tensors;
  if (x === undefined || y === undefined) throw new Error("an operand is missing");
  return ofLayout(mul(cast(x, "float32"), cast(y, "float32")), layout);
}

function scaled(value: Value, factor: number): Value {
  return factor === 1 ? value : ofLike(scale(tensorOf(value), factor), value);
}

/** Both tensors, or one and a constant: the gradient times a number, for the left and the right operand. */
function byNumber(left: (args: Args) => number, right: (args: Args) => number): Rule {
  return {
    reads: "nothing",
    run: (b) =>
      b.wanted.map(({ input, shape }) => {
        const isRight = input === 1 || typeof b.args.left === "number";
        return unbroadcast(scaled(incoming(b), (isRight ? right : left)(b.args)), shape);
      }),
  };
}

const multiplied: Rule = {
  reads: "inputs",
  run: (b) =>
    b.wanted.map(({ input, shape }) => {
      const constant = constantOf(b.args);
      const gradient = incoming(b);
      if (b.inputs.length === 1) return unbroadcast(scaled(gradient, constant ?? 1), shape);
      return unbroadcast(times(gradient, read(b, 1 - input)), shape);
    }),
};

function constantOf(args: Args): number | undefined {
  return typeof args.left === "number" ? args.left : typeof args.right === "number" ? args.right : undefined;
}

/** The partial derivatives of f(x, y), with respect to x and to y. */
type Partials = readonly [(x: number, y: number) => number, (x: number, y: number) => number];

/** The gradient times a partial derivative, in float64. */
function byPartials(partials: Partials, passes: (args: Args) => boolean = () => true): Rule {
  return {
    reads: "inputs",
    run: (b) => {
      const gradient = incoming(b);
      const { shape } = gradient;
      const values = operands(b).map((operand) =>
        typeof operand === "number" ? () => operand : reader(operand, shape),
      );
      const [x = () => 0, y = () => 0] = values;
      const g = elements(gradient);
      return b.wanted.map(({ input, shape: wanted }) => {
        const isRight = input === 1 || typeof b.args.left === "number";
        const partial = partials[isRight ? 1 : 0];
        const moves = passes(b.args);
        const out = g.map((each, i) => (moves ? each * partial(x(i), y(i)) : 0));
        return unbroadcast(fromElements(out, shape), wanted);
      });
    },
  };
}

function operands(b: Backward): readonly (Value | number)[] {
  const constant = constantOf(b.args);
  if (1 < b.inputs.length || constant === undefined) return b.inputs;
  return typeof b.args.left === "number" ? [constant, read(b)] : [read(b), constant];
}

function reader(value: Value, shape: readonly number[]): (i: number) => number {
  const data = elements(ofFirst(broadcastTo(cast(first(value), "float32"), shape)));
  return (i) => data[i] ?? 0;
}

/** 0⁰'s derivative is 0, as PyTorch has it. */
const powerPartials: Partials = [
  (x, y) => (y === 0 ? 0 : y * x ** (y - 1)),
  (x, y) => (x === 0 && 0 <= y ? 0 : x ** y * Math.log(x)),
];

const smallerWins: Partials = [(x, y) => (x < y ? 1 : x === y ? 0.5 : 0), (x, y) => (y < x ? 1 : x === y ? 0.5 : 0)];
const greaterWins: Partials = [(x, y) => (y < x ? 1 : x === y ? 0.5 : 0), (x, y) => (x < y ? 1 : x === y ? 0.5 : 0)];

/** The gradient where `condition` is as asked, else 0. */
function selected(gradient: Value, condition: Value, when: boolean): Value {
  const { tensors, layout } = align([gradient, condition]);
  const [g, c] = tensors;
  if (g === undefined || c === undefined) throw new Error("an operand is missing");
  const share = cast(kernel("NotEqual", { a: cast(c, "float32"), b: scalar(0) }), "float32");
  return ofLayout(mul(g, when ? share : sub(scalar(1), share)), layout);
}

/** Inputs: the condition, then the branches that are tensors. */
const where: Rule = {
  reads: "inputs",
  run: (b) =>
    b.wanted.map(({ input, shape }) => {
      const isFirst = input === 1 && typeof b.args.left !== "number";
      return unbroadcast(selected(incoming(b), read(b), isFirst), shape);
    }),
};

const maskedFill: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => [unbroadcast(selected(incoming(b), read(b, 1), false), shapeOf(b))],
};

function triangular(lower: boolean): Rule {
  return {
    reads: "nothing",
    run: (b) => {
      const out = triangle(lower)([incoming(b)], b.args, [{ shape: shapeOf(b) }]);
      if ("kind" in out) throw new Error("a triangle is not computed");
      return out;
    },
  };
}

/** a · σ(b) for the halves a and b of an axis. */
const glu: Rule = {
  reads: "inputs",
  run: (b) => {
    const x = read(b);
    const at = physicalAxis(x, number(b.args, "axis", -1));
    const tensor = tensorOf(x);
    const half = (tensor.shape[at] ?? 0) / 2;
    const gradient = inLayout(incoming(b), x.layout);
    const gate = kernel("Sigmoid", { x: slab(tensor, at, half, half) });
    const slope: Tensor = mul(gate, sub(scalar(1), gate));
    const behind = mul(gradient, mul(slab(tensor, at, 0, half), slope));
    return [ofLike(concat([mul(gradient, gate), behind], at), x)];
  },
};

const prelu: Rule = {
  reads: "inputs",
  through: [0],
  run: (b) => {
    const x = read(b);
    const weight = elements(read(b, 1));
    const inner = x.shape.slice(2).reduce((a, n) => a * n, 1);
    const channels = x.shape.length < 2 ? 1 : (x.shape[1] ?? 1);
    const values = elements(x);
    const out = elements(incoming(b)).map((g, i) => {
      const slope = weight.length === 1 ? weight[0] : weight[Math.floor(i / inner) % channels];
      return 0 < (values[i] ?? 0) ? g : g * (slope ?? 0);
    });
    return [fromElements(out, shapeOf(b))];
  },
};

/** Mean, sum or all of a function of x − y, by its slope. */
function pairLoss(slope: (difference: number) => number): Rule {
  const lossOf = byPartials([(x, y) => slope(x - y), (x, y) => -slope(x - y)]);
  return {
    ...lossOf,
    run: (b) => {
      const shape = broadcastShape(b.inputs.map((value) => value.shape));
      const share = b.args.reduction === "none" || b.args.reduction === "sum" ? 1 : 1 / product(shape);
      const each = broadcastTo(scale(first(incoming(b)), share), shape);
      return lossOf.run({ ...b, gradients: [ofFirst(each)] });
    },
  };
}

const alpha = (args: Args): number => number(args, "alpha", 1);

export const POINTWISE: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(DERIVATIVES).map(([name, slopeOf]) => [name, bySlope(slopeOf)])),
  identity: passed,
  // In evaluation mode nothing is dropped.
  dropout: passed,
  cast: passed,
  relu,
  add: byNumber(() => 1, alpha),
  sub: byNumber(
    () => 1,
    (args) => -alpha(args),
  ),
  mul: multiplied,
  div: byPartials([(_, y) => 1 / y, (x, y) => -x / (y * y)], (args) => typeof args.rounding !== "string"),
  pow: byPartials(powerPartials),
  maximum: byPartials(greaterWins),
  minimum: byPartials(smallerWins),
  atan2: byPartials([(x, y) => y / (x * x + y * y), (x, y) => -x / (x * x + y * y)]),
  remainder: byPartials([() => 1, (x, y) => -Math.floor(x / y)]),
  fmod: byPartials([() => 1, (x, y) => -Math.trunc(x / y)]),
  mse_loss: pairLoss((d) => 2 * d),
  l1_loss: pairLoss(Math.sign),
  smooth_l1_loss: pairLoss((d) => Math.max(-1, Math.min(1, d))),
  where,
  masked_fill: maskedFill,
  tril: triangular(true),
  triu: triangular(false),
  glu,
  prelu,
};

/** Piecewise constant: nothing of the gradient passes. */
export const FLAT: readonly string[] = ["floor", "ceil", "round", "sign", "trunc", "floor_div"];
