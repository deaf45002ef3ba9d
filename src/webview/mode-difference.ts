import type { Comparison } from "../runtime/compare.ts";
import { type Text, t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { Live } from "./live.ts";
import { decimal } from "./numbers.ts";
import type { TabContext } from "./tab.ts";
import { fillWith, oncePerRun } from "./waiting.ts";

const asked = new WeakSet<Live>();

const comparisonOf = oncePerRun(async (live: Live): Promise<Comparison | Text> => {
  const reply = await live.ask("comparison", { kind: "compare", inputs: live.inputs });
  return reply.kind === "error" ? reply.reason : reply.comparison;
});

/** What folding layers together changes in the numbers and the time: asked for by a button, since it runs both modes. */
export function modeDifference(live: Live, context: TabContext): HTMLElement {
  const { say } = context;
  const box = el("div", { class: "modes" });
  const show = (): void => {
    const found = comparisonOf(live);
    box.replaceChildren();
    fillWith(
      box,
      found.known,
      () => found.asked,
      context,
      (comparison) => [el("p", {}, say(differenceText(comparison)))],
    );
  };
  if (asked.has(live)) {
    show();
    return box;
  }
  const words = say(t("compare with the other mode"));
  const button = el("button", { type: "button", class: "link plain", "data-key": "compare" }, words);
  button.addEventListener("click", () => {
    asked.add(live);
    show();
    context.actions.announce(say(t("reading…")));
  });
  box.append(button);
  return box;
}

function differenceText({ output, stages, time, stop }: Comparison): Text {
  if (output === undefined || stop !== undefined) return t("the two modes could not be compared");
  const worst = stages.reduce((a, b) => (a.relMax < b.relMax ? b : a), { path: "", relMax: 0 });
  const text = t(
    "fast against layer by layer: the output differs by {0} of its greatest value, {1} ms against {2} ms",
    decimal(output),
    time.fast.toFixed(1),
    time.reference.toFixed(1),
  );
  return worst.relMax === 0 ? text : t("{0}; most in {1}: {2}", text, worst.path || "forward", decimal(worst.relMax));
}
