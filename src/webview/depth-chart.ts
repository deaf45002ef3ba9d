import { el, svg } from "./dom.ts";

/** A line down the depth: one number a step, `undefined` where there is none. */
export interface DepthLine {
  readonly values: readonly (number | undefined)[];
  /** `first` and `second`: which network; `faint`: of less weight. */
  readonly look: "first" | "second" | "first faint" | "second faint";
}

export interface DepthChart {
  readonly title: string;
  readonly lines: readonly DepthLine[];
  /** What is told of each step, under the pointer. */
  readonly steps: readonly string[];
  /** Names below the axis, at steps. */
  readonly marks: readonly { readonly step: number; readonly label: string }[];
}

const WIDTH = 1000;
const HEIGHT = 100;
/** Decades below the smallest deviation that are still drawn: a mean may be as good as 0. */
const BELOW = 1;
/** Two names nearer than this share of the width would run into each other; the last ones grow to the left. */
const APART = 0.2;
const LATE = 0.85;

/** Positive numbers on a logarithmic scale. The numbers themselves stand in a table beside it. */
export function drawDepthChart({ title, lines, steps, marks }: DepthChart): HTMLElement {
  const { low, high } = decadesOf(lines);
  const last = Math.max(1, steps.length - 1);
  const x = (step: number): number => (step / last) * WIDTH;
  const y = (value: number): number => (1 - (Math.log10(value) - low) / (high - low)) * HEIGHT;
  const chart = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": title },
    ...decades(low, high).map((decade) => svg("path", { class: "grid", d: `M0 ${y(10 ** decade)}H${WIDTH}` })),
    ...lines.flatMap((line) => drawLine(line, x, (value) => (value < 10 ** low ? undefined : y(value)))),
    ...steps.map((text, step) =>
      svg(
        "rect",
        { class: "step", x: x(step - 0.5), y: 0, width: WIDTH / last, height: HEIGHT },
        svg("title", {}, text),
      ),
    ),
  );
  const scale = el("div", { class: "scale mono quiet", "aria-hidden": "true" });
  for (const decade of decades(low, high)) {
    const label = el("span", {}, "10", el("sup", {}, String(decade).replace("-", "−")));
    label.style.setProperty("--at", String(y(10 ** decade) / HEIGHT));
    scale.append(label);
  }
  const names = el("div", { class: "marks mono quiet", "aria-hidden": "true" });
  for (const { step, label } of apart(marks, last)) {
    const name = el("span", {}, label);
    name.style.setProperty("--at", String(step / last));
    if (LATE < step / last) name.className = "end";
    names.append(name);
  }
  return el(
    "figure",
    { class: "depth" },
    el("figcaption", {}, title),
    el("div", { class: "plot" }, scale, chart, names),
  );
}

function drawLine(
  { values, look }: DepthLine,
  x: (step: number) => number,
  y: (value: number) => number | undefined,
): readonly SVGElement[] {
  let path = "";
  let points = "";
  let pen = "M";
  for (const [step, value] of values.entries()) {
    const at = value === undefined || !(0 < value) || !Number.isFinite(value) ? undefined : y(value);
    if (at === undefined) {
      pen = "M";
      continue;
    }
    const place = `${x(step).toFixed(1)} ${at.toFixed(2)}`;
    path += `${pen}${place}`;
    points += `M${place}h0.01`;
    pen = "L";
  }
  const line = svg("path", { class: `line ${look}`, d: path });
  return look.endsWith("faint") ? [line] : [line, svg("path", { class: `points ${look}`, d: points })];
}

/** Whole powers of ten around the numbers, at least one apart. */
function decadesOf(lines: readonly DepthLine[]): { readonly low: number; readonly high: number } {
  const drawn = (shown: readonly DepthLine[]): readonly number[] =>
    shown.flatMap(({ values }) =>
      values.filter((one): one is number => one !== undefined && 0 < one && one < Infinity),
    );
  const strong = drawn(lines.filter(({ look }) => !look.endsWith("faint")));
  const all = drawn(lines);
  const least = Math.floor(Math.log10(Math.min(...strong)));
  const low = Math.max(Math.floor(Math.log10(Math.min(...all))), least - BELOW);
  const high = Math.ceil(Math.log10(Math.max(...all)) + 1e-9);
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high: Math.max(high, low + 1) } : { low: -1, high: 1 };
}

/** At most six, evenly. */
function decades(low: number, high: number): readonly number[] {
  const step = Math.max(1, Math.ceil((high - low) / 6));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
}

function apart(marks: DepthChart["marks"], last: number): DepthChart["marks"] {
  const kept: { step: number; label: string }[] = [];
  for (const mark of marks) {
    const before = kept.at(-1);
    const share = (mark.step - (before?.step ?? 0)) / last;
    const room = LATE < mark.step / last ? 2 * APART : APART;
    if (before === undefined || room <= share) kept.push(mark);
  }
  return kept;
}
