import { input, number, type Run } from "../args.ts";
import { add, kernel, mul, reduce, reshape, scalar, sub, type Tensor } from "../kernels.ts";
import { first, last, ofFirst, ofLast, ofLayout, product, range, tensorOf, type Value } from "../value.ts";

/** (x − mean) / √(var + eps) · weight + bias per channel; x [N, C, *S] or [N, C]. */
export const batchNorm: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const x = last(given);
  const channels = given.shape[1] ?? 0;
  // The kernels take exactly four axes.
  const flat = reshape(x, [1, 1, product(x.shape) / Math.max(channels, 1), channels]);
  const mean = tensorOf(input(inputs, 1));
  const variance = tensorOf(input(inputs, 2));
  const parameters = { x: flat, mean, variance };
  const scaled = inputs[3] === undefined ? parameters : { ...parameters, scale: tensorOf(inputs[3]) };
  const shifted = inputs[4] === undefined ? scaled : { ...scaled, offset: tensorOf(inputs[4]) };
  const out = kernel("FusedBatchNorm", shifted, { varianceEpsilon: number(args, "eps", 1e-5) });
  return [ofLast(reshape(out, x.shape))];
};

/** Mean 0 and variance 1 over physical axes, the biased variance, as PyTorch computes it. */
function normalize(x: Tensor, axes: readonly number[], eps: number): Tensor {
  const centred = sub(x, reduce("Mean", x, axes, true));
  const variance = reduce("Mean", mul(centred, centred), axes, true);
  return mul(centred, kernel("Rsqrt", { x: add(variance, scalar(eps)) }));
}

function affine(x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined): Tensor {
  const scaled = weight === undefined ? x : mul(x, weight);
  return bias === undefined ? scaled : add(scaled, bias);
}

function optional(value: Value | undefined): Tensor | undefined {
  return value === undefined ? undefined : tensorOf(value);
}

/** Over the last `normalized` axes; weight and bias have their shape. */
export const layerNorm: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const rank = x.shape.length;
  const count = Array.isArray(args.normalized) ? args.normalized.length : number(args, "normalized");
  const normal = normalize(x, range(rank - count, rank), number(args, "eps", 1e-5));
  return [ofFirst(affine(normal, optional(inputs[1]), optional(inputs[2])))];
};

/** Over each of `groups` sets of neighbouring channels and all of space; x [N, C, *S]. */
export const groupNorm: Run = (inputs, args) => {
  return groupwise(input(inputs, 0), number(args, "groups"), number(args, "eps", 1e-5), inputs);
};

/** Over space, each channel for itself. */
export const instanceNorm: Run = (inputs, args) => {
  const x = input(inputs, 0);
  return groupwise(x, x.shape[1] ?? 1, number(args, "eps", 1e-5), inputs);
};

function groupwise(x: Value, groups: number, eps: number, inputs: readonly Value[]): readonly Value[] {
  const batch = x.shape[0] ?? 0;
  const channels = x.shape[1] ?? 0;
  const space = product(x.shape.slice(2));
  if (x.layout === "last") {
    const tensor = tensorOf(x);
    const normal = normalize(reshape(tensor, [batch, space, groups, channels / groups]), [1, 3], eps);
    return [ofLast(affine(reshape(normal, tensor.shape), optional(inputs[1]), optional(inputs[2])))];
  }
  const tensor = tensorOf(x);
  const normal = reshape(
    normalize(reshape(tensor, [batch, groups, (channels / groups) * space]), [2], eps),
    tensor.shape,
  );
  const perChannel = [channels, ...x.shape.slice(2).map(() => 1)];
  const lift = (value: Value | undefined): Tensor | undefined =>
    value === undefined ? undefined : reshape(tensorOf(value), perChannel);
  return [ofLayout(affine(normal, lift(inputs[1]), lift(inputs[2])), "first")];
}
