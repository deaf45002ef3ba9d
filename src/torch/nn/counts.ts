import { fail, type Interp } from "../../eval/interp.ts";
import type { Value } from "../../eval/value.ts";
import { typeName } from "../../lang/types.ts";
import type { Dim } from "../../shape/dim.ts";
import { isModule } from "../module.ts";

// What layers say to arguments that are no whole numbers, in the words of PyTorch 2.14.

const NEVER: ReadonlySet<Value["kind"]> = new Set([
  "none",
  "str",
  "float",
  "list",
  "tuple",
  "dict",
  "set",
  "function",
  "method",
]);

/** The name of a value's type if it surely is no whole number. */
function misfit(interp: Interp, value: Value): string | undefined {
  const isNever =
    NEVER.has(value.kind) ||
    (value.kind === "class" && value.meta === undefined) ||
    (isModule(value) && !["__mod__", "__rmod__", "__index__"].some((name) => hasMethod(value.cls.mro, name)));
  return isNever ? typeName(interp, value) : undefined;
}

function hasMethod(
  mro: readonly { readonly attrs: ReadonlyMap<string, Value>; readonly unknownBase?: unknown }[],
  name: string,
): boolean {
  return mro.some((cls) => cls.unknownBase !== undefined || cls.attrs.has(name));
}

/** `channels % groups`, as layers ask it: whether it raises. `name`: what a fraction is refused under. */
export function refusesRemainder(interp: Interp, channels: Value, groups: Value, name: string | undefined): boolean {
  if (channels.kind === "float" && groups.kind === "int" && typeof groups.dim.size === "number") {
    if (name === undefined || channels.value === undefined || channels.value % groups.dim.size === 0) return false;
    interp.reject(interp, "ValueError", `${name} must be divisible by groups`);
    return true;
  }
  const [left, right] = [channels, groups].map((value) => (value.kind === "float" ? undefined : misfit(interp, value)));
  if (left === undefined && right === undefined) return false;
  const words = `unsupported operand type(s) for %: '${typeName(interp, channels)}' and '${typeName(interp, groups)}'`;
  const isFormat = channels.kind === "str";
  interp.reject(interp, "TypeError", isFormat ? "not all arguments converted during string formatting" : words);
  return true;
}

/** `value < 0` or `value <= 0`, as layers ask it: whether it raises. */
export function refusesComparison(interp: Interp, value: Value, sign: "<" | "<="): boolean {
  const type = value.kind === "float" ? undefined : misfit(interp, value);
  if (type === undefined) return false;
  interp.reject(interp, "TypeError", `'${sign}' not supported between instances of '${type}' and 'int'`);
  return true;
}

/** A tensor of several sizes: whether torch refuses to make it. */
export function refusesSizes(interp: Interp, sizes: readonly Value[]): boolean {
  const at = sizes.findIndex((size) => misfit(interp, size) !== undefined);
  const size = sizes[at];
  if (size === undefined) return false;
  const type = misfit(interp, size) ?? "";
  const words =
    at === 0
      ? `(position 1) must be tuple of ints, but found element of type ${type} at pos 0`
      : `failed to unpack the object at pos ${at + 1} with error "type must be tuple of ints,but got ${type}"`;
  interp.reject(interp, "TypeError", `empty(): argument 'size' ${words}`);
  return true;
}

/** A tensor of these lengths: whether one is negative, which torch refuses. */
export function refusesNegative(interp: Interp, shape: readonly Dim[]): boolean {
  const sizes = shape.map(({ size }) => size);
  const bad = sizes.find((size) => typeof size === "number" && size < 0);
  if (bad === undefined || !sizes.every((size) => typeof size === "number")) return false;
  interp.reject(
    interp,
    "RuntimeError",
    `Trying to create tensor with negative dimension ${bad}: [${sizes.join(", ")}]`,
  );
  return true;
}

/** A tensor of one axis, by the function that makes it: whether torch refuses. A list is taken for a shape. */
export function refusesLength(interp: Interp, length: Value, maker: "empty" | "zeros"): boolean {
  const type = length.kind === "list" || length.kind === "tuple" ? undefined : misfit(interp, length);
  if (type === undefined) return false;
  interp.reject(interp, "TypeError", `${maker}(): argument 'size' (position 1) must be tuple of ints, not ${type}`);
  return true;
}

/** What a layer's `forward` passes on to a kernel as sizes: fails where one is none. `words` takes its type. */
export function failsSizes(
  interp: Interp,
  values: readonly Value[],
  words: (type: string) => string,
): Value | undefined {
  for (const value of values.flatMap((one) => (one.kind === "tuple" || one.kind === "list" ? one.items : [one]))) {
    const type = misfit(interp, value);
    if (type !== undefined) return fail(interp, "TypeError", words(type));
  }
  return undefined;
}

/** `tuple(shape)` of what is no iterable: whether it raises. */
export function refusesIteration(interp: Interp, value: Value): boolean {
  const isPlain = value.kind === "none" || value.kind === "float" || value.kind === "function";
  if (!isPlain && !(value.kind === "class" && value.meta === undefined)) return false;
  interp.reject(interp, "TypeError", `'${typeName(interp, value)}' object is not iterable`);
  return true;
}
