import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { asDim, dimList, list, whole, wholeList, wholeOrList } from "./args.ts";
import { differ, equality } from "./claims.ts";
import { marked, setBy, show, showShape, timesDim, unknownFrom } from "./dims.ts";
import type { Args, Operator } from "./operator.ts";
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

const permute = entry({
  name: "permute",
  signature: "a b c -> c a b",
  parameters: { axes: "the input's axes in the output's order" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const axes = wholeList(args, "axes");
    const count = list(args, "axes")?.length;
    if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const none = [unknownTensor(x.dtype, [x])];
    if (count !== undefined && count !== shape.length) {
      return badArgument("dims", t("expects an order of {0} axes, gets {1}", shape.length, count), none);
    }
    if (axes === undefined)
      return ok([
        tensor(
          shape.map(() => unknownFrom([x])),
          x.dtype,
        ),
      ]);
    const out: Dim[] = [];
    const seen = new Set<number>();
    for (const asked of axes) {
      const axis = axisIn(asked, shape.length);
      const length = axis === undefined ? undefined : shape[axis];
      if (axis === undefined || length === undefined) return axisRefusal("dims", asked, shape.length, none);
      if (seen.has(axis))
        return badArgument("dims", t("axis {0} appears more than once", asked), none, { size: asked });
      seen.add(axis);
      out.push(length);
    }
    return ok([tensor(out, x.dtype)]);
  },
  link: documented("torch.permute"),
  examples: [
    { inputs: [[2, 3, 4]], args: { axes: [2, 0, 1] }, gives: [[4, 2, 3]] },
    { inputs: [["N", 3, "H", "W"]], args: { axes: [0, 2, 3, -3] }, gives: [["N", "H", "W", 3]] },
    { inputs: [[2, 3, 4]], args: { axes: [0, 1] }, gives: "argument" },
    { inputs: [[2, 3, 4]], args: { axes: [0, 1, 1] }, gives: "argument" },
    { inputs: [[2, 3, 4]], args: { axes: [0, 1, 3] }, gives: "argument" },
  ],
});

const transpose = entry({
  name: "transpose",
  signature: "a b -> b a",
  parameters: { a: "one axis", b: "the other" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [first, second] = [whole(args, "a"), whole(args, "b")];
    if (x.shape === undefined || first === undefined || second === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const [a, b] = [axisIn(first, shape.length), axisIn(second, shape.length)];
    const none = [unknownTensor(x.dtype, [x])];
    if (a === undefined) return axisRefusal("dim0", first, shape.length, none);
    if (b === undefined) return axisRefusal("dim1", second, shape.length, none);
    return ok([
      tensor(
        shape.map((d, i) => (i === a ? (shape[b] ?? d) : i === b ? (shape[a] ?? d) : d)),
        x.dtype,
      ),
    ]);
  },
  link: documented("torch.transpose"),
  examples: [
    { inputs: [[2, 3, 4]], args: { a: 1, b: 2 }, gives: [[2, 4, 3]] },
    { inputs: [["N", "L", 8]], args: { a: -1, b: 0 }, gives: [[8, "L", "N"]] },
    { inputs: [[2, 3]], args: { a: 1, b: 2 }, gives: "argument" },
  ],
});

const squeeze = entry({
  name: "squeeze",
  signature: "… 1 … -> … …",
  parameters: { axes: "axes that are dropped where their length is 1, one number or a list; null: all of length 1" },
  shape: squeezeShape,
  link: documented("torch.squeeze"),
  examples: [
    { inputs: [[2, 1, 3, 1]], args: { axes: null }, gives: [[2, 3]] },
    { inputs: [[2, 1, 3, 1]], args: { axes: 1 }, gives: [[2, 3, 1]] },
    { inputs: [["N", 512, 1, 1]], args: { axes: [-1, -2] }, gives: [["N", 512]] },
    { inputs: [[2, 3]], args: { axes: 1 }, gives: [[2, 3]] },
    { inputs: [[2, 3]], args: { axes: 2 }, gives: "argument" },
    { inputs: [[1, 1]], args: { axes: [0, -2] }, gives: "argument" },
  ],
});

const unsqueeze = entry({
  name: "unsqueeze",
  signature: "… -> … 1 …",
  parameters: { axis: "where the new axis stands in the output" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const asked = whole(args, "axis");
    if (x.shape === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const axis = axisIn(asked, x.shape.length + 1);
    if (axis === undefined) return axisRefusal("dim", asked, x.shape.length + 1, [unknownTensor(x.dtype)]);
    const one = setBy({ size: 1 }, "unsqueeze", []);
    return ok([tensor([...x.shape.slice(0, axis), one, ...x.shape.slice(axis)], x.dtype)]);
  },
  link: documented("torch.unsqueeze"),
  examples: [
    { inputs: [[2, 3]], args: { axis: 1 }, gives: [[2, 1, 3]] },
    { inputs: [["N", "L"]], args: { axis: -1 }, gives: [["N", "L", 1]] },
    { inputs: [[2, 3]], args: { axis: 3 }, gives: "argument" },
    { inputs: [[2, 3]], args: { axis: -4 }, gives: "argument" },
  ],
});

const expand = entry({
  name: "expand",
  signature: "… 1 … -> … n …",
  parameters: { shape: "lengths of the output, aligned at the last axis; -1 keeps the input's" },
  shape: expandShape,
  link: "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html",
  examples: [
    { inputs: [[3, 1]], args: { shape: [3, 4] }, gives: [[3, 4]] },
    { inputs: [[3, 1]], args: { shape: [2, -1, 4] }, gives: [[2, 3, 4]] },
    { inputs: [[1, 1, 8]], args: { shape: ["N", -1, -1] }, gives: [["N", 1, 8]] },
    { inputs: [[3, 2]], args: { shape: [3, 4] }, gives: "shapes" },
    { inputs: [[3, 2]], args: { shape: [2] }, gives: "argument" },
    { inputs: [[3, 1]], args: { shape: [-1, 3, 4] }, gives: "argument" },
    { inputs: [[3, 1]], args: { shape: [3, -2] }, gives: "argument" },
  ],
});

const repeat = entry({
  name: "repeat",
  signature: "… a b -> … n·a m·b",
  parameters: { times: "copies along each axis, aligned at the last one; at least as many as the input has axes" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const times = dimList(args, "times");
    if (x.shape === undefined || times === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const none = [unknownTensor(x.dtype, [x])];
    if (times.length < shape.length) {
      return badArgument("repeats", t("expects at least {0} counts, gets {1}", shape.length, times.length), none);
    }
    const bad = times.find((d) => typeof d?.size === "number" && d.size < 0);
    if (bad !== undefined) {
      return badArgument("repeats", t("{0} must be at least {1}, is {2}", "repeats", 0, show(bad)), none, bad);
    }
    const first = times.length - shape.length;
    const out = times.map((n, i) => {
      const [count, own] = [n ?? unknownFrom([]), shape[i - first]];
      if (own !== undefined && count.size === 1) return own;
      return setBy(own === undefined ? count : timesDim(own, count), "repeats", [n, own]);
    });
    return ok([tensor(out, x.dtype)]);
  },
  link: "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.repeat.html",
  examples: [
    { inputs: [[2, 3]], args: { times: [2, 2] }, gives: [[4, 6]] },
    { inputs: [[3, "H"]], args: { times: [4, 1, 2] }, gives: [[4, 3, "2 * H"]] },
    { inputs: [[2, 3]], args: { times: [2] }, gives: "argument" },
    { inputs: [[2, 3]], args: { times: [2, -1] }, gives: "argument" },
  ],
});

const repeatInterleave = entry({
  name: "repeat_interleave",
  signature: "… n … -> … k·n …",
  parameters: { repeats: "copies of each element", axis: "axis along which they stand; null: flattened first" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [count, asked] = [asDim(args.repeats), whole(args, "axis")];
    if (x.shape === undefined || count === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const axis = axisIn(asked, x.shape.length);
    if (axis === undefined) return axisRefusal("dim", asked, x.shape.length, [x]);
    if (typeof count.size === "number" && count.size < 0) {
      return badArgument("repeats", t("{0} must be at least {1}, is {2}", "repeats", 0, count.size), [x], count);
    }
    return ok([
      tensor(
        x.shape.map((d, i) => (i === axis ? setBy(timesDim(d, count), "repeats", [count, d]) : d)),
        x.dtype,
      ),
    ]);
  },
  link: documented("torch.repeat_interleave"),
  examples: [
    { inputs: [[2, 3]], args: { repeats: 4, axis: 1 }, gives: [[2, 12]] },
    { inputs: [[2, 3]], args: { repeats: 4, axis: 2 }, gives: "argument" },
  ],
});

const flip = entry({
  name: "flip",
  signature: "… -> …",
  parameters: { axes: "axes that are reversed" },
  shape: (inputs, args) => sameShape(input(inputs, 0), wholeOrList(args, "axes"), true),
  link: documented("torch.flip"),
  examples: [
    { inputs: [[2, 3]], args: { axes: [0, 1] }, gives: [[2, 3]] },
    { inputs: [[2, 3]], args: { axes: [2] }, gives: "argument" },
    { inputs: [[2, 3]], args: { axes: [1, -1] }, gives: "argument" },
  ],
});

const roll = entry({
  name: "roll",
  signature: "… -> …",
  parameters: { shifts: "elements, per axis", axes: "axes that are rolled; null: flattened" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [shifts, axes] = [wholeOrList(args, "shifts"), wholeOrList(args, "axes")];
    if (shifts !== undefined && axes !== undefined && shifts.length !== axes.length && axes.length !== 0) {
      return badArgument("shifts", t("expects {0} shifts, gets {1}", axes.length, shifts.length), [x]);
    }
    return sameShape(x, axes, false);
  },
  link: documented("torch.roll"),
  examples: [
    { inputs: [[2, 3]], args: { shifts: [1, 1], axes: [0, 1] }, gives: [[2, 3]] },
    { inputs: [[2, 3]], args: { shifts: [1], axes: [0, 1] }, gives: "argument" },
    { inputs: [[2, 3]], args: { shifts: [1], axes: [2] }, gives: "argument" },
  ],
});

export const LAYOUTS: readonly Operator[] = [
  permute,
  transpose,
  squeeze,
  unsqueeze,
  expand,
  repeat,
  repeatInterleave,
  flip,
  roll,
];

function squeezeShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const every = args.axes === null || args.axes === undefined;
  const asked = every ? [] : wholeOrList(args, "axes");
  if (x.shape === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const { shape } = x;
  const axes = new Set<number>();
  for (const axis of asked) {
    const at = axisIn(axis, shape.length);
    if (at === undefined) return axisRefusal("dim", axis, shape.length, [x]);
    if (axes.has(at)) return badArgument("dim", t("axis {0} appears more than once", axis), [x], { size: axis });
    axes.add(at);
  }
  const out: Dim[] = [];
  for (const [i, d] of shape.entries()) {
    const verdict = every || axes.has(i) ? equality(d, { size: 1 }) : "never";
    if (verdict === "never") out.push(d);
    else if (verdict !== "always") {
      const reason = t("squeeze drops an axis only where its length is 1, and {0} may be or not", show(d));
      return ok([{ ...unknownTensor(x.dtype), why: { reason } }]);
    }
  }
  return ok([tensor(out, x.dtype)]);
}

function expandShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const wanted = dimList(args, "shape");
  if (wanted === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const dims = wanted.map((d) => d ?? unknownFrom([]));
  const none = [unknownTensor(x.dtype, [x])];
  if (x.shape === undefined) {
    return ok([
      tensor(
        dims.map((d) => (d.size === -1 || d.size === undefined ? unknownFrom([x]) : d)),
        x.dtype,
      ),
    ]);
  }
  const { shape } = x;
  if (dims.length < shape.length) {
    return badArgument("size", t("expects at least {0} lengths, gets {1}", shape.length, dims.length), none);
  }
  const first = dims.length - shape.length;
  const bad = dims.find(({ size }, i) => typeof size === "number" && (size < -1 || (size === -1 && i < first)));
  if (bad !== undefined) return badArgument("size", t("a length cannot be {0}", show(bad)), none, bad);
  const guards: Guard[] = [];
  const misfits: number[] = [];
  const out = dims.map((d, i) => {
    const own = shape[i - first];
    if (own === undefined || own.size === 1) return d.size === -1 && own !== undefined ? own : setBy(d, "expand", [d]);
    if (d.size === -1) return own;
    // A length that is 1 for some input expands there.
    const one = equality(own, { size: 1 }) === "sometimes" && equality(own, d) === "never";
    if (one && own.size !== undefined) guards.push({ kind: "equal", left: own.size, right: 1 });
    else if (differ(own, d, guards)) misfits.push(i - first);
    // An unknown length may be 1 or may be asked for as -1.
    if (d.size === undefined) return equality(own, { size: 1 }) === "never" ? own : unknownFrom([d]);
    return marked(d, [own]);
  });
  const [axis] = misfits;
  if (axis === undefined) return ok([tensor(out, x.dtype)], guards);
  const [expected, found] = [dims[axis + first], shape[axis]];
  return refuse("shapes", t("cannot expand {0} to {1}", showShape(shape), showShape(dims)), [tensor(out, x.dtype)], {
    input: 0,
    axes: misfits,
    argument: "size",
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  });
}

function sameShape(x: TensorType, axes: readonly number[] | undefined, once: boolean): ReturnType<Rule> {
  if (x.shape === undefined || axes === undefined) return ok([x]);
  const seen = new Set<number>();
  for (const asked of axes) {
    const axis = axisIn(asked, x.shape.length);
    if (axis === undefined) return axisRefusal("dims", asked, x.shape.length, [x]);
    if (once && seen.has(axis)) {
      return badArgument("dims", t("axis {0} appears more than once", asked), [x], { size: asked });
    }
    seen.add(axis);
  }
  return ok([x]);
}
