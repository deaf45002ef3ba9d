import type { Program } from "../../graph/program.ts";
import { scoresOf } from "../../preview/class-head.ts";
import { greatest, sharesOf } from "../../preview/class-map.ts";
import { compareViews, type Pair, type Part } from "../../preview/compare-views.ts";
import type { Beside } from "../../runtime/beside.ts";
import { type Text, t } from "../../text/text.ts";
import { el } from "../dom.ts";
import type { Live } from "../live.ts";
import { nodeButton } from "../node-button.ts";
import { decimal, percent } from "../numbers.ts";
import { picker } from "../picker.ts";
import { noiseFor } from "../run-inputs.ts";
import type { Tab, TabContext } from "../tab.ts";
import { fillWith } from "../waiting.ts";
import { exactText, shortText } from "../words.ts";

interface Memory {
  /** `edit`, `weights`, `foreign`, or `root:` and the other root. */
  readonly against?: string;
}

const TOP = 5;
const ROOT = "root:";

/** The shown model beside another root, its own state before the last edit, or other weights. */
export const compare: Tab = {
  id: "compare",
  title: t("compare"),
  shown: ({ report }) => report !== undefined,
  draw: (context) => {
    const against = chosen(context);
    const section = el("section", { class: "compare" }, againstPicker(against, context));
    const box = el("div", {});
    section.append(box);
    if (against === undefined) {
      box.append(el("p", { class: "quiet" }, context.say(t("choose what to compare this model with"))));
      return section;
    }
    const { key, known, ask } = questionOf(against, context);
    fillWith(box, known, ask, context, (found) => drawComparison(found, key, context));
    return section;
  },
};

interface Found {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly beside: Beside | Text | undefined;
  readonly program: Program | undefined;
}

function chosen({ memory, view, actions }: TabContext): string | undefined {
  const { against } = (memory as Memory | undefined) ?? {};
  if (against === "edit") return actions.earlier() === undefined ? undefined : against;
  if (against === "weights") return actions.checkpoint() === undefined ? undefined : against;
  if (against === "foreign") return actions.foreign() === undefined ? undefined : against;
  const root = against?.slice(ROOT.length);
  return root !== undefined && root !== view.head.root && view.head.roots.includes(root) ? against : undefined;
}

function againstPicker(against: string | undefined, { say, view, actions }: TabContext): HTMLElement {
  const checkpoint = actions.checkpoint();
  const foreign = actions.foreign();
  const options: readonly (readonly [string, string])[] = [
    ["", say(t("nothing"))],
    ...view.head.roots.filter((root) => root !== view.head.root).map((root) => [`${ROOT}${root}`, root] as const),
    ...(actions.earlier() === undefined ? [] : [["edit", say(t("before the last edit"))] as const]),
    ...(checkpoint === undefined ? [] : [["weights", checkpoint.name] as const]),
    ...(foreign === undefined ? [] : [["foreign", `${foreign.root} · ${foreign.file}`] as const]),
    ["pick", say(t("another checkpoint…"))],
    ["pick-foreign", say(t("a model of another file…"))],
  ];
  return picker(say(t("compare with")), "compare-against", options, against ?? "", (value) => {
    if (value === "pick") actions.pickCheckpoint();
    if (value === "pick-foreign") actions.pickForeign();
    actions.remember({ against: value === "pick" ? "weights" : value === "pick-foreign" ? "foreign" : value });
  });
}

const held = new WeakMap<
  object,
  Map<string, { readonly asked: Promise<Found | Text>; known: Found | Text | undefined }>
>();

/** What was found is held as long as the run, or the view where there is none. */
function questionOf(
  key: string,
  context: TabContext,
): { readonly key: string; readonly known: Found | Text | undefined; readonly ask: () => Promise<Found | Text> } {
  const owner = context.live ?? context.view;
  const mine = held.get(owner) ?? new Map();
  held.set(owner, mine);
  const name = `${key} ${detailOf(key, context)}`;
  const found = mine.get(name);
  if (found !== undefined) return { key, known: found.known, ask: () => found.asked };
  const entry: { readonly asked: Promise<Found | Text>; known: Found | Text | undefined } = {
    asked: find(key, context),
    known: undefined,
  };
  void entry.asked.then((value) => {
    entry.known = value;
  });
  mine.set(name, entry);
  return { key, known: undefined, ask: () => entry.asked };
}

/** What tells two choices of the same kind apart. */
function detailOf(key: string, { actions }: TabContext): string {
  const foreign = actions.foreign();
  if (key === "weights") return actions.checkpoint()?.name ?? "";
  return key === "foreign" && foreign !== undefined ? `${foreign.uri} ${foreign.root}` : "";
}

async function find(key: string, context: TabContext): Promise<Found | Text> {
  const { view, live, actions, say } = context;
  const [earlier, checkpoint] = [actions.earlier(), actions.checkpoint()];
  if (key === "edit" && earlier !== undefined)
    return {
      name: say(t("before the last edit")),
      pairs: compareViews(view, earlier),
      beside: undefined,
      program: undefined,
    };
  if (key === "weights" && checkpoint !== undefined) {
    const pairs = compareViews(view, view);
    const weights = { kind: "file", bytes: checkpoint.bytes } as const;
    const beside = live === undefined ? undefined : await askBeside(live, live.program, weights, pairs, context);
    return { name: checkpoint.name, pairs, beside, program: live?.program };
  }
  const foreign = key === "foreign" ? actions.foreign() : undefined;
  const root = foreign?.root ?? key.slice(ROOT.length);
  const other = await actions.other(root, foreign?.uri).asked;
  if ("template" in other) return other;
  const pairs = compareViews(view, other.view);
  const { program } = other;
  if ("template" in program) return { name: root, pairs, beside: program, program: undefined };
  const beside = live === undefined ? undefined : await askBeside(live, program, { kind: "seed" }, pairs, context);
  return { name: root, pairs, beside, program };
}

async function askBeside(
  live: Live,
  other: Program,
  weights: { readonly kind: "seed" } | { readonly kind: "file"; readonly bytes: Uint8Array },
  pairs: readonly Pair[],
  { report }: TabContext,
): Promise<Beside | Text> {
  const seed = report?.seed ?? 0;
  const shapes = (of: Program): string => JSON.stringify(of.inputs.map(({ shape, dtype }) => [shape, dtype]));
  const otherInputs = shapes(other) === shapes(live.program) ? live.inputs : noiseFor(other, seed);
  const reply = await live.ask("beside", {
    kind: "beside",
    inputs: live.inputs,
    other,
    otherInputs,
    weights,
    seed,
    pairs: pairs.map(({ own, other: theirs }) => [own?.path ?? NONE, theirs?.path ?? NONE] as const),
  });
  return reply.kind === "error" ? reply.reason : reply.beside;
}

/** No module's path. */
const NONE = "\u0000";

function drawComparison({ name, pairs, beside, program }: Found, key: string, context: TabContext): readonly Node[] {
  const { say, view, live } = context;
  const numbers = beside === undefined || "template" in beside ? undefined : beside;
  const differing = pairs.filter(({ change }) => change !== "same").length;
  const verdict =
    differing === 0
      ? t("the same {0} parts in both", pairs.length)
      : t("{0} of {1} parts differ", differing, pairs.length);
  const notes: Text[] = [];
  if (beside !== undefined && "template" in beside) notes.push(beside);
  else if (beside === undefined && key !== "edit") notes.push(t("run the model to compare what its parts give"));
  return [
    el(
      "p",
      { class: "verdict" },
      el("span", { class: `glyph ${differing === 0 ? "ok" : "caution"}` }, differing === 0 ? "✓ " : "≠ "),
      say(verdict),
      el("span", { class: "quiet" }, ` · ${say(t("above: {0}, below: {1}", view.head.root, name))}`),
    ),
    ...notes.map((text) => el("p", { class: "quiet" }, say(text))),
    numbers === undefined || program === undefined || live === undefined
      ? undefined
      : tops(numbers, live, program, name, context),
    table(pairs, numbers, context),
  ].filter((one) => one !== undefined);
}

const GLYPHS = { same: "=", changed: "≠", added: "+", removed: "−" } as const;

function words(change: Pair["change"]): Text {
  switch (change) {
    case "same":
      return t("the same");
    case "changed":
      return t("changed");
    case "added":
      return t("only in the other");
    case "removed":
      return t("only here");
  }
}

function table(pairs: readonly Pair[], beside: Beside | undefined, context: TabContext): HTMLElement {
  const { say } = context;
  const heads = [say(t("part")), say(t("output")), say(t("parameters")), say(t("multiply-adds"))];
  if (beside !== undefined) heads.push(say(t("deviation")), say(t("difference")));
  const body = el("tbody", {});
  pairs.forEach((pair, i) => {
    const numbers = beside?.pairs[i];
    const { own, other, change } = pair;
    body.append(
      el(
        "tr",
        { class: change },
        el("th", { scope: "row" }, mark(change, context), name(own, other, context)),
        both(own?.shape, other?.shape),
        both(count(own, "params", exactText), count(other, "params", exactText)),
        both(count(own, "madds", shortText), count(other, "madds", shortText)),
        ...(numbers === undefined
          ? []
          : [
              both(own && text(numbers.own), other && text(numbers.other)),
              both(difference(numbers.relMax), undefined),
            ]),
      ),
    );
  });
  return el(
    "div",
    { class: "wide" },
    el(
      "table",
      { class: "statistics" },
      el("caption", {}, say(t("part by part"))),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      body,
    ),
  );
}

function mark(change: Pair["change"], { say }: TabContext): HTMLElement {
  const look = change === "same" ? "quiet" : "caution";
  return el(
    "span",
    { class: `glyph ${look}` },
    el("span", { "aria-hidden": "true" }, `${GLYPHS[change]} `),
    el("span", { class: "unseen" }, `${say(words(change))}: `),
  );
}

function name(own: Part | undefined, other: Part | undefined, context: TabContext): HTMLElement {
  if (own === undefined) return el("span", { class: "mono" }, other?.label);
  const button = nodeButton(own.label, own.node, "part", context);
  const same = other === undefined || other.label === own.label;
  return el("span", {}, button, same ? undefined : el("span", { class: "mono quiet" }, ` ↔ ${other.label}`));
}

/** One text where both are the same, else one over the other. */
function both(own: string | undefined, other: string | undefined): HTMLElement {
  if (own === other || other === undefined) return el("td", { class: "mono" }, own ?? "–");
  return el("td", { class: "mono" }, own ?? "–", el("br"), el("span", { class: "theirs" }, other));
}

function count(
  part: Part | undefined,
  of: "params" | "madds",
  print: (value: number | undefined) => string,
): string | undefined {
  return part === undefined ? undefined : print(part[of]);
}

function text(value: number | undefined): string {
  return value === undefined ? "–" : decimal(value);
}

function difference(value: number | undefined): string {
  if (value === undefined) return "–";
  return Number.isFinite(value) ? value.toExponential(1) : "∞";
}

/** The most likely classes of both. */
function tops(
  beside: Beside,
  live: Live,
  program: Program,
  other: string,
  context: TabContext,
): HTMLElement | undefined {
  const { say, view, names } = context;
  const list = (title: string, data: Float32Array | undefined, classes: number, of: Program): HTMLElement => {
    const shares = sharesOf((data ?? new Float32Array()).subarray(0, classes), scoresOf(of));
    const items = greatest(shares, TOP).map(({ index, value }) =>
      el("li", { class: "mono" }, `#${index} ${names?.nameOf(index) ?? ""} ${percent(value)}`),
    );
    return el("div", {}, el("h3", { class: "mono" }, title), el("ol", {}, ...items));
  };
  const [own, theirs] = [live.result.output, beside.output];
  if (own?.shape.length !== 2 || theirs?.shape.length !== 2) return undefined;
  return el(
    "div",
    { class: "tops", role: "group", "aria-label": say(t("most likely")) },
    list(view.head.root, own.data, own.shape[1] ?? 0, live.program),
    list(other, theirs.data, theirs.shape[1] ?? 0, program),
  );
}
