import { addInput } from "../eval/builder.ts";
import type { Interp } from "../eval/interp.ts";
import { int, type TensorValue, unknown, type Value } from "../eval/value.ts";
import type { InputSpec } from "../graph/input.ts";
import type { Dim, DType, Why } from "../shape/dim.ts";
import { parseSize, type Size, symbol } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { AXES } from "./axes.ts";

/** The abstract value that a forward pass is called with for one input. */
export function inputValue(interp: Interp, spec: InputSpec, index: number): Value {
  const builder = interp.graph;
  if (builder === undefined) return int(0);
  if (spec.kind === "any") return unknown({ reason: t("what the model is called on is not known") });
  if (spec.kind === "seq")
    return {
      kind: "list",
      items: spec.items.map((item, i) => (item === null ? { kind: "none" } : inputValue(interp, item, index + i))),
    };
  if (spec.kind === "dict")
    return {
      kind: "dict",
      entries: new Map(
        spec.entries.map(([key, item]) => [
          `s:${key}`,
          Object.freeze([
            { kind: "str", value: key },
            item === null ? { kind: "none" } : inputValue(interp, item, index),
          ] as const) as readonly [Value, Value],
        ]),
      ),
    };
  const why: Why = { reason: t("the input's shape is not given") };
  const shape = spec.shape?.map((size, axis): Dim => {
    const value: Size | undefined =
      typeof size === "number" ? size : size === "?" ? undefined : (parseSize(size) ?? symbol(size));
    const label = typeof size === "string" ? size : (AXES[spec.shape?.length ?? 0]?.[axis] ?? String(axis));
    return value === undefined ? { size: undefined, why } : { size: value, origin: { kind: "input", label, from: [] } };
  });
  const dtype = spec.dtype === "?" ? undefined : ((spec.dtype ?? "float32") as DType);
  const made: TensorValue = addInput(
    interp,
    builder,
    index,
    shape === undefined ? { shape: undefined, why, dtype } : { shape, dtype },
  );
  return made;
}
