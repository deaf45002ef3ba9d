import type { Interp } from "../../eval/interp.ts";
import { bool, type ClassValue, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { dimsOf, emit, numberOf, type tensorOf } from "../convert.ts";
import { attr, input, type LayerSpec, layer } from "./layer.ts";

/** Upsamplings, by name. */
export const upsamplings = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  upsamplings.set(name, layer(name, spec));
};

for (const [name, signature, mode] of [
  [
    "Upsample",
    "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
    undefined,
  ],
  ["UpsamplingNearest2d", "size=None, scale_factor=None", "nearest"],
  ["UpsamplingBilinear2d", "size=None, scale_factor=None", "bilinear"],
] as const) {
  add(name, {
    init: signature,
    forward: "input",
    run(interp, self, get) {
      const m = attr(interp, self, "mode");
      return interpolate(
        interp,
        input(interp, get, "interpolate"),
        attr(interp, self, "size"),
        attr(interp, self, "scale_factor"),
        mode ?? (m.kind === "str" ? m.value : "nearest"),
        mode === "bilinear" ? bool(true) : attr(interp, self, "align_corners"),
      );
    },
  });
}

export function interpolate(
  interp: Interp,
  x: ReturnType<typeof tensorOf>,
  size: Value,
  scale: Value,
  mode: string,
  corners: Value,
): Value {
  if (x.kind === "unknown") return x;
  const rank = x.type.shape?.length;
  if (rank === undefined) return unknown(x.type.why ?? { reason: t("a resize of an unknown rank") });
  const spatial = rank - 2;
  const scales =
    scale.kind === "none"
      ? null
      : scale.kind === "tuple" || scale.kind === "list"
        ? scale.items.map(numberOf)
        : Array.from({ length: spatial }, () => numberOf(scale));
  return emit(interp, "interpolate", [x], {
    size: size.kind === "none" ? null : [...dimsOf(interp, size, spatial)],
    scale: scales,
    mode,
    align_corners: corners.kind === "bool" ? corners.value : null,
  });
}
