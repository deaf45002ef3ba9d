import type { ClassValue } from "../../eval/value.ts";
import { emit, tensorOf } from "../convert.ts";
import { attr, input, type LayerSpec, layer } from "./layer.ts";

/** Losses, by name. */
export const losses = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  losses.set(name, layer(name, spec));
};

for (const [name, op] of [
  ["CrossEntropyLoss", "cross_entropy"],
  ["MSELoss", "mse_loss"],
  ["L1Loss", "l1_loss"],
  ["SmoothL1Loss", "smooth_l1_loss"],
] as const) {
  add(name, {
    init:
      op === "cross_entropy"
        ? "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0"
        : "size_average=None, reduce=None, reduction='mean', beta=1.0",
    forward: "input, target",
    run: (interp, self, get) => {
      const r = attr(interp, self, "reduction");
      return emit(interp, op, [input(interp, get, op), tensorOf(interp, get("target"), op, "target")], {
        reduction: r.kind === "str" ? r.value : "mean",
      });
    },
  });
}
