import type { Dim, Origin } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import { within } from "./code.ts";

/** Where a number came from, nearest first: through arguments and arithmetic to the literal. */
function originChain(dim: Dim | undefined): readonly Origin[] {
  const chain: Origin[] = [];
  let at = dim?.origin;
  while (at !== undefined && chain.length < MAX_CHAIN) {
    chain.push(at);
    at = at.from[0];
  }
  return chain;
}

/** Calls that pass a number on, at most. */
const MAX_CHAIN = 64;

/** The argument that passes the number to the call at a place, if one does. */
export function passedAt(
  dim: Dim | undefined,
  call: Place | undefined,
): (Origin & { readonly place: Place }) | undefined {
  if (call === undefined) return undefined;
  return placed(dim)
    .filter(({ kind, place }) => kind === "argument" && place.file === call.file && within(place.span, call.span))
    .at(-1);
}

/** The parts of the chain that stand somewhere. */
export function placed(dim: Dim | undefined): readonly (Origin & { readonly place: Place })[] {
  return originChain(dim).flatMap((origin) => (origin.place === undefined ? [] : [{ ...origin, place: origin.place }]));
}
