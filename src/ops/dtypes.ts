import type { TensorType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import type { Refusal } from "./operator.ts";
import { refuse } from "./outcome.ts";
import { isIntegral } from "./promote.ts";

/** Refuses inputs that must share an element type and are known not to. */
export function dtypesClash(
  inputs: readonly (TensorType | undefined)[],
  assume: readonly TensorType[],
): Refusal | undefined {
  const first = inputs[0]?.dtype;
  const at = inputs.findIndex((x) => x?.dtype !== undefined && first !== undefined && x.dtype !== first);
  if (at < 0) return undefined;
  const detail = t("expects one element type, gets {0} and {1}", first ?? "?", inputs[at]?.dtype ?? "?");
  return refuse("dtype", detail, assume, { input: 0 });
}

/** Refuses whole numbers and booleans. */
export function refuseIntegral(x: TensorType, assume: readonly TensorType[], index = 0): Refusal | undefined {
  if (x.dtype === undefined || !isIntegral(x.dtype)) return undefined;
  return refuse("dtype", t("expects floating-point numbers, gets {0}", x.dtype), assume, { input: index });
}
