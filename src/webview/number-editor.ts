import type { ToHost } from "../preview/messages.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import type { NodeNumber, NumberPlace, NumberTrial, TrialAnswer } from "../preview/number-edit.ts";
import { type Text, t } from "../text/text.ts";
import { drawDeltas } from "./deltas.ts";
import { el, refocus } from "./dom.ts";
import { trail } from "./state.ts";
import type { Say } from "./words.ts";

export interface NumberEditorContext {
  readonly say: Say;
  readonly post: (message: ToHost) => void;
  readonly announce: (text: string) => void;
}

/** Below the card: the selected node's numbers that stand in the code, and the edit of one of them. */
export interface NumberEditor {
  readonly element: HTMLElement;
  /** The selection or the view is another. */
  readonly show: (view: PreviewView | undefined, node: ViewNode | undefined) => void;
  readonly received: (request: number, numbers: readonly NodeNumber[]) => void;
  readonly tried: (request: number, answer: TrialAnswer) => void;
  readonly applied: (reason: Text | undefined) => void;
}

/** Milliseconds without typing before a number is tried. */
const PAUSE = 250;

export function makeNumberEditor({ say, post, announce }: NumberEditorContext): NumberEditor {
  const list = el("div", { class: "numbers" });
  const form = el("div", { class: "number-edit" });
  const element = el(
    "section",
    { class: "numbers-slot", "aria-label": say(t("numbers in the code")), hidden: true },
    list,
    form,
  );
  let shown: { readonly view: PreviewView; readonly id: string } | undefined;
  let wanted = 0;
  let numbers: readonly NodeNumber[] = [];
  /** The number under edit, and what the newest answer says of it. */
  let editing:
    | { number: NodeNumber & { readonly place: NumberPlace }; text: string; trial: NumberTrial | undefined }
    | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(view: PreviewView | undefined, node: ViewNode | undefined): void {
    if (view === undefined || node === undefined) {
      shown = undefined;
      element.hidden = true;
      return;
    }
    if (shown?.view === view && shown.id === node.id) return;
    const same = shown?.id === node.id;
    shown = { view, id: node.id };
    // What was tried was tried on another text.
    forgetTrial();
    if (!same) {
      numbers = [];
      close();
    }
    const paths = pathsOf(view, node);
    if (paths.length === 0) {
      element.hidden = true;
      return;
    }
    wanted++;
    post({ kind: "numbers", request: wanted, paths });
  }

  function received(request: number, found: readonly NodeNumber[]): void {
    if (request !== wanted) return;
    numbers = found;
    draw();
    if (editing === undefined) return;
    const { number } = editing;
    const now = found.find(({ path, name }) => path === number.path && name === number.name);
    if (now?.place === undefined) close();
    else {
      editing.number = { ...now, place: now.place };
      ask();
    }
  }

  function forgetTrial(): void {
    if (editing !== undefined) editing.trial = undefined;
    const apply = form.querySelector<HTMLButtonElement>("button.primary");
    if (apply !== null) apply.disabled = true;
  }

  function draw(): void {
    element.hidden = numbers.length === 0;
    const focus = list.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.key
      : undefined;
    list.replaceChildren(el("span", { class: "quiet" }, say(t("in the code"))), ...numbers.map(drawNumber));
    if (focus !== undefined) refocus(buttonOf(focus));
  }

  function drawNumber(number: NodeNumber): HTMLElement {
    const { value, place } = number;
    const label = nameOf(number);
    const key = keyOf(number);
    if (place === undefined) {
      const reason = number.reason === undefined ? "" : say(number.reason);
      const words = say(t("{0} {1} cannot be edited here: {2}", label, value, reason));
      const fixed = el(
        "span",
        { class: "editable fixed", title: words, tabindex: 0, role: "note", "aria-label": words },
        label,
        " ",
        el("b", {}, String(value)),
      );
      fixed.dataset.key = key;
      return fixed;
    }
    const words = say(t("edit {0}, {1}", label, value));
    const button = el(
      "button",
      { type: "button", class: "editable", title: `${words} (F2)`, "aria-label": words, "data-key": key },
      label,
      " ",
      el("b", {}, String(value)),
    );
    const begin = (): void => open({ ...number, place });
    button.addEventListener("click", begin);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "F2") return;
      event.preventDefault();
      begin();
    });
    return button;
  }

  function nameOf({ name, path }: NodeNumber): string {
    if (name !== "blocks") return name;
    return shown?.id === path ? say(t("blocks")) : say(t("blocks of {0}", path));
  }

  function open(number: NodeNumber & { readonly place: NumberPlace }): void {
    clearTimeout(timer);
    editing = { number, text: String(number.value), trial: undefined };
    const label = nameOf(number);
    const input = el("input", {
      type: "text",
      inputmode: "numeric",
      class: "mono",
      value: String(number.value),
      "aria-label": label,
      size: 6,
    });
    const result = el("div", { class: "trial", "aria-live": "polite" });
    const apply = el("button", { type: "button", class: "primary", disabled: true }, say(t("Apply")));
    const cancel = el("button", { type: "button", class: "secondary" }, say(t("Cancel")));
    form.replaceChildren(el("div", { class: "edit-row" }, el("label", {}, `${label} `, input), apply, cancel), result);
    element.classList.add("editing");
    input.focus();
    input.select();
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (editing === undefined) return;
      editing.text = input.value.trim();
      forgetTrial();
      timer = setTimeout(ask, PAUSE);
    });
    form.onkeydown = (event) => {
      if (event.key === "Escape") {
        close();
        refocus(buttonOf(keyOf(number)));
      } else if (event.key === "Enter" && event.target === input) {
        if (editing?.trial === undefined) ask();
        else confirm();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    apply.addEventListener("click", confirm);
    cancel.addEventListener("click", () => {
      close();
      refocus(buttonOf(keyOf(number)));
    });
  }

  function ask(): void {
    clearTimeout(timer);
    if (editing === undefined) return;
    const { number, text } = editing;
    if (text === String(number.value)) {
      form.querySelector(".trial")?.replaceChildren();
      return;
    }
    wantedTrial++;
    post({ kind: "try-number", request: wantedTrial, place: number.place, text });
  }

  let wantedTrial = 0;

  function tried(request: number, answer: TrialAnswer): void {
    if (request !== wantedTrial || editing === undefined) return;
    const result = form.querySelector(".trial");
    if (answer.kind === "none") {
      result?.replaceChildren(sentence("✕", "misfit", answer.reason));
      return;
    }
    editing.trial = answer.trial;
    result?.replaceChildren(...drawTrial(answer.trial));
    const apply = form.querySelector<HTMLButtonElement>("button.primary");
    if (apply !== null) apply.disabled = false;
  }

  function drawTrial(trial: NumberTrial): readonly HTMLElement[] {
    const line = (sign: string, kind: string, text: string): HTMLElement =>
      el("div", { class: `diff ${kind}` }, el("span", { "aria-hidden": "true" }, sign), ` ${text}`);
    return [
      el("div", { class: "mono diffs" }, line("−", "old", trial.before), line("+", "new", trial.after)),
      drawDeltas(trial.changes, say),
      ...trial.broken.map((text) => sentence("✕", "misfit", text)),
      ...trial.mended.map((text) => sentence("✓", "ok", t("gone: {0}", text))),
    ];
  }

  function sentence(glyph: string, kind: string, text: Text): HTMLElement {
    return el("p", {}, el("span", { class: `${kind} glyph` }, `${glyph} `), say(text));
  }

  function confirm(): void {
    const trial = editing?.trial;
    if (trial === undefined) return;
    post({ kind: "apply-number", trial });
  }

  function applied(reason: Text | undefined): void {
    if (reason !== undefined) {
      form.querySelector(".trial")?.replaceChildren(sentence("✕", "misfit", reason));
      return;
    }
    const number = editing?.number;
    close();
    announce(say(t("the code is edited")));
    if (number !== undefined) refocus(buttonOf(keyOf(number)));
  }

  function close(): void {
    clearTimeout(timer);
    editing = undefined;
    form.replaceChildren();
    element.classList.remove("editing");
  }

  function buttonOf(key: string): HTMLElement | null {
    return list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  }

  return { element, show, received, tried, applied };
}

function keyOf({ path, name }: NodeNumber): string {
  return `${path} ${name}`;
}

/** The modules whose numbers belong to a node; of equal blocks drawn as one, the container's count too. */
function pathsOf(view: PreviewView, node: ViewNode): readonly string[] {
  if (node.kind !== "module") return [];
  const [path = ""] = node.paths;
  const parent = trail(view, node.id).at(-2);
  const counted = parent?.kind === "module" && node.level === "block" ? (parent.paths[0] ?? "") : undefined;
  return counted === undefined || counted === path ? [path] : [path, counted];
}
