import type { PreviewView, ViewNode } from "../preview/model.ts";
import { el } from "./dom.ts";
import { type Say, spokenOf, titleOf } from "./words.ts";

export interface TreeActions {
  /** The focus came to a node by the keyboard. */
  readonly move: (id: string) => void;
  /** A click: select it and show its source, the focus stays. */
  readonly select: (id: string) => void;
  /** Enter: go to its source. */
  readonly enter: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly say: Say;
}

/**
 * The network as a tree for keyboard and screen reader.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
 */
export function drawTree(
  view: PreviewView,
  open: ReadonlySet<string>,
  selected: string,
  label: string,
  actions: TreeActions,
): HTMLUListElement {
  const tree = el("ul", { class: "tree", role: "tree", "aria-label": label });
  tree.append(item(view.network, open, selected, 1, { at: 1, of: 1 }, actions));
  tree.addEventListener("keydown", (event) => onKey(event, tree, actions));
  return tree;
}

function item(
  node: ViewNode,
  open: ReadonlySet<string>,
  selected: string,
  level: number,
  place: { readonly at: number; readonly of: number },
  actions: TreeActions,
): HTMLLIElement {
  const opens = 0 < node.children.length;
  const isOpen = open.has(node.id);
  const isSelected = node.id === selected;
  const row = el(
    "div",
    { class: "row" },
    el("span", { class: opens ? (isOpen ? "twist open" : "twist") : "twist none" }),
    node.fits ? undefined : el("span", { class: "misfit glyph" }, "✕ "),
    el("span", { class: "name" }, titleOf(node, actions.say)),
    el("span", { class: "note" }, node.count < 2 ? node.output.text : `×${node.count}  ${node.output.text}`),
  );
  const entry = el(
    "li",
    {
      role: "treeitem",
      "data-id": node.id,
      "aria-label": spokenOf(node, actions.say),
      "aria-level": level,
      "aria-posinset": place.at,
      "aria-setsize": place.of,
      "aria-selected": isSelected ? "true" : "false",
      "aria-expanded": opens ? String(isOpen) : undefined,
      tabindex: isSelected ? 0 : -1,
    },
    row,
  );
  row.style.setProperty("--level", String(level));
  row.addEventListener("click", (event) => {
    const twist = event.target instanceof Element && event.target.classList.contains("twist");
    if (twist && opens) actions.toggle(node.id);
    else actions.select(node.id);
  });
  if (opens && isOpen) {
    const group = el("ul", { role: "group" });
    node.children.forEach((child, i) => {
      group.append(item(child, open, selected, level + 1, { at: i + 1, of: node.children.length }, actions));
    });
    entry.append(group);
  }
  return entry;
}

function onKey(event: KeyboardEvent, tree: HTMLElement, actions: TreeActions): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const items = [...tree.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const current = items[at];
  const id = current?.dataset.id;
  if (current === undefined || id === undefined) return;
  const go = (target: HTMLElement | undefined): void => {
    if (target?.dataset.id !== undefined) actions.move(target.dataset.id);
  };
  const expanded = current.getAttribute("aria-expanded");
  switch (event.key) {
    case "ArrowDown":
      go(items[at + 1]);
      break;
    case "ArrowUp":
      go(items[at - 1]);
      break;
    case "Home":
      go(items[0]);
      break;
    case "End":
      go(items.at(-1));
      break;
    case "ArrowRight":
      if (expanded === "false") actions.toggle(id);
      else if (expanded === "true") go(items[at + 1]);
      break;
    case "ArrowLeft":
      if (expanded === "true" && current.getAttribute("aria-level") !== "1") actions.toggle(id);
      else go(current.parentElement?.closest<HTMLElement>("[role=treeitem]") ?? undefined);
      break;
    case "Enter":
      actions.enter(id);
      break;
    case " ":
      actions.select(id);
      break;
    default: {
      if (event.key.length !== 1) return;
      const wanted = event.key.toLowerCase();
      const order = [...items.slice(at + 1), ...items.slice(0, at)];
      const found = order.find((one) => one.getAttribute("aria-label")?.toLowerCase().startsWith(wanted));
      if (found === undefined) return;
      go(found);
    }
  }
  event.preventDefault();
  event.stopPropagation();
}
