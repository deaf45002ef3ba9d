import { el } from "./dom.ts";
import { icon } from "./icons.ts";

export interface MenuItem {
  readonly text: string;
  readonly act: () => void;
  /** A key that does the same. */
  readonly key?: string;
  /** Stands apart from the item before it. */
  readonly apart?: true;
  readonly disabled?: boolean;
}

/**
 * A button that opens a menu of further actions.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
 */
export function menuButton(label: string, items: () => readonly MenuItem[]): HTMLElement {
  const attributes = { type: "button", class: "icon", "aria-label": label, title: label };
  const button = el("button", { ...attributes, "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  const menu = el("ul", { class: "menu", role: "menu", "aria-label": label, hidden: true });
  const element = el("div", { class: "menu-root" }, button, menu);

  function open(at: number): void {
    menu.replaceChildren(
      ...items().map(({ text, act, key, apart, disabled }) => {
        const item = el(
          "li",
          {
            role: "menuitem",
            tabindex: -1,
            class: apart === true ? "apart" : undefined,
            "aria-disabled": disabled === true ? "true" : undefined,
          },
          el("span", {}, text),
          key === undefined ? undefined : el("span", { class: "quiet" }, key),
        );
        item.addEventListener("click", () => {
          if (disabled === true) return;
          close(true);
          act();
        });
        return item;
      }),
    );
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    focus(at);
  }

  function close(back: boolean): void {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  }

  function focus(at: number): void {
    const entries = [...menu.children];
    const entry = entries[(at + entries.length) % entries.length];
    if (entry instanceof HTMLElement) entry.focus();
  }

  button.addEventListener("click", () => {
    if (menu.hidden) open(0);
    else close(true);
  });
  element.addEventListener("keydown", (event) => {
    const at = [...menu.children].indexOf(document.activeElement ?? menu);
    if (menu.hidden) {
      if (event.key === "ArrowDown") open(0);
      else if (event.key === "ArrowUp") open(-1);
      else return;
    } else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(false);
    else if (event.key === "ArrowDown") focus(at + 1);
    else if (event.key === "ArrowUp") focus(at - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(-1);
    else if (event.key === "Enter" || event.key === " ") (document.activeElement as HTMLElement | null)?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) close(false);
  });
  return element;
}
