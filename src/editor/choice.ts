import { type InputSpec, parseInput } from "../graph/input.ts";
import type { Text } from "../text/text.ts";

/** What the user chose for one document; what is left out is as the code says. */
export interface Choice {
  readonly model?: string;
  /** The model was typed; one that was picked counts only while the code offers it. */
  readonly typed?: true;
  /** Inputs by root expression, as a person types them. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
}

export const NO_CHOICE: Choice = { inputs: {} };

export function isChosen({ model, inputs }: Choice): boolean {
  return model !== undefined || 0 < Object.keys(inputs).length;
}

/** Another root; `typed` where the code does not offer it. */
export function withModel({ inputs }: Choice, model: string, typed: boolean): Choice {
  return { model, ...(typed ? { typed } : {}), inputs };
}

/** Other inputs for a root; undefined: those that the code says. */
export function withInputs(choice: Choice, model: string, texts: readonly string[] | undefined): Choice {
  const others = Object.entries(choice.inputs).filter(([key]) => key !== model);
  const inputs = texts === undefined ? others : [...others, [model, texts] as const];
  return { ...choice, inputs: Object.fromEntries(inputs) };
}

/** A root's inputs from a person's texts. */
export function typedInputs(
  texts: readonly string[],
): { readonly kind: "ok"; readonly inputs: readonly InputSpec[] } | { readonly kind: "error"; readonly message: Text } {
  const inputs: InputSpec[] = [];
  for (const text of texts) {
    const parsed = parseInput(withBatch(text));
    if (parsed.kind === "error") return parsed;
    inputs.push(parsed.input);
  }
  return { kind: "ok", inputs };
}

/** Sizes as the status item writes them, `3×224×224`, are for a batch of any size. */
function withBatch(text: string): string {
  return /^\s*\d+\s*×\s*\d+\s*×\s*\d+\s*$/.test(text) ? `N×${text.trim()}` : text;
}
