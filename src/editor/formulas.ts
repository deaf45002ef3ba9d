import type { Analysis, Observation } from "../analysis.ts";
import type { ShapeTree } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { type Size, substitute } from "../shape/size.ts";
import { dimText } from "./shape-text.ts";

/** How many formulas one line of a card has room for. */
const LIMIT = 5;

/**
 * The spatial sizes of tensors as formulas, each once, in order: `ceil(H/4)`, `ceil(H/8)`. An axis that is the one
 * before it with another symbol (W for H) says nothing new and is left out.
 */
export function formulas(types: readonly TensorType[]): readonly string[] {
  const found: string[] = [];
  for (const type of types) {
    const dims = (type.shape ?? []).slice(1).filter((dim) => typeof dim.size === "object");
    const texts = dims.map(dimText);
    texts.forEach((text, i) => {
      if (0 < i && shapeOf(text) === shapeOf(texts[i - 1] ?? "")) return;
      if (!found.includes(text)) found.push(text);
    });
  }
  return found.length <= LIMIT ? found : [...found.slice(0, LIMIT - 1), "…"];
}

/** A formula with its symbols made alike. */
function shapeOf(text: string): string {
  return text.replace(/\b[A-Z]\d*\b/g, "_");
}

/** What each symbol of the symbolic run is in the run that is shown. */
export function symbolValues({ concrete, symbolic }: Analysis): ReadonlyMap<string, Size> {
  const values = new Map<string, Size>();
  for (const [i, { type }] of (symbolic?.graph.inputs ?? []).entries()) {
    const shown = concrete?.graph.inputs[i]?.type.shape;
    for (const [axis, { size }] of (type.shape ?? []).entries()) {
      const value = shown?.[axis]?.size;
      if (typeof size === "object" && value !== undefined && /^\w+$/.test(size.text)) values.set(size.text, value);
    }
  }
  return values;
}

/**
 * Whether a value's formulas give the sizes that are shown, instance by instance. After an error the two runs may have
 * gone on differently; then the formulas are of another repair.
 */
export function agree(
  symbolic: Pick<Observation, "instances">,
  shown: Pick<Observation, "instances">,
  values: ReadonlyMap<string, Size>,
): boolean {
  if (symbolic.instances.length !== shown.instances.length) return false;
  return symbolic.instances.every(({ path, value }, i) => {
    const other = shown.instances[i];
    return other !== undefined && other.path === path && sameTree(value, other.value, values);
  });
}

function sameTree(a: ShapeTree | null, b: ShapeTree | null, values: ReadonlyMap<string, Size>): boolean {
  if (a === null || b === null) return a === b;
  switch (a.kind) {
    case "tensor":
      return b.kind === "tensor" && sameShape(a.type, b.type, values);
    case "seq":
      return (
        b.kind === "seq" &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => sameTree(item, b.items[i] ?? null, values))
      );
    case "dict":
      return (
        b.kind === "dict" &&
        a.entries.length === b.entries.length &&
        a.entries.every(([, item], i) => sameTree(item, b.entries[i]?.[1] ?? null, values))
      );
    case "unknown":
      return b.kind === "unknown";
  }
}

function sameShape(a: TensorType, b: TensorType, values: ReadonlyMap<string, Size>): boolean {
  if (a.shape?.length !== b.shape?.length) return false;
  return (a.shape ?? []).every(({ size }, axis) => {
    const other = b.shape?.[axis]?.size;
    if (size === undefined || other === undefined) return true;
    const value = substitute(size, values);
    return (
      value !== undefined &&
      (typeof value === "number" ? value === other : typeof other === "object" && value.text === other.text)
    );
  });
}
