import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, ceilDiv, max, min, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, list, whole } from "./args.ts";
import { below, equality, surelyAtLeast, surelyBelow } from "./claims.ts";
import { compute, setBy, show, unknownFrom } from "./dims.ts";
import type { Arg, Args, Operator } from "./operator.ts";
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

/** Python's `x[start:end:step]` along every axis. */
const slice = entry({
  name: "slice",
  signature: "… n … -> … n' …",
  parameters: {
    starts: "first element, per axis, negative from the end; null: the first",
    ends: "element after the last, per axis, negative from the end; null: the length",
    steps: "elements, per axis, at least 1; null: 1",
  },
  shape: sliceShape,
  link: "https://docs.pytorch.org/docs/stable/tensor_view.html",
  examples: [
    { inputs: [[4, 10]], args: { starts: [null, 2], ends: [null, 7], steps: [null, 1] }, gives: [[4, 5]] },
    { inputs: [[4, 10]], args: { starts: [1, -3], ends: [-1, null], steps: [1, 1] }, gives: [[2, 3]] },
    { inputs: [[4, 10]], args: { starts: [0, 0], ends: [99, -99], steps: [3, 1] }, gives: [[2, 0]] },
    {
      inputs: [["N", 64, "H", "W"]],
      args: { starts: [null, null, null, 1], ends: [null, 32, null, null], steps: [null, null, 2, null] },
      gives: [["N", 32, "(H + 1) // 2", "W - 1"]],
    },
    { inputs: [["N", "H"]], args: { starts: [null, null], ends: [null, -1], steps: [1, 1] }, gives: [["N", "H - 1"]] },
    { inputs: [[4]], args: { starts: [3], ends: [1], steps: [1] }, gives: [[0]] },
    { inputs: [[4]], args: { starts: [null], ends: [null], steps: [-1] }, gives: "argument" },
    { inputs: [[4]], args: { starts: [null], ends: [null], steps: [0] }, gives: "argument" },
  ],
});

const select = entry({
  name: "select",
  signature: "… n … -> … …",
  parameters: { axis: "axis that is dropped", index: "element, negative from the end" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [asked, index] = [whole(args, "axis"), whole(args, "index")];
    if (x.shape === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const axis = axisIn(asked, x.shape.length);
    const length = axis === undefined ? undefined : x.shape[axis];
    if (axis === undefined || length === undefined) {
      return axisRefusal("dim", asked, x.shape.length, [unknownTensor(x.dtype)]);
    }
    const out = [
      tensor(
        x.shape.filter((_, i) => i !== axis),
        x.dtype,
      ),
    ];
    const guards: Guard[] = [];
    if (index === undefined || !below(length, index < 0 ? -index : index + 1, guards)) return ok(out, guards);
    const detail = t("index {0} is out of range for axis {1} of length {2}", index, axis, show(length));
    return refuse("shapes", detail, out, { input: 0, axes: [axis], argument: "index", found: length });
  },
  link: documented("torch.select"),
  examples: [
    { inputs: [[2, 3, 4]], args: { axis: 1, index: 0 }, gives: [[2, 4]] },
    { inputs: [["N", "L", 8]], args: { axis: 1, index: 0 }, gives: [["N", 8]] },
    { inputs: [[2, 3]], args: { axis: -1, index: -3 }, gives: [[2]] },
    { inputs: [[2, 3]], args: { axis: 1, index: 3 }, gives: "shapes" },
    { inputs: [[2, 3]], args: { axis: 1, index: -4 }, gives: "shapes" },
    { inputs: [[2, 3]], args: { axis: 2, index: 0 }, gives: "argument" },
  ],
});

/** Picks elements along one axis: by a list of numbers, or by a second tensor of whole numbers or booleans. */
const gatherIndex = entry({
  name: "gather_index",
  signature: "… n … -> … k …",
  parameters: { axis: "axis along which elements are picked", indices: "elements, negative from the end" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const asked = whole(args, "axis");
    if (x.shape === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const axis = axisIn(asked, shape.length);
    const length = axis === undefined ? undefined : shape[axis];
    if (axis === undefined || length === undefined)
      return axisRefusal("dim", asked, shape.length, [unknownTensor(x.dtype)]);
    const around = (dims: readonly Dim[]): TensorType =>
      tensor([...shape.slice(0, axis), ...dims, ...shape.slice(axis + 1)], x.dtype);
    const picker = inputs[1];
    if (picker !== undefined) {
      // How many a mask picks depends on its values.
      if (picker.dtype === "bool" && picker.shape?.length === 1) return ok([around([unknownFrom([picker])])]);
      const whole = picker.dtype?.includes("int") && picker.dtype !== "uint8";
      if (!whole || picker.shape === undefined) return ok([unknownTensor(x.dtype, [picker])]);
      return ok([around(picker.shape)]);
    }
    const indices = list(args, "indices");
    if (indices === undefined) return ok([around([unknownFrom([])])]);
    const out = [around([setBy({ size: indices.length }, "indices", [])])];
    const guards: Guard[] = [];
    for (const item of indices) {
      const index = asDim(item)?.size;
      if (typeof index !== "number" || !below(length, index < 0 ? -index : index + 1, guards)) continue;
      const detail = t("index {0} is out of range for axis {1} of length {2}", index, axis, show(length));
      return refuse("shapes", detail, out, { input: 0, axes: [axis], argument: "indices", found: length });
    }
    return ok(out, guards);
  },
  link: documented("torch.index_select"),
  examples: [
    { inputs: [[2, 5]], args: { axis: 1, indices: [0, 4, -1] }, gives: [[2, 3]] },
    { inputs: [["N", 64]], args: { axis: 1, indices: [1, 2] }, gives: [["N", 2]] },
    {
      inputs: [
        [2, 5],
        [3, 4],
      ],
      args: { axis: 1 },
      dtypes: ["float32", "int64"],
      gives: [[2, 3, 4]],
    },
    { inputs: [[2, 5]], args: { axis: 1, indices: [5] }, gives: "shapes" },
    { inputs: [[2, 5]], args: { axis: 2, indices: [0] }, gives: "argument" },
  ],
});

export const SLICES: readonly Operator[] = [slice, select, gatherIndex];

function sliceShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const [starts, ends, steps] = [list(args, "starts"), list(args, "ends"), list(args, "steps")];
  if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const out: Dim[] = [];
  for (const [i, d] of x.shape.entries()) {
    const [start, end, step] = [starts?.[i] ?? null, ends?.[i] ?? null, steps?.[i] ?? null];
    const every = step === null ? 1 : asDim(step)?.size;
    if (typeof every === "number" && every < 1) {
      const detail = t("{0} must be at least {1}, is {2}", "step", 1, every);
      return badArgument("step", detail, [
        tensor(
          x.shape.map((o, k) => (k === i ? unknownFrom([]) : o)),
          x.dtype,
        ),
      ]);
    }
    out.push(typeof every === "number" ? sliced(d, start, end, every) : unknownFrom([d]));
  }
  return ok([tensor(out, x.dtype)]);
}

/** The length of a slice of one axis, with Python's clamping. */
function sliced(d: Dim, start: Arg, end: Arg, step: number): Dim {
  const low = start === null ? ZERO : clamped(d, asDim(start));
  const high = end === null ? d : clamped(d, asDim(end));
  if (low.size === 0 && high === d && step === 1) return d;
  const span = compute([high, low], sub);
  const length = surelyAtLeast(span, 0) ? span : surelyBelow(span, 1) ? ZERO : compute([span], (n) => max(n, 0));
  const sources = [start, end].map((arg) => asDim(arg));
  return setBy(
    compute([length], (n) => ceilDiv(n, step)),
    "slice",
    [...sources, d],
  );
}

/** Where a bound falls: counted from the end if negative, never outside of the axis. */
function clamped(d: Dim, bound: Dim | undefined): Dim {
  if (bound === undefined || bound.size === undefined) return unknownFrom([bound, d]);
  if (surelyAtLeast(bound, 0)) {
    if (bound.size === 0) return ZERO;
    if (equality(bound, d) === "always") return d;
    const room = compute([d, bound], sub);
    if (surelyAtLeast(room, 0)) return bound;
    return surelyBelow(room, 1) ? d : compute([d, bound], min);
  }
  if (!surelyBelow(bound, 0)) return unknownFrom([bound]);
  const counted = compute([d, bound], add);
  if (surelyAtLeast(counted, 0)) return counted;
  return surelyBelow(counted, 1) ? ZERO : compute([counted], (n) => max(n, 0));
}

const ZERO: Dim = { size: 0 };
