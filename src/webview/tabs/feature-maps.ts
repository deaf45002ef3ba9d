import type { Plane } from "../../preview/class-map.ts";
import { type Moments, momentsOf, type Pictured, picturedOf, type Range, unionOf } from "../../preview/feature-maps.ts";
import type { Read } from "../../runtime/execute.ts";
import { t } from "../../text/text.ts";
import { mapCanvas, rangeStrip } from "../canvas.ts";
import { el } from "../dom.ts";
import { layerFor, layersOf, nodeFor } from "../layer-choice.ts";
import type { Live } from "../live.ts";
import { decimal, percent, shapeText } from "../numbers.ts";
import { picker } from "../picker.ts";
import type { Tab, TabContext } from "../tab.ts";
import { drawVector } from "../vector.ts";
import { fillWith, noLive } from "../waiting.ts";

/** Maps on one page. */
const PAGE = 64;
/** Sides of the squares that a map in the gallery and an enlarged one stand in, in pixels. */
const SMALL = 64;
const LARGE = 196;

interface Memory {
  /** The chosen layer, for as long as this node is selected. */
  readonly path?: string;
  readonly node?: string;
  /** Each map from its own least to its own greatest value, not from those of all. */
  readonly each?: boolean;
  readonly page?: number;
  /** The enlarged channel. */
  readonly channel?: number;
}

/** What a layer gives for each channel, as pictures. */
export const featureMaps: Tab = {
  id: "feature-maps",
  title: t("feature maps"),
  shown: ({ report }) => report !== undefined,
  draw: (context) => {
    const { live, view, selected } = context;
    if (live === undefined) return noLive(context, t("run the model to see what its layers give"));
    const memory = memoryOf(context);
    const layers = layersOf(live.program);
    const own = memory.node === selected.id ? layers.find(({ path }) => path === memory.path)?.path : undefined;
    const path = own ?? layerFor(selected, view, live.program) ?? layers[0]?.path ?? "";
    const section = el("section", { class: "maps" });
    const content = el("div", { class: "maps-content" });
    const tools = el("div", { class: "tools" }, layerPicker(path, live, context));
    section.append(tools, content);
    fillWith(
      content,
      live.known(path),
      () => live.read(path),
      context,
      (read) => drawRead(read, tools, context),
    );
    return section;
  },
};

function memoryOf({ memory }: TabContext): Memory {
  return typeof memory === "object" && memory !== null ? memory : {};
}

function drawRead(read: Read, tools: HTMLElement, context: TabContext): readonly Node[] {
  const { say } = context;
  const pictured = picturedOf(read.shape, read.data);
  const notes: string[] = [];
  const [examples = 1] = read.shape;
  if (1 < examples && 1 < read.shape.length) notes.push(say(t("the first of {0} examples", examples)));
  if (read.shape.length === 5) notes.push(say(t("the middle slice")));
  const parts = drawPictured(pictured, tools, context);
  const note = notes.length === 0 ? [] : [el("p", { class: "quiet" }, notes.join(", "))];
  return [...note, ...parts];
}

function drawPictured(pictured: Pictured, tools: HTMLElement, context: TabContext): readonly Node[] {
  const { say } = context;
  switch (pictured.kind) {
    case "maps":
      return drawMaps(pictured.maps, tools, context);
    case "matrix": {
      const moments = momentsOf(pictured.matrix.data);
      const { height, width } = pictured.matrix;
      const words = say(t("{0} rows, {1} columns, as one map", height, width));
      return [
        el("div", { class: "enlarged" }, mapCanvas(pictured.matrix, moments, 560), facts(moments, words, context)),
      ];
    }
    case "vector":
      return [drawVector(pictured.values, say)];
    case "none":
      return [el("p", { class: "quiet" }, say(t("this output cannot be shown as maps")))];
  }
}

function layerPicker(path: string, live: Live, context: TabContext): HTMLElement {
  const { say, view, actions } = context;
  const options = layersOf(live.program).map((layer): readonly [string, string] => {
    const name = layer.path === "" ? say(t("output")) : layer.path;
    return [layer.path, `${name}  ${shapeText(layer.shape)}`];
  });
  const change = (value: string): void => {
    const node = nodeFor(value, view.network) ?? context.selected;
    const { channel: _channel, page: _page, ...rest } = memoryOf(context);
    actions.remember({ ...rest, path: value, node: node.id });
    if (node !== context.selected) actions.select(node.id);
  };
  return picker(say(t("layer")), "layer", options, path, change, { class: "mono" });
}

function drawMaps(maps: readonly Plane[], tools: HTMLElement, context: TabContext): readonly Node[] {
  const { say, actions } = context;
  const memory = memoryOf(context);
  const moments = maps.map(({ data }) => momentsOf(data));
  const all = unionOf(moments);
  const pages = Math.ceil(maps.length / PAGE);
  const channel = memory.channel !== undefined && memory.channel < maps.length ? memory.channel : undefined;
  const page = Math.min(memory.page ?? 0, pages - 1);
  const rangeOf = (index: number): Range => {
    const own = moments[index];
    // Signs keep their colors: a map without negative values is drawn as the others are.
    return memory.each === true && own !== undefined
      ? { low: all.low < 0 ? Math.min(own.low, -1e-30) : own.low, high: own.high }
      : all;
  };
  tools.append(normalization(memory.each === true, context));
  if (1 < pages) tools.append(pager(page, pages, maps.length, context));
  const first = page * PAGE;
  const gallery = el("div", { class: "gallery", role: "group", "aria-label": say(t("{0} maps", maps.length)) });
  const stop = channel !== undefined && first <= channel && channel < first + PAGE ? channel : first;
  for (const [at, plane] of maps.slice(first, first + PAGE).entries()) {
    const index = first + at;
    const { low, high, mean } = moments[index] ?? momentsOf(plane.data);
    const dead = low === 0 && high === 0;
    const spoken = say(t("channel {0}: {1} to {2}, mean {3}", index, decimal(low), decimal(high), decimal(mean)));
    const button = el(
      "button",
      {
        type: "button",
        class: dead ? "map dead" : "map",
        "data-key": `map-${index}`,
        "data-channel": index,
        "aria-label": spoken,
        "aria-pressed": String(index === channel),
        title: spoken,
        tabindex: index === stop ? 0 : -1,
      },
      el("span", { class: "frame" }, mapCanvas(plane, rangeOf(index), SMALL)),
      el("span", { class: "number" }, String(index)),
    );
    button.addEventListener("click", () => {
      const { channel: _, ...rest } = memory;
      actions.remember(index === channel ? rest : { ...rest, channel: index });
    });
    gallery.append(button);
  }
  gallery.addEventListener("keydown", (event) => onKey(event, gallery));
  const chosen = channel === undefined ? undefined : maps[channel];
  const enlarged =
    chosen === undefined || channel === undefined ? [] : [enlargedMap(chosen, channel, rangeOf(channel), context)];
  const strip =
    memory.each === true
      ? el("p", { class: "range quiet" }, say(t("colors: each map from its own least to its own greatest value")))
      : el(
          "p",
          { class: "range mono quiet" },
          decimal(all.low < 0 ? -most(all) : 0),
          rangeStrip(all),
          decimal(all.low < 0 ? most(all) : all.high),
        );
  return [strip, el("div", { class: "maps-row" }, ...enlarged, gallery)];
}

/** Where there are negative values, the colors go as far to either side. */
function most({ low, high }: Range): number {
  return Math.max(-low, high);
}

function enlargedMap(plane: Plane, channel: number, range: Range, context: TabContext): HTMLElement {
  const { say, actions } = context;
  const shut = el(
    "button",
    { type: "button", class: "icon", "aria-label": say(t("close the map")), "data-key": "shut" },
    "×",
  );
  shut.addEventListener("click", () => {
    const { channel: _, ...rest } = memoryOf(context);
    actions.remember(rest);
  });
  const moments = momentsOf(plane.data);
  const heading = el(
    "p",
    { class: "channel" },
    say(t("channel {0}", channel)),
    " ",
    el("span", { class: "mono quiet" }, `${plane.height}×${plane.width}`),
    shut,
  );
  return el(
    "figure",
    { class: "enlarged" },
    heading,
    mapCanvas(plane, range, LARGE),
    facts(moments, undefined, context),
  );
}

function facts(
  { low, high, mean, deviation, zeros }: Moments,
  words: string | undefined,
  { say }: TabContext,
): HTMLElement {
  const rows = [
    [say(t("least")), decimal(low)],
    [say(t("greatest")), decimal(high)],
    [say(t("mean")), decimal(mean)],
    [say(t("deviation")), decimal(deviation)],
    [say(t("zeros")), percent(zeros)],
  ] as const;
  const list = el("dl", { class: "pairs" });
  for (const [term, value] of rows) list.append(el("dt", {}, term), el("dd", { class: "mono" }, value));
  return el("div", {}, words === undefined ? undefined : el("p", { class: "quiet" }, words), list);
}

function normalization(each: boolean, context: TabContext): HTMLElement {
  const { say, actions } = context;
  const box = el("input", { type: "checkbox", checked: each, "data-key": "each" });
  box.addEventListener("change", () => actions.remember({ ...memoryOf(context), each: box.checked }));
  return el("label", {}, box, say(t("each map by itself")));
}

function pager(page: number, pages: number, maps: number, context: TabContext): HTMLElement {
  const { say, actions } = context;
  const step = (to: number, label: string, glyph: string): HTMLElement => {
    const off = to < 0 || pages <= to;
    const button = el(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": label,
        title: label,
        "aria-disabled": String(off),
        "data-key": label,
      },
      glyph,
    );
    button.addEventListener("click", () => {
      if (!off) actions.remember({ ...memoryOf(context), page: to });
    });
    return button;
  };
  const last = Math.min(maps, (page + 1) * PAGE) - 1;
  return el(
    "span",
    { class: "pager" },
    step(page - 1, say(t("previous maps")), "‹"),
    el("span", { class: "mono" }, say(t("{0}–{1} of {2}", page * PAGE, last, maps))),
    step(page + 1, say(t("next maps")), "›"),
  );
}

/** The arrow keys go over the gallery as it stands, row by row. */
function onKey(event: KeyboardEvent, gallery: HTMLElement): void {
  const all = [...gallery.querySelectorAll<HTMLElement>("button")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const columns = all.filter((one) => one.offsetTop === all[0]?.offsetTop).length;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: 0,
    End: all.length - 1,
  };
  const next = all[steps[event.key] ?? -1];
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || !(event.key in steps)) return;
  event.preventDefault();
  if (next === undefined) return;
  for (const one of all) one.tabIndex = one === next ? 0 : -1;
  next.focus();
}
