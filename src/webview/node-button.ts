import { el } from "./dom.ts";
import type { TabContext } from "./tab.ts";

/** A node's name in a tab, which selects it in the diagram. `key` keeps the focus when the tab is drawn anew. */
export function nodeButton(
  label: string,
  node: string,
  key: string,
  { actions, selected }: Pick<TabContext, "actions" | "selected">,
): HTMLButtonElement {
  const button = el(
    "button",
    {
      type: "button",
      class: "link plain mono",
      "data-key": `${key}-${node}`,
      "aria-pressed": String(node === selected.id),
    },
    label,
  );
  button.addEventListener("click", () => actions.select(node));
  return button;
}
