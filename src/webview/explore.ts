import { findNodes } from "../preview/find.ts";
import type { PreviewView } from "../preview/model.ts";
import type { DiagramView } from "./diagram-view.ts";
import { el } from "./dom.ts";
import { makeSearch } from "./search.ts";
import { allNodes, trail } from "./state.ts";
import { type Say, spokenOf, titleOf } from "./words.ts";
import { makeZoomBar } from "./zoom.ts";

export interface ExploreContext {
  readonly say: Say;
  readonly picture: DiagramView;
  readonly view: () => PreviewView | undefined;
  /** Opens (true) and closes nodes; an empty change is the view's own opening again. */
  readonly open: (change: Readonly<Record<string, boolean>> | undefined) => void;
  /** Selects a node and brings it into view; the focus stays where it is. */
  readonly show: (id: string) => void;
  /** The marks are others. */
  readonly mark: () => void;
  readonly focusTree: () => void;
  readonly announce: (text: string) => void;
}

/** How a reader finds the way in a large network: search, scale, minimap. */
export interface Explore {
  /** Over the diagram, in its corners. */
  readonly elements: readonly HTMLElement[];
  readonly found: () => readonly string[];
  readonly openSearch: () => void;
  /** The scale is another. */
  readonly scaled: () => void;
  /** The view is another. */
  readonly update: () => void;
  /** Whether it was a key of the diagram. */
  readonly key: (event: KeyboardEvent) => boolean;
}

export function makeExplore(context: ExploreContext): Explore {
  const { say, picture } = context;
  let found: readonly string[] = [];
  const nodeOf = (id: string) => {
    const view = context.view();
    return view === undefined ? undefined : trail(view, id).at(-1);
  };
  const search = makeSearch({
    say,
    find: (text) => {
      const view = context.view();
      return view === undefined ? [] : findNodes(view, text, (node) => titleOf(node, say));
    },
    show: (ids, current) => {
      found = ids;
      const view = context.view();
      if (view !== undefined && current !== undefined) {
        const above = trail(view, current).slice(0, -1);
        context.open(Object.fromEntries(above.map(({ id }) => [id, true])));
        context.show(current);
      }
      context.mark();
    },
    close: context.focusTree,
    announce: context.announce,
    spoken: (id) => {
      const node = nodeOf(id);
      return node === undefined ? "" : spokenOf(node, say);
    },
  });
  const zoom = makeZoomBar({
    say,
    scale: picture.scale,
    setScale: (scale) => picture.setScale(scale),
    whole: picture.whole,
    openAll: () => {
      const view = context.view();
      if (view === undefined) return;
      const opening = allNodes(view).filter(({ children }) => 0 < children.length);
      context.open(Object.fromEntries(opening.map(({ id }) => [id, true])));
    },
    closeAll: () => context.open(undefined),
  });
  return {
    elements: [search.element, el("div", { class: "corner" }, picture.minimap, zoom.element)],
    found: () => found,
    openSearch: search.open,
    scaled: zoom.update,
    update: search.update,
    key: (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const finds = (plain && event.key === "/") || (!plain && !event.altKey && event.key.toLowerCase() === "f");
      if (!finds) return zoom.key(event);
      search.open();
      return true;
    },
  };
}
