import { el } from "./dom.ts";

/** A labelled choice among values with their texts; `key` finds it again after the tab is drawn anew. */
export function picker(
  label: string,
  key: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
  change: (value: string) => void,
  look: { readonly class?: string } = {},
): HTMLElement {
  const select = el("select", { "data-key": key, ...look });
  for (const [option, text] of options)
    select.append(el("option", { value: option, selected: option === value }, text));
  select.addEventListener("change", () => change(select.value));
  return el("label", { class: "field" }, el("span", {}, label), select);
}
