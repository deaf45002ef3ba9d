import type { Dim, Origin, TensorType, Why } from "../shape/dim.ts";
import { mul, printUser, type Size, sizeEquals } from "../shape/size.ts";
import { t } from "../text/text.ts";

/** Arithmetic on dims that keeps reasons, origins and the mark of a recovery. */

/** What may know why it is unknown. */
interface Reasoned {
  readonly size?: Size | undefined;
  readonly shape?: readonly Dim[] | undefined;
  readonly why?: Why;
}

/** The dim that `f` makes of known sizes; unknown with the first reason if one is unknown or `f` gives none. */
export function compute(from: readonly Dim[], f: (...sizes: Size[]) => Size | undefined): Dim {
  const sizes: Size[] = [];
  for (const { size } of from) {
    if (size === undefined) return marked(unknownFrom(from), from);
    sizes.push(size);
  }
  const size = f(...sizes);
  return marked(size === undefined || isLost(size) ? unknownFrom(from) : { size }, from);
}

/** The dim with an origin: the operator's argument `label` set it, from these values. */
export function setBy(dim: Dim, label: string, from: readonly (Dim | undefined)[]): Dim {
  const origins = from.flatMap((item) => (item?.origin === undefined ? [] : [item.origin]));
  const origin: Origin = { kind: "operator", label, from: origins };
  return marked({ ...dim, origin }, from);
}

/** An unknown dim with the first reason found. */
export function unknownFrom(from: readonly (Reasoned | undefined)[]): Dim {
  return { size: undefined, why: reasonOf(from) };
}

/** The first reason found among the unknown. */
export function reasonOf(from: readonly (Reasoned | undefined)[]): Why {
  for (const item of from) if (item?.why !== undefined) return item.why;
  return { reason: t("a size that this depends on is not known") };
}

/** Marked as resting on a recovery if one of the others is. */
export function marked(dim: Dim, from: readonly (Dim | TensorType | undefined)[]): Dim {
  return dim.assumed !== true && from.some((item) => item?.assumed === true) ? { ...dim, assumed: true } : dim;
}

/** The number of elements; 1 for no dims. */
export function product(dims: readonly Dim[]): Dim {
  const [first, ...rest] = dims;
  if (first === undefined) return { size: 1 };
  if (rest.length === 0) return first;
  if (dims.some(({ size }) => size === 0)) return { size: 0 };
  return compute(dims, (...sizes) => sizes.reduce(mul, 1));
}

export function timesDim(a: Dim, b: Dim): Dim {
  return compute([a, b], mul);
}

/** The same known size, or the same unknown one (`x.size(0)` twice). */
export function sameDim(a: Dim, b: Dim): boolean {
  return a === b || (a.size !== undefined && b.size !== undefined && sizeEquals(a.size, b.size));
}

/** The dim that says more: a known one, then one with an origin, then the first. */
export function better(a: Dim, b: Dim): Dim {
  if (a.size === undefined || b.size === undefined) return a.size === undefined ? b : a;
  if (a.assumed !== b.assumed) return a.assumed === true ? b : a;
  return a.origin === undefined && b.origin !== undefined ? b : a;
}

/** A size as a layer declares it, which knows its argument; where the weight has another, that is what counts. */
export function declaredOr(declared: Dim | undefined, own: Dim): Dim {
  if (declared === undefined) return own;
  return declared.size !== undefined && own.size !== undefined && !sameDim(declared, own) ? own : better(declared, own);
}

/** For a message: the size as a person writes it, `?` if unknown. */
export function show(dim: Dim | undefined): string {
  return dim?.size === undefined ? "?" : printUser(dim.size);
}

/** For a message: `[2, 64, H, W]`. */
export function showShape(shape: readonly Dim[]): string {
  return `[${shape.map(show).join(", ")}]`;
}

/** A number that the algebra gave up on. */
export function isLost(size: Size): boolean {
  return typeof size !== "number" && size.text === "?";
}
