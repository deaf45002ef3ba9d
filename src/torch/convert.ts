import { apply } from "../eval/builder.ts";
import { itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, Raised } from "../eval/interp.ts";
import { type TensorValue, tensor, type UnknownValue, unknown, type Value } from "../eval/value.ts";
import { toFloat, truth, whyOf } from "../lang/arithmetic.ts";
import { typeName } from "../lang/types.ts";
import { forgetValues, spreadWrite } from "../numpy/memory.ts";
import type { Arg, Args, Outcome } from "../ops/operator.ts";
import type { Dim, DType, TensorType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { onlyNumber } from "../values/array.ts";
import { namedDtype } from "./dtypes.ts";
import { keepValues } from "./known.ts";

/** A whole number as a dim; unknown with its reason. */
export function dimOf(value: Value): Dim {
  if (value.kind === "int") return value.dim;
  if (value.kind === "bool") return { size: value.value ? 1 : 0 };
  if (value.kind === "float" && value.value !== undefined && Number.isInteger(value.value))
    return { size: value.value };
  const only = value.kind === "tensor" && value.host !== undefined ? onlyNumber(value.host) : undefined;
  if (only !== undefined) return { size: Math.trunc(only) };
  return { size: undefined, why: whyOf(value) ?? { reason: t("a number that is not known") } };
}

/** One number for each of n axes: a number is repeated, a list is taken as it is. */
export function dimsOf(interp: Interp, value: Value, n: number): readonly Dim[] {
  if (value.kind === "int" || value.kind === "bool" || value.kind === "float")
    return Array.from({ length: n }, () => dimOf(value));
  if (value.kind === "unknown" || value.kind === "none") {
    const lost = dimOf(value);
    return Array.from({ length: n }, () => lost);
  }
  const items = itemsOf(interp, value);
  if (isWhy(items)) return Array.from({ length: n }, () => ({ size: undefined, why: items }));
  if (items.length === 1 && 1 < n) return Array.from({ length: n }, () => dimOf(items[0] ?? value));
  return items.map(dimOf);
}

/** A list of whole numbers from one argument that may be a list, or from several. */
export function dimList(interp: Interp, values: readonly Value[]): readonly Dim[] | Why {
  const [first] = values;
  if (values.length === 1 && first !== undefined && first.kind !== "int" && first.kind !== "bool") {
    const items = itemsOf(interp, first);
    return isWhy(items) ? items : items.map(dimOf);
  }
  return values.map(dimOf);
}

/** A float argument. */
export function numberOf(value: Value): Arg {
  const n = toFloat(value);
  return (
    n ??
    (value.kind === "none"
      ? null
      : { size: undefined, why: whyOf(value) ?? { reason: t("a number that is not known") } })
  );
}

export function flagOf(interp: Interp, value: Value): boolean {
  return truth(interp, value) === true;
}

/** A scalar operand of an elementwise operator: int as Dim, float and bool plain. */
export function scalarOf(value: Value): Arg | undefined {
  if (value.kind === "int") return value.dim;
  if (value.kind === "bool") return value.value;
  if (value.kind === "float")
    return value.value ?? { size: undefined, why: value.why ?? { reason: t("a number that is not known") } };
  return undefined;
}

/** The tensor an argument must be; unknown stays unknown, anything else is torch's TypeError. */
export function tensorOf(interp: Interp, value: Value, fn: string, argument: string): TensorValue | UnknownValue {
  if (value.kind === "tensor" || value.kind === "unknown") return value;
  if (value.kind === "instance" && value.payload?.kind === "tensor") return value.payload;
  if (value.kind === "opaque" || value.kind === "lazy") return unknown({ reason: t("a tensor that is not followed") });
  const lost = fail(
    interp,
    "TypeError",
    `${fn}(): argument '${argument}' must be Tensor, not ${typeName(interp, value)}`,
  );
  return lost.kind === "unknown" ? lost : unknown({ reason: t("not a tensor") });
}

/**
 * Applies a catalogue operator. Unknown inputs of unknown kind give an unknown result. A refusal is raised where a
 * handler may catch it; else it stands in the graph and evaluation goes on.
 */
export function emit(
  interp: Interp,
  op: string,
  inputs: readonly (TensorValue | UnknownValue)[],
  args: Args,
  recover?: (outcome: Outcome, inputs: readonly TensorValue[]) => TensorType | undefined,
): Value {
  const outputs = emitAll(interp, op, inputs, args, recover);
  if (!Array.isArray(outputs)) return outputs as UnknownValue;
  return (outputs as readonly TensorValue[])[0] ?? unknown({ reason: t("{0} gives nothing", op) });
}

/** {@link emit} for operators with several outputs. */
export function emitAll(
  interp: Interp,
  op: string,
  inputs: readonly (TensorValue | UnknownValue)[],
  args: Args,
  recover?: (outcome: Outcome, inputs: readonly TensorValue[]) => TensorType | undefined,
): readonly TensorValue[] | UnknownValue {
  const first = inputs[0];
  if (first?.kind === "unknown") return unknown(first.why);
  // A further unknown operand leaves the result's shape open: nothing is claimed of it.
  const known = inputs.map(
    (input): TensorValue =>
      input.kind === "tensor" ? input : tensor({ shape: undefined, why: input.why, dtype: undefined }),
  );
  const { outputs, outcome } = apply(interp, op, known, args);
  if (outcome.kind !== "refused") {
    keepValues(op, known, args, outputs);
    return outputs;
  }
  if (0 < interp.handlers || 0 < interp.speculating) {
    interp.graph?.nodes.pop();
    throw new Raised(interp.lang.makeException(interp, "RuntimeError", outcome.detail.template), interp);
  }
  const better = recover?.(outcome, known);
  return better === undefined
    ? outputs
    : outputs.map((output, i) => (i === 0 ? { ...output, type: { ...better, assumed: true as const } } : output));
}

export function dtypeOf(value: Value, fallback: DType | undefined): DType | undefined {
  return value.kind === "none" ? fallback : namedDtype(value);
}

/** Makes a tensor hold another result, as an in-place operation does. */
export function writeInPlace(interp: Interp, target: TensorValue, made: TensorValue): TensorValue {
  interp.journal.assign(target, "ref", made.ref);
  const before = target.type.shape;
  const isSame = before?.map(({ size }) => size).join() === made.type.shape?.map(({ size }) => size).join();
  interp.journal.assign(target, "type", made.type);
  interp.journal.assign(target, "host", made.host);
  // Where the lengths change, which elements are those of a view is not followed.
  if (isSame && made.host !== undefined) spreadWrite(interp, target);
  else {
    forgetValues(interp, target);
    interp.journal.assign(target, "host", made.host);
    interp.journal.assign(target, "view", undefined);
  }
  return target;
}
