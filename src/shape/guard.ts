import { printPython, type Size, symbolsOf } from "./size.ts";

/** A condition on sizes under which an operator accepts its inputs and that is not true for every size. */
export type Guard =
  | { readonly kind: "equal"; readonly left: Size; readonly right: Size }
  /** Equal, or one of them is 1; `into`: only the right one may be. */
  | { readonly kind: "broadcast"; readonly left: Size; readonly right: Size; readonly into?: true }
  | { readonly kind: "at-least"; readonly value: Size; readonly bound: number };

/** The same demand where a length that is 1 by accident is not broadcast. */
export function unbroadcast(guard: Guard): Guard {
  return guard.kind === "broadcast" ? { kind: "equal", left: guard.left, right: guard.right } : guard;
}

/** The symbols that decide whether it holds. */
export function guardSymbols(guard: Guard): ReadonlySet<string> {
  return guard.kind === "at-least"
    ? symbolsOf(guard.value)
    : new Set([...symbolsOf(guard.left), ...symbolsOf(guard.right)]);
}

/** A text that guards have in common if they demand the same of the same sizes. */
export function guardKey(guard: Guard): string {
  return guard.kind === "at-least"
    ? `${printPython(guard.value)} >= ${guard.bound}`
    : `${printPython(guard.left)} ${guard.kind}${guard.kind === "broadcast" && guard.into ? " into" : ""} ${printPython(guard.right)}`;
}
