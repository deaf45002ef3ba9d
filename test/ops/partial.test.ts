import { describe, expect, test } from "vitest";
import { operator, operatorNames } from "../../src/ops/catalogue.ts";
import type { Args, Outcome } from "../../src/ops/operator.ts";
import { holdsAt } from "../../src/shape/decide.ts";
import type { Dim, TensorType } from "../../src/shape/dim.ts";
import { evaluate, type Size, symbol } from "../../src/shape/size.ts";
import { argsOf, printShape, typesOf } from "./apply.ts";
import { allCases, type Case } from "./cases.ts";

/**
 * What a rule says with less knowledge must agree with what it says with full knowledge, which the record of PyTorch
 * confirms: nothing is refused that is accepted in full, and every known length is the full one.
 */

const cases = allCases().filter((one) => one.inputs.some((shape) => shape.length !== 0));

/** The types with some lengths replaced; `pick` gets the input's and the axis' index. */
function replaced(
  types: readonly TensorType[],
  pick: (input: number, axis: number, d: Dim) => Dim,
): readonly TensorType[] {
  return types.map((type, i) => ({ ...type, shape: type.shape?.map((d, axis) => pick(i, axis, d)) }));
}

function apply(one: Case, types: readonly TensorType[], args: Args): Outcome {
  const entry = operator(one.op);
  if (entry === undefined) throw new Error(one.op);
  return entry.shape(types, args);
}

/** Why the partial outcome contradicts the full one; undefined if it does not. */
function contradiction(
  full: Outcome,
  partial: Outcome,
  lengthOf: (size: Size) => number | undefined,
): string | undefined {
  if (partial.kind === "refused") return full.kind === "refused" ? undefined : `refuses: ${partial.fault}`;
  if (full.kind === "refused") return undefined;
  for (const [i, output] of partial.outputs.entries()) {
    const whole = full.outputs[i];
    // An operator of many outputs may not know how many there are.
    if (output.shape === undefined || whole === undefined) continue;
    if (whole.shape?.length !== output.shape.length) return `rank of output ${i}`;
    const wrong = output.shape.some(({ size }, axis) => {
      const value = size === undefined ? undefined : lengthOf(size);
      return value !== undefined && value !== whole.shape?.[axis]?.size;
    });
    if (wrong) return `${printShape(output.shape)} is not ${printShape(whole.shape)}`;
    if (output.dtype !== undefined && output.dtype !== whole.dtype) return `type of output ${i}`;
  }
  return undefined;
}

describe.each(operatorNames)("%s", (name) => {
  const own = cases.filter(({ op }) => op === name);

  test("unknown lengths, one at a time and all", () => {
    for (const one of own) {
      const [types, args] = [typesOf(one.inputs, one.dtypes), argsOf(one.args)];
      const full = apply(one, types, args);
      const spots = one.inputs.flatMap((shape, i) => shape.map((_, axis) => [i, axis] as const));
      const hidden: ((i: number, axis: number) => boolean)[] = spots.map(
        ([a, b]) =>
          (i, axis) =>
            i === a && axis === b,
      );
      for (const hides of [...hidden, () => true]) {
        const partial = apply(
          one,
          replaced(types, (i, axis, d) => (hides(i, axis) ? { size: undefined } : d)),
          args,
        );
        const problem = contradiction(full, partial, (size) => (typeof size === "number" ? size : undefined));
        expect(problem, JSON.stringify(one)).toBeUndefined();
      }
    }
  });

  test("unknown shapes and element types", () => {
    for (const one of own) {
      const [types, args] = [typesOf(one.inputs, one.dtypes), argsOf(one.args)];
      const full = apply(one, types, args);
      for (const at of one.inputs.keys()) {
        const shapeless = types.map((type, i) => (i === at ? { ...type, shape: undefined } : type));
        const typeless = types.map((type, i) => (i === at ? { ...type, dtype: undefined } : type));
        for (const partial of [apply(one, shapeless, args), apply(one, typeless, args)]) {
          const problem = contradiction(full, partial, (size) => (typeof size === "number" ? size : undefined));
          expect(problem, JSON.stringify(one)).toBeUndefined();
        }
      }
    }
  });

  test("a symbol in place of each length, then its value", () => {
    for (const one of own) {
      const [types, args] = [typesOf(one.inputs, one.dtypes), argsOf(one.args)];
      const full = apply(one, types, args);
      for (const [i, shape] of one.inputs.entries())
        for (const [axis, length] of shape.entries()) {
          if (length < 1) continue;
          const env = new Map([["H", length]]);
          const swap = (a: number, b: number, d: Dim): Dim => (a === i && b === axis ? { size: symbol("H") } : d);
          const partial = apply(one, replaced(types, swap), args);
          const fits = partial.kind === "refused" || (partial.guards ?? []).every((guard) => holdsAt(guard, env));
          // Beyond the guards the formula is not claimed; broadcasting a length of 1 lies there.
          if (!fits && (full.kind === "refused" || length === 1)) continue;
          expect(fits, JSON.stringify(one)).toBe(true);
          const problem = contradiction(full, partial, (size) => evaluate(size, env));
          expect(problem, JSON.stringify([one, i, axis])).toBeUndefined();
        }
    }
  });
});
