import type { ClassValue } from "../../eval/value.ts";
import { emit } from "../convert.ts";
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
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });
}
for (const name of ["Dropout", "AlphaDropout", "FeatureAlphaDropout"])
  add(name, {
    init: "p=0.5, inplace=False",
    forward: "input",
    run: (interp, _self, get) => emit(interp, "dropout", [input(interp, get, "dropout")], {}),
  });
