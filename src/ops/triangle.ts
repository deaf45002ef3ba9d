import type { Dim, TensorType } from "../shape/dim.ts";
import { add, max, min, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { whole } from "./args.ts";
import { compute, setBy, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  rankBelow,
  tensor,
  unknownTensor,
} from "./outcome.ts";

/** Triangles and diagonals of matrices. */

function triangle(name: string): Operator {
  return entry({
    name,
    signature: "… n m -> … n m",
    parameters: { diagonal: "the last diagonal that is kept, 0 the main one, above it positive" },
    shape: (inputs) => {
      const x = input(inputs, 0);
      return rankBelow(x, 2, [x]) ?? ok([x]);
    },
    link: documented(`torch.${name}`),
    examples: [
      { inputs: [[3, 4]], args: { diagonal: 0 }, gives: [[3, 4]] },
      { inputs: [["N", "L", "L"]], args: { diagonal: 1 }, gives: [["N", "L", "L"]] },
      { inputs: [[3]], args: { diagonal: 0 }, gives: "rank" },
    ],
  });
}

/** The diagonal of two axes, as a new last axis. */
const diagonal = entry({
  name: "diagonal",
  signature: "… n m -> … min(n, m)",
  parameters: { offset: "which diagonal, 0 the main one, above it positive", a: "first axis", b: "second axis" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const [a, b, offset] = [whole(args, "a") ?? 0, whole(args, "b") ?? 1, whole(args, "offset")];
    if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const { shape } = x;
    const [first, second] = [axisIn(a, shape.length), axisIn(b, shape.length)];
    const none = [unknownTensor(x.dtype, [x])];
    if (first === undefined) return axisRefusal("dim1", a, shape.length, none);
    if (second === undefined) return axisRefusal("dim2", b, shape.length, none);
    if (first === second) return badArgument("dim2", t("axis {0} appears more than once", b), none, { size: b });
    const [n, m] = [shape[first] ?? unknownFrom([]), shape[second] ?? unknownFrom([])];
    const length =
      offset === undefined
        ? unknownFrom([])
        : compute([n, m], (rows, columns) =>
            max(0, offset < 0 ? min(add(rows, offset), columns) : min(rows, sub(columns, offset))),
          );
    const rest = shape.filter((_, i) => i !== first && i !== second);
    return ok([tensor([...rest, setBy(length, "diagonal", [n, m])], x.dtype)]);
  },
  link: documented("torch.diagonal"),
  examples: [
    { inputs: [[3, 4]], args: { offset: 0, a: 0, b: 1 }, gives: [[3]] },
    { inputs: [[5, 3, 4]], args: { offset: 1, a: -2, b: -1 }, gives: [[5, 3]] },
    { inputs: [[5, 3, 4]], args: { offset: -2, a: 1, b: 2 }, gives: [[5, 1]] },
    { inputs: [[3, 4]], args: { offset: 9, a: 0, b: 1 }, gives: [[0]] },
    { inputs: [["N", 8, 8]], args: { offset: 0, a: 1, b: 2 }, gives: [["N", 8]] },
    { inputs: [[3, 4]], args: { offset: 0, a: 0, b: 2 }, gives: "argument" },
    { inputs: [[3, 4]], args: { offset: 0, a: 1, b: -1 }, gives: "argument" },
  ],
});

/** Square matrices with the last axis on a diagonal. */
const diagEmbed = entry({
  name: "diag_embed",
  signature: "… n -> … m m",
  parameters: { offset: "which diagonal" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const offset = whole(args, "offset") ?? 0;
    if (x.shape === undefined) return ok([unknownTensor(x.dtype, [x])]);
    const low = rankBelow(x, 1, [x]);
    if (low !== undefined) return low;
    const last: Dim = x.shape.at(-1) ?? { size: 1 };
    const side = offset === 0 ? last : compute([last], (n) => add(n, Math.abs(offset)));
    const out: TensorType = tensor([...x.shape.slice(0, -1), side, side], x.dtype);
    return ok([out]);
  },
  link: documented("torch.diag_embed"),
  examples: [
    { inputs: [[2, 3]], args: { offset: 0 }, gives: [[2, 3, 3]] },
    { inputs: [["N", 3]], args: { offset: -2 }, gives: [["N", 5, 5]] },
    { inputs: [[]], args: { offset: 0 }, gives: "rank" },
  ],
});

export const TRIANGLES: readonly Operator[] = [triangle("tril"), triangle("triu"), diagonal, diagEmbed];
