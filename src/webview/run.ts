import type { FilePurpose, OfferedFile } from "../preview/messages.ts";
import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import { choices, numberField } from "./fields.ts";
import { drawInput, type InputActions } from "./input-row.ts";
import type { ChosenFiles, InputChoice, InputType } from "./run-inputs.ts";
import { bytesText, type Say } from "./words.ts";

export type BackendChoice = "automatic" | "webgl" | "wasm";

/** What the user chose for the next run; files by name alone, they are held beside. */
export interface RunSettings {
  readonly seed: number;
  readonly backend: BackendChoice;
  /** By the input's place; left out: noise, or zeros for whole numbers. */
  readonly inputs?: Readonly<Record<string, InputChoice>>;
  /** Undefined: as the code initializes them, seeded. */
  readonly weights?: string;
}

export interface Options {
  readonly settings: RunSettings;
  /** Of the shown root; empty where their sizes are not known. */
  readonly inputs: readonly InputType[];
  readonly files: ChosenFiles;
  /** Checkpoints to take with one click. */
  readonly offers: readonly OfferedFile[];
}

export interface OptionActions extends InputActions {
  readonly say: Say;
  readonly change: (settings: RunSettings) => void;
  readonly pick: (purpose: FilePurpose, input?: number) => void;
  readonly open: (uri: string) => void;
  /** Shows the root at other inputs. */
  readonly resize: (inputs: readonly InputType[]) => void;
}

/** The form of what a run takes: inputs, weights, batch, backend, seed. */
export function drawOptions(options: Options, actions: OptionActions): HTMLFormElement {
  const { settings, inputs } = options;
  const { say, change } = actions;
  const form = el("form", { class: "options", "aria-label": say(t("run options")) });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [index, input] of inputs.entries())
    form.append(
      drawInput(
        { index, input, alone: inputs.length === 1, choice: settings.inputs?.[index], files: options.files },
        {
          ...actions,
          choose: (choice) => change({ ...settings, inputs: { ...settings.inputs, [index]: choice } }),
          resize: (shape) => actions.resize(inputs.map((other, at) => (at === index ? { ...other, shape } : other))),
        },
      ),
    );
  form.append(weightsOf(options, actions));
  const rest = el("div", { class: "row" });
  const batch = batchField(inputs, actions);
  if (batch !== undefined) rest.append(batch);
  rest.append(backendField(settings, actions), seedField(settings, actions));
  form.append(rest);
  return form;
}

function weightsOf({ settings, offers }: Options, { say, change, pick, open }: OptionActions): HTMLFieldSetElement {
  const { weights, ...rest } = settings;
  const set = choices(say(t("weights")), "weights", [
    { text: say(t("initialized as the code says")), on: weights === undefined, pick: () => change(rest) },
    { text: weights ?? say(t("checkpoint file…")), on: weights !== undefined, pick: () => pick("weights") },
  ]);
  for (const { name, uri, size } of offers) {
    if (name === weights) continue;
    const offer = el(
      "button",
      { type: "button", class: "link plain", "data-key": uri, title: say(t("lies on this machine")) },
      say(t("{0} ({1}, here)", name, bytesText(size))),
    );
    offer.addEventListener("click", () => open(uri));
    set.append(offer);
  }
  return set;
}

/** Examples at a time; undefined where the inputs do not share one. */
function batchField(inputs: readonly InputType[], { say, resize }: OptionActions): HTMLElement | undefined {
  const [first] = inputs;
  const batch = first?.shape[0];
  if (batch === undefined || inputs.some(({ shape }) => shape[0] !== batch || shape.length < 2)) return undefined;
  const field = numberField(say(t("batch")), "batch", batch, 1, 256);
  field.input.addEventListener("change", () => {
    const value = Math.trunc(Number(field.input.value));
    if (!(1 <= value && value <= 256)) {
      field.input.value = String(batch);
      return;
    }
    resize(inputs.map((input) => ({ ...input, shape: [value, ...input.shape.slice(1)] })));
  });
  return field.label;
}

function backendField(settings: RunSettings, { say, change }: OptionActions): HTMLElement {
  const backend = el("select", { name: "backend" });
  for (const [value, text] of backends(say))
    backend.append(el("option", { value, selected: settings.backend === value }, text));
  backend.addEventListener("change", () => change({ ...settings, backend: backend.value as BackendChoice }));
  return el("label", { class: "field" }, el("span", {}, say(t("backend"))), backend);
}

function seedField(settings: RunSettings, { say, change }: OptionActions): HTMLElement {
  const { input, label } = numberField(say(t("seed")), "seed", settings.seed, 0, 4294967295);
  input.addEventListener("change", () => {
    const value = Math.trunc(Number(input.value));
    change({ ...settings, seed: Number.isFinite(value) && 0 <= value ? Math.min(value, 4294967295) : 0 });
  });
  return label;
}

function backends(say: Say): readonly (readonly [BackendChoice, string])[] {
  return [
    ["automatic", say(t("automatic"))],
    ["webgl", "WebGL"],
    ["wasm", "WebAssembly"],
  ];
}
