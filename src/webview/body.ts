import type { PreviewView, ViewPlace } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { drawDiagram } from "./diagram.ts";
import { el } from "./dom.ts";
import { drawLegend, drawTotals } from "./head.ts";
import { drawNotes } from "./notes.ts";
import { shownFor } from "./state.ts";
import { drawTree } from "./tree.ts";
import { type Say, titleOf } from "./words.ts";

/** What the drawing and the tree show. */
export interface BodyState {
  readonly view: PreviewView;
  /** Ids of the nodes whose inside is shown. */
  readonly open: ReadonlySet<string>;
  readonly selected: string;
  /** Ids that the cursor's code stands for. */
  readonly lit: readonly string[];
}

export interface BodyActions {
  readonly say: Say;
  readonly move: (id: string) => void;
  readonly select: (id: string) => void;
  readonly enter: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly reveal: (place: ViewPlace) => void;
  readonly scrolled: (top: number) => void;
}

/** The tree, and beside it the totals, the legend, the diagram and the notes. */
export interface Body {
  readonly side: HTMLElement;
  readonly scroll: HTMLElement;
  /** Without a state: the words that stand in its place. */
  readonly draw: (state: BodyState | string) => void;
  /** Marks the selected and the highlighted nodes, without drawing anew. */
  readonly mark: (state: BodyState) => void;
  readonly focusTree: () => void;
  readonly treeHasFocus: () => boolean;
  readonly bringIntoView: (id: string | undefined) => void;
}

export function makeBody(actions: BodyActions): Body {
  const { say } = actions;
  const side = el("nav", { class: "side", "aria-label": say(t("tree of layers")) });
  const scroll = el("main", { class: "scroll" });
  const picture = el("div", { class: "picture" });
  let shown: BodyState | undefined;
  /** The width that the diagram was last drawn for, in pixels. */
  let drawnFor = 0;
  new ResizeObserver(fit).observe(scroll);
  scroll.addEventListener("scroll", () => actions.scrolled(scroll.scrollTop));

  function draw(state: BodyState | string): void {
    if (typeof state === "string") {
      shown = undefined;
      scroll.replaceChildren(state === "" ? "" : el("p", { class: "waiting" }, state));
      side.replaceChildren();
      return;
    }
    shown = state;
    const { view } = state;
    const focused = treeHasFocus();
    const top = scroll.scrollTop;
    picture.replaceChildren(diagramOf(state));
    scroll.replaceChildren(drawTotals(view, say), drawLegend(view, say), picture, drawNotes(view, say, actions.reveal));
    scroll.scrollTop = top;
    side.replaceChildren(drawTree(view, state.open, state.selected, say(t("layers of {0}", view.head.root)), actions));
    mark(state);
    if (focused) focusTree();
  }

  function diagramOf({ view, open }: BodyState): SVGSVGElement {
    drawnFor = roomOf(scroll);
    return drawDiagram(
      view,
      open,
      { charWidth: charWidth(), room: drawnFor },
      {
        select: actions.select,
        toggle: actions.toggle,
        title: (node) => titleOf(node, say),
        words: (template) => say({ template, args: [] }),
      },
    );
  }

  /** The panel, or what the tree leaves of it, has another width. */
  function fit(): void {
    if (shown === undefined || roomOf(scroll) === drawnFor) return;
    picture.replaceChildren(diagramOf(shown));
    mark(shown);
  }

  function mark(state: BodyState): void {
    shown = state;
    const { view, open, selected, lit } = state;
    const visible = shownFor(view, selected, open);
    const bright = new Set(lit.map((id) => shownFor(view, id, open)));
    for (const node of scroll.querySelectorAll<SVGElement>(".node")) {
      node.classList.toggle("selected", node.dataset.id === visible && selected !== view.network.id);
      node.classList.toggle("lit", bright.has(node.dataset.id ?? ""));
    }
    for (const entry of side.querySelectorAll<HTMLElement>("[role=treeitem]")) {
      const own = entry.dataset.id === visible;
      entry.setAttribute("aria-selected", String(own));
      entry.tabIndex = own ? 0 : -1;
      entry.classList.toggle("lit", bright.has(entry.dataset.id ?? ""));
    }
  }

  function focusTree(): void {
    side.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus({ preventScroll: false });
  }

  function treeHasFocus(): boolean {
    return side.contains(document.activeElement);
  }

  function bringIntoView(id: string | undefined): void {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const node of scroll.querySelectorAll<SVGElement>(".node")) {
      if (node.dataset.id !== id) continue;
      node.scrollIntoView({ block: "nearest", inline: "nearest", behavior: calm ? "auto" : "smooth" });
      return;
    }
  }

  return { side, scroll, draw, mark, focusTree, treeHasFocus, bringIntoView };
}

/** Pixels that a box's content may be wide. */
function roomOf(box: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(box);
  return box.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** Width of one character of the editor's font at 12 px. */
function charWidth(): number {
  const font =
    getComputedStyle(document.documentElement).getPropertyValue("--vscode-editor-font-family") || "monospace";
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return 7.3;
  context.font = `12px ${font}`;
  return context.measureText("MMMMMMMMMM").width / 10 || 7.3;
}
