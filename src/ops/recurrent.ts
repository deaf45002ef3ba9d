import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimArg, flag, whole } from "./args.ts";
import { below, differ } from "./claims.ts";
import { compute, product, setBy, show, showShape, timesDim, unknownFrom } from "./dims.ts";
import { refuseIntegral } from "./dtypes.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
import { documented, entry, input, ok, type Rule, rankRefusal, refuse, tensor, unknownTensor } from "./outcome.ts";

/**
 * A recurrent layer over a sequence. Inputs: the sequence, then as many initial states as `states` says, then the
 * weights of each layer and direction. Outputs: the sequence of hidden states, and each state after the last step.
 */
function recurrent(name: "rnn" | "gru" | "lstm", gates: number, link: string, more: readonly Example[]): Operator {
  const layer = { input_size: 8, hidden_size: 6, layers: 1, bidirectional: false, batch_first: true, proj_size: 0 };
  const results = name === "lstm" ? 2 : 1;
  const states = (...shape: readonly (number | string)[]): readonly (readonly (number | string)[])[] =>
    Array.from({ length: results }, () => shape);
  return entry({
    name,
    signature:
      name === "lstm" ? "n l input_size -> n l h, layers n h, layers n c" : "n l input_size -> n l h, layers n h",
    parameters: {
      input_size: "declared features of the sequence",
      hidden_size: "features of a hidden state",
      layers: "layers, one on the other",
      bidirectional: "a second pass from the end, joined along the features",
      batch_first: "the batch axis stands before the sequence's",
      proj_size: "features that hidden states are projected to; 0: none",
      states: "initial states that follow the sequence; the rest are weights",
    },
    shape: (inputs, args) => recurrentShape(inputs, args, results),
    cost: (inputs, args) => recurrentCost(inputs, args, gates, name === "lstm"),
    link: documented(link),
    examples: [
      { inputs: [[2, 5, 8]], args: layer, gives: [[2, 5, 6], ...states(1, 2, 6)] },
      { inputs: [[2, 5, 8]], args: { ...layer, batch_first: false }, gives: [[2, 5, 6], ...states(1, 5, 6)] },
      {
        inputs: [[2, 5, 8]],
        args: { ...layer, layers: 2, bidirectional: true },
        gives: [[2, 5, 12], ...states(4, 2, 6)],
      },
      { inputs: [["N", "L", 8]], args: layer, gives: [["N", "L", 6], ...states(1, "N", 6)] },
      { inputs: [[5, 8]], args: layer, gives: [[5, 6], ...states(1, 6)] },
      {
        inputs: [[2, 5, 8], ...states(1, 2, 6)],
        args: { ...layer, states: results },
        gives: [[2, 5, 6], ...states(1, 2, 6)],
      },
      { inputs: [[2, 5, 8], ...states(1, 5, 6)], args: { ...layer, states: results }, gives: "shapes" },
      { inputs: [[2, 5, 8], ...states(1, 6)], args: { ...layer, states: results }, gives: "rank" },
      { inputs: [[2, 5, 7]], args: layer, gives: "channels" },
      { inputs: [[2, 0, 8]], args: layer, gives: "empty" },
      { inputs: [[2, 5, 8, 8]], args: layer, gives: "rank" },
      { inputs: [[8]], args: layer, gives: "rank" },
      { inputs: [[2, 5, 8]], args: layer, dtypes: ["int64"], gives: "dtype" },
      ...more,
    ],
  });
}

const PROJECTED = { input_size: 8, hidden_size: 6, layers: 2, bidirectional: true, batch_first: true, proj_size: 3 };

export const RECURRENT: readonly Operator[] = [
  recurrent("rnn", 1, "torch.nn.RNN", []),
  recurrent("gru", 3, "torch.nn.GRU", []),
  recurrent("lstm", 4, "torch.nn.LSTM", [
    {
      inputs: [[2, 5, 8]],
      args: PROJECTED,
      gives: [
        [2, 5, 6],
        [4, 2, 3],
        [4, 2, 6],
      ],
    },
    {
      inputs: [
        [2, 5, 8],
        [4, 2, 3],
        [4, 2, 6],
      ],
      args: { ...PROJECTED, states: 2 },
      gives: [
        [2, 5, 6],
        [4, 2, 3],
        [4, 2, 6],
      ],
    },
    {
      inputs: [
        [2, 5, 8],
        [4, 2, 3],
        [4, 2, 3],
      ],
      args: { ...PROJECTED, states: 2 },
      gives: "shapes",
    },
  ]),
];

interface Setup {
  readonly hidden: Dim;
  /** What a layer hands on: the projection, else the hidden state. */
  readonly handed: Dim;
  readonly layers: Dim;
  readonly directions: number;
}

function setupOf(args: Args): Setup {
  const hidden = dimArg(args, "hidden_size") ?? unknownFrom([]);
  const projected = dimArg(args, "proj_size");
  const none = projected === undefined || projected.size === 0;
  return {
    hidden,
    handed: none ? hidden : projected,
    layers: dimArg(args, "layers") ?? { size: 1 },
    directions: flag(args, "bidirectional") ? 2 : 1,
  };
}

function recurrentShape(inputs: readonly TensorType[], args: Args, results: number): ReturnType<Rule> {
  const x = input(inputs, 0);
  const { hidden, handed, layers, directions } = setupOf(args);
  const none = Array.from({ length: results + 1 }, () => unknownTensor(x.dtype, [x]));
  const rank = rankRefusal(x, [2, 3], none);
  if (rank !== undefined) return rank;
  if (x.shape === undefined) return ok(none);
  const batched = x.shape.length === 3;
  const [time, batch] = flag(args, "batch_first") || !batched ? [batched ? 1 : 0, 0] : [0, 1];
  const features = setBy(timesDim(handed, { size: directions }), "hidden_size", [handed]);
  const stack = setBy(timesDim(layers, { size: directions }), "num_layers", [layers]);
  const rows = batched ? [stack, x.shape[batch] ?? unknownFrom([x])] : [stack];
  const states = [
    [...rows, setBy(handed, "hidden_size", [handed])],
    [...rows, setBy(hidden, "hidden_size", [hidden])],
  ];
  const outputs = [
    tensor([...x.shape.slice(0, -1), features], x.dtype),
    ...states.slice(0, results).map((shape) => tensor(shape, x.dtype)),
  ];
  const guards: Guard[] = [];
  const axis = x.shape.length - 1;
  const expected = dimArg(args, "input_size");
  const found = x.shape[axis];
  if (expected !== undefined && found !== undefined && differ(expected, found, guards)) {
    const detail = t("expects {0} features, gets {1}", show(expected), show(found));
    return refuse("channels", detail, outputs, { input: 0, axes: [axis], argument: "input_size", expected, found });
  }
  const refusal = refuseIntegral(x, outputs) ?? refusedStates(inputs, args, states, outputs, guards);
  if (refusal !== undefined) return refusal;
  const length = x.shape[time] ?? unknownFrom([x]);
  if (below(length, 1, guards))
    return refuse("empty", t("axis {0} of the input is empty", time), outputs, { input: 0, axes: [time] });
  return ok(outputs, guards);
}

function refusedStates(
  inputs: readonly TensorType[],
  args: Args,
  states: readonly (readonly Dim[])[],
  outputs: readonly TensorType[],
  guards: Guard[],
): Refusal | undefined {
  for (let i = 0; i < (whole(args, "states") ?? 0); i++) {
    const own = inputs[i + 1]?.shape;
    const wanted = states[i];
    if (own === undefined || wanted === undefined) continue;
    const detail = t("expects a state of shape {0}, gets {1}", showShape(wanted), showShape(own));
    if (own.length !== wanted.length) return refuse("rank", detail, outputs, { input: i + 1 });
    const axes = wanted.flatMap((dim, axis) => (differ(dim, own[axis] ?? dim, guards) ? [axis] : []));
    if (axes.length !== 0) return refuse("shapes", detail, outputs, { input: i + 1, axes });
  }
  return undefined;
}

/**
 * Each step multiplies by the weights of the input, of the hidden state and of the projection. PyTorch's counter does
 * not see the fused kernel that an LSTM without projection takes on the CPU.
 */
function recurrentCost(inputs: readonly TensorType[], args: Args, gates: number, fused: boolean): Dim["size"] {
  const x = input(inputs, 0).shape;
  const { hidden, handed, layers, directions } = setupOf(args);
  const isProjected = handed !== hidden;
  if (fused && !isProjected) return 0;
  if (x === undefined || typeof layers.size !== "number") return undefined;
  const rows = timesDim(hidden, { size: gates });
  let perStep: Dim = { size: 0 };
  for (let layer = 0; layer < layers.size; layer++) {
    const taken = layer === 0 ? (dimArg(args, "input_size") ?? x.at(-1)) : timesDim(handed, { size: directions });
    const each = [
      timesDim(rows, taken ?? unknownFrom([])),
      timesDim(rows, handed),
      isProjected ? timesDim(hidden, handed) : { size: 0 },
    ];
    perStep = compute([perStep, ...each, ...(directions === 2 ? each : [])], (...sizes) => sizes.reduce(add, 0));
  }
  return timesDim(product(x.slice(0, -1)), perStep).size;
}
