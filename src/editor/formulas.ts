import type { TensorType } from "../shape/dim.ts";
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
