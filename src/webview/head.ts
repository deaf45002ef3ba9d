import type { ToHost } from "../preview/messages.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { el, svg } from "./dom.ts";
import { type IconName, icon } from "./icons.ts";
import { type MenuItem, menuButton } from "./menu.ts";
import { bytesText, maddsText, parametersText, type Say } from "./words.ts";

export interface HeadActions {
  readonly say: Say;
  readonly post: (message: ToHost) => void;
  readonly run: () => void;
  readonly cancel: () => void;
  readonly find: () => void;
  /** What else can be done with what is shown. */
  readonly more: () => readonly MenuItem[];
  readonly toggleTree: () => void;
  readonly toggleOptions: () => void;
}

export interface HeadState {
  readonly running: boolean;
  readonly tree: boolean;
  readonly options: boolean;
}

/** Value of the entry that asks for an input to be typed. */
const OTHER = "\u0000other";

/** The top row: root, input, verdict, and what starts or ends a run. */
export function drawHead(view: PreviewView, state: HeadState, actions: HeadActions): HTMLElement {
  const { say, post } = actions;
  const { head } = view;
  const roots = picker(
    say(t("model")),
    head.roots.map((root) => [root, root]),
    head.root,
  );
  roots.addEventListener("change", () => post({ kind: "select-root", root: roots.value }));
  const shown = head.example ? say(t("{0} (example)", head.input)) : head.input;
  const others = head.inputs.filter((input) => input !== head.input).map((input) => [input, input] as const);
  const inputs = picker(say(t("input")), [["", shown], ...others, [OTHER, say(t("other size…"))]], "");
  inputs.addEventListener("change", () => {
    const { value } = inputs;
    inputs.value = "";
    if (value !== "") post({ kind: "change-input", input: value === OTHER ? undefined : value });
  });
  const run = el("button", { type: "button", class: "primary" }, say(state.running ? t("Cancel") : t("Run")));
  run.addEventListener("click", state.running ? actions.cancel : actions.run);
  return el(
    "header",
    { class: "head" },
    roots,
    inputs,
    el(
      "div",
      { class: "ends" },
      verdict(view, say),
      el("span", { class: "spring" }),
      press(say(t("find")), "/", "search", actions.find),
      toggle(say(t("tree of layers")), "tree", state.tree, "aria-pressed", actions.toggleTree),
      toggle(say(t("run options")), "options", state.options, "aria-expanded", actions.toggleOptions),
      menuButton(say(t("more actions")), actions.more),
      run,
    ),
  );
}

function verdict(view: PreviewView, say: Say): HTMLElement {
  const { state, text } = view.head.verdict;
  const glyph =
    state === "ok"
      ? el("span", { class: "ok glyph" }, "✓ ")
      : state === "error"
        ? el("span", { class: "misfit glyph" }, "✕ ")
        : undefined;
  return el("span", { class: "verdict" }, glyph, say(text));
}

function picker(label: string, entries: readonly (readonly [string, string])[], value: string): HTMLSelectElement {
  const select = el("select", { "aria-label": label, title: label });
  for (const [key, text] of entries) select.append(el("option", { value: key, selected: key === value }, text));
  return select;
}

function toggle(
  label: string,
  name: IconName,
  on: boolean,
  state: "aria-pressed" | "aria-expanded",
  act: () => void,
): HTMLElement {
  const attributes = { type: "button", class: "icon", "aria-label": label, title: label, [state]: String(on) };
  const button = el("button", attributes, icon(name));
  button.addEventListener("click", act);
  return button;
}

function press(label: string, key: string, name: IconName, act: () => void): HTMLElement {
  const attributes = { type: "button", class: "icon", "aria-label": label, title: `${label} (${key})` };
  const button = el("button", attributes, icon(name));
  button.addEventListener("click", act);
  return button;
}

/** `25.6 M parameters · 4.09 G multiply-adds · 9.63 MB peak activations · output [N, 1000]`. */
export function drawTotals(view: PreviewView, say: Say): HTMLElement {
  const { totals } = view;
  const output = el("span", { class: "mono" }, totals.output.text);
  return el(
    "p",
    { class: "totals" },
    `${say(parametersText(totals.params))} · ${say(maddsText(totals.madds))} · `,
    `${say(t("{0} peak activations", bytesText(totals.peak)))} · ${say(t("output"))} `,
    output,
  );
}

/** Line styles and marks that occur in the drawing, each with its word. */
export function drawLegend(view: PreviewView, say: Say): HTMLElement {
  const kinds = new Set<string>();
  const visit = (node: ViewNode): void => {
    for (const one of [...node.shortcuts, ...node.arcs.map((arc) => arc.shortcut)]) {
      kinds.add(one.style);
      if (!one.fits) kinds.add("misfit");
    }
    node.children.forEach(visit);
  };
  visit(view.network);
  const legend = el("ul", { class: "legend" });
  const entry = (classes: string, text: string, mark: SVGElement): void => {
    const picture = svg("svg", { width: 26, height: 10, viewBox: "0 0 26 10", "aria-hidden": "true" }, mark);
    legend.append(el("li", { class: classes }, picture, ` ${text}`));
  };
  const line = (style: string): SVGElement => svg("path", { class: `line shortcut ${style}`, d: "M0 5h26" });
  if (kinds.has("solid")) entry("", say(t("identity")), line("solid"));
  if (kinds.has("dashed")) entry("", say(t("projection")), line("dashed"));
  if (kinds.has("dotted")) entry("", say(t("zero-padding")), line("dotted"));
  if (kinds.has("misfit"))
    entry("misfit", say(t("does not fit")), svg("path", { class: "cross", d: "M9 1l8 8M9 9l8 -8" }));
  entry("", say(t("multiply-adds")), svg("rect", { class: "bar", x: 0, y: 4, width: 26, height: 3 }));
  return legend;
}
