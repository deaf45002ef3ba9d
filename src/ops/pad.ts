import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, type Size } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, asList, list, word } from "./args.ts";
import { below } from "./claims.ts";
import { compute, setBy, show, unknownFrom } from "./dims.ts";
import type { Args, Operator } from "./operator.ts";
import { badArgument, documented, entry, input, ok, type Rule, refuse, tensor, unknownTensor } from "./outcome.ts";

const SIDES = [
  [0, 0],
  [0, 0],
  [1, 1],
  [2, 2],
];

/** Adds elements before and after; negative sides cut. */
const pad = entry({
  name: "pad",
  signature: "… n … -> … lo + n + hi …",
  parameters: {
    sides: "elements before and after, per axis from axis 0: [low, high]",
    mode: "constant, reflect, replicate or circular",
    value: "the constant",
  },
  shape: padShape,
  link: documented("torch.nn.functional.pad"),
  examples: [
    {
      inputs: [[2, 3, 4, 5]],
      args: {
        sides: [
          [0, 0],
          [0, 0],
          [1, 1],
          [2, 0],
        ],
        mode: "constant",
        value: 0,
      },
      gives: [[2, 3, 6, 7]],
    },
    {
      inputs: [["N", 16, "H", "W"]],
      args: {
        sides: [
          [0, 0],
          [8, 8],
          [0, 0],
          [0, 0],
        ],
        mode: "constant",
        value: 0,
      },
      gives: [["N", 32, "H", "W"]],
    },
    { inputs: [[2, 3, 4, 5]], args: { sides: SIDES, mode: "reflect" }, gives: [[2, 3, 6, 9]] },
    { inputs: [["N", 3, "H", "W"]], args: { sides: SIDES, mode: "reflect" }, gives: [["N", 3, "H + 2", "W + 4"]] },
    { inputs: [[2, 3, 1, 5]], args: { sides: SIDES, mode: "replicate" }, gives: [[2, 3, 3, 9]] },
    { inputs: [[2, 3, 1, 2]], args: { sides: SIDES, mode: "circular" }, gives: [[2, 3, 3, 6]] },
    { inputs: [[2, 3, 4, 2]], args: { sides: SIDES, mode: "reflect" }, gives: "argument" },
    { inputs: [[2, 3, 4, 1]], args: { sides: SIDES, mode: "circular" }, gives: "argument" },
    {
      inputs: [[2, 3]],
      args: {
        sides: [
          [0, 0],
          [-1, 0],
        ],
        mode: "constant",
        value: 0,
      },
      gives: [[2, 2]],
    },
    {
      inputs: [[2, 3]],
      args: {
        sides: [
          [0, 0],
          [-2, -2],
        ],
        mode: "constant",
        value: 0,
      },
      gives: "empty",
    },
  ],
});

export const PADS: readonly Operator[] = [pad];

function padShape(inputs: readonly TensorType[], args: Args): ReturnType<Rule> {
  const x = input(inputs, 0);
  const given = list(args, "sides");
  if (x.shape === undefined || given === undefined) return ok([unknownTensor(x.dtype, [x])]);
  const { shape } = x;
  const sides = shape.map((_, i): readonly [Dim, Dim] => {
    const pair = given[i] === undefined ? [ZERO, ZERO] : asList(given[i])?.map(asDim);
    return [pair?.[0] ?? unknownFrom([]), pair?.[1] ?? unknownFrom([])];
  });
  const out = tensor(
    shape.map((d, i) => {
      const [low, high] = sides[i] ?? [ZERO, ZERO];
      if (low.size === 0 && high.size === 0) return d;
      return setBy(
        compute([d, low, high], (n, lo, hi) => add(add(n, lo), hi)),
        "pad",
        [low, high, d],
      );
    }),
    x.dtype,
  );
  if (shape.length < given.length) {
    return badArgument("pad", t("pads {0} axes of a tensor of {1}", given.length, shape.length), [
      unknownTensor(x.dtype),
    ]);
  }
  const mode = word(args, "mode") ?? "constant";
  const guards: Guard[] = [];
  for (const [i, d] of shape.entries()) {
    const padded = sides[i]?.some(({ size }) => size !== 0) ?? false;
    for (const side of sides[i] ?? []) {
      // A reflection needs more elements than it adds, a wrap as many.
      const needed = mode === "reflect" ? 1 : 0;
      if ((mode !== "reflect" && mode !== "circular") || typeof side.size !== "number" || side.size < 1) continue;
      if (!below(d, side.size + needed, guards)) continue;
      const detail =
        mode === "reflect"
          ? t("reflects {0} elements of a length of {1}", side.size, show(d))
          : t("wraps {0} elements of a length of {1}", side.size, show(d));
      return refuse("argument", detail, [out], { input: 0, axes: [i], argument: "padding", expected: side, found: d });
    }
    const length = mode === "constant" ? cut(d, sides[i] ?? []) : out.shape?.[i];
    if (!padded || length === undefined || !below(length, mode === "replicate" ? 1 : 0, guards)) continue;
    const detail = t("the output would have a length of {0}", show(length));
    const kept = out.shape?.map((o, k) => (k === i ? unknownFrom([]) : o));
    return refuse("empty", detail, [{ ...out, shape: kept }], { input: 0, axes: [i], argument: "pad", found: length });
  }
  return ok([out], guards);
}

/** What is left after cutting, before anything is added. */
function cut(d: Dim, sides: readonly Dim[]): Dim {
  const known = sides.flatMap(({ size }) => (typeof size === "number" && size < 0 ? [size] : []));
  return compute([d], (n) => known.reduce<Size>(add, n));
}

const ZERO: Dim = { size: 0 };
