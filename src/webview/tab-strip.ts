import { el } from "./dom.ts";
import type { Tab } from "./tab.ts";
import type { Say } from "./words.ts";

export const TAB_PANEL = "tab-panel";

/**
 * The strip of tabs; the arrow keys, Home and End choose.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function drawTabStrip(
  tabs: readonly Tab[],
  chosen: Tab,
  { say, label, choose }: { readonly say: Say; readonly label: string; readonly choose: (id: string) => void },
): HTMLElement {
  const strip = el("div", { class: "tabs", role: "tablist", "aria-label": label });
  for (const tab of tabs) {
    const own = tab === chosen;
    const button = el(
      "button",
      {
        type: "button",
        role: "tab",
        id: tabId(tab),
        "data-key": tabId(tab),
        "aria-selected": String(own),
        "aria-controls": own ? TAB_PANEL : undefined,
        tabindex: own ? 0 : -1,
      },
      say(tab.title),
    );
    button.addEventListener("click", () => choose(tab.id));
    strip.append(button);
  }
  strip.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = tabs.indexOf(chosen);
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    const next = step === undefined ? undefined : tabs.at(step % tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    choose(next.id);
    document.getElementById(tabId(next))?.focus();
  });
  return strip;
}

export function tabId(tab: Tab): string {
  return `tab-${tab.id}`;
}
