import type { PreviewView, ViewNode } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { el, refocus } from "./dom.ts";
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

/** What the tree shows. */
export interface TreeState {
  readonly view: PreviewView;
  readonly open: ReadonlySet<string>;
  /** Of the rows that are there. */
  readonly selected: string | undefined;
  readonly lit: ReadonlySet<string>;
  readonly found: ReadonlySet<string>;
  /** What is another than in the pinned view. */
  readonly changed: ReadonlySet<string>;
}

/**
 * The network as a tree for keyboard and screen reader. Only rows near those that are seen are in the page: each says
 * its level and its place among its siblings itself.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
 */
export interface Tree {
  readonly element: HTMLElement;
  readonly show: (state: TreeState) => void;
  readonly mark: (state: TreeState) => void;
  readonly focus: () => void;
}

interface Row {
  readonly node: ViewNode;
  readonly level: number;
  readonly at: number;
  readonly of: number;
}

/** Of a row, in pixels; as in the style sheet. */
const ROW = 22;
/** Rows in the page beyond those that are seen, on either side. */
const SPARE = 60;

/** `box` scrolls. */
export function makeTree(box: HTMLElement, label: (view: PreviewView) => string, actions: TreeActions): Tree {
  const tree = el("ul", { class: "tree", role: "tree" });
  let state: TreeState | undefined;
  let rows: readonly Row[] = [];
  let from = 0;
  let to = 0;
  let frame = 0;
  tree.addEventListener("keydown", onKey);
  tree.addEventListener("click", onClick);
  const later = (): void => {
    if (frame === 0) frame = requestAnimationFrame(() => draw(false));
  };
  box.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(later).observe(box);

  function show(next: TreeState): void {
    state = next;
    rows = rowsOf(next.view.network, next.open);
    tree.setAttribute("aria-label", label(next.view));
    if (tree.parentElement !== box) box.replaceChildren(tree);
    draw(true);
  }

  function draw(anew: boolean): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (state === undefined) return;
    const first = Math.floor(box.scrollTop / ROW);
    const count = Math.ceil(box.clientHeight / ROW);
    const last = Math.min(rows.length, first + count);
    if (!anew && from <= first && last <= to) return;
    // The focus must not fall out of the page while its row is scrolled out of it.
    const focused = tree.contains(document.activeElement) ? selectedRow() : -1;
    from = Math.max(0, first - SPARE);
    to = Math.min(rows.length, first + count + SPARE);
    if (0 <= focused) [from, to] = [Math.min(from, focused), Math.max(to, focused + 1)];
    tree.style.paddingTop = `${from * ROW + 4}px`;
    tree.style.paddingBottom = `${(rows.length - to) * ROW + 4}px`;
    const { found, lit } = state;
    tree.replaceChildren(...rows.slice(from, to).map((row) => item(row, row.node.id, lit, found)));
    mark(state);
    if (0 <= focused) refocus(elementAt(focused));
  }

  function item(
    { node, level, at, of }: Row,
    id: string,
    lit: ReadonlySet<string>,
    found: ReadonlySet<string>,
  ): HTMLLIElement {
    const opens = 0 < node.children.length;
    const isOpen = state?.open.has(id) === true;
    const isChanged = state?.changed.has(id) === true;
    const row = el(
      "div",
      { class: "row" },
      el("span", { class: opens ? (isOpen ? "twist open" : "twist") : "twist none" }),
      node.fits ? undefined : el("span", { class: "misfit glyph" }, "✕ "),
      isChanged ? el("span", { class: "changed-mark" }, "Δ ") : undefined,
      el("span", { class: "name" }, titleOf(node, actions.say)),
      el("span", { class: "note" }, node.count < 2 ? node.output.text : `×${node.count}  ${node.output.text}`),
    );
    row.style.setProperty("--level", String(level));
    const classes = [lit.has(id) ? "lit" : "", found.has(id) ? "found" : ""].filter(Boolean).join(" ");
    return el(
      "li",
      {
        role: "treeitem",
        class: classes === "" ? undefined : classes,
        "data-id": id,
        "aria-label": isChanged
          ? `${spokenOf(node, actions.say)}, ${actions.say(t("changed"))}`
          : spokenOf(node, actions.say),
        "aria-level": level,
        "aria-posinset": at,
        "aria-setsize": of,
        "aria-expanded": opens ? String(isOpen) : undefined,
      },
      row,
    );
  }

  function mark(next: TreeState): void {
    state = next;
    const stop = rows.slice(from, to).some(({ node }) => node.id === next.selected)
      ? next.selected
      : rows[Math.max(from, Math.floor(box.scrollTop / ROW))]?.node.id;
    for (const entry of tree.children) {
      if (!(entry instanceof HTMLElement)) continue;
      const id = entry.dataset.id ?? "";
      entry.setAttribute("aria-selected", String(id === next.selected));
      entry.tabIndex = id === stop ? 0 : -1;
      entry.classList.toggle("lit", next.lit.has(id));
      entry.classList.toggle("found", next.found.has(id));
    }
  }

  function focus(): void {
    const at = selectedRow();
    if (at < 0) return;
    const [top, bottom] = [at * ROW + 4, (at + 1) * ROW + 4];
    if (top < box.scrollTop) box.scrollTop = top - 4;
    else if (box.scrollTop + box.clientHeight < bottom) box.scrollTop = bottom + 4 - box.clientHeight;
    if (at < from || to <= at) draw(true);
    elementAt(at)?.focus({ preventScroll: true });
  }

  function selectedRow(): number {
    return rows.findIndex(({ node }) => node.id === state?.selected);
  }

  function elementAt(row: number): HTMLElement | undefined {
    const found = tree.children[row - from];
    return found instanceof HTMLElement ? found : undefined;
  }

  function onClick(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : tree;
    const id = target.closest<HTMLElement>("[role=treeitem]")?.dataset.id;
    if (id === undefined) return;
    const twist = target.classList.contains("twist") && !target.classList.contains("none");
    if (twist) actions.toggle(id);
    else actions.select(id);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || state === undefined) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.id;
    const at = rows.findIndex(({ node }) => node.id === focused);
    const current = rows[at];
    if (current === undefined) return;
    const { id } = current.node;
    const go = (row: Row | undefined): void => {
      if (row !== undefined) actions.move(row.node.id);
    };
    const isOpen = state.open.has(id) && 0 < current.node.children.length;
    switch (event.key) {
      case "ArrowDown":
        go(rows[at + 1]);
        break;
      case "ArrowUp":
        go(rows[at - 1]);
        break;
      case "PageDown":
        go(rows[Math.min(rows.length - 1, at + page())]);
        break;
      case "PageUp":
        go(rows[Math.max(0, at - page())]);
        break;
      case "Home":
        go(rows[0]);
        break;
      case "End":
        go(rows.at(-1));
        break;
      case "ArrowRight":
        if (isOpen) go(rows[at + 1]);
        else if (0 < current.node.children.length) actions.toggle(id);
        break;
      case "ArrowLeft":
        if (isOpen && current.level !== 1) actions.toggle(id);
        else go(rows.slice(0, at).findLast(({ level }) => level < current.level));
        break;
      case "Enter":
        actions.enter(id);
        break;
      case " ":
        actions.select(id);
        break;
      default: {
        if (!/^\p{L}$/u.test(event.key)) return;
        const wanted = event.key.toLowerCase();
        const order = [...rows.slice(at + 1), ...rows.slice(0, at)];
        const found = order.find(({ node }) => titleOf(node, actions.say).toLowerCase().startsWith(wanted));
        if (found === undefined) return;
        go(found);
      }
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function page(): number {
    return Math.max(1, Math.floor(box.clientHeight / ROW) - 1);
  }

  return { element: tree, show, mark, focus };
}

function rowsOf(network: ViewNode, open: ReadonlySet<string>): readonly Row[] {
  const rows: Row[] = [];
  const visit = (node: ViewNode, level: number, at: number, of: number): void => {
    rows.push({ node, level, at, of });
    if (!open.has(node.id)) return;
    for (const [i, child] of node.children.entries()) visit(child, level + 1, i + 1, node.children.length);
  };
  visit(network, 1, 1, 1);
  return rows;
}
