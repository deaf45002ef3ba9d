import type { PreviewView, ViewNode } from "../preview/model.ts";
import { t } from "../text/text.ts";
import type { DiagramView } from "./diagram-view.ts";
import { el } from "./dom.ts";
import { type Say, shortText, spokenOf, titleOf } from "./words.ts";

export interface PresenterContext {
  readonly say: Say;
  readonly picture: DiagramView;
  /** The view, and which of its nodes are open. */
  readonly shown: () =>
    | { readonly view: PreviewView; readonly open: ReadonlySet<string>; readonly selected: string }
    | undefined;
  /** Selects a node and shows its source, without taking the focus. */
  readonly select: (id: string) => void;
  readonly announce: (text: string) => void;
  /** The page takes or leaves its look for a class. */
  readonly changed: (on: boolean) => void;
}

/** For a class: large type, the network block by block with the arrow keys, the source along with it. */
export interface Presenter {
  readonly element: HTMLElement;
  readonly toggle: () => void;
  /** Whether it was one of its keys. */
  readonly key: (event: KeyboardEvent) => boolean;
}

/** The last row of a classroom reads this scale. */
const SCALE = 1.6;

export function makePresenter(context: PresenterContext): Presenter {
  const { say, picture } = context;
  const place = el("span", { class: "quiet" });
  const name = el("span", { class: "mono name" });
  const shape = el("span", { class: "mono" });
  const costs = el("span", { class: "quiet" });
  const keys = el("span", { class: "quiet keys" }, say(t("← → step, Esc leaves")));
  const element = el(
    "div",
    { class: "presenter", role: "group", "aria-label": say(t("presentation")), tabindex: -1, hidden: true },
    place,
    name,
    shape,
    costs,
    keys,
  );
  let on = false;
  let before = 1;

  /** What is stepped through: what the drawing shows closed, in the order of the network. */
  function stepsOf({
    view,
    open,
  }: {
    readonly view: PreviewView;
    readonly open: ReadonlySet<string>;
  }): readonly ViewNode[] {
    const visit = (node: ViewNode): readonly ViewNode[] =>
      open.has(node.id) && 0 < node.children.length
        ? node.children.flatMap(visit)
        : node.drawn && node.kind !== "add"
          ? [node]
          : [];
    return visit(view.network);
  }

  function toggle(): void {
    on = !on;
    element.hidden = !on;
    context.changed(on);
    if (!on) {
      picture.setScale(before);
      return;
    }
    before = picture.scale();
    picture.setScale(SCALE);
    element.focus();
    go((_, at) => Math.max(0, at));
  }

  function go(next: (count: number, at: number) => number): void {
    const shown = context.shown();
    if (shown === undefined) return;
    const steps = stepsOf(shown);
    const at = steps.findIndex(({ id }) => id === shown.selected);
    const to = Math.min(steps.length - 1, Math.max(0, next(steps.length, at)));
    const node = steps[to];
    if (node === undefined) return;
    context.select(node.id);
    picture.centerOn(node.id);
    place.textContent = say(t("{0} of {1}", to + 1, steps.length));
    const title = titleOf(node, say);
    name.textContent = 1 < node.count ? `${title} ×${node.count}` : title;
    shape.textContent = node.output.text;
    costs.textContent = [
      node.type === title ? "" : node.type,
      say(t("{0} parameters", shortText(node.params))),
      say(t("{0} multiply-adds", shortText(node.madds))),
    ]
      .filter(Boolean)
      .join(" · ");
    context.announce(`${say(t("{0} of {1}", to + 1, steps.length))}: ${spokenOf(node, say)}`);
  }

  return {
    element,
    toggle,
    key: (event) => {
      if (!on || event.ctrlKey || event.altKey || event.metaKey) return false;
      switch (event.key) {
        case "ArrowRight":
        case "ArrowDown":
        case "PageDown":
        case " ":
          go((_, at) => at + 1);
          return true;
        case "ArrowLeft":
        case "ArrowUp":
        case "PageUp":
          go((_, at) => at - 1);
          return true;
        case "Home":
          go(() => 0);
          return true;
        case "End":
          go((count) => count - 1);
          return true;
        case "Escape":
          toggle();
          return true;
        default:
          return false;
      }
    },
  };
}
