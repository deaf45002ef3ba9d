import type { FilePurpose } from "../preview/messages.ts";
import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { Say } from "./words.ts";

export type BackendChoice = "automatic" | "webgl" | "wasm";

/** What the user chose for the next run; files by name alone, their bytes are held beside. */
export interface RunSettings {
  readonly seed: number;
  readonly backend: BackendChoice;
  /** Undefined: seeded noise. */
  readonly image?: string;
  /** Undefined: as the code initializes them, seeded. */
  readonly weights?: string;
}

export interface OptionActions {
  readonly say: Say;
  readonly change: (settings: RunSettings) => void;
  readonly pick: (purpose: FilePurpose) => void;
}

/** The form of what a run takes: input, weights, backend, seed. */
export function drawOptions(settings: RunSettings, actions: OptionActions): HTMLFormElement {
  const { say, change, pick } = actions;
  const form = el("form", { class: "options", "aria-label": say(t("run options")) });
  form.addEventListener("submit", (event) => event.preventDefault());

  const { image, weights, ...rest } = settings;
  form.append(
    choice(say(t("input")), "input", [
      {
        text: say(t("noise")),
        on: image === undefined,
        pick: () => change({ ...rest, ...(weights === undefined ? {} : { weights }) }),
      },
      { text: image ?? say(t("image file…")), on: image !== undefined, pick: () => pick("image") },
    ]),
    choice(say(t("weights")), "weights", [
      {
        text: say(t("initialized as the code says")),
        on: weights === undefined,
        pick: () => change({ ...rest, ...(image === undefined ? {} : { image }) }),
      },
      { text: weights ?? say(t("checkpoint file…")), on: weights !== undefined, pick: () => pick("weights") },
    ]),
  );

  const seed = el("input", { type: "number", min: 0, max: 4294967295, step: 1, value: settings.seed, name: "seed" });
  seed.addEventListener("change", () => {
    const value = Math.trunc(Number(seed.value));
    change({ ...settings, seed: Number.isFinite(value) && 0 <= value ? Math.min(value, 4294967295) : 0 });
  });
  const backend = el("select", { name: "backend" });
  for (const [value, text] of backends(say)) {
    backend.append(el("option", { value, selected: settings.backend === value }, text));
  }
  backend.addEventListener("change", () => change({ ...settings, backend: backend.value as BackendChoice }));
  form.append(
    el("label", { class: "field" }, el("span", {}, say(t("backend"))), backend),
    el("label", { class: "field" }, el("span", {}, say(t("seed"))), seed),
  );
  return form;
}

function backends(say: Say): readonly (readonly [BackendChoice, string])[] {
  return [
    ["automatic", say(t("automatic"))],
    ["webgl", "WebGL"],
    ["wasm", "WebAssembly"],
  ];
}

function choice(
  legend: string,
  name: string,
  options: readonly { readonly text: string; readonly on: boolean; readonly pick: () => void }[],
): HTMLFieldSetElement {
  const set = el("fieldset", {}, el("legend", {}, legend));
  for (const option of options) {
    const radio = el("input", { type: "radio", name, checked: option.on });
    // A click, not a change: choosing another file for a chosen radio asks again.
    radio.addEventListener("click", option.pick);
    set.append(el("label", {}, radio, ` ${option.text}`));
  }
  return set;
}
