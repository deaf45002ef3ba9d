import { parseSize, printPython } from "../shape/size.ts";
import type { Text } from "../text/text.ts";
import { t } from "../text/text.ts";

/** One input of a root as it was written; `shape` is undefined where not even the rank is given. */
export type InputSpec =
  | {
      readonly kind: "tensor";
      readonly shape: readonly (number | string)[] | undefined;
      /** `float32` if it is left out; `"?"` where it is not known. */
      readonly dtype?: string;
      readonly name?: string;
    }
  /** An argument of which nothing is known, not even that it is a tensor. */
  | { readonly kind: "any"; readonly name?: string }
  | { readonly kind: "seq"; readonly items: readonly (InputSpec | null)[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [string, InputSpec | null])[] };

export type ParsedInput =
  | { readonly kind: "ok"; readonly input: InputSpec }
  | { readonly kind: "error"; readonly message: Text };

/**
 * One input from a person's text: sizes (`2,3,224,224`, `N, 3, H, W`, `3×224×224`, in brackets or not), or JSON: a
 * shape, `{"seq": …}`, `{"dict": …}`, `{"shape": …, "dtype": …, "name": …}`.
 */
export function parseInput(text: string): ParsedInput {
  const trimmed = text.trim();
  if (trimmed === "") return refused(t("an input is empty"));
  if (trimmed.startsWith("{") || /^\[.*["{[\]].*\]$/s.test(trimmed)) {
    const json = parseJson(trimmed);
    return json === undefined ? refused(t("the input {0} is not valid JSON", shorten(trimmed))) : inputOf(json.value);
  }
  const inner = /^\((.*)\)$|^\[(.*)\]$/s.exec(trimmed);
  const sizes = (inner?.[1] ?? inner?.[2] ?? trimmed).replace(/,\s*$/, "").trim();
  if (sizes === "") return { kind: "ok", input: { kind: "tensor", shape: [] } };
  return tensorOf(sizes.split(/[,×]/).map((size) => size.trim()));
}

/** One input from a JSON value in the same notation. */
function inputOf(value: unknown): ParsedInput {
  if (value === "?") return { kind: "ok", input: { kind: "tensor", shape: undefined } };
  if (Array.isArray(value)) return tensorOf(value);
  if (!isRecord(value)) return refused(t("an input is a list of sizes or an object, not {0}", shorten(value)));
  if (Array.isArray(value.seq)) return seqOf(value.seq);
  if (isRecord(value.dict)) return dictOf(value.dict);
  if ("shape" in value) return describedOf(value);
  return refused(t('an input object has "shape", "seq" or "dict": {0}', shorten(value)));
}

/** A list of inputs from a JSON value, as a request of the batch command holds it. */
export function inputsOf(value: unknown): { readonly kind: "ok"; readonly inputs: readonly InputSpec[] } | Refused {
  if (!Array.isArray(value)) return refused(t("the inputs are a list, one entry an input"));
  const inputs: InputSpec[] = [];
  for (const item of value) {
    const parsed = inputOf(item);
    if (parsed.kind === "error") return parsed;
    inputs.push(parsed.input);
  }
  return { kind: "ok", inputs };
}

interface Refused {
  readonly kind: "error";
  readonly message: Text;
}

function tensorOf(sizes: readonly unknown[]): ParsedInput {
  const shape: (number | string)[] = [];
  for (const size of sizes) {
    const known = sizeOf(size);
    if (known === undefined)
      return refused(t("{0} is not a size: a whole number or a symbol such as N", shorten(size)));
    shape.push(known);
  }
  return { kind: "ok", input: { kind: "tensor", shape } };
}

function sizeOf(size: unknown): number | string | undefined {
  if (typeof size === "number") return Number.isSafeInteger(size) && 0 <= size ? size : undefined;
  if (typeof size !== "string") return undefined;
  const parsed = parseSize(size);
  if (parsed === undefined) return undefined;
  return typeof parsed === "number" ? sizeOf(parsed) : printPython(parsed);
}

function seqOf(items: readonly unknown[]): ParsedInput {
  const specs: (InputSpec | null)[] = [];
  for (const item of items) {
    const parsed = item === null ? undefined : inputOf(item);
    if (parsed?.kind === "error") return parsed;
    specs.push(parsed?.input ?? null);
  }
  return { kind: "ok", input: { kind: "seq", items: specs } };
}

function dictOf(record: Readonly<Record<string, unknown>>): ParsedInput {
  const entries: (readonly [string, InputSpec | null])[] = [];
  for (const [key, item] of Object.entries(record)) {
    const parsed = item === null ? undefined : inputOf(item);
    if (parsed?.kind === "error") return parsed;
    entries.push([key, parsed?.input ?? null]);
  }
  return { kind: "ok", input: { kind: "dict", entries } };
}

function describedOf(record: Readonly<Record<string, unknown>>): ParsedInput {
  const parsed = inputOf(record.shape);
  if (parsed.kind === "error" || parsed.input.kind !== "tensor") return parsed;
  const dtype = record.dtype;
  const name = record.name;
  if (dtype !== undefined && typeof dtype !== "string") return refused(t("an input's dtype is a word such as int64"));
  if (name !== undefined && typeof name !== "string")
    return refused(t("an input's name is the parameter it is passed to"));
  return {
    kind: "ok",
    input: {
      ...parsed.input,
      ...(dtype === undefined ? {} : { dtype: dtype.replace(/^torch\./, "") }),
      ...(name === undefined ? {} : { name }),
    },
  };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function refused(message: Text): Refused {
  return { kind: "error", message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Characters of a refused value that a message quotes. */
const QUOTE_LIMIT = 40;

function shorten(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length <= QUOTE_LIMIT ? text : `${text.slice(0, QUOTE_LIMIT)}…`;
}
