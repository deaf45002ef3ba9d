import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { dimList, wholeList } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { differ, equality } from "./claims.ts";
import { showShape, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import { axisIn, axisRefusal, entry, input, ok, refuse, tensor, unknownTensor } from "./outcome.ts";

const ONE: Dim = { size: 1 };
const LINK = "https://docs.pytorch.org/docs/stable/tensor_view.html";

/** Whether a tensor of this type can pick elements by number. */
function picks(type: TensorType): boolean {
  return type.dtype === undefined || type.dtype === "int64" || type.dtype === "int32";
}

/** `x[i, j]`, `x[:, i, :, j]`: several index tensors at once. */
const index = entry({
  name: "index",
  signature: "… a … b …, …, … -> … … …",
  parameters: { axes: "the axis that each index tensor picks from, ascending" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const indices = inputs.slice(1);
    const asked = wholeList(args, "axes");
    const lost = indices.find(({ shape }) => shape === undefined);
    if (x.shape === undefined || asked === undefined || lost !== undefined)
      return ok([unknownTensor(x.dtype, lost === undefined ? [x] : [lost])]);
    const { shape } = x;
    const axes: number[] = [];
    for (const axis of asked) {
      const at = axisIn(axis, shape.length);
      if (at === undefined) return axisRefusal("axes", axis, shape.length, [unknownTensor(x.dtype)]);
      axes.push(at);
    }
    const guards: Guard[] = [];
    const made = broadcastShapes(
      indices.map((one) => one.shape ?? []),
      guards,
    );
    // Where the picked axes stand side by side the result's stand there too, else in front.
    const isAdjacent = axes.every((axis, i) => i === 0 || axis === (axes[i - 1] ?? 0) + 1);
    const first = isAdjacent ? (axes[0] ?? 0) : 0;
    const rest = shape.flatMap((d, i): readonly Dim[] => (axes.includes(i) ? [] : [d]));
    const out = [tensor([...rest.slice(0, first), ...made.shape, ...rest.slice(first)], x.dtype)];
    const wrongType = indices.findIndex((one) => !picks(one));
    if (0 <= wrongType) {
      const detail = t("expects {0}, gets {1}", "int64", indices[wrongType]?.dtype ?? "?");
      return refuse("dtype", detail, out, { input: wrongType + 1 });
    }
    if (made.misfits.length === 0) return ok(out, guards);
    const detail = t("cannot broadcast the indices {0}", indices.map((one) => showShape(one.shape ?? [])).join(", "));
    return refuse("shapes", detail, out, { input: 1 });
  },
  link: LINK,
  examples: [
    { inputs: [[5, 6, 7], [2], [2]], args: { axes: [0, 1] }, dtypes: ["float32", "int64", "int64"], gives: [[2, 7]] },
    { inputs: [[5, 6, 7], [2], [2]], args: { axes: [0, 2] }, dtypes: ["float32", "int64", "int64"], gives: [[2, 6]] },
    {
      inputs: [[5, 6, 7], [2], [3, 1]],
      args: { axes: [1, 2] },
      dtypes: ["float32", "int64", "int64"],
      gives: [[5, 3, 2]],
    },
    {
      inputs: [["N", 10], ["N"], ["N"]],
      args: { axes: [0, 1] },
      dtypes: ["float32", "int64", "int64"],
      gives: [["N"]],
    },
    { inputs: [[5, 6], [2], [3]], args: { axes: [0, 1] }, dtypes: ["float32", "int64", "int64"], gives: "shapes" },
    { inputs: [[5, 6], [2], [2]], args: { axes: [0, 1] }, gives: "dtype" },
  ],
});

/** `x[…] = value`: the tensor keeps its shape. */
const assign = entry({
  name: "assign",
  signature: "…, … -> …",
  parameters: {
    selected: "lengths of what the index selects; null: not known",
    views: "the views that select it, one after another; null: not by views alone",
    value: "the number that is written; null: a tensor, or not known",
  },
  shape: (inputs, args) => {
    const [x, value] = [input(inputs, 0), inputs[1]];
    const selected = dimList(args, "selected")?.map((d) => d ?? unknownFrom([]));
    if (value?.shape === undefined || selected === undefined) return ok([x]);
    const own = value.shape;
    const guards: Guard[] = [];
    const axes = own.flatMap((d, i) => {
      // Axes in front of those that are selected must be 1.
      const into = selected[i - own.length + selected.length] ?? ONE;
      const isOne = equality(d, ONE);
      if (isOne === "always") return [];
      if (isOne !== "sometimes" || equality(into, d) !== "never") return differ(into, d, guards) ? [i] : [];
      if (d.size !== undefined) guards.push({ kind: "equal", left: d.size, right: 1 });
      return [];
    });
    if (axes.length === 0) return ok([x], guards);
    const detail = t("cannot write {0} into {1}", showShape(value.shape), showShape(selected));
    return refuse("broadcast", detail, [x], { input: 1, axes });
  },
  link: LINK,
  examples: [
    { inputs: [[4, 6], [3]], args: { selected: [4, 3] }, gives: [[4, 6]] },
    {
      inputs: [
        ["N", 64],
        ["N", 1],
      ],
      args: { selected: ["N", 32] },
      gives: [["N", 64]],
    },
    {
      inputs: [
        [4, 6],
        [1, 1, 3],
      ],
      args: { selected: [4, 3] },
      gives: [[4, 6]],
    },
    { inputs: [[4, 6]], args: { selected: [3] }, gives: [[4, 6]] },
    { inputs: [[4, 6], [2]], args: { selected: [4, 3] }, gives: "broadcast" },
    {
      inputs: [
        [4, 6],
        [2, 4, 3],
      ],
      args: { selected: [4, 3] },
      gives: "broadcast",
    },
  ],
});

export const INDEXING: readonly Operator[] = [index, assign];
