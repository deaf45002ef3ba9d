import type { ClassValue } from "../../eval/value.ts";
import { dimOf, dimsOf, emit } from "../convert.ts";
import { attr, input, type LayerSpec, layer } from "./layer.ts";

/** Layers that only turn shapes, by name. */
export const reshapings = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  reshapings.set(name, layer(name, spec));
};

add("Identity", { init: "*args, **kwargs", forward: "input", run: (_interp, _self, get) => get("input") });
add("Flatten", {
  init: "start_dim=1, end_dim=-1",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "flatten", [input(interp, get, "flatten")], {
      start: dimOf(attr(interp, self, "start_dim")),
      end: dimOf(attr(interp, self, "end_dim")),
    }),
});
add("Unflatten", {
  init: "dim, unflattened_size",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "unflatten", [input(interp, get, "unflatten")], {
      axis: dimOf(attr(interp, self, "dim")),
      sizes: [...dimsOf(interp, attr(interp, self, "unflattened_size"), 1)],
    }),
});
add("ChannelShuffle", {
  init: "groups",
  forward: "input",
  run(interp, self, get) {
    const x = input(interp, get, "channel_shuffle");
    const groups = dimOf(attr(interp, self, "groups"));
    const split = emit(interp, "unflatten", [x], { axis: { size: 1 }, sizes: [groups, { size: -1 }] });
    if (split.kind !== "tensor") return split;
    const turned = emit(interp, "transpose", [split], { a: { size: 1 }, b: { size: 2 } });
    return turned.kind === "tensor"
      ? emit(interp, "flatten", [turned], { start: { size: 1 }, end: { size: 2 } })
      : turned;
  },
});
