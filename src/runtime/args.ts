import type { PlainArg } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import type { Value } from "./value.ts";

export type Args = Readonly<Record<string, PlainArg>>;

/** An operator, or a combination of its arguments, that the runtime does not compute. */
export interface Unsupported {
  readonly kind: "unsupported";
  readonly reason: Text;
}

/** What the program says a node gives. */
export type Outputs = readonly { readonly shape: readonly number[] }[];

/** Runs one node: inputs in order, outputs in order, declared as `outputs`. Throws where a kernel refuses; made inside a tidy scope. */
export type Run = (inputs: readonly Value[], args: Args, outputs: Outputs) => readonly Value[] | Unsupported;

/** Brings an operator's weights to the device, in the forms that its {@link Run} takes for data of this shape. */
export type Upload = (shape: readonly number[], weights: readonly Value[], args: Args) => void;

/** A whole or real number; `fallback` where the argument is absent or null; throws without either. */
export function number(args: Args, name: string, fallback?: number): number {
  const value = args[name];
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  throw new Error(`argument ${name} is not a number`);
}

export function flag(args: Args, name: string, fallback = false): boolean {
  const value = args[name];
  return typeof value === "boolean" ? value : fallback;
}

/** One number per axis; a single number stands for all of `count`. */
export function numbers(args: Args, name: string, count?: number, fallback?: number): readonly number[] {
  const value = args[name];
  if (value === undefined || value === null) {
    if (count !== undefined && fallback !== undefined) return Array<number>(count).fill(fallback);
    throw new Error(`argument ${name} is missing`);
  }
  if (typeof value === "number") return Array<number>(count ?? 1).fill(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "number")) {
    if (count !== undefined && value.length === 1 && count !== 1) return Array<number>(count).fill(value[0] ?? 0);
    return value;
  }
  throw new Error(`argument ${name} is not a list of numbers`);
}

/** `[before, after]` per axis; a number stands for both sides. */
export function sides(args: Args, name: string, count: number): readonly (readonly [number, number])[] {
  const value = args[name];
  if (value === undefined || value === null) return Array.from({ length: count }, () => [0, 0] as const);
  if (typeof value === "number") return Array.from({ length: count }, () => [value, value] as const);
  if (!Array.isArray(value)) throw new Error(`argument ${name} is not a list of sides`);
  return value.map((side: PlainArg) => {
    if (typeof side === "number") return [side, side] as const;
    if (Array.isArray(side) && typeof side[0] === "number" && typeof side[1] === "number")
      return [side[0], side[1]] as const;
    throw new Error(`argument ${name} is not a list of sides`);
  });
}

/** One bound or step per axis; null and what is missing take the axis' own fallback. */
export function perAxis(args: Args, name: string, fallbacks: readonly number[]): readonly number[] {
  const value = args[name];
  return fallbacks.map((fallback, i) => {
    const item: PlainArg | undefined = Array.isArray(value) ? value[i] : undefined;
    return typeof item === "number" ? item : fallback;
  });
}

/** Axes counted from the front; absent, null or an empty list means all. */
export function axes(args: Args, rank: number, name = "axes"): readonly number[] {
  const value = args[name];
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    return Array.from({ length: rank }, (_, i) => i);
  return numbers(args, name).map((axis) => (axis < 0 ? axis + rank : axis));
}

export function axis(args: Args, rank: number, name = "axis"): number {
  const at = number(args, name);
  return at < 0 ? at + rank : at;
}

export function input(inputs: readonly Value[], index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new Error(`input ${index} is missing`);
  return value;
}
