import type { Dim } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { max, sizeEquals } from "../shape/size.ts";
import { equality } from "./claims.ts";
import { better, marked, sameDim, unknownFrom } from "./dims.ts";

/** Shapes aligned at their last axis: the common shape, and the axes of it along which they do not fit. */
interface Broadcast {
  readonly shape: readonly Dim[];
  /** Axes of the common shape. There `shape` has the first operand's dim. */
  readonly misfits: readonly number[];
}

/** NumPy's and PyTorch's rule: along each axis equal, or 1. Demands that hold for some sizes only become guards. */
export function broadcastShapes(shapes: readonly (readonly Dim[])[], guards: Guard[]): Broadcast {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const misfits: number[] = [];
  const out: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let joined: Dim | undefined;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length];
      if (own === undefined) continue;
      const next: Dim | undefined = joined === undefined ? own : broadcastDims(joined, own, guards);
      if (next !== undefined) joined = next;
      else if (misfits.at(-1) !== axis) misfits.push(axis);
    }
    out.push(joined ?? { size: 1 });
  }
  return { shape: out, misfits };
}

/** The common length along one axis; undefined if there is none for any input. */
function broadcastDims(a: Dim, b: Dim, guards: Guard[]): Dim | undefined {
  if (sameDim(a, b)) return marked(better(a, b), [a, b]);
  if (a.size === 1) return marked(b, [a]);
  if (b.size === 1) return marked(a, [b]);
  const [ones, others] = [equality(a, ONE), equality(b, ONE)];
  if (a.size === undefined || b.size === undefined) {
    // A length that is never 1 stays, whatever the unknown one is.
    if (ones === "never") return marked(a, [b]);
    return others === "never" ? marked(b, [a]) : marked(unknownFrom([a, b]), [a, b]);
  }
  switch (equality(a, b)) {
    case "always":
      return marked(better(a, b), [a, b]);
    case "unknown":
      if (typeof a.size === "number") return marked(a, [b]);
      return typeof b.size === "number" ? marked(b, [a]) : marked(unknownFrom([a, b]), [a, b]);
    case "sometimes":
      // Where one length is 1 by accident it is the longer one.
      guards.push({
        kind: ones === "never" && others === "never" ? "equal" : "broadcast",
        left: a.size,
        right: b.size,
      });
      return marked(longer(a, b), [a, b]);
    case "never":
      // Only a length that is 1 for some input may still be broadcast.
      if (ones === "sometimes" && others === "sometimes") {
        guards.push({ kind: "broadcast", left: a.size, right: b.size });
        return marked(longer(a, b), [a, b]);
      }
      if (ones === "sometimes") {
        guards.push({ kind: "equal", left: a.size, right: 1 });
        return marked(b, [a]);
      }
      if (others === "sometimes") {
        guards.push({ kind: "equal", left: b.size, right: 1 });
        return marked(a, [b]);
      }
      return undefined;
  }
}

/** Axes along which the second shape cannot be written into the first, counted in it; those of its own are not. */
export function misfitsInto(target: readonly Dim[], source: readonly Dim[], guards: Guard[]): readonly number[] {
  return target.flatMap((own, axis) => {
    const d = source[axis - target.length + source.length];
    if (d === undefined || d.size === 1 || sameDim(own, d)) return [];
    if (own.size === undefined || d.size === undefined) return [];
    const ones = equality(d, ONE);
    const equal = equality(own, d);
    if (equal === "never" && ones === "sometimes") guards.push({ kind: "equal", left: d.size, right: 1 });
    if (equal !== "sometimes") return equal === "never" && ones === "never" ? [axis] : [];
    guards.push(
      ones === "never" || own.size === 1
        ? { kind: "equal", left: own.size, right: d.size }
        : { kind: "broadcast", left: own.size, right: d.size, into: true },
    );
    return [];
  });
}

/** The longer of two lengths that are equal, or one of which is 1. */
function longer(a: Dim, b: Dim): Dim {
  if (a.size === undefined || b.size === undefined) return a;
  if (typeof b.size === "number") return b;
  if (typeof a.size === "number") return a;
  const size = max(a.size, b.size);
  return sizeEquals(size, a.size) ? a : sizeEquals(size, b.size) ? b : { ...a, size };
}

const ONE: Dim = { size: 1 };
