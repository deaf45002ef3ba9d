import { exactCount } from "../editor/numbers.ts";
import type { Changes, NodeChange, Step } from "../preview/compare.ts";
import { type Text, t } from "../text/text.ts";
import { el } from "./dom.ts";
import { bytesText, type Say, shortText } from "./words.ts";

/** Changed nodes that are told one by one. */
const MOST_NODES = 6;

/** What has changed in numbers, and in which nodes the shapes did: `parameters 25.6 M → 26.9 M (+1.27 M)`. */
export function drawDeltas(changes: Changes, say: Say): HTMLElement {
  const facts: HTMLElement[] = [
    ...step(say(t("parameters")), changes.params, shortText),
    ...step(say(t("multiply-adds")), changes.madds, shortText),
    ...step(say(t("peak activations")), changes.peak, bytesText),
  ];
  if (changes.output.before !== changes.output.after)
    facts.push(fact(say(t("output")), `${changes.output.before} → ${changes.output.after}`));
  const shapes = changes.nodes.filter(({ shape }) => shape !== undefined);
  const added = changes.nodes.filter(({ kind }) => kind === "new").length;
  const gone = changes.nodes.filter(({ kind }) => kind === "gone").length;
  const counts: Text[] = [
    ...(0 < shapes.length ? [t("{0} other shapes", shapes.length)] : []),
    ...(0 < added ? [t("{0} new nodes", added)] : []),
    ...(0 < gone ? [t("{0} nodes gone", gone)] : []),
  ];
  if (facts.length === 0 && counts.length === 0)
    return el("p", { class: "quiet" }, say(t("no shape and no cost changes")));
  return el(
    "div",
    { class: "deltas" },
    el("div", { class: "delta-facts" }, ...facts),
    counts.length === 0 ? undefined : el("p", { class: "quiet" }, counts.map(say).join(", ")),
    shapes.length === 0 ? undefined : el("ul", { class: "mono" }, ...shapes.slice(0, MOST_NODES).map(shapeLine)),
  );
}

function shapeLine({ label, shape }: NodeChange): HTMLElement {
  return el("li", {}, `${label}  ${shape?.before ?? ""} → ${shape?.after ?? ""}`);
}

function step(
  name: string,
  { before, after }: Step,
  text: (value: number | undefined) => string,
): readonly HTMLElement[] {
  if (before === after) return [];
  const known = before !== undefined && after !== undefined;
  const delta = known ? ` (${signed(after - before, text)})` : "";
  return [fact(name, `${text(before)} → ${text(after)}${delta}`)];
}

/** `+1.27 M`; the minus sign is as wide as the plus. */
function signed(value: number, text: (value: number) => string): string {
  const sign = value < 0 ? "−" : "+";
  return `${sign}${Math.abs(value) < 1000 && !text(1).includes("B") ? exactCount(Math.abs(value)) : text(Math.abs(value))}`;
}

function fact(name: string, value: string): HTMLElement {
  return el("span", { class: "delta" }, el("span", { class: "quiet" }, `${name} `), value);
}
