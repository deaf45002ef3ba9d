import type { Size } from "./size.ts";

/** A condition on sizes under which an operator accepts its inputs and that is not true for every size. */
export type Guard =
  | { readonly kind: "equal"; readonly left: Size; readonly right: Size }
  | { readonly kind: "at-least"; readonly value: Size; readonly bound: number };
