import type { Program } from "../graph/program.ts";
import type { Backend } from "./backends.ts";
import { derivedValues } from "./derived.ts";
import { fold, type Gone } from "./fold.ts";
import { deviceType } from "./ops/elementwise.ts";
import { UPLOADS } from "./table.ts";
import { type HostWeight, hostWeight, isWeight, product, type Value } from "./value.ts";

/** `reference`: every node of the program as it stands. `fast`: with what {@link fold} puts together. */
export type Mode = "reference" | "fast";

/** A program with its weights on one backend; forms of the weights stay on the device between runs. */
export interface Model {
  readonly backend: Backend;
  readonly program: Program;
  readonly mode: Mode;
  readonly weights: readonly HostWeight[];
  /** Weights that folding made, by what they are made of. */
  readonly derived: Map<string, HostWeight>;
  /** What folding made of the program, by the modules that it had to leave. */
  readonly plans: Map<string, Plan>;
  /** Module outputs of the last run that are still on the device, by path. */
  readonly kept: Map<string, Value>;
}

/** A program as it is run. */
export interface Plan {
  readonly program: Program;
  readonly weights: readonly HostWeight[];
  readonly gone: readonly Gone[];
}

/** `values` as {@link Prepared.values}. Nothing is uploaded yet. */
export function openModel(
  backend: Backend,
  program: Program,
  values: readonly Float32Array[],
  mode: Mode = "reference",
): Model {
  const weights = program.weights.map(({ shape, dtype }, i) =>
    hostWeight(shape, deviceType(dtype), () => values[i] ?? new Float32Array(product(shape))),
  );
  return { backend, program, mode, weights, derived: new Map(), plans: new Map(), kept: new Map() };
}

/** The same program and weights in the other mode, with device memory of its own. */
export function inOtherMode({ backend, program, weights, mode }: Model): Model {
  const values = weights.map(({ data }) => data);
  return openModel(backend, program, values, mode === "reference" ? "fast" : "reference");
}

/** The program as it is run where the outputs of these modules are asked for. */
export function planFor(model: Model, asked: readonly string[]): Plan {
  const { program, weights, mode, plans } = model;
  if (mode === "reference") return { program, weights, gone: [] };
  const key = [...new Set(asked)].sort().join("\n");
  const known = plans.get(key);
  if (known !== undefined) return known;
  const folded = fold(program, new Set(asked));
  const made = folded.derived.map((derived): HostWeight => {
    const id = JSON.stringify(derived);
    const same = model.derived.get(id);
    if (same !== undefined) return same;
    const valuesOf = (index: number): Float32Array => weights[index]?.data ?? new Float32Array();
    const weight = hostWeight(derived.shape, "float32", () => derivedValues(derived, valuesOf));
    model.derived.set(id, weight);
    return weight;
  });
  const plan = { program: folded.program, weights: [...weights, ...made], gone: folded.gone };
  plans.set(key, plan);
  return plan;
}

/** Frees the device's memory. */
export function closeModel(model: Model): void {
  dropKept(model);
  for (const weight of [...model.weights, ...model.derived.values()]) {
    for (const tensor of weight.forms.values()) tensor.dispose();
    weight.forms.clear();
  }
}

export function dropKept(model: Model): void {
  for (const value of new Set(model.kept.values())) if (!isWeight(value.stored)) value.stored.dispose();
  model.kept.clear();
}

/**
 * Brings the weights of convolutions and products to the device in the forms that the program takes where no module is
 * asked for, so that its first run does not.
 */
export function uploadWeights(model: Model): void {
  const { program, weights } = planFor(model, []);
  const nodes = new Map(program.nodes.map((node) => [node.id, node]));
  for (const { op, inputs, args } of program.nodes) {
    const upload = UPLOADS.get(op);
    const [x, ...rest] = inputs;
    const shape = x === undefined ? undefined : nodes.get(x.node)?.outputs[x.output]?.shape;
    const given = rest.map((ref) => weights[nodes.get(ref.node)?.weight ?? -1]);
    if (upload === undefined || shape === undefined || given.includes(undefined)) continue;
    const values = given.flatMap((weight): Value[] => (weight === undefined ? [] : [ofWeight(weight)]));
    upload(shape, values, args);
  }
}

/** A weight as an operator is given it. */
export function ofWeight(weight: HostWeight): Value {
  return { shape: weight.shape, layout: "first", stored: weight };
}
