import type { PreviewView, ViewPlace } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { type DiagramView, type Marks, makeDiagramView } from "./diagram-view.ts";
import { el } from "./dom.ts";
import { drawLegend, drawTotals } from "./head.ts";
import type { Layouter } from "./layouter.ts";
import { drawNotes } from "./notes.ts";
import { shownFor } from "./state.ts";
import { makeTree, type TreeState } from "./tree.ts";
import type { Say } from "./words.ts";

/** What the drawing and the tree show. */
export interface BodyState {
  readonly view: PreviewView;
  /** Ids of the nodes whose inside is shown. */
  readonly open: ReadonlySet<string>;
  readonly selected: string;
  /** Ids that the cursor's code stands for. */
  readonly lit: readonly string[];
  /** Ids that a search has found. */
  readonly found: readonly string[];
  /** Ids of what is another than in the pinned view, and a sentence about the whole. */
  readonly changed: readonly string[];
  readonly since: () => HTMLElement | undefined;
}

export interface BodyActions {
  readonly say: Say;
  readonly layouter: Layouter;
  /** The scale to begin with. */
  readonly scale: number;
  readonly move: (id: string) => void;
  readonly select: (id: string) => void;
  readonly enter: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly reveal: (place: ViewPlace) => void;
  readonly scrolled: (top: number) => void;
  readonly scaled: (scale: number) => void;
}

/** The tree, and beside it the totals, the legend, the diagram and the notes. */
export interface Body {
  readonly side: HTMLElement;
  readonly scroll: HTMLElement;
  readonly picture: DiagramView;
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
  const scroll = el("main", { class: "scroll", tabindex: 0, "aria-label": say(t("drawing")) });
  const picture = makeDiagramView(scroll, actions.layouter, actions.scale, {
    select: actions.select,
    toggle: actions.toggle,
    words: (template) => say({ template, args: [] }),
    scaled: actions.scaled,
  });
  const tree = makeTree(side, (view) => say(t("layers of {0}", view.head.root)), actions);
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
    const since = state.since();
    const focused = treeHasFocus();
    const { scrollTop: top, scrollLeft: left } = scroll;
    scroll.replaceChildren(
      drawTotals(view, say),
      ...(since === undefined ? [] : [since]),
      drawLegend(view, say),
      picture.element,
      drawNotes(view, say, actions.reveal),
    );
    drawPicture(state);
    [scroll.scrollTop, scroll.scrollLeft] = [top, left];
    tree.show(treeState(state));
    mark(state);
    if (focused && document.hasFocus()) focusTree();
  }

  function drawPicture({ view, open }: BodyState): void {
    drawnFor = roomOf(scroll);
    picture.show({ view, open, room: drawnFor, charWidth: charWidth() });
  }

  /** The panel, or what the tree leaves of it, has another width. */
  function fit(): void {
    if (shown !== undefined && roomOf(scroll) !== drawnFor) drawPicture(shown);
  }

  function mark(state: BodyState): void {
    shown = state;
    const selected = shownFor(state.view, state.selected, state.open);
    picture.mark(marksOf(state, selected === state.view.network.id ? undefined : selected));
    tree.mark(treeState(state));
  }

  function focusTree(): void {
    tree.focus();
  }

  function treeHasFocus(): boolean {
    return side.contains(document.activeElement);
  }

  return { side, scroll, picture, draw, mark, focusTree, treeHasFocus, bringIntoView: picture.bringIntoView };
}

function treeState(state: BodyState): TreeState {
  const { view, open } = state;
  const selected = shownFor(view, state.selected, open);
  const { lit, found, changed } = marksOf(state, selected);
  return { view, open, selected, lit, found, changed };
}

function marksOf({ view, open, lit, found, changed }: BodyState, selected: string | undefined): Marks {
  const visible = (ids: readonly string[]): ReadonlySet<string> =>
    new Set(ids.flatMap((id) => shownFor(view, id, open) ?? []));
  return { selected, lit: visible(lit), found: visible(found), changed: visible(changed) };
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
