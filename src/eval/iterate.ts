import type { Why } from "../shape/dim.ts";
import type { Interp } from "./interp.ts";
import { joinValues } from "./join.ts";
import { type IteratorValue, unknown, type Value } from "./value.ts";

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

/** More items than this are not looked at to say what they have in common. */
const MOST_ITEMS = 64;

/** What each item that an iterator still gives is; undefined: it gives none. It is lost after that. */
export function restOf(interp: Interp, iterator: IteratorValue, why: Why): Value | undefined {
  let rest: Value | undefined;
  for (let i = 0; ; i++) {
    const item = i < MOST_ITEMS ? advance(interp, iterator) : unknown(why);
    if (iterator.why !== undefined) return unknown(iterator.why);
    if (item === undefined) return rest;
    rest = rest === undefined ? item : joinValues(rest, item, why);
    if (MOST_ITEMS <= i) break;
  }
  lose(interp, iterator, why);
  return rest;
}
