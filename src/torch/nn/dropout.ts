import type { Interp } from "../../eval/interp.ts";
import type { ClassValue, Value } from "../../eval/value.ts";
import { emit, numberOf } from "../convert.ts";
import { refusesComparison } from "./counts.ts";
import { input, type LayerSpec, layer } from "./layer.ts";

/** Dropouts, by name: nothing happens in eval mode. */
export const dropouts = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  dropouts.set(name, layer(name, spec));
};

for (const spatial of [1, 2, 3] as const) {
  add(`Dropout${spatial}d`, {
    init: "p=0.5, inplace=False",
    forward: "input",
    make: checkProbability,
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });
}
for (const name of ["Dropout", "AlphaDropout", "FeatureAlphaDropout"])
  add(name, {
    init: "p=0.5, inplace=False",
    forward: "input",
    make: checkProbability,
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });

function checkProbability(interp: Interp, _self: Value, get: (name: string) => Value): void {
  const given = get("p");
  if (refusesComparison(interp, given, "<")) return;
  const p = given.kind === "int" || given.kind === "float" ? numberOf(given) : undefined;
  if (typeof p === "number" && (p < 0 || 1 < p))
    interp.reject(interp, "ValueError", `dropout probability has to be between 0 and 1, but got ${p}`);
}
