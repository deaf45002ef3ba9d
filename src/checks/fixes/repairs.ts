import type { Repair } from "../../eval/interp.ts";
import type { Fix } from "../diagnostic.ts";

/** What the evaluator found that would repair a problem; the only one is the one to take. */
export function repairFixes(repairs: readonly Repair[]): readonly Fix[] {
  const only = repairs.length === 1;
  return repairs.map(({ title, edits }) => ({ title, edits, preferred: only, safe: only }));
}
