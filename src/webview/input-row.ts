import type { PanelData } from "../preview/html.ts";
import type { FilePurpose } from "../preview/messages.ts";
import { type Text, t } from "../text/text.ts";
import { likelyPreset, type PictureSize, type Preset, pictureSize } from "../weights/presets.ts";
import { pixels } from "./canvas.ts";
import { el } from "./dom.ts";
import { choices, numberField } from "./fields.ts";
import type { FileSource } from "./files.ts";
import type { Pictures } from "./pictures.ts";
import { type ChosenFiles, type InputChoice, type InputType, transformOf, usualChoice } from "./run-inputs.ts";
import type { Say } from "./words.ts";

export interface InputActions {
  readonly say: Say;
  readonly pick: (purpose: FilePurpose, input?: number) => void;
  readonly samples: PanelData["pictures"];
  /** Takes one of the shipped pictures. */
  readonly takeSample: (name: string, input: number) => void;
  readonly drop: (file: FileSource, input: number) => void;
  readonly pictures: Pictures;
}

export interface InputRow {
  readonly index: number;
  readonly input: InputType;
  /** The root has no other input. */
  readonly alone: boolean;
  readonly choice: InputChoice | undefined;
  readonly files: ChosenFiles;
}

interface RowActions extends InputActions {
  readonly choose: (choice: InputChoice) => void;
  /** Shows the root with this input at another shape. */
  readonly resize: (shape: readonly number[]) => void;
}

type PictureChoice = Extract<InputChoice, { kind: "pictures" }>;

/** What one input is filled with, and for pictures what is done to them and what the network sees of them. */
export function drawInput(row: InputRow, actions: RowActions): HTMLElement {
  const { index, input, alone, files } = row;
  const { say, choose, pick } = actions;
  const size = pictureSize(input.shape);
  const choice = row.choice ?? usualChoice(input);
  const tensor = files.tensor(index);
  const real = usualChoice(input).kind === "noise";
  const set = choices(alone ? say(t("input")) : say(t("input {0}", input.name)), `input-${index}`, [
    ...(real ? [{ text: say(t("noise")), on: choice.kind === "noise", pick: () => choose({ kind: "noise" }) }] : []),
    { text: say(t("zeros")), on: choice.kind === "zeros", pick: () => choose({ kind: "zeros" }) },
    ...(size === undefined
      ? []
      : [
          {
            text: say(t("picture")),
            on: choice.kind === "pictures",
            pick: () => {
              if (choice.kind !== "pictures") choose({ kind: "pictures" });
            },
          },
        ]),
    {
      text: choice.kind === "tensor" && tensor !== undefined ? tensor.name : say(t(".npy file…")),
      on: choice.kind === "tensor",
      pick: () => pick("tensor", index),
    },
  ]);
  if (choice.kind !== "pictures" || size === undefined) return set;
  return el("div", { class: "input" }, set, drawPictures(row, choice, size, actions));
}

function drawPictures(row: InputRow, choice: PictureChoice, size: PictureSize, actions: RowActions): HTMLElement {
  const { index, files } = row;
  const { say, pick, samples = [], takeSample } = actions;
  const chosen = files.pictures(index);
  const strip = el("div", { class: "shelf" });
  for (const file of chosen) strip.append(thumbnail(file, row, choice, size, actions));
  for (const { name, uri } of samples) {
    const button = el(
      "button",
      {
        type: "button",
        class: "sample",
        "data-key": `sample ${index} ${name}`,
        title: name,
        "aria-label": say(t("use the picture {0}", name)),
      },
      el("img", { src: uri, alt: "", height: 40 }),
    );
    button.addEventListener("click", () => takeSample(name, index));
    strip.append(button);
  }
  const other = el("button", { type: "button", class: "secondary", "data-key": `picture ${index}` }, say(t("file…")));
  other.addEventListener("click", () => pick("image", index));
  strip.append(other, el("span", { class: "quiet" }, say(t("or paste one, or hold Shift and drop it here"))));
  return el("div", { class: "pictures" }, strip, drawTransform(row, choice, size, actions));
}

/** A chosen picture as the network sees it; a click takes it away. */
function thumbnail(
  file: FileSource,
  { index }: InputRow,
  choice: PictureChoice,
  size: PictureSize,
  { say, pictures, drop }: RowActions,
): HTMLElement {
  const take = el("button", {
    type: "button",
    class: "seen",
    "data-key": `seen ${index} ${file.name}`,
    "aria-label": say(t("{0}, as the network sees it; press to take it away", file.name)),
    title: file.name,
  });
  take.addEventListener("click", () => drop(file, index));
  const figure = el("figure", {}, take, el("figcaption", { class: "mono" }, file.name));
  pictures.transform(file, transformOf(choice, size)).then((made) => {
    if ("template" in made) {
      figure.append(el("span", { class: "failed" }, el("span", { class: "misfit glyph" }, "✕ "), say(made)));
      return;
    }
    const { channels, data, height, width } = made.seen;
    take.append(
      pixels(height, width, (i) => {
        const at = (channel: number): number => data[i * channels + Math.min(channel, channels - 1)] ?? 0;
        return [at(0), at(1), at(2), 255];
      }),
    );
    figure.append(el("span", { class: "quiet mono" }, `${made.width}×${made.height} → ${width}×${height}`));
  });
  return figure;
}

/** The preset, and what can be changed of it. */
function drawTransform(
  { index, input }: InputRow,
  choice: PictureChoice,
  size: PictureSize,
  { say, choose, resize }: RowActions,
): HTMLElement {
  const transform = transformOf(choice, size);
  const likely = likelyPreset(size);
  const preset = el("select", { name: "preset", "data-key": `preset ${index}` });
  for (const [value, text] of presets(size)) {
    const words = value === likely ? t("{0} (by its shape)", text) : text;
    preset.append(el("option", { value, selected: (choice.preset ?? likely) === value }, say(words)));
  }
  preset.addEventListener("change", () => choose({ kind: "pictures", preset: preset.value as Preset }));
  const edit = (change: PictureChoice["edits"]): void => choose({ ...choice, edits: { ...choice.edits, ...change } });

  const short = numberField(say(t("resize")), `resize ${index}`, transform.resize ?? "", 1, 4096);
  short.input.placeholder = say(t("none"));
  short.input.addEventListener("change", () => {
    const value = Math.trunc(Number(short.input.value));
    edit({ resize: 1 <= value ? Math.min(value, 4096) : null });
  });
  const crop = numberField(say(t("crop")), `crop ${index}`, size.height, 1, 4096);
  crop.input.title = say(t("changes the size that the model is shown at"));
  crop.input.addEventListener("change", () => {
    const value = Math.trunc(Number(crop.input.value));
    if (1 <= value && value <= 4096) resize([...input.shape.slice(0, 2), value, value]);
  });
  const filter = el("select", { "data-key": `filter ${index}` });
  for (const value of ["bilinear", "bicubic"] as const)
    filter.append(el("option", { value, selected: transform.interpolation === value }, value));
  filter.addEventListener("change", () => edit({ interpolation: filter.value === "bicubic" ? "bicubic" : "bilinear" }));
  const numbers = (name: "mean" | "std", label: string): HTMLElement => {
    const field = el("input", {
      type: "text",
      value: transform[name].join(", "),
      "data-key": `${name} ${index}`,
      spellcheck: "false",
    });
    field.addEventListener("change", () => {
      const values = field.value
        .split(/[\s,]+/)
        .filter((part) => part !== "")
        .map(Number);
      const fine =
        [1, size.channels].includes(values.length) &&
        values.every((n) => Number.isFinite(n) && (name === "mean" || n !== 0));
      if (fine) edit(name === "mean" ? { mean: values } : { std: values });
      else field.value = transform[name].join(", ");
    });
    return el("label", { class: "field" }, el("span", {}, label), field);
  };
  return el(
    "div",
    { class: "transform" },
    el("label", { class: "field" }, el("span", {}, say(t("prepared as"))), preset),
    el(
      "details",
      { "data-open": `transform ${index}` },
      el("summary", {}, say(t("change"))),
      el(
        "div",
        { class: "row" },
        short.label,
        crop.label,
        el("label", { class: "field" }, el("span", {}, say(t("interpolation"))), filter),
        numbers("mean", say(t("mean"))),
        numbers("std", say(t("deviation"))),
      ),
    ),
  );
}

function presets({ channels }: PictureSize): readonly (readonly [Preset, Text])[] {
  const plain = ["plain", t("as it is")] as const;
  if (channels === 1) return [["mnist", t("MNIST, grey")], plain];
  return [["imagenet", t("ImageNet")], ["imagenet-v2", t("ImageNet, V2 weights")], ["cifar", t("CIFAR-10")], plain];
}
