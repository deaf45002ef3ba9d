import type { Dim, DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { type Text, t } from "../text/text.ts";
import { reasonOf } from "./dims.ts";
import type { Args, Operator, Outcome, Refusal } from "./operator.ts";

/** A type without axes of its own: used where an input is missing. */
const NOTHING: TensorType = { shape: undefined, dtype: undefined };

export function tensor(shape: readonly Dim[], dtype: DType | undefined): TensorType {
  return { shape, dtype };
}

/** A tensor of which not even the rank is known, with the first reason found. */
export function unknownTensor(
  dtype: DType | undefined,
  from: readonly (Dim | TensorType | undefined)[] = [],
): TensorType {
  return { shape: undefined, dtype, why: reasonOf(from) };
}

export function ok(outputs: readonly TensorType[], guards: readonly Guard[] = []): Outcome {
  return guards.length === 0 ? { kind: "ok", outputs } : { kind: "ok", outputs, guards };
}

export function refuse(
  fault: Refusal["fault"],
  detail: Text,
  assume: readonly TensorType[],
  more: Pick<Refusal, "input" | "axes" | "argument" | "expected" | "found"> = {},
): Refusal {
  return { kind: "refused", fault, detail, assume, ...more };
}

/** The operator's argument is not one that it takes. */
export function badArgument(argument: string, detail: Text, assume: readonly TensorType[], found?: Dim): Refusal {
  return refuse("argument", detail, assume, found === undefined ? { argument } : { argument, found });
}

/** The input at an index; an unknown type where there is none. */
export function input(inputs: readonly TensorType[], index: number): TensorType {
  return inputs[index] ?? NOTHING;
}

/** An axis counted from 0; undefined if it is out of range. A tensor without axes is taken as one of rank 1. */
export function axisIn(axis: number, rank: number): number | undefined {
  const range = Math.max(rank, 1);
  if (axis < -range || range <= axis) return undefined;
  return axis < 0 ? axis + range : axis;
}

export function axisRefusal(argument: string, axis: number, rank: number, assume: readonly TensorType[]): Refusal {
  return badArgument(argument, t("axis {0} is out of range for a tensor of {1} axes", axis, rank), assume, {
    size: axis,
  });
}

/** Refuses a known rank that is not among those taken. */
export function rankRefusal(
  x: TensorType,
  ranks: readonly number[],
  assume: readonly TensorType[],
  index = 0,
): Refusal | undefined {
  if (x.shape === undefined || ranks.includes(x.shape.length)) return undefined;
  const [first = 0, last = first] = [ranks[0], ranks.at(-1)];
  const found = x.shape.length;
  const detail =
    first === last
      ? t("expects {0} axes, gets {1}", first, found)
      : ranks.length === 2
        ? t("expects {0} or {1} axes, gets {2}", first, last, found)
        : t("expects {0} to {1} axes, gets {2}", first, last, found);
  return refuse("rank", detail, assume, { input: index, expected: { size: first }, found: { size: found } });
}

/** Refuses fewer axes than taken. */
export function rankBelow(x: TensorType, least: number, assume: readonly TensorType[], index = 0): Refusal | undefined {
  if (x.shape === undefined || least <= x.shape.length) return undefined;
  const found = x.shape.length;
  const more = { input: index, expected: { size: least }, found: { size: found } };
  return refuse("rank", t("expects at least {0} axes, gets {1}", least, found), assume, more);
}

/**
 * A catalogue entry whose outputs carry the mark of a recovery: those of a refusal, and those of an input that has it.
 */
export function entry(operator: Operator): Operator {
  const rule = operator.shape;
  return { ...operator, shape: (inputs, args) => withMarks(rule(inputs, args), inputs) };
}

export type Rule = (inputs: readonly TensorType[], args: Args) => Outcome;

/** Where PyTorch's documentation defines a name. */
export function documented(name: string): string {
  return `https://docs.pytorch.org/docs/stable/generated/${name}.html`;
}

function withMarks(outcome: Outcome, inputs: readonly TensorType[]): Outcome {
  if (outcome.kind === "refused") return { ...outcome, assume: outcome.assume.map(assumed) };
  if (!inputs.some((type) => type.assumed)) return outcome;
  return { ...outcome, outputs: outcome.outputs.map(assumed) };
}

function assumed(type: TensorType): TensorType {
  return type.assumed ? type : { ...type, assumed: true };
}
