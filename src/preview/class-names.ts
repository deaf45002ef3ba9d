import { type Text, t } from "../text/text.ts";
import imagenet from "./imagenet/names.json" with { type: "json" };

/** ImageNet's, by index. */
export const IMAGENET: readonly string[] = imagenet.names;

/**
 * The names of classes in a file's text: one a line, a JSON list, or a JSON object from index to name or from name to
 * index. A name that is itself a list (`["n01440764", "tench"]`) is its last text.
 */
export function parseNames(text: string): { readonly names: readonly string[] } | { readonly refused: Text } {
  const plain = text.replace(/^\uFEFF/, "");
  if (!/^\s*[[{]/.test(plain)) {
    const names = plain
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => line.trim());
    return names.every((name) => name === "") ? { refused: t("the file has no names") } : { names };
  }
  let json: unknown;
  try {
    json = JSON.parse(plain);
  } catch {
    return { refused: t("the file is neither JSON nor one name a line") };
  }
  const entries = Array.isArray(json)
    ? json.map((value, i) => [String(i), value] as const)
    : Object.entries(json ?? {});
  const names: string[] = [];
  for (const [key, value] of entries) {
    const byIndex = nameOf(value);
    const index = byIndex === undefined ? value : Number(key);
    const name = byIndex ?? key;
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || MOST < index)
      return {
        refused: t(
          "{0} is neither a name nor a class's index",
          JSON.stringify(byIndex === undefined ? value : key).slice(0, 40),
        ),
      };
    names[index] = name;
  }
  return names.length === 0
    ? { refused: t("the file has no names") }
    : { names: Array.from(names, (name) => name ?? "") };
}

/** Indices above this are no classes. */
const MOST = 1_000_000;

function nameOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.findLast((one): one is string => typeof one === "string") : undefined;
}
