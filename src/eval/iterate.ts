import type { Why } from "../shape/dim.ts";
import type { Interp } from "./interp.ts";
import type { IteratorValue, Value } from "./value.ts";

/** Steps an iterator: its next value, undefined at its end or where it got lost (`iterator.why`). */
export function advance(interp: Interp, iterator: IteratorValue): Value | undefined {
  if (iterator.why !== undefined) return undefined;
  const value = iterator.next(iterator.index);
  if (value !== undefined) interp.journal.assign(iterator, "index", iterator.index + 1);
  // At its end it stays there, whatever its source gets later.
  else if (iterator.why === undefined && iterator.index !== Infinity)
    interp.journal.assign(iterator, "index", Infinity);
  return value;
}

/** Marks that what comes from an iterator is not known from here on. */
export function lose(interp: Interp, iterator: IteratorValue, why: Why): undefined {
  interp.journal.assign(iterator, "why", why);
  return undefined;
}
