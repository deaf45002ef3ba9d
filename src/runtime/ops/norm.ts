import { t } from "../../text/text.ts";
import { affineInputs } from "../affine.ts";
import { type Args, input, number, type Run, type Unsupported } from "../args.ts";
import { add, kernel, mul, reduce, reshape, scalar, sub, type Tensor } from "../kernels.ts";
import { first, last, ofFirst, ofLast, ofLayout, product, range, tensorOf, type Value } from "../value.ts";
import { batched, unbatched } from "./conv.ts";

/** Added to a variance where the program says nothing else; a mean square gets the precision of float32. */
export const EPS = 1e-5;
export const RMS_EPS = 2 ** -23;

/** (x − mean) / √(var + eps) · weight + bias per channel; x [N, C, *S] or [N, C]. */
export const batchNorm: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const x = last(given);
  const channels = given.shape[1] ?? 0;
  // The kernels take exactly four axes.
  const flat = reshape(x, [1, 1, product(x.shape) / Math.max(channels, 1), channels]);
  const affine = affineInputs(inputs, args);
  if (affine === undefined) return ambiguous;
  const [mean, variance] =
    args.training === true ? momentsOf(flat) : [tensorOf(input(inputs, 1)), tensorOf(input(inputs, 2))];
  const parameters = { x: flat, mean, variance };
  const scaled = affine.weight === undefined ? parameters : { ...parameters, scale: tensorOf(affine.weight) };
  const shifted = affine.bias === undefined ? scaled : { ...scaled, offset: tensorOf(affine.bias) };
  const out = kernel("FusedBatchNorm", shifted, { varianceEpsilon: number(args, "eps", EPS) });
  return [ofLast(reshape(out, x.shape))];
};

const ambiguous: Unsupported = {
  kind: "unsupported",
  reason: t("a batch normalization by the batch's statistics whose inputs are not told apart"),
};

/** Mean and biased variance of each channel; x [1, 1, n, C]. */
function momentsOf(x: Tensor): readonly [Tensor, Tensor] {
  const mean = reduce("Mean", x, [0, 1, 2], false);
  const centred = sub(x, mean);
  return [mean, reduce("Mean", mul(centred, centred), [0, 1, 2], false)];
}

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

/** The last axes, as many as `normalized` says. */
export function normalizedAxes(args: Args, rank: number): readonly number[] {
  const count = Array.isArray(args.normalized) ? args.normalized.length : number(args, "normalized");
  return range(rank - count, rank);
}

/** Over the last `normalized` axes; weight and bias have their shape. */
export const layerNorm: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const normal = normalize(x, normalizedAxes(args, x.shape.length), number(args, "eps", EPS));
  return [ofFirst(affine(normal, optional(inputs[1]), optional(inputs[2])))];
};

/** Mean square 1 over the last `normalized` axes; without `eps` the precision of float32 is added, as PyTorch does. */
export const rmsNorm: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const square = reduce("Mean", mul(x, x), normalizedAxes(args, x.shape.length), true);
  const eps = number(args, "eps", RMS_EPS);
  return [ofFirst(affine(mul(x, kernel("Rsqrt", { x: add(square, scalar(eps)) })), optional(inputs[1]), undefined))];
};

/** Over each of `groups` sets of neighbouring channels and all of space; x [N, C, *S]. */
export const groupNorm: Run = (inputs, args) => {
  return groupwise(input(inputs, 0), number(args, "groups"), number(args, "eps", EPS), inputs);
};

/** Over space, each channel for itself. */
export const instanceNorm: Run = (inputs, args) => {
  const given = input(inputs, 0);
  if (args.running === true) return { kind: "unsupported", reason: t("instance normalization by running statistics") };
  // Without a batch axis, [C, *S], where the layer says how many spatial axes there are.
  const single = typeof args.spatial === "number" && given.shape.length === args.spatial + 1;
  const x = single ? batched(given, given.shape.length - 1) : given;
  const out = groupwise(x, x.shape[1] ?? 1, number(args, "eps", EPS), inputs);
  return single ? out.map((value) => unbatched(value, given, given.shape.length - 1)) : out;
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
