import type { ViewNode } from "../../preview/model.ts";
import type { Histogram } from "../../runtime/histogram.ts";
import { type Text, t } from "../../text/text.ts";
import { el, svg } from "../dom.ts";
import { layerFor } from "../layer-choice.ts";
import type { Live } from "../live.ts";
import { nodeButton } from "../node-button.ts";
import { decimal, percent } from "../numbers.ts";
import type { Tab, TabContext } from "../tab.ts";
import { fillWith, noLive, oncePerRun } from "../waiting.ts";
import { titleOf } from "../words.ts";

const BINS = 48;
const WIDTH = 178;
const HEIGHT = 48;
/** Dead channels that are named. */
const NAMED = 8;

/** How the outputs of each stage are spread: bars, the share of zeros, and channels that are 0 everywhere. */
export const histograms: Tab = {
  id: "histograms",
  title: t("histograms"),
  shown: ({ report }) => report !== undefined,
  draw: (context) => {
    const { live, view } = context;
    if (live === undefined) return noLive(context, t("run the model to see how the values of its stages are spread"));
    const section = el("section", {});
    const stages = view.network.children.flatMap((node): readonly Stage[] => {
      const path = layerFor(node, view, live.program);
      return path === undefined ? [] : [{ node, path }];
    });
    const found = spreadOf(stages.map(({ path }) => path))(live);
    fillWith(
      section,
      found.known,
      () => found.asked,
      context,
      (spread) => drawAll(stages, spread, context),
    );
    return section;
  },
};

interface Stage {
  readonly node: ViewNode;
  readonly path: string;
}

type Spread = ReadonlyMap<string, Histogram>;

/** One question a run for the same stages. */
const asking = new Map<string, ReturnType<typeof oncePerRun<Spread | Text>>>();

function spreadOf(paths: readonly string[]): ReturnType<typeof oncePerRun<Spread | Text>> {
  const key = paths.join("\n");
  const ask =
    asking.get(key) ??
    oncePerRun(async (live: Live): Promise<Spread | Text> => {
      const reply = await live.ask("spread", { kind: "spread", inputs: live.inputs, paths, bins: BINS });
      return reply.kind === "error" ? reply.reason : reply.histograms;
    });
  asking.set(key, ask);
  return ask;
}

function drawAll(stages: readonly Stage[], spread: Spread, context: TabContext): readonly Node[] {
  const { say } = context;
  const list = el("div", { class: "histograms" });
  for (const { node, path } of stages) {
    const histogram = spread.get(path);
    if (histogram !== undefined) list.append(drawOne(node, histogram, context));
  }
  return [
    el("p", { class: "quiet" }, say(t("each bar counts the values in its range; zeros are counted apart"))),
    list,
  ];
}

function drawOne(node: ViewNode, histogram: Histogram, context: TabContext): HTMLElement {
  const { say } = context;
  const { low, high, size, zeros, wild } = histogram;
  const name = titleOf(node, say);
  const parts = [say(t("{0} zeros", percent(zeros / size)))];
  const dead = deadText(histogram);
  if (dead !== undefined) parts.push(say(dead));
  if (0 < wild) parts.push(say(t("{0} not finite", wild)));
  const words = parts.join(" · ");
  return el(
    "figure",
    { class: "histogram" },
    el(
      "figcaption",
      {},
      nodeButton(name, node.id, "stage", context),
      ` `,
      el("span", { class: "mono quiet" }, node.output.text),
    ),
    bars(histogram, `${name}: ${say(t("values from {0} to {1}", decimal(low), decimal(high)))}, ${words}`),
    el("div", { class: "ends mono quiet" }, el("span", {}, decimal(low)), el("span", {}, decimal(high))),
    el(
      "p",
      { class: 0 < wild ? "misfit" : "quiet" },
      0 < wild ? el("span", { class: "misfit glyph" }, "✕ ") : undefined,
      words,
    ),
  );
}

function deadText({ channels, dead }: Histogram): Text | undefined {
  if (channels === undefined) return undefined;
  if (dead.length === 0) return t("no dead channel");
  const named = dead.slice(0, NAMED).join(", ");
  return t("{0} of {1} channels dead ({2})", dead.length, channels, dead.length <= NAMED ? named : `${named}, …`);
}

/** The zeros among a bin are left out: they would be all that is seen. */
function bars({ low, high, counts, zeros }: Histogram, words: string): SVGSVGElement {
  const width = high - low;
  const home = width === 0 ? 0 : Math.min(BINS - 1, Math.floor((-low / width) * BINS));
  const shown = counts.map((count, bin) => (bin === home && low <= 0 && 0 <= high ? count - zeros : count));
  const most = Math.max(1, ...shown);
  const step = WIDTH / BINS;
  const path = shown
    .map((count, bin) => {
      const height = (count / most) * (HEIGHT - 1);
      return count === 0
        ? ""
        : `M${bin * step} ${HEIGHT}v${-Math.max(1, height).toFixed(2)}h${(step - 0.5).toFixed(2)}V${HEIGHT}z`;
    })
    .join("");
  const zero =
    low < 0 && 0 < high ? svg("path", { class: "zero", d: `M${(-low / width) * WIDTH} 0V${HEIGHT}` }) : undefined;
  return svg(
    "svg",
    {
      class: "spread",
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": words,
    },
    svg("path", { class: "bar", d: path }),
    zero,
    svg("path", { class: "axis", d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }),
  );
}
