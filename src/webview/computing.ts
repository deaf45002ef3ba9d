import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { Saved } from "./state.ts";
import type { Say } from "./words.ts";

/** How a run computes, and when one starts by itself. */
export function drawRunMode(
  { mode, auto }: Saved,
  say: Say,
  save: (change: Pick<Saved, "mode" | "auto">) => void,
): readonly HTMLElement[] {
  const modes = el("select", { name: "mode" });
  modes.append(
    el("option", { value: "reference", selected: mode !== "fast" }, say(t("layer by layer"))),
    el("option", { value: "fast", selected: mode === "fast" }, say(t("fast, layers folded together"))),
  );
  modes.addEventListener("change", () => save({ mode: modes.value === "fast" ? "fast" : "reference" }));
  const box = el("input", { type: "checkbox", name: "auto", checked: auto === true });
  box.addEventListener("change", () => save({ auto: box.checked }));
  return [
    el("label", { class: "field" }, el("span", {}, say(t("mode"))), modes),
    el("label", {}, box, ` ${say(t("run on each valid edit"))}`),
  ];
}
