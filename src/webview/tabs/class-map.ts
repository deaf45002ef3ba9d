import { type ClassHead, classHeadOf, scoresOf, withFeatures } from "../../preview/class-head.ts";
import { classMap, enlarge, greatest, type Plane, sharesOf } from "../../preview/class-map.ts";
import { momentsOf } from "../../preview/feature-maps.ts";
import { type Text, t } from "../../text/text.ts";
import { diverging, pixels, rangeStrip } from "../canvas.ts";
import { el } from "../dom.ts";
import type { Live } from "../live.ts";
import { namesRow } from "../names-row.ts";
import { decimal, percent } from "../numbers.ts";
import { picker } from "../picker.ts";
import { type Picture, pictureOf } from "../picture.ts";
import type { Tab, TabContext } from "../tab.ts";
import { fillWith, noLive, oncePerRun } from "../waiting.ts";

/** Sides of the square that a picture stands in, in pixels. */
const SIDE = 176;
/** Classes that are told first. */
const TOP = 5;

interface Memory {
  readonly class?: number;
}

/** What a class's logit is made of. */
interface Ground {
  readonly head: ClassHead;
  /** Of the first example, [C, H, W]. */
  readonly features: Float32Array;
  readonly height: number;
  readonly width: number;
  /** [classes, C]; undefined where each map is a class's own. */
  readonly weight: Float32Array | undefined;
  readonly bias: Float32Array | undefined;
}

/** Where in the picture the last maps speak for a class. */
export const classMaps: Tab = {
  id: "class-map",
  title: t("class map"),
  shown: ({ report }) => 1 < (report?.output.classes ?? 0),
  draw: (context) => {
    const { live } = context;
    if (live === undefined) return noLive(context, t("run the model to see where in the picture a class is found"));
    const section = el("section", { class: "class-map" });
    const found = groundOf(live);
    fillWith(
      section,
      found.known,
      () => found.asked,
      context,
      (ground) => drawGround(ground, live, context),
    );
    return section;
  },
};

const groundOf = oncePerRun(async (live: Live): Promise<Ground | Text> => {
  const result = classHeadOf(live.program);
  if (result.kind === "none") return t("no class map: {0}", result.reason);
  const { head } = result;
  const read = await live.read(withFeatures(live.program).path ?? "");
  if ("template" in read) return read;
  const weight = await weightOf(live, head.weight);
  const bias = await weightOf(live, head.bias);
  if (weight !== undefined && "template" in weight) return weight;
  if (bias !== undefined && "template" in bias) return bias;
  const [, channels = 0, height = 0, width = 0] = read.shape;
  return { head, features: read.data.subarray(0, channels * height * width), height, width, weight, bias };
});

async function weightOf(live: Live, index: number | undefined): Promise<Float32Array | Text | undefined> {
  if (index === undefined) return undefined;
  const reply = await live.ask("weight", { kind: "weight", index });
  return reply.kind === "error" ? reply.reason : reply.value.data;
}

function drawGround(ground: Ground, live: Live, context: TabContext): readonly Node[] {
  const { say, memory } = context;
  const { classes } = ground.head;
  const row = live.result.output?.data.subarray(0, classes) ?? new Float32Array(classes);
  const shares = sharesOf(row, scoresOf(live.program));
  const first = greatest(shares, TOP);
  const wanted = (memory as Memory | undefined)?.class;
  const chosen = wanted !== undefined && wanted < classes ? wanted : (first[0]?.index ?? 0);
  const map = mapOf(ground, chosen);
  const most = map.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const picture = pictureOf(live.program, live.inputs);
  const figures = el("div", { class: "figures" });
  if (picture !== undefined) figures.append(figure(plain(picture), say(t("input"))));
  const title = titleOf(chosen, context);
  figures.append(figure(over(map, most, picture), say(t("class map of {0}", title))));
  const range = { low: -most, high: most };
  const strip = el("p", { class: "range mono quiet" }, decimal(-most), rangeStrip(range), decimal(most));
  return [
    el(
      "div",
      { class: "class-row" },
      el("div", {}, figures, strip),
      el(
        "div",
        { class: "class-side" },
        topList(first, chosen, context),
        anyClass(classes, chosen, context),
        el("p", { class: "quiet" }, say(sumText(map, ground.bias?.[chosen] ?? 0))),
        namesRow(context),
      ),
    ),
  ];
}

function mapOf({ features, weight, height, width }: Ground, chosen: number): Plane {
  const size = height * width;
  const channels = features.length / size;
  if (weight === undefined) return { height, width, data: features.subarray(chosen * size, (chosen + 1) * size) };
  return classMap(features, weight.subarray(chosen * channels, (chosen + 1) * channels), height, width);
}

/** The logit by its parts, which is what makes the map one of this class. */
function sumText(map: Plane, bias: number): Text {
  const { mean } = momentsOf(map.data);
  return t("mean of the map {0} + bias {1} = logit {2}", decimal(mean), decimal(bias), decimal(mean + bias));
}

function titleOf(index: number, { names }: TabContext): string {
  const name = names?.nameOf(index);
  return name === undefined ? `#${index}` : `#${index} ${name}`;
}

function topList(
  first: readonly { readonly index: number; readonly value: number }[],
  chosen: number,
  context: TabContext,
): HTMLElement {
  const { say, actions } = context;
  const set = el("fieldset", { class: "top" }, el("legend", { class: "quiet" }, say(t("most likely"))));
  for (const { index, value } of first) {
    const radio = el("input", {
      type: "radio",
      name: "class",
      checked: index === chosen,
      "data-key": `class-${index}`,
    });
    radio.addEventListener("change", () => actions.remember({ class: index }));
    set.append(
      el(
        "label",
        {},
        radio,
        el("span", { class: "class-name" }, titleOf(index, context)),
        el("span", { class: "mono number" }, percent(value)),
      ),
    );
  }
  return set;
}

function anyClass(classes: number, chosen: number, context: TabContext): HTMLElement {
  const { say, actions } = context;
  const options = Array.from({ length: classes }, (_, index) => [String(index), titleOf(index, context)] as const);
  return picker(say(t("class")), "any-class", options, String(chosen), (value) =>
    actions.remember({ class: Number(value) }),
  );
}

function figure(canvas: HTMLCanvasElement, words: string): HTMLElement {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  canvas.removeAttribute("aria-hidden");
  return el("figure", {}, canvas, el("figcaption", { class: "quiet" }, words));
}

/** How many pixels of the canvas each of the picture's sides makes. */
function timesOf({ height, width }: { readonly height: number; readonly width: number }): number {
  return Math.max(1, Math.floor(SIDE / Math.max(height, width)));
}

function plain(picture: Picture): HTMLCanvasElement {
  const { height, width, at } = picture;
  const canvas = pixels(height, width, (i) => [255 * at(0, i), 255 * at(1, i), 255 * at(2, i), 255]);
  return sized(canvas, height, width);
}

/** The map in colors over the greyed picture: the farther from 0, the less of the picture is seen. */
function over(map: Plane, most: number, picture: Picture | undefined): HTMLCanvasElement {
  const under = picture ?? { height: map.height * 32, width: map.width * 32, at: () => 0.5 };
  const times = timesOf(under);
  const [height, width] = [under.height * times, under.width * times];
  const large = enlarge(map, height, width);
  const color = diverging();
  const canvas = pixels(height, width, (i) => {
    const place = Math.floor(Math.floor(i / width) / times) * under.width + Math.floor((i % width) / times);
    const grey = 255 * (0.3 * under.at(0, place) + 0.59 * under.at(1, place) + 0.11 * under.at(2, place));
    const share = (large.data[i] ?? 0) / most;
    const cover = 0.15 + 0.75 * Math.min(1, Math.abs(share));
    const [r, g, b] = color(share);
    return [grey + (r - grey) * cover, grey + (g - grey) * cover, grey + (b - grey) * cover, 255];
  });
  return sized(canvas, height, width);
}

function sized(canvas: HTMLCanvasElement, height: number, width: number): HTMLCanvasElement {
  const times = SIDE / Math.max(height, width);
  const whole = 1 <= times ? Math.floor(times) : times;
  canvas.classList.toggle("crisp", 1 <= times);
  canvas.style.width = `${Math.round(width * whole)}px`;
  canvas.style.height = `${Math.round(height * whole)}px`;
  return canvas;
}
