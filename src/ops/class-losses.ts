import type { TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { t } from "../text/text.ts";
import { differ } from "./claims.ts";
import { showShape } from "./dims.ts";
import type { Example, Operator } from "./operator.ts";
import { documented, entry, input, ok, refuse, tensor, unknownTensor } from "./outcome.ts";

/** What is left of a loss: one number, or one for each of the axes kept. */
const reduced = (kept: TensorType, reduction: unknown): TensorType =>
  reduction === "none" ? kept : tensor([], kept.dtype);

/** A loss of scores by class against the number of the right one. */
function classLoss(name: string, anyRank: boolean, examples: readonly Example[]): Operator {
  return entry({
    name,
    signature: anyRank ? "n classes …, n … -> n …" : "n? classes, n? -> n?",
    parameters: { reduction: "mean, sum or none" },
    shape: (inputs, args) => {
      const [x, target] = [input(inputs, 0), input(inputs, 1)];
      if (x.shape === undefined) return ok([reduced(unknownTensor(x.dtype, [x]), args.reduction)]);
      const axis = x.shape.length === 1 ? 0 : 1;
      const rest = x.shape.filter((_, i) => i !== axis);
      const out = [reduced(tensor(rest, x.dtype), args.reduction)];
      if (target.dtype?.startsWith("float"))
        return refuse("dtype", t("expects {0}, gets {1}", "int64", target.dtype), out, { input: 1 });
      if (target.shape === undefined) return ok(out);
      const own = target.shape;
      const guards: Guard[] = [];
      const axes = rest.flatMap((d, i) => (differ(d, own[i] ?? d, guards) ? [i] : []));
      if (own.length === rest.length && axes.length === 0) return ok(out, guards);
      const detail = t("expects a target of shape {0}, gets {1}", showShape(rest), showShape(own));
      return refuse("shapes", detail, out, { input: 1, axes });
    },
    link: documented(`torch.nn.functional.${name}`),
    examples: [
      { inputs: [[4, 10], [4]], args: { reduction: "mean" }, dtypes: ["float32", "int64"], gives: [[]] },
      { inputs: [[4, 10], [4]], args: { reduction: "none" }, dtypes: ["float32", "int64"], gives: [[4]] },
      { inputs: [[4, 10], [5]], args: { reduction: "mean" }, dtypes: ["float32", "int64"], gives: "shapes" },
      ...examples,
    ],
  });
}

export const CLASS_LOSSES: readonly Operator[] = [
  classLoss("nll_loss", true, [
    { inputs: [[10], []], args: { reduction: "none" }, dtypes: ["float32", "int64"], gives: [[]] },
    {
      inputs: [
        [2, 10, 5, 5],
        [2, 5, 5],
      ],
      args: { reduction: "none" },
      dtypes: ["float32", "int64"],
      gives: [[2, 5, 5]],
    },
    { inputs: [[4, 10], [4]], args: { reduction: "mean" }, gives: "dtype" },
  ]),
  classLoss("multi_margin_loss", false, []),
];
