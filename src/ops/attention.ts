import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { broadcastShapes } from "./broadcast.ts";
import { differ, equality, surelyAtLeast } from "./claims.ts";
import { compute, product, sameDim, show, showShape, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import { documented, entry, input, ok, rankBelow, refuse, tensor, unknownTensor } from "./outcome.ts";

/** Examples of queries, keys (the values have their shape) and a mask. */
function masks(
  rows: readonly (readonly [readonly number[], readonly number[], readonly number[], readonly number[] | "shapes"])[],
): Operator["examples"] {
  return rows.map(([q, k, mask, gives]) => ({
    inputs: [q, k, k, mask],
    args: { causal: false },
    gives: gives === "shapes" ? gives : [gives],
  }));
}

/** Scaled dot-product attention; an optional fourth input is the mask. */
const attention: Operator = entry({
  name: "attention",
  signature: "… l e, … s e, … s v -> … l v",
  parameters: {
    causal: "each position sees itself and those before",
    scale: "factor of the products; null: 1/√e",
    strided: "the elements of a row do not lie next to each other; null: that is not known",
  },
  shape: (inputs) => {
    const [q, k, v] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)];
    const mask = inputs[3];
    const none = [unknownTensor(q.dtype, [q, k, v])];
    const rank = rankBelow(q, 2, none, 0) ?? rankBelow(k, 2, none, 1) ?? rankBelow(v, 2, none, 2);
    if (rank !== undefined) return rank;
    if (q.shape === undefined || k.shape === undefined || v.shape === undefined) return ok(none);
    const guards: Guard[] = [];
    const batch = broadcastShapes([q.shape.slice(0, -2), k.shape.slice(0, -2), v.shape.slice(0, -2)], guards);
    const length = q.shape.at(-2) ?? unknownFrom([q]);
    const width = v.shape.at(-1) ?? unknownFrom([v]);
    const out = [tensor([...batch.shape, length, width], q.dtype)];
    if (batch.misfits.length !== 0) {
      return refuse("shapes", t("cannot broadcast {0} with {1}", showShape(q.shape), showShape(k.shape)), out, {
        input: 1,
        axes: batch.misfits,
      });
    }
    const pairs = [
      { index: 1, axis: k.shape.length - 1, expected: q.shape.at(-1), found: k.shape.at(-1) },
      { index: 2, axis: v.shape.length - 2, expected: k.shape.at(-2), found: v.shape.at(-2) },
    ];
    for (const { index, axis, expected, found } of pairs) {
      if (expected === undefined || found === undefined || !differ(expected, found, guards)) continue;
      const detail = t("expects a length of {0} along axis {1}, gets {2}", show(expected), axis, show(found));
      return refuse("shapes", detail, out, { input: index, axes: [axis], expected, found });
    }
    if (mask?.shape !== undefined) {
      const scores = [...batch.shape, length, k.shape.at(-2) ?? unknownFrom([k])];
      const axes = ungrown(scores, mask.shape, guards);
      if (axes.length !== 0) {
        const detail = t("cannot broadcast {0} with {1}", showShape(mask.shape), showShape(scores));
        return refuse("shapes", detail, out, { input: 3, axes });
      }
    }
    return ok(out, guards);
  },
  cost: (inputs, args, outputs) => {
    const [q, k, v] = [input(inputs, 0).shape, input(inputs, 1).shape, input(inputs, 2).shape];
    const out = outputs[0]?.shape;
    if (q === undefined || k === undefined || v === undefined || out === undefined) return undefined;
    // PyTorch's counter does not see the fused kernel that the CPU takes for operands of such heads and widths.
    const fused = args.strided === true ? false : isFused(inputs);
    if (fused === undefined || (fused && args.strided === null)) return undefined;
    if (fused) return 0;
    const keys = k.at(-2) ?? unknownFrom([]);
    const batch = broadcastShapes([q.slice(0, -2), k.slice(0, -2)], []).shape;
    const products = product([...batch, q.at(-2) ?? unknownFrom([]), keys, q.at(-1) ?? unknownFrom([])]);
    return compute([products, product([...out, keys])], add).size;
  },
  link: documented("torch.nn.functional.scaled_dot_product_attention"),
  examples: [
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 3, 6, 8],
        [2, 3, 6, 8],
      ],
      args: { causal: false },
      gives: [[2, 3, 4, 8]],
    },
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 3, 6, 8],
        [2, 3, 6, 7],
      ],
      args: { causal: false },
      gives: [[2, 3, 4, 7]],
    },
    {
      inputs: [
        ["N", 8, "L", 64],
        ["N", 8, "L", 64],
        ["N", 8, "L", 64],
      ],
      args: { causal: true },
      gives: [["N", 8, "L", 64]],
    },
    {
      inputs: [
        [4, 8],
        [5, 8],
        [5, 8],
      ],
      args: { causal: false },
      gives: [[4, 8]],
    },
    {
      inputs: [
        [2, 4, 8],
        [2, 5, 8],
        [2, 5, 8],
      ],
      args: { causal: false },
      gives: [[2, 4, 8]],
    },
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 1, 5, 8],
        [2, 1, 5, 8],
      ],
      args: { causal: false },
      gives: [[2, 3, 4, 8]],
    },
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 1, 5, 8],
        [2, 3, 5, 8],
      ],
      args: { causal: false },
      gives: [[2, 3, 4, 8]],
    },
    {
      inputs: [
        [1, 3, 4, 8],
        [2, 3, 4, 8],
        [2, 3, 4, 8],
      ],
      args: { causal: false },
      gives: [[2, 3, 4, 8]],
    },
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 3, 4, 7],
        [2, 3, 4, 8],
      ],
      args: { causal: false },
      gives: "shapes",
    },
    {
      inputs: [
        [2, 3, 4, 8],
        [2, 4, 5, 8],
        [2, 4, 5, 8],
      ],
      args: { causal: false },
      gives: "shapes",
    },
    ...masks([
      [
        [2, 3, 4, 8],
        [2, 3, 5, 8],
        [4, 5],
        [2, 3, 4, 8],
      ],
      [
        [2, 3, 4, 8],
        [2, 3, 5, 8],
        [1, 3, 4, 5],
        [2, 3, 4, 8],
      ],
      [
        [2, 3, 4, 8],
        [2, 3, 5, 8],
        [3, 4, 5],
        [2, 3, 4, 8],
      ],
      [[2, 3, 1, 8], [2, 3, 5, 8], [4, 5], "shapes"],
      [[1, 3, 4, 8], [1, 3, 5, 8], [2, 3, 4, 5], "shapes"],
      [[2, 3, 4, 8], [2, 3, 1, 8], [4, 5], "shapes"],
      [[2, 3, 4, 8], [2, 3, 5, 8], [4, 6], "shapes"],
    ]),
    { inputs: [[8], [8], [8]], args: { causal: false }, gives: "rank" },
  ],
});

export const ATTENTION: readonly Operator[] = [attention];

/** PyTorch's own conditions, as far as they concern shapes; undefined where it depends on the sizes. */
function isFused(inputs: readonly TensorType[]): boolean | undefined {
  const shapes = inputs.slice(0, 3).map((x) => x.shape ?? []);
  const [q = [], k = [], v = []] = shapes;
  if (shapes.some((shape) => shape.length !== q.length) || q.length < 3 || 4 < q.length) return false;
  const mask = inputs[3];
  const [heads, keys, values] = [q.at(-3), k.at(-3), v.at(-3)];
  const [width, other] = [q.at(-1), v.at(-1)];
  if (heads === undefined || keys === undefined || values === undefined) return false;
  if (width === undefined || other === undefined) return false;
  return all([
    ...q.slice(0, -3).flatMap((dim, i) => [agree(dim, k[i] ?? dim), agree(dim, v[i] ?? dim)]),
    agree(keys, values),
    // One head of keys and values serves all heads of queries.
    keys.size === 1 ? true : agree(heads, keys),
    known(equality(width, other)),
    // A mask has 1 or the products' own length along each axis, or it is refused.
    mask === undefined || mask.shape?.length === 2 ? true : mask.shape && mask.shape.length === q.length,
  ]);
}

/** The mask is added in place: axes of it along which it is neither 1 nor as long as the products are. */
function ungrown(scores: readonly Dim[], mask: readonly Dim[], guards: Guard[]): readonly number[] {
  return mask.flatMap((own, axis) => {
    const at = axis - mask.length + scores.length;
    const wanted = scores[at] ?? { size: 1 };
    const isOne = equality(own, { size: 1 });
    if (isOne === "always" || (isOne !== "never" && equality(own, wanted) !== "never")) return [];
    return differ(wanted, own, guards) ? [axis] : [];
  });
}

/** Whether two lengths that broadcast are equal: lengths above 1 are, or they are refused. */
function agree(a: Dim, b: Dim): boolean | undefined {
  if (sameDim(a, b) || (surelyAtLeast(a, 2) && surelyAtLeast(b, 2))) return true;
  return known(equality(a, b));
}

function known(verdict: ReturnType<typeof equality>): boolean | undefined {
  return verdict === "always" ? true : verdict === "never" ? false : undefined;
}

function all(demands: readonly (boolean | undefined)[]): boolean | undefined {
  if (demands.includes(false)) return false;
  return demands.includes(undefined) ? undefined : true;
}
