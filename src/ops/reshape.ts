import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { divideExactly, floorDiv, mul } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, list, whole } from "./args.ts";
import { differ } from "./claims.ts";
import { compute, product, sameDim, setBy, show, showShape, unknownFrom } from "./dims.ts";
import type { Operator, Refusal } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  type Rule,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";

const reshape = entry({
  name: "reshape",
  signature: "… -> shape",
  parameters: { shape: "lengths; at most one is -1, which takes what is left" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const wanted = list(args, "shape")?.map(asDim);
    return wanted === undefined ? ok([unknownTensor(x.dtype, [x])]) : fill(x, x.shape, wanted, "shape");
  },
  link: documented("torch.reshape"),
  examples: [
    { inputs: [[2, 3, 4]], args: { shape: [6, 4] }, gives: [[6, 4]] },
    { inputs: [[2, 3, 4]], args: { shape: [2, -1] }, gives: [[2, 12]] },
    { inputs: [["N", 512, 1, 1]], args: { shape: ["N", -1] }, gives: [["N", 512]] },
    { inputs: [["N", 512, 1, 1]], args: { shape: [-1, 512] }, gives: [["N", 512]] },
    { inputs: [["N", 8, "H", "W"]], args: { shape: ["N", 2, 4, "H", "W"] }, gives: [["N", 2, 4, "H", "W"]] },
    { inputs: [["N", 8, "H", "W"]], args: { shape: ["N", -1] }, gives: [["N", "8 * H * W"]] },
    { inputs: [[2, 3]], args: { shape: [] }, gives: "shapes" },
    { inputs: [[1, 1]], args: { shape: [] }, gives: [[]] },
    { inputs: [[2, 3]], args: { shape: [4] }, gives: "shapes" },
    { inputs: [[2, 3]], args: { shape: [4, -1] }, gives: "shapes" },
    { inputs: [[2, 3]], args: { shape: [-1, -1] }, gives: "argument" },
    { inputs: [[2, 3]], args: { shape: [-2, 3] }, gives: "argument" },
    { inputs: [[0, 3]], args: { shape: [0, -1] }, gives: "argument" },
    { inputs: [[0, 3]], args: { shape: [-1, 3] }, gives: [[0, 3]] },
  ],
});

const unflatten = entry({
  name: "unflatten",
  signature: "… (s…) … -> … s… …",
  parameters: { axis: "axis that is split", sizes: "lengths that it is split into; at most one is -1" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [asked, sizes] = [whole(args, "axis"), list(args, "sizes")?.map(asDim)];
    if (x.shape === undefined || asked === undefined || sizes === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const axis = axisIn(asked, shape.length);
    const length = axis === undefined ? undefined : shape[axis];
    if (axis === undefined || length === undefined) {
      return axisRefusal("dim", asked, shape.length, [unknownTensor(x.dtype)]);
    }
    if (sizes.length === 0) return badArgument("sizes", t("expects at least one size"), [x]);
    const inner = fill(x, [length], sizes, "sizes");
    const around = (type: TensorType): TensorType => ({
      ...type,
      shape: type.shape && [...shape.slice(0, axis), ...type.shape, ...shape.slice(axis + 1)],
    });
    return inner.kind === "refused"
      ? { ...inner, assume: inner.assume.map(around), ...(inner.axes === undefined ? {} : { axes: [axis] }) }
      : { ...inner, outputs: inner.outputs.map(around) };
  },
  link: documented("torch.unflatten"),
  examples: [
    { inputs: [[2, 12, 5]], args: { axis: 1, sizes: [3, 4] }, gives: [[2, 3, 4, 5]] },
    { inputs: [["N", 12]], args: { axis: -1, sizes: [3, -1] }, gives: [["N", 3, 4]] },
    { inputs: [[2, 5]], args: { axis: 1, sizes: [3, 2] }, gives: "shapes" },
    { inputs: [[2, 6]], args: { axis: 2, sizes: [3, 2] }, gives: "argument" },
  ],
});

const flatten = entry({
  name: "flatten",
  signature: "… (a…) … -> … a' …",
  parameters: { start: "first axis that is joined", end: "last one" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [from, to] = [whole(args, "start"), whole(args, "end")];
    if (x.shape === undefined || from === undefined || to === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const none = [unknownTensor(x.dtype, [x])];
    const [start, end] = [axisIn(from, shape.length), axisIn(to, shape.length)];
    if (start === undefined) return axisRefusal("start_dim", from, shape.length, none);
    if (end === undefined) return axisRefusal("end_dim", to, shape.length, none);
    if (end < start) {
      const detail = t("{0} {1} comes after {2} {3}", "start_dim", from, "end_dim", to);
      return badArgument("start_dim", detail, none, { size: from });
    }
    if (shape.length === 0) return ok([tensor([{ size: 1 }], x.dtype)]);
    const joined = shape.slice(start, end + 1);
    const [only] = joined;
    const flat = joined.length === 1 && only !== undefined ? only : setBy(product(joined), "flatten", joined);
    return ok([tensor([...shape.slice(0, start), flat, ...shape.slice(end + 1)], x.dtype)]);
  },
  link: documented("torch.flatten"),
  examples: [
    { inputs: [[2, 3, 4, 5]], args: { start: 1, end: -1 }, gives: [[2, 60]] },
    { inputs: [["N", 512, 1, 1]], args: { start: 1, end: -1 }, gives: [["N", 512]] },
    { inputs: [["N", 8, "H", "W"]], args: { start: 2, end: -1 }, gives: [["N", 8, "H * W"]] },
    { inputs: [[]], args: { start: 0, end: -1 }, gives: [[1]] },
    { inputs: [[2, 3]], args: { start: 2, end: -1 }, gives: "argument" },
    { inputs: [[2, 3, 4]], args: { start: 2, end: 1 }, gives: "argument" },
    { inputs: [[2, 3]], args: { start: 1, end: 3 }, gives: "argument" },
  ],
});

export const RESHAPES: readonly Operator[] = [reshape, unflatten, flatten];

/** Lays the elements of `from` (undefined: an unknown shape) out in the wanted lengths, of which one may be -1. */
function fill(
  x: TensorType,
  from: readonly Dim[] | undefined,
  wanted: readonly (Dim | undefined)[],
  argument: string,
): ReturnType<Rule> {
  const open = wanted.flatMap((d, i) => (d?.size === -1 ? [i] : []));
  const dims = wanted.map((d) => d ?? unknownFrom([]));
  const unknownDims = dims.map((d) => (d.size === -1 ? unknownFrom([x]) : d));
  const assume = [tensor(unknownDims, x.dtype)];
  const negative = dims.find(({ size }) => typeof size === "number" && size < -1);
  if (negative !== undefined) {
    return badArgument(argument, t("a length cannot be {0}", show(negative)), assume, negative);
  }
  if (1 < open.length) return badArgument(argument, t("only one length can be -1"), assume);
  const given = dims.filter(({ size }) => size !== -1);
  const [hole] = open;
  if (from === undefined) return ok(assume);
  const [left, right] = withoutShared(from, given);
  const [total, rest] = [product(left), product(right)];
  if (hole === undefined) {
    const guards: Guard[] = [];
    if (differ(total, rest, guards)) return misfit(from, dims, argument, assume);
    return ok(
      [
        tensor(
          dims.map((d, i) => keep(d, from[i])),
          x.dtype,
        ),
      ],
      guards,
    );
  }
  if (product(given).size === 0) {
    return badArgument(argument, t("a length of -1 beside a length of 0 can be anything"), assume);
  }
  const guards: Guard[] = [];
  const quotient = compute([total, rest], (a, b) => divideExactly(a, b) ?? floorDiv(a, b));
  const back = compute([quotient, rest], mul);
  if (differ(back, total, guards)) return misfit(from, dims, argument, assume);
  const same = from[hole];
  const inferred =
    same !== undefined && sameDim(same, quotient) ? same : setBy(quotient, argument, left.length === 0 ? from : left);
  return ok(
    [
      tensor(
        dims.map((d, i) => (i === hole ? inferred : keep(d, from[i]))),
        x.dtype,
      ),
    ],
    guards,
  );
}

/** A wanted length that is the input's own at that axis keeps the input's origin if it has none. */
function keep(wanted: Dim, own: Dim | undefined): Dim {
  return wanted.origin === undefined && own !== undefined && sameDim(wanted, own) ? own : wanted;
}

/** Both lists without the dims that stand in both: an unknown length cancels against itself. */
function withoutShared(a: readonly Dim[], b: readonly Dim[]): readonly [readonly Dim[], readonly Dim[]] {
  const left = [...a];
  const right = b.filter((d) => {
    const at = d.size === 0 ? -1 : left.findIndex((other) => other.size !== 0 && sameDim(other, d));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return [left, right];
}

function misfit(from: readonly Dim[], dims: readonly Dim[], argument: string, assume: readonly TensorType[]): Refusal {
  const detail = t("{0} does not fit into {1}", showShape(from), showShape(dims));
  return refuse("shapes", detail, assume, { input: 0, argument, found: product(from) });
}
