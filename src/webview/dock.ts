import type { PreviewView, ViewNode, ViewPlace } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { drawCard } from "./card.ts";
import { el } from "./dom.ts";
import type { Live } from "./live.ts";
import { namesFor } from "./names.ts";
import type { NumberEditor } from "./number-editor.ts";
import { redraw } from "./redraw.ts";
import { type RunReport, timeOf } from "./report.ts";
import { isLow } from "./room.ts";
import { splitter } from "./splitter.ts";
import type { Saved } from "./state.ts";
import type { TabActions, TabContext } from "./tab.ts";
import { drawTabStrip, TAB_PANEL, tabId } from "./tab-strip.ts";
import { TABS } from "./tabs.ts";
import type { Say } from "./words.ts";

/** What the dock shows. */
export interface DockState {
  readonly view: PreviewView;
  readonly selected: ViewNode;
  readonly report: RunReport | undefined;
  readonly live: Live | undefined;
  readonly running: boolean;
  /** The report is of the model before an edit. */
  readonly stale: boolean;
  readonly saved: Saved;
}

export interface DockActions extends Omit<TabActions, "remember" | "reveal"> {
  readonly say: Say;
  /** Stands below the card, and draws itself. */
  readonly numbers: NumberEditor;
  readonly reveal: (place: ViewPlace) => void;
  readonly save: (
    change: Pick<Saved, "tab"> | Pick<Saved, "tabs"> | Pick<Saved, "dock"> | Pick<Saved, "folded">,
  ) => void;
}

/** Below the diagram: the selected node's card and, after a run, its tabs. */
export interface Dock {
  readonly element: HTMLElement;
  /** Nothing where there is nothing to select. */
  readonly draw: (state: DockState | undefined) => void;
}

export function makeDock(actions: DockActions): Dock {
  const { say } = actions;
  const card = el("div", { class: "slot" });
  const strip = el("div", { class: "slot" });
  const before = el("p", { class: "before", hidden: true });
  const panel = el("div", { class: "tab-panel", id: TAB_PANEL, role: "tabpanel", tabindex: 0 });
  const handle = splitter({
    label: say(t("height of the result")),
    share: (share) => {
      actions.save({ dock: share });
      element.style.setProperty("--share", String(share));
      element.classList.add("sized");
    },
  });
  const element = el("div", { class: "dock" }, handle.element, card, actions.numbers.element, strip, before, panel);
  let state: DockState | undefined;

  function draw(next: DockState | undefined): void {
    state = next;
    drawOwnCard();
    actions.numbers.show(next?.view, next?.selected);
    drawTabs();
  }

  function cardOf({ view, selected, report, saved }: DockState): HTMLElement {
    const peak = selected === view.network ? view.totals.peak : undefined;
    // In a low panel a result needs the room more.
    const folded = saved.folded ?? (report !== undefined && isLow());
    const fold = { folded, toggle: () => change({ folded: !folded }) };
    return drawCard(selected, { time: timeOf(selected, report), peak }, { say, reveal: actions.reveal, fold });
  }

  function drawOwnCard(): void {
    redraw(card, ...(state === undefined ? [] : [cardOf(state)]));
  }

  function drawTabs(): void {
    const shown = state;
    const offered = shown === undefined ? [] : TABS.filter((tab) => tab.shown(contextOf(tab.id, shown)));
    const chosen = offered.find((tab) => tab.id === shown?.saved.tab) ?? offered[0];
    panel.hidden = chosen === undefined;
    handle.element.hidden = chosen === undefined;
    element.classList.toggle("with-tabs", chosen !== undefined);
    element.classList.toggle("sized", chosen !== undefined && shown?.saved.dock !== undefined);
    if (shown?.saved.dock !== undefined) handle.set(shown.saved.dock);
    if (shown === undefined || chosen === undefined) {
      redraw(strip);
      redraw(panel);
      before.hidden = true;
      return;
    }
    const label = say(t("result of the run"));
    redraw(
      strip,
      el(
        "div",
        { class: "tab-row" },
        drawTabStrip(offered, chosen, { say, label, choose: (tab) => change({ tab }) }),
        closeButton(),
      ),
    );
    bringIntoStrip(strip.querySelector<HTMLElement>("[aria-selected=true]"));
    before.replaceChildren(
      ...(shown.stale ? [el("span", { class: "caution glyph" }, "⚠ "), say(t("before this edit"))] : []),
    );
    before.hidden = !shown.stale;
    panel.setAttribute("aria-labelledby", tabId(chosen));
    // Another tab starts at its top.
    const other = panel.dataset.tab !== chosen.id;
    panel.dataset.tab = chosen.id;
    redraw(panel, chosen.draw(contextOf(chosen.id, shown)));
    if (other) panel.scrollTop = 0;
  }

  function change(change: Pick<Saved, "tab"> | Pick<Saved, "tabs"> | Pick<Saved, "folded">): void {
    if (state === undefined) return;
    actions.save(change);
    state = { ...state, saved: { ...state.saved, ...change } };
    if ("folded" in change) drawOwnCard();
    else drawTabs();
  }

  function contextOf(id: string, { saved, ...shown }: DockState): TabContext {
    const remember = (memory: unknown): void => change({ tabs: { ...state?.saved.tabs, [id]: memory } });
    const names = namesFor(shown.report, saved.labels);
    return { ...shown, say, names, memory: saved.tabs?.[id], actions: { ...actions, remember } };
  }

  function closeButton(): HTMLElement {
    const label = say(t("close the result"));
    const button = el("button", { type: "button", class: "icon", "aria-label": label, title: label }, "×");
    button.addEventListener("click", actions.close);
    return button;
  }

  return { element, draw };
}

/** The strip shows the whole of a tab, whatever else does not fit in. */
function bringIntoStrip(tab: HTMLElement | null): void {
  const strip = tab?.parentElement;
  if (tab === null || strip === null || strip === undefined) return;
  const [own, shown] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += Math.min(0, own.left - shown.left) + Math.max(0, own.right - shown.right);
}
