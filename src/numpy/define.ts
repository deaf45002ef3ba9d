import { itemsOf } from "../eval/evaluate.ts";
import type { Interp } from "../eval/interp.ts";
import { isWhy } from "../eval/interp.ts";
import type { Value } from "../eval/value.ts";
import { type Body, type Get, native } from "../lang/native.ts";
import { wholeOf } from "../ops/args.ts";
import type { Arg } from "../ops/operator.ts";
import type { Why } from "../shape/dim.ts";
import { methodHosts, ndarrayClass } from "./classes.ts";
import { type Operand, operandOf } from "./operands.ts";

/** numpy's functions by name. */
export const numpyFunctions = new Map<string, Value>();

/** Where a function is found: `n` numpy, `m` a method of arrays and numbers, `a` of arrays alone. */
export function define(where: string, names: string, signature: string, run: Body): void {
  for (const name of names.split(" ")) {
    if (where.includes("n")) numpyFunctions.set(name, native(name, signature, run, { free: true }));
    const hosts = where.includes("m") ? methodHosts : where.includes("a") ? [ndarrayClass] : [];
    for (const host of hosts) host.attrs.set(name, native(name, signature, run));
  }
}

/** An argument as an array. */
export const array = (interp: Interp, get: Get, name = "a"): Operand | Why => operandOf(interp, get(name));

/** Axes as an operator's argument: null where none are given, undefined where they are not known. */
export function axesArg(interp: Interp, value: Value): Arg | undefined {
  if (value.kind === "none") return null;
  if (value.kind === "int") return [value.dim];
  const items = itemsOf(interp, value);
  if (isWhy(items)) return undefined;
  const dims = items.map((item) => (item.kind === "int" ? item.dim : { size: undefined }));
  return dims.some((dim) => wholeOf(dim) === undefined) ? undefined : dims;
}
