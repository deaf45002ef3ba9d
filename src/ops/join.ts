import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, ceilDiv, mul, type Size, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, dimArg, dimList, list, whole } from "./args.ts";
import { below, differ } from "./claims.ts";
import { better, compute, marked, setBy, show, showShape, unknownFrom } from "./dims.ts";
import type { Args, Operator, Refusal } from "./operator.ts";
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
import { resultType } from "./promote.ts";
import { divides } from "./windows.ts";

const concat = entry({
  name: "concat",
  signature: "… a …, … b … -> … (a + b) …",
  parameters: { axis: "axis along which the inputs are joined" },
  shape: concatShape,
  link: documented("torch.cat"),
  examples: [
    {
      inputs: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      args: { axis: 1 },
      gives: [[2, 8, 4]],
    },
    {
      inputs: [
        ["N", 64, "H", "W"],
        ["N", 32, "H", "W"],
      ],
      args: { axis: -3 },
      gives: [["N", 96, "H", "W"]],
    },
    { inputs: [[0], [2, 3]], args: { axis: 1 }, gives: [[2, 3]] },
    { inputs: [[0], [2, 3]], args: { axis: 0 }, gives: [[2, 3]] },
    {
      inputs: [
        [2, 3, 4],
        [2, 3, 5],
      ],
      args: { axis: 1 },
      gives: "shapes",
    },
    { inputs: [[2, 3], [2]], args: { axis: 1 }, gives: "rank" },
    {
      inputs: [
        [2, 3],
        [2, 3],
      ],
      args: { axis: 2 },
      gives: "argument",
    },
    { inputs: [[]], args: { axis: 0 }, gives: "rank" },
    { inputs: [], args: { axis: 0 }, gives: "argument" },
  ],
});

const stack = entry({
  name: "stack",
  signature: "…, … -> … k …",
  parameters: { axis: "where the new axis stands in the output" },
  shape: stackShape,
  link: documented("torch.stack"),
  examples: [
    {
      inputs: [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      args: { axis: 0 },
      gives: [[3, 2, 3]],
    },
    {
      inputs: [
        ["N", 3],
        ["N", 3],
      ],
      args: { axis: -1 },
      gives: [["N", 3, 2]],
    },
    {
      inputs: [
        [2, 3],
        [2, 4],
      ],
      args: { axis: 0 },
      gives: "shapes",
    },
    { inputs: [[2, 3], [2]], args: { axis: 0 }, gives: "shapes" },
    {
      inputs: [
        [2, 3],
        [2, 3],
      ],
      args: { axis: 3 },
      gives: "argument",
    },
  ],
});

const split = entry({
  name: "split",
  signature: "… (a + b) … -> … a …, … b …",
  parameters: { axis: "axis that is split", sizes: "lengths of the parts, or one length, the last part then the rest" },
  shape: splitShape,
  link: documented("torch.split"),
  examples: [
    {
      inputs: [[2, 6]],
      args: { axis: 1, sizes: [2, 4] },
      gives: [
        [2, 2],
        [2, 4],
      ],
    },
    {
      inputs: [["N", 96, "H", "W"]],
      args: { axis: 1, sizes: [64, 32] },
      gives: [
        ["N", 64, "H", "W"],
        ["N", 32, "H", "W"],
      ],
    },
    {
      inputs: [[2, 7]],
      args: { axis: -1, sizes: 3 },
      gives: [
        [2, 3],
        [2, 3],
        [2, 1],
      ],
    },
    { inputs: [[2, 6]], args: { axis: 1, sizes: [2, 3] }, gives: "shapes" },
    { inputs: [[2, 6]], args: { axis: 2, sizes: [2, 4] }, gives: "argument" },
    { inputs: [[2, 6]], args: { axis: 1, sizes: [-1, 7] }, gives: "argument" },
    { inputs: [[2, 6]], args: { axis: 1, sizes: 0 }, gives: "argument" },
  ],
});

const chunk = entry({
  name: "chunk",
  signature: "… n … -> … a …, … b …",
  parameters: { axis: "axis that is split", chunks: "number of parts wanted; there may be fewer" },
  shape: chunkShape,
  link: documented("torch.chunk"),
  examples: [
    {
      inputs: [[2, 6]],
      args: { axis: 1, chunks: 3 },
      gives: [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
    },
    {
      inputs: [[2, 7]],
      args: { axis: 1, chunks: 3 },
      gives: [
        [2, 3],
        [2, 3],
        [2, 1],
      ],
    },
    {
      inputs: [[2, 6]],
      args: { axis: 1, chunks: 4 },
      gives: [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
    },
    {
      inputs: [["N", 64, "H"]],
      args: { axis: 1, chunks: 2 },
      gives: [
        ["N", 32, "H"],
        ["N", 32, "H"],
      ],
    },
    { inputs: [[2, 6]], args: { axis: 1, chunks: 0 }, gives: "argument" },
    { inputs: [[2, 6]], args: { axis: 2, chunks: 2 }, gives: "argument" },
  ],
});

const unbind = entry({
  name: "unbind",
  signature: "… n … -> … …, …",
  parameters: { axis: "axis that is taken apart" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const asked = whole(args, "axis");
    if (x.shape === undefined || asked === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const axis = axisIn(asked, x.shape.length);
    if (axis === undefined || x.shape.length === 0) return axisRefusal("dim", asked, x.shape.length, [x]);
    const count = x.shape[axis]?.size;
    const part = tensor(
      x.shape.filter((_, i) => i !== axis),
      x.dtype,
    );
    return ok(Array.from({ length: typeof count === "number" ? Math.min(count, MAX_PARTS) : 1 }, () => part));
  },
  link: documented("torch.unbind"),
  examples: [
    { inputs: [[2, 3]], args: { axis: 0 }, gives: [[3], [3]] },
    {
      inputs: [["N", 2, 5]],
      args: { axis: 1 },
      gives: [
        ["N", 5],
        ["N", 5],
      ],
    },
    { inputs: [[2, 3]], args: { axis: 2 }, gives: "argument" },
  ],
});

export const JOINS: readonly Operator[] = [concat, stack, split, chunk, unbind];

/** So that a split of a long axis into single elements stays bounded. */
const MAX_PARTS = 4096;

function concatShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const dtype = resultType(inputs);
  const none = [unknownTensor(dtype, inputs)];
  if (inputs.length === 0) return badArgument("tensors", t("expects at least one tensor"), none);
  const zero = inputs.findIndex(({ shape }) => shape?.length === 0);
  if (zero !== -1) {
    return refuse("rank", t("expects at least {0} axes, gets {1}", 1, 0), none, { input: zero, found: { size: 0 } });
  }
  const asked = whole(args, "axis");
  const wide = inputs.some(({ shape }) => shape !== undefined && 1 < shape.length);
  // PyTorch skips tensors of shape [0] for the sake of old code.
  const joined = inputs.flatMap((x, index) => (isSkipped(x, wide) ? [] : [{ x, index }]));
  const first = joined.find(({ x }) => x.shape !== undefined) ?? joined[0];
  const model = first === undefined ? inputs[0]?.shape : first.x.shape;
  if (model === undefined || asked === undefined) return ok(none);
  const axis = axisIn(asked, model.length);
  if (first === undefined) return ok([tensor(model, dtype)]);
  if (axis === undefined) return axisRefusal("dim", asked, model.length, none);
  const guards: Guard[] = [];
  const shape = [...model];
  const lengths: Dim[] = [];
  let misfit: Refusal | undefined;
  for (const { x, index } of joined) {
    if (x.shape === undefined) {
      lengths.push(unknownFrom([x]));
      continue;
    }
    if (x.shape.length !== model.length) {
      const detail = t("expects {0} axes, gets {1}", model.length, x.shape.length);
      const more = { input: index, expected: { size: model.length }, found: { size: x.shape.length } };
      return refuse("rank", detail, none, more);
    }
    const own = x.shape;
    const axes = shape.flatMap((d, i) => (i !== axis && differ(d, own[i] ?? d, guards) ? [i] : []));
    for (const [i, d] of own.entries()) {
      const before = shape[i];
      if (i === axis) lengths.push(d);
      else if (before !== undefined && !axes.includes(i)) shape[i] = better(before, d);
    }
    const [at] = axes;
    if (at !== undefined && misfit === undefined) {
      const detail = t("cannot join {0} with {1} along axis {2}", showShape(own), showShape(model), axis);
      const [expected, found] = [shape[at], own[at]];
      misfit = refuse("shapes", detail, [], {
        input: index,
        axes,
        ...(expected === undefined ? {} : { expected }),
        ...(found === undefined ? {} : { found }),
      });
    }
  }
  const [only] = lengths;
  shape[axis] = lengths.length === 1 && only !== undefined ? only : setBy(compute(lengths, sum), "cat", lengths);
  const out = [tensor(shape, dtype)];
  return misfit === undefined ? ok(out, guards) : { ...misfit, assume: out };
}

function stackShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const dtype = resultType(inputs);
  const none = [unknownTensor(dtype, inputs)];
  if (inputs.length === 0) return badArgument("tensors", t("expects at least one tensor"), none);
  const asked = whole(args, "axis");
  const model = inputs.find(({ shape }) => shape !== undefined)?.shape;
  if (model === undefined || asked === undefined) return ok(none);
  const axis = axisIn(asked, model.length + 1);
  if (axis === undefined) return axisRefusal("dim", asked, model.length + 1, none);
  const guards: Guard[] = [];
  const shape = [...model];
  const wrap = (): readonly TensorType[] => {
    const count = setBy({ size: inputs.length }, "stack", []);
    return [tensor([...shape.slice(0, axis), count, ...shape.slice(axis)], dtype)];
  };
  for (const [index, { shape: own }] of inputs.entries()) {
    if (own === undefined) continue;
    const axes = own.flatMap((d, i) => (differ(shape[i] ?? d, d, guards) ? [i] : []));
    if (axes.length !== 0 || own.length !== shape.length) {
      const detail = t("expects tensors of one shape, gets {0} and {1}", showShape(model), showShape(own));
      return refuse("shapes", detail, wrap(), { input: index, axes });
    }
    for (const [i, d] of own.entries()) shape[i] = better(shape[i] ?? d, d);
  }
  return ok(wrap(), guards);
}

function splitShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const asked = whole(args, "axis");
  const one = asDim(args.sizes);
  const sizes = dimList(args, "sizes")?.map((d) => d ?? unknownFrom([]));
  const none = [unknownTensor(x.dtype, [x])];
  if (x.shape === undefined || asked === undefined) return ok(list(args, "sizes")?.map(() => none[0] ?? x) ?? none);
  const axis = axisIn(asked, x.shape.length);
  const length = axis === undefined ? undefined : x.shape[axis];
  if (axis === undefined || length === undefined) return axisRefusal("dim", asked, x.shape.length, none);
  if (one !== undefined) return pieces(x, axis, length, one, "split_size");
  if (sizes === undefined) return ok(none);
  const parts = sizes.map((d) => part(x, axis, setBy(d, "split_sizes", [d])));
  const bad = sizes.find(({ size }) => typeof size === "number" && size < 0);
  if (bad !== undefined) {
    return badArgument("split_sizes", t("{0} must be at least {1}, is {2}", "split_sizes", 0, show(bad)), parts, bad);
  }
  const guards: Guard[] = [];
  const total = compute(sizes, sum);
  if (!differ(total, length, guards)) return ok(parts, guards);
  const detail = t("sizes {0} do not sum to {1}", showShape(sizes), show(length));
  return refuse("shapes", detail, parts, {
    input: 0,
    axes: [axis],
    argument: "split_sizes",
    expected: total,
    found: length,
  });
}

function chunkShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const [asked, chunks] = [whole(args, "axis"), whole(args, "chunks")];
  const none = unknownTensor(x.dtype, [x]);
  if (chunks !== undefined && chunks < 1) {
    return badArgument("chunks", t("{0} must be at least {1}, is {2}", "chunks", 1, chunks), [none], { size: chunks });
  }
  if (chunks === undefined) return ok([none]);
  if (x.shape === undefined || asked === undefined) return ok(Array.from({ length: chunks }, () => none));
  const axis = axisIn(asked, x.shape.length);
  const length = axis === undefined ? undefined : x.shape[axis];
  if (axis === undefined || length === undefined || x.shape.length === 0) {
    return axisRefusal("dim", asked, x.shape.length, [none]);
  }
  const size = setBy(
    compute([length], (n) => ceilDiv(n, chunks)),
    "chunks",
    [dimArg(args, "chunks"), length],
  );
  if (length.size === 0) return ok(Array.from({ length: chunks }, () => x));
  if (typeof length.size === "number") return pieces(x, axis, length, size, "chunks");
  const exact = divides(chunks, length);
  // How many parts there are, and so their lengths, depends on the length unless it is halved or divided evenly.
  if (!exact && chunks !== 2) return ok(Array.from({ length: chunks }, () => part(x, axis, unknownFrom([length]))));
  const guards: Guard[] = [];
  if (below(length, chunks, guards)) return ok([part(x, axis, unknownFrom([length]))]);
  const rest = compute([length, size], (n, each) => sub(n, mul(each, chunks - 1)));
  const last = exact ? size : setBy(rest, "chunks", [dimArg(args, "chunks"), length]);
  return ok(
    Array.from({ length: chunks }, (_, i) => part(x, axis, i < chunks - 1 ? size : last)),
    guards,
  );
}

/** Parts of one length, the last one the rest. */
function pieces(x: TensorType, axis: number, length: Dim, size: Dim, argument: string): ReturnType<Rule> {
  const none = [unknownTensor(x.dtype, [x])];
  if (
    typeof size.size === "number" &&
    (size.size < 0 || (size.size === 0 && length.size !== 0 && length.size !== undefined))
  ) {
    return badArgument(argument, t("{0} must be at least {1}, is {2}", argument, 1, size.size), none, size);
  }
  if (typeof size.size !== "number" || typeof length.size !== "number") {
    return ok([part(x, axis, unknownFrom([size, length]))]);
  }
  const count = size.size === 0 ? 1 : Math.max(1, Math.ceil(length.size / size.size));
  if (MAX_PARTS < count) return ok(none);
  const step = size.size;
  const total = length.size;
  return ok(
    Array.from({ length: count }, (_, i) =>
      part(x, axis, setBy({ size: Math.min(step, total - i * step) }, argument, [size, length])),
    ),
  );
}

function sum(...sizes: readonly Size[]): Size {
  return sizes.reduce(add, 0);
}

function part(x: TensorType, axis: number, length: Dim): TensorType {
  return tensor(x.shape?.map((d, i) => (i === axis ? marked(length, [d]) : d)) ?? [], x.dtype);
}

/** Beside tensors of more axes one of an unknown length can only be [0]. */
function isSkipped(x: TensorType, wide: boolean): boolean {
  const [only] = x.shape ?? [];
  return x.shape?.length === 1 && (only?.size === 0 || (wide && only?.size === undefined));
}
