import { el } from "./dom.ts";

/** A labelled number. */
export function numberField(
  text: string,
  name: string,
  value: number | string,
  min: number,
  max: number,
): { readonly label: HTMLElement; readonly input: HTMLInputElement } {
  const input = el("input", { type: "number", min, max, step: 1, value, name, "data-key": name });
  return { label: el("label", { class: "field" }, el("span", {}, text), input), input };
}

/** Radio buttons under one heading. */
export function choices(
  legend: string,
  name: string,
  options: readonly { readonly text: string; readonly on: boolean; readonly pick: () => void }[],
): HTMLFieldSetElement {
  const set = el("fieldset", {}, el("legend", {}, legend));
  for (const option of options) {
    const radio = el("input", { type: "radio", name, checked: option.on });
    // A click, not a change: choosing another file for a chosen radio asks again.
    radio.addEventListener("click", option.pick);
    set.append(el("label", {}, radio, ` ${option.text}`));
  }
  return set;
}
