import { el } from "./dom.ts";
import type { RunReport } from "./report.ts";
import type { RunLine } from "./run-control.ts";
import { runLine } from "./run-line.ts";
import type { Say } from "./words.ts";

/** The last row: how a run goes, else what the last one was. */
export function drawFoot(
  foot: HTMLElement,
  { line, running }: { readonly line: RunLine | undefined; readonly running: boolean },
  report: RunReport | undefined,
  stale: boolean,
  say: Say,
): void {
  if (line === undefined) {
    foot.replaceChildren(...runLine(report, say, stale).map((text) => el("span", {}, text)));
    return;
  }
  // The spinner turns on while the words beside it change.
  const busy = foot.querySelector(".busy");
  if (busy !== null && running) {
    busy.textContent = line.text;
    return;
  }
  const glyph = line.error
    ? el("span", { class: "misfit glyph" }, "✕ ")
    : running
      ? el("span", { class: "spinner", "aria-hidden": "true" })
      : undefined;
  const words = el("span", { class: running ? "busy" : "" }, line.text);
  foot.replaceChildren(el("span", { class: line.error ? "error" : "" }, glyph, words));
}
