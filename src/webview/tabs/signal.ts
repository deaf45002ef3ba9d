import type { Program } from "../../graph/program.ts";
import { blocksOf, type DepthRow, layersOf } from "../../preview/depth.ts";
import type { PreviewView } from "../../preview/model.ts";
import type { Signal, SignalModule } from "../../runtime/signal.ts";
import { type Text, t } from "../../text/text.ts";
import { drawDepthChart } from "../depth-chart.ts";
import { el } from "../dom.ts";
import type { Live } from "../live.ts";
import { nodeButton } from "../node-button.ts";
import { decimal } from "../numbers.ts";
import { picker } from "../picker.ts";
import { noiseFor } from "../run-inputs.ts";
import type { Tab, TabContext } from "../tab.ts";
import { fillWith, noLive, oncePerRun } from "../waiting.ts";

interface Memory {
  readonly statistics?: Signal["statistics"];
  readonly steps?: "blocks" | "layers";
  /** The other root. */
  readonly beside?: string;
}

/** How strong activations and gradients are down the depth: what a shortcut keeps alive. */
export const signal: Tab = {
  id: "signal",
  title: t("signal"),
  shown: ({ report }) => report !== undefined,
  draw: (context) => {
    const { live } = context;
    if (live === undefined) return noLive(context, t("run the model to see how its signal changes down the depth"));
    const choice = chosen(context, live);
    const section = el("section", { class: "signal" }, controls(choice, context, live));
    const box = el("div", {});
    section.append(box);
    const question = asked(choice, context, live);
    const found = question(live);
    fillWith(
      box,
      found.known,
      () => found.asked,
      context,
      (answer) => drawAnswer(answer, choice, context, live),
    );
    return section;
  },
};

type Choice = Required<Pick<Memory, "statistics" | "steps">> & Pick<Memory, "beside">;

/** Untrained weights have no statistics of their own: the batch's stand in, as at the first step of a training. */
function chosen({ memory, report, view }: TabContext, live: Live): Choice {
  const { statistics, steps, beside } = (memory as Memory | undefined) ?? {};
  const usual = report?.weights === undefined && normalizes(live.program) ? "batch" : "running";
  const known = beside !== undefined && view.head.roots.includes(beside) && beside !== view.head.root;
  return {
    statistics: statistics ?? usual,
    steps: steps ?? "blocks",
    ...(known ? { beside } : {}),
  };
}

function normalizes({ nodes }: Program): boolean {
  return nodes.some(({ op }) => op === "batch_norm");
}

/** One network's part of the chart. */
interface Part {
  readonly root: string;
  readonly view: PreviewView;
  readonly program: Program;
  readonly signal: Signal;
}

interface AnswerParts {
  readonly own: Signal;
  readonly beside: Part | Text | undefined;
}

const questions = new Map<string, ReturnType<typeof oncePerRun<AnswerParts | Text>>>();

function asked(
  { statistics, beside }: Choice,
  { actions, report }: TabContext,
  _live: Live,
): ReturnType<typeof oncePerRun<AnswerParts | Text>> {
  const seed = report?.seed ?? 0;
  const key = JSON.stringify([statistics, beside, seed]);
  const known = questions.get(key);
  if (known !== undefined) return known;
  const ask = async (live: Live, inputs: readonly Float32Array[], other?: Program): Promise<Signal | Text> => {
    const more = other === undefined ? {} : { other };
    const reply = await live.ask("signal", { kind: "signal", inputs, statistics, seed, ...more });
    return reply.kind === "error" ? reply.reason : reply.signal;
  };
  const besideOf = async (live: Live, root: string): Promise<Part | Text> => {
    const other = await actions.other(root).asked;
    if ("template" in other) return other;
    const { view, program } = other;
    if ("template" in program) return program;
    const found = await ask(live, inputsFor(program, live, seed), program);
    return "template" in found ? found : { root, view, program, signal: found };
  };
  const made = oncePerRun(async (live: Live): Promise<AnswerParts | Text> => {
    const own = await ask(live, live.inputs);
    if ("template" in own) return own;
    return { own, beside: beside === undefined ? undefined : await besideOf(live, beside) };
  });
  questions.set(key, made);
  return made;
}

/** The run's own inputs where they fit. */
function inputsFor(program: Program, live: Live, seed: number): readonly Float32Array[] {
  const shapes = (of: Program): string => JSON.stringify(of.inputs.map(({ shape, dtype }) => [shape, dtype]));
  return shapes(program) === shapes(live.program) ? live.inputs : noiseFor(program, seed);
}

function controls(choice: Choice, { say, view, actions, memory }: TabContext, live: Live): HTMLElement {
  const change = (part: Partial<Record<keyof Memory, string | undefined>>): void =>
    actions.remember({ ...(memory as object | undefined), ...part });
  const others = view.head.roots.filter((root) => root !== view.head.root);
  return el(
    "div",
    { class: "signal-choices" },
    picker(
      say(t("steps")),
      "signal-steps",
      [
        ["blocks", say(t("blocks"))],
        ["layers", say(t("layers with weights"))],
      ],
      choice.steps,
      (steps) => change({ steps }),
    ),
    normalizes(live.program)
      ? picker(
          say(t("batch normalization by")),
          "signal-statistics",
          [
            ["running", say(t("the kept statistics"))],
            ["batch", say(t("this batch's statistics"))],
          ],
          choice.statistics,
          (statistics) => change({ statistics }),
        )
      : undefined,
    0 < others.length
      ? picker(
          say(t("beside")),
          "signal-beside",
          [["", say(t("nothing"))], ...others.map((root) => [root, root] as const)],
          choice.beside ?? "",
          (beside) => change({ beside: beside === "" ? undefined : beside }),
        )
      : undefined,
  );
}

/** A step of one network with its numbers. */
interface Step extends DepthRow {
  readonly activation: SignalModule["output"];
  readonly gradient: SignalModule["gradient"];
  readonly shape: readonly number[];
}

function stepsOf({ view, program, signal: { modules } }: Omit<Part, "root">, choice: Choice): readonly Step[] {
  const found = new Map(modules.map((module) => [module.path, module]));
  const rows = choice.steps === "layers" ? layersOf(view, program) : blocksOf(view);
  return rows.flatMap((row) => {
    const output = found.get(row.output);
    if (output === undefined) return [];
    const gradient = found.get(row.input)?.gradient;
    return [{ ...row, activation: output.output, gradient, shape: output.shape }];
  });
}

function drawAnswer(
  { own, beside }: AnswerParts,
  choice: Choice,
  context: TabContext,
  { program }: Live,
): readonly Node[] {
  const { say, view } = context;
  const first = stepsOf({ view, program, signal: own }, choice);
  const part = beside === undefined || "template" in beside ? undefined : beside;
  const second = part === undefined ? [] : stepsOf(part, choice);
  const count = Math.max(first.length, second.length);
  const marks = marksOf(first);
  const numbers = (step: Step | undefined): string =>
    step === undefined
      ? ""
      : `${step.label}: ${say(t("activations {0}, gradients {1}", deviation(step.activation), deviation(step.gradient)))}`;
  const steps = Array.from({ length: count }, (_, i) => [first[i], second[i]].map(numbers).filter(Boolean).join("\n"));
  const chart = (title: string, of: "activation" | "gradient"): HTMLElement =>
    drawDepthChart({
      title,
      steps,
      marks,
      lines: [
        { look: "first faint", values: first.map((step) => Math.abs(step[of]?.mean ?? 0)) },
        { look: "second faint", values: second.map((step) => Math.abs(step[of]?.mean ?? 0)) },
        { look: "first", values: first.map((step) => step[of]?.std) },
        { look: "second", values: second.map((step) => step[of]?.std) },
      ],
    });
  return [
    legend(view.head.root, part?.root, context),
    el(
      "div",
      { class: "depths" },
      chart(say(t("activations: what each step gives")), "activation"),
      chart(say(t("gradients of the loss: at what each step takes")), "gradient"),
    ),
    ...[lossText(own, context), ...(beside !== undefined && "template" in beside ? [beside] : [])].map((text) =>
      el("p", { class: "quiet" }, typeof text === "string" ? text : say(text)),
    ),
    ...blockedList([own, ...(part === undefined ? [] : [part.signal])], context),
    table(first, second, part?.root, context),
  ];
}

function deviation(statistics: SignalModule["output"]): string {
  return statistics === undefined ? "–" : decimal(statistics.std);
}

/** Where another part of the network begins. */
function marksOf(steps: readonly Step[]): readonly { readonly step: number; readonly label: string }[] {
  const head = (label: string): string => label.split(/[.–]/)[0] ?? "";
  return steps.flatMap(({ label }, step) =>
    step === 0 || head(steps[step - 1]?.label ?? "") !== head(label) ? [{ step, label: head(label) }] : [],
  );
}

function legend(own: string, other: string | undefined, { say }: TabContext): HTMLElement {
  const entry = (look: string, text: string): HTMLElement =>
    el("span", { class: "entry" }, el("span", { class: `swatch ${look}`, "aria-hidden": "true" }), text);
  return el(
    "p",
    { class: "legend" },
    entry("first", other === undefined ? say(t("deviation")) : say(t("{0}, deviation", own))),
    other === undefined ? undefined : entry("second", say(t("{0}, deviation", other))),
    entry("faint", say(t("size of the mean"))),
  );
}

function lossText({ loss, statistics }: Signal, { say, report }: TabContext): string {
  const seed = report?.seed ?? 0;
  const what =
    loss.kind === "class"
      ? t(
          "loss: cross-entropy {0} against class #{1}, drawn by seed {2}",
          decimal(loss.value),
          loss.classes.join(", #"),
          seed,
        )
      : t("loss: the output times noise, summed, by seed {0}", seed);
  const how =
    statistics === "batch"
      ? t("batch normalization by this batch's statistics, as in training; all else as in evaluation")
      : t("batch normalization by the kept statistics, as in evaluation");
  return `${say(what)} · ${say(how)}`;
}

function blockedList(signals: readonly Signal[], { say }: TabContext): readonly HTMLElement[] {
  const stops = signals.flatMap(({ blocked, stop }) => [
    ...blocked,
    ...(stop === undefined || stop.kind === "cancelled" ? [] : [stop]),
  ]);
  if (stops.length === 0) return [];
  return [
    el(
      "ul",
      { class: "misfits" },
      ...stops.map(({ path, op, reason }) =>
        el("li", {}, el("span", { class: "caution glyph" }, "⚠ "), `${path === "" ? op : path}: ${say(reason)}`),
      ),
    ),
  ];
}

function table(
  first: readonly Step[],
  second: readonly Step[],
  other: string | undefined,
  context: TabContext,
): HTMLElement {
  const { say, view } = context;
  const head = [say(t("step")), say(t("activations")), say(t("mean")), say(t("gradients")), say(t("mean"))];
  const cells = (step: Step | undefined): readonly HTMLElement[] =>
    [step?.activation?.std, step?.activation?.mean, step?.gradient?.std, step?.gradient?.mean].map((value) =>
      el("td", { class: "mono number" }, value === undefined ? "–" : decimal(value)),
    );
  const body = el("tbody", {});
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const [a, b] = [first[i], second[i]];
    body.append(
      el(
        "tr",
        {},
        el("th", { scope: "row" }, a === undefined ? "–" : nodeButton(a.label, a.node, "step", context)),
        ...cells(a),
        ...(other === undefined ? [] : [el("td", { class: "mono" }, b?.label ?? "–"), ...cells(b)]),
      ),
    );
  }
  const heads = other === undefined ? head : [...head, ...head];
  const groups =
    other === undefined
      ? undefined
      : el(
          "tr",
          {},
          el("th", { scope: "colgroup", colspan: head.length, class: "mono" }, view.head.root),
          el("th", { scope: "colgroup", colspan: head.length, class: "mono" }, other),
        );
  return el(
    "div",
    { class: "wide" },
    el(
      "table",
      { class: "statistics" },
      el("caption", {}, say(t("deviation and mean at each step"))),
      el(
        "thead",
        {},
        groups,
        el(
          "tr",
          {},
          ...heads.map((text, i) => el("th", { scope: "col", class: i % head.length === 0 ? "" : "number" }, text)),
        ),
      ),
      body,
    ),
  );
}
