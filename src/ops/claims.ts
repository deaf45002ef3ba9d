import { decideAtLeast, decideEqual } from "../shape/decide.ts";
import type { Dim } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { sub } from "../shape/size.ts";
import { isLost } from "./dims.ts";

/**
 * What an operator demands of sizes. Each question is answered true only if the demand fails for every input; if it
 * fails for some, it becomes a guard; if it cannot be decided, nothing is claimed.
 */

/** Whether the two differ for every input. */
export function differ(a: Dim, b: Dim, guards: Guard[]): boolean {
  if (a === b || a.size === undefined || b.size === undefined || isLost(a.size) || isLost(b.size)) return false;
  if (typeof a.size === "number" && typeof b.size === "number") return a.size !== b.size;
  const verdict = decideEqual(a.size, b.size);
  if (verdict === "sometimes") guards.push({ kind: "equal", left: a.size, right: b.size });
  return verdict === "never";
}

/** Whether the value is below the bound for every input. */
export function below(value: Dim, bound: number, guards: Guard[]): boolean {
  if (value.size === undefined || isLost(value.size)) return false;
  if (typeof value.size === "number") return value.size < bound;
  const verdict = decideAtLeast(value.size, bound);
  if (verdict === "sometimes") guards.push({ kind: "at-least", value: value.size, bound });
  return verdict === "never";
}

/** Whether the value is known to be at least the bound for every input. */
export function surelyAtLeast(value: Dim, bound: number): boolean {
  if (value.size === undefined || isLost(value.size)) return false;
  return typeof value.size === "number" ? bound <= value.size : decideAtLeast(value.size, bound) === "always";
}

/** Whether the value is known to be below the bound for every input. */
export function surelyBelow(value: Dim, bound: number): boolean {
  return below(value, bound, []);
}

/** Whether the two are known to be equal, or known to differ, for every input. */
export function equality(a: Dim, b: Dim): "always" | "never" | "sometimes" | "unknown" {
  if (a === b && a.size !== undefined) return "always";
  if (a.size === undefined || b.size === undefined || isLost(a.size) || isLost(b.size)) return "unknown";
  if (typeof a.size === "number" && typeof b.size === "number") return a.size === b.size ? "always" : "never";
  return decideEqual(a.size, b.size);
}

/** Whether `a` may be at most `b` for some input. */
export function atMost(a: Dim, b: Dim): boolean {
  if (a === b || a.size === undefined || b.size === undefined || isLost(a.size) || isLost(b.size)) return true;
  if (typeof a.size === "number" && typeof b.size === "number") return a.size <= b.size;
  return decideAtLeast(sub(b.size, a.size), 0) !== "never";
}
