import { greatest } from "../preview/class-map.ts";
import { momentsOf } from "../preview/feature-maps.ts";
import { t } from "../text/text.ts";
import { el, svg } from "./dom.ts";
import { decimal } from "./numbers.ts";
import type { Say } from "./words.ts";

/** How many of the greatest numbers are told by name. */
const TOLD = 8;
const WIDTH = 600;
const HEIGHT = 90;

/** A number for each channel, as bars over and under 0. */
export function drawVector(values: Float32Array, say: Say): HTMLElement {
  const { low, high, mean } = momentsOf(values);
  const top = Math.max(0, high);
  const span = top - Math.min(0, low) || 1;
  const zero = (top / span) * HEIGHT;
  const step = WIDTH / values.length;
  let path = "";
  for (const [i, value] of values.entries()) {
    const y = zero - (value / span) * HEIGHT;
    path += `M${(i * step).toFixed(2)} ${zero.toFixed(2)}V${y.toFixed(2)}h${Math.max(0.5, step * 0.8).toFixed(2)}V${zero.toFixed(2)}z`;
  }
  const words = say(t("{0} channels: {1} to {2}, mean {3}", values.length, decimal(low), decimal(high), decimal(mean)));
  const chart = svg(
    "svg",
    {
      class: "vector",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": words,
    },
    svg("path", { class: "bar", d: path }),
    svg("path", { class: "axis", d: `M0 ${zero}H${WIDTH}`, "vector-effect": "non-scaling-stroke" }),
  );
  const told = greatest(values, TOLD).map(({ index, value }) => `#${index} ${decimal(value)}`);
  return el(
    "div",
    { class: "bars-of-vector" },
    el("p", { class: "quiet" }, words),
    chart,
    el(
      "p",
      {},
      el("span", { class: "quiet" }, `${say(t("greatest"))} `),
      el("span", { class: "mono" }, told.join(" · ")),
    ),
  );
}
