import { noteUnknown } from "../../eval/builder.ts";
import type { Interp } from "../../eval/interp.ts";
import {
  type ClassValue,
  type InstanceValue,
  int,
  list,
  NONE,
  str,
  type TensorValue,
  tensor,
  tuple,
  type Value,
} from "../../eval/value.ts";
import type { Init } from "../../graph/graph.ts";
import { native, nativeClass } from "../../lang/native.ts";
import type { Dim } from "../../shape/dim.ts";
import { mul } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { dimOf, emitAll, flagOf } from "../convert.ts";
import { moduleClass } from "../module.ts";
import { remembered } from "../python/natives.ts";
import { attr, input, layer, optional, parameter } from "./layer.ts";

const REST =
  "num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0, device=None, dtype=None";

/** How many rows of weights each mode has a hidden feature. */
const GATES = { rnn: 1, gru: 3, lstm: 4 } as const;

/** What code tests recurrent layers against. */
export const rnnBase = nativeClass("RNNBase", "torch.nn", [moduleClass]);

/** `nn.RNN`, `nn.GRU` and `nn.LSTM`, by name. */
export const recurrents: ReadonlyMap<string, ClassValue> = new Map(
  (
    [
      [
        "RNN",
        "rnn",
        `input_size, hidden_size, num_layers=1, nonlinearity='tanh', ${REST.replace("num_layers=1, ", "")}`,
      ],
      ["GRU", "gru", `input_size, hidden_size, ${REST}`],
      ["LSTM", "lstm", `input_size, hidden_size, ${REST}`],
    ] as const
  ).map(([name, mode, init]) => [
    name,
    layer(
      name,
      {
        init,
        forward: "input, hx=None",
        make: (interp, self, get) => make(interp, self, get, mode),
        run: (interp, self, get) => run(interp, self, get, mode),
      },
      rnnBase,
    ),
  ]),
);
for (const cls of recurrents.values())
  cls.attrs.set(
    "flatten_parameters",
    native("flatten_parameters", "self", () => NONE),
  );

function make(interp: Interp, self: InstanceValue, get: (name: string) => Value, mode: keyof typeof GATES): void {
  const [fin, hidden, layers, projected] = ["input_size", "hidden_size", "num_layers", "proj_size"].map((name) =>
    dimOf(get(name)),
  ) as [Dim, Dim, Dim, Dim];
  for (const [name, dim] of [
    ["input_size", fin],
    ["hidden_size", hidden],
    ["num_layers", layers],
  ] as const)
    if (typeof dim.size === "number" && dim.size <= 0)
      interp.reject(interp, "ValueError", `${name} must be greater than zero`);
  if (typeof projected.size === "number" && projected.size !== 0) {
    if (mode !== "lstm")
      interp.reject(interp, "ValueError", "proj_size argument is only supported for LSTM, not RNN or GRU");
    if (projected.size < 0)
      interp.reject(interp, "ValueError", "proj_size should be a positive integer or zero to disable projections");
    if (typeof hidden.size === "number" && hidden.size <= projected.size)
      interp.reject(interp, "ValueError", "proj_size has to be smaller than hidden_size");
  }
  const shown = mode.toUpperCase();
  const nonlinearity = get("nonlinearity");
  if (mode === "rnn" && nonlinearity.kind === "str" && !["tanh", "relu"].includes(nonlinearity.value))
    interp.reject(interp, "ValueError", `Unknown nonlinearity '${nonlinearity.value}'. Select from 'tanh' or 'relu'.`);
  const kind = nonlinearity.kind === "str" ? `${shown}_${nonlinearity.value.toUpperCase()}` : shown;
  interp.journal.set(self.attrs, "mode", str(mode === "rnn" ? kind : shown));
  const handed = projected.size === 0 ? hidden : projected;
  const directions = flagOf(interp, get("bidirectional")) ? 2 : 1;
  const rows = times(hidden, GATES[mode]);
  const bound = typeof hidden.size === "number" ? 1 / Math.sqrt(Math.max(hidden.size, 1)) : undefined;
  const init: Init =
    bound === undefined
      ? { kind: "unknown", why: hidden.why ?? { reason: t("the fan-in is not known") } }
      : { kind: "uniform", low: -bound, high: bound };
  const groups: Value[] = [];
  const count = typeof layers.size === "number" ? Math.min(layers.size, 1000) : 0;
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < directions; d++) {
      const suffix = `l${i}${d === 1 ? "_reverse" : ""}`;
      const shapes: (readonly [string, readonly Dim[]])[] = [
        [`weight_ih_${suffix}`, [rows, i === 0 ? fin : times(handed, directions)]],
        [`weight_hh_${suffix}`, [rows, handed]],
      ];
      if (flagOf(interp, get("bias"))) shapes.push([`bias_ih_${suffix}`, [rows]], [`bias_hh_${suffix}`, [rows]]);
      if (projected.size !== 0) shapes.push([`weight_hr_${suffix}`, [projected, hidden]]);
      for (const [key, shape] of shapes) parameter(interp, self, key, shape, init);
      groups.push(list(shapes.map(([key]) => str(key))));
    }
  }
  interp.journal.set(self.attrs, "_all_weights", list(groups));
}

function run(interp: Interp, self: InstanceValue, get: (name: string) => Value, mode: keyof typeof GATES): Value {
  const given = get("hx");
  const pair = given.kind === "tuple" || given.kind === "list" ? given.items : [given];
  const states = given.kind === "none" ? [] : pair.flatMap(optional);
  if (given.kind === "unknown") return given;
  const groups = self.attrs.get("_all_weights");
  const weights = (groups?.kind === "list" ? groups.items : []).flatMap((group) =>
    group.kind === "list"
      ? group.items.flatMap((key) => (key.kind === "str" ? optional(attr(interp, self, key.value)) : []))
      : [],
  );
  const packed = packedInput(get("input"));
  const x = packed?.padded ?? input(interp, get, mode);
  const outputs = emitAll(interp, mode, [x, ...states, ...weights], {
    input_size: dimOf(attr(interp, self, "input_size")),
    hidden_size: dimOf(attr(interp, self, "hidden_size")),
    layers: dimOf(attr(interp, self, "num_layers")),
    bidirectional: flagOf(interp, attr(interp, self, "bidirectional")),
    batch_first: packed === undefined && flagOf(interp, attr(interp, self, "batch_first")),
    proj_size: dimOf(attr(interp, self, "proj_size")),
    states: int(states.length).dim,
  });
  if ("kind" in outputs) return outputs;
  const [out = NONE, h = NONE, c = NONE] = packed === undefined ? outputs : packed.results(interp, outputs);
  return tuple([out, mode === "lstm" ? tuple([h, c]) : h]);
}

/** A packed sequence as `python/sequences.ts` makes them: its shape when padded, and what a layer makes of it. */
function packedInput(value: Value):
  | {
      readonly padded: TensorValue;
      readonly results: (interp: Interp, outputs: readonly TensorValue[]) => readonly Value[];
    }
  | undefined {
  if (value.kind !== "tuple" || value.cls?.moduleName !== "torch.nn.utils.rnn") return undefined;
  const [data, counts] = value.items;
  const lengths = counts?.kind === "tensor" ? remembered.get(counts) : undefined;
  if (data?.kind !== "tensor" || data.type.shape === undefined || lengths?.kind !== "list") return undefined;
  const [total = { size: undefined }, ...features] = data.type.shape;
  const longest = counts?.kind === "tensor" ? counts.type.shape?.[0] : undefined;
  const batch: Dim = { size: lengths.items.length };
  return {
    padded: tensor({ ...data.type, shape: [longest ?? { size: undefined }, batch, ...features] }),
    // The shapes are those of the padded tensors, the values are not.
    results(interp, [out, ...states]) {
      if (interp.graph !== undefined) noteUnknown(interp, interp.graph);
      const shape = out?.type.shape === undefined ? undefined : [total, ...out.type.shape.slice(2)];
      const made: Value = out === undefined ? NONE : tensor({ ...out.type, shape });
      return [{ ...value, items: [made, ...value.items.slice(1)] }, ...states.map(({ type }) => tensor(type))];
    },
  };
}

function times(dim: Dim, by: number): Dim {
  return dim.size === undefined || by === 1 ? dim : { ...dim, size: mul(dim.size, by) };
}
