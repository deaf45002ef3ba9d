import type { Arg, Args } from "../ops/operator.ts";
import type { TensorType } from "../shape/dim.ts";
import { type HostArray, sizeOf } from "./array.ts";
import { isPending } from "./lazy.ts";

type Values = readonly (HostArray | undefined)[] | undefined;

/**
 * Results of operators on arrays, by what was computed of what: the blocks of a model compute the same tables. Those that
 * were asked for last are kept.
 */
const known = new Map<string, Values>();
let elements = 0;
/** Elements, 8 bytes each, and results that are kept: more than the tables of one block take, which are made in turn. */
const MAX_KEPT_ELEMENTS = 3_000_000;
const MAX_KEPT = 5000;
/** Smaller results are computed as fast as they are looked up. */
export const WORTHWHILE = 64;
/** Longer arrays are told apart by what they were made of, not element by element. */
const MAX_READ = 4096;
/** So are those whose elements nobody has read yet, but the shortest. */
const MAX_WORKED_OUT = 256;

/** The result of `compute`, from before where the same was asked of the same. `shape`: the first output's. */
export function rememberedValues(
  op: string,
  inputs: readonly { readonly type: TensorType; readonly host: HostArray }[],
  args: Args,
  outputs: readonly TensorType[],
  compute: () => Values,
): Values {
  const sizes = [...inputs.map(({ host }) => sizeOf(host.shape)), ...outputs.map(elementsOf)];
  if (Math.max(...sizes) < WORTHWHILE) return compute();
  const given = argText(Object.entries(args).flat());
  if (given === undefined) return compute();
  const operands = inputs.map(({ type, host }) => `${type.dtype} ${nameOf(host)}`);
  const made = outputs.map(({ dtype, shape }) => `${dtype} ${shape?.map(({ size }) => size).join()}`);
  return remembered([op, given, ...operands, "to", ...made].join("; "), compute);
}

/** The array that `compute` makes of others, from before where the same was made of the same. */
export function rememberedArray<T extends HostArray | undefined>(
  what: string,
  of: readonly HostArray[],
  compute: () => T,
): T {
  if (Math.max(...of.map(({ shape }) => sizeOf(shape))) < WORTHWHILE) return compute();
  return remembered(`${what}: ${of.map(nameOf).join()}`, () => [compute()])?.[0] as T;
}

function remembered(key: string, compute: () => Values): Values {
  if (known.has(key)) {
    const before = known.get(key);
    known.delete(key);
    known.set(key, before);
    return before;
  }
  const values = compute();
  known.set(key, values);
  elements += weightOf(values);
  for (const [oldest, old] of known) {
    if ((elements <= MAX_KEPT_ELEMENTS && known.size <= MAX_KEPT) || oldest === key) break;
    known.delete(oldest);
    elements -= weightOf(old);
  }
  return values;
}

function weightOf(values: Values): number {
  return values?.reduce((sum, host) => sum + (host === undefined ? 0 : sizeOf(host.shape)), 0) ?? 0;
}

/** The numbers 0, 1, … in a shape. */
export function inOrder(shape: readonly number[]): HostArray {
  const make = (): HostArray => ({ shape, data: Array.from({ length: sizeOf(shape) }, (_, i) => i) });
  if (sizeOf(shape) < WORTHWHILE) return make();
  return remembered(`in order: ${shape.join()}`, () => [make()])?.[0] ?? make();
}

function elementsOf({ shape }: TensorType): number {
  return shape?.reduce((product, { size }) => (typeof size === "number" ? product * size : product), 1) ?? 0;
}

/** Numbers of arrays: of short ones by what they hold, of others by which object they are. */
const numbers = new WeakMap<HostArray, number>();
const names = new Map<string, number>();
let count = 0;
/** Characters that the names of short arrays take. */
const MAX_NAMED = 2_000_000;
let named = 0;

function nameOf(host: HostArray): number {
  const before = numbers.get(host);
  if (before !== undefined) return before;
  const text = sizeOf(host.shape) <= (isPending(host) ? MAX_WORKED_OUT : MAX_READ) ? contentOf(host) : undefined;
  const number = (text === undefined ? undefined : names.get(text)) ?? ++count;
  if (text !== undefined && !names.has(text)) {
    if (MAX_NAMED < named) {
      // An array that is met again then counts as another one.
      names.clear();
      named = 0;
    }
    names.set(text, number);
    named += text.length;
  }
  numbers.set(host, number);
  return number;
}

function contentOf({ shape, data, fuzz }: HostArray): string {
  const list = (values: readonly number[]): string =>
    values.map((value) => (Object.is(value, -0) ? "-0" : value)).join();
  return `${shape.join()}: ${list(data)}${fuzz === undefined ? "" : ` ± ${list(fuzz)}`}`;
}

/** An argument as text that no other has; undefined where a size is not a known number. */
export function argText(arg: Arg | undefined): string | undefined {
  if (Array.isArray(arg)) {
    const parts = arg.map(argText);
    return parts.includes(undefined) ? undefined : `[${parts.join()}]`;
  }
  if (typeof arg === "number") return Object.is(arg, -0) ? "-0f" : `${arg}f`;
  if (arg === null || typeof arg !== "object") return JSON.stringify(arg);
  return "size" in arg && typeof arg.size === "number" ? String(arg.size) : undefined;
}
