import { input, type Run } from "../args.ts";
import { kernel, mul, reduce, scalar, scale, sub, type Tensor } from "../kernels.ts";
import { first, ofFirst, range } from "../value.ts";
import { align } from "./elementwise.ts";

/** Mean, sum or all of a function of the differences of two broadcast inputs. */
function pairLoss(f: (difference: Tensor) => Tensor): Run {
  return (inputs, args) => {
    const { tensors } = align([input(inputs, 0), input(inputs, 1)].map((value) => ofFirst(first(value))));
    const [a, b] = tensors;
    if (a === undefined || b === undefined) throw new Error("an input is missing");
    const each = f(sub(a, b));
    if (args.reduction === "none") return [ofFirst(each)];
    const name = args.reduction === "sum" ? "Sum" : "Mean";
    return [ofFirst(reduce(name, each, range(0, each.shape.length), false))];
  };
}

/** Quadratic within 1 of 0, linear beyond: h · (|d| − h / 2) with h the part of |d| up to 1. */
function smooth(difference: Tensor): Tensor {
  const size = kernel("Abs", { x: difference });
  const inside = kernel("Minimum", { a: size, b: scalar(1) });
  return mul(inside, sub(size, scale(inside, 0.5)));
}

export const LOSSES: Readonly<Record<string, Run>> = {
  mse_loss: pairLoss((d) => mul(d, d)),
  l1_loss: pairLoss((d) => kernel("Abs", { x: d })),
  smooth_l1_loss: pairLoss(smooth),
};
