import type { Interp } from "../../eval/interp.ts";
import { type ClassValue, unknown, type Value } from "../../eval/value.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { dimsOf, emit, numberOf, type tensorOf } from "../convert.ts";
import { attr, input, type LayerSpec, layer } from "./layer.ts";

/** Paddings, by name. */
export const pads = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  pads.set(name, layer(name, spec));
};

for (const spatial of [1, 2, 3] as const) {
  for (const [prefix, mode] of [
    ["ZeroPad", "constant"],
    ["ReflectionPad", "reflect"],
    ["ReplicationPad", "replicate"],
    ["CircularPad", "circular"],
    ["ConstantPad", "constant"],
  ] as const) {
    add(`${prefix}${spatial}d`, {
      init: prefix === "ConstantPad" ? "padding, value" : "padding",
      forward: "input",
      run: (interp, self, get) =>
        padLast(
          interp,
          input(interp, get, "pad"),
          attr(interp, self, "padding"),
          mode,
          prefix === "ConstantPad" ? numberOf(attr(interp, self, "value")) : 0,
          spatial,
        ),
    });
  }
}

/** `F.pad`'s list: pairs from the last axis backwards. `axes` fixes how many trailing axes a single number pads. */
export function padLast(
  interp: Interp,
  x: ReturnType<typeof tensorOf>,
  padding: Value,
  mode: string,
  value: Arg,
  axes?: number,
): Value {
  if (x.kind === "unknown") return x;
  const rank = x.type.shape?.length;
  if (rank === undefined) return unknown(x.type.why ?? { reason: t("a padding of an unknown rank") });
  const flat = dimsOf(interp, padding, 2 * (axes ?? 1));
  if (flat.some((d) => d.size === undefined) && padding.kind === "unknown") return unknown(padding.why);
  const sides: Arg[] = Array.from({ length: rank }, () => [{ size: 0 }, { size: 0 }]);
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const at = rank - 1 - i / 2;
    if (0 <= at) sides[at] = [flat[i] ?? { size: 0 }, flat[i + 1] ?? { size: 0 }];
  }
  return emit(interp, "pad", [x], { sides, mode, value });
}
