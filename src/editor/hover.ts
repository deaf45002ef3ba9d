import type { Hover } from "vscode-languageserver";
import type { Analysis, Observation } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import type { Span } from "../text/span.ts";
import { t } from "../text/text.ts";
import { layerCard } from "./card-layer.ts";
import { mismatchCard } from "./card-mismatch.ts";
import { originalLine, present, roomBelow, wrapped } from "./card-parts.ts";
import { refusalCard } from "./card-refusal.ts";
import { residualCard } from "./card-residual.ts";
import { tensorCard } from "./card-tensor.ts";
import { type Context, type FileView, rangeIn, shownRun } from "./context.ts";
import { observationAt, observationLike, readAt } from "./observations.ts";
import { addsAt } from "./residual.ts";

/**
 * The hover at an offset: the card of the narrowest tensor expression, residual add or diagnostic there, of the first
 * root that reaches it. `stale` says that the view is older than the text on the screen.
 */
export function hover(view: FileView, offset: number, context: Context, stale = false): Hover | undefined {
  for (const analysis of view.analyses) {
    const found = cardAt(view, analysis, offset, context);
    if (found === undefined) continue;
    const value = stale ? beforeEdit(found.text, context) : found.text;
    return { contents: { kind: "markdown", value }, range: rangeIn(view, found.span) };
  }
  return undefined;
}

/** On the head's own line where there is one: a card has no line to spare. */
function beforeEdit(text: string, context: Context): string {
  const words = `*${context.say(t("before this edit"))}*`;
  return text.startsWith("```") ? `${words}\n\n${text}` : `${words} · ${text}`;
}

interface Card {
  readonly text: string;
  readonly span: Span;
}

function cardAt(view: FileView, analysis: Analysis, offset: number, context: Context): Card | undefined {
  const run = shownRun(analysis);
  if (run === undefined) return undefined;
  const adds = addsAt(run, view.file, offset);
  const [add] = adds;
  const observation = readAt(view.text, run, view.file, offset) ?? observationAt(run, view.file, offset);
  const place = add?.node.place;
  const problems = problemsAt(view, offset);
  const room = roomBelow(problems, context);
  const broken = problems.find((diagnostic) => diagnostic.residual?.root === analysis.root.model);
  const mismatch = broken === undefined ? undefined : mismatchCard(analysis, broken, room, context);
  // The operands' shapes stand in the card of the mismatch.
  if (broken !== undefined && mismatch !== undefined) return { text: mismatch, span: broken.place.span };
  if (add !== undefined && place !== undefined && (observation === undefined || isOf(observation, adds, place.span))) {
    const text = residualCard(analysis, adds, room, context);
    return text === undefined ? undefined : { text, span: place.span };
  }
  const error = problems.find(({ original, residual }) => original !== undefined && residual === undefined);
  const refused = error === undefined ? undefined : refusalCard(analysis, error, context);
  if (error !== undefined && refused !== undefined) return { text: refused, span: error.place.span };
  if (observation === undefined) return layerCard(view, analysis, offset, room, context);
  const symbolic = analysis.symbolic === run ? undefined : observationLike(analysis.symbolic, view.file, observation);
  const source = view.text.slice(observation.span.start, observation.span.end);
  const original = error?.code === "python-error" ? [] : present(error?.original).map(originalLine);
  const left = room - original.reduce((sum, line) => sum + wrapped(line), 0);
  const text = tensorCard(analysis, { observation, symbolic, source, room: left }, context);
  if (text === undefined) return undefined;
  return { text: [...original, text].join("\n\n"), span: observation.span };
}

/** Whether an observation is a residual add's own value: its result, or the name it is bound to. */
function isOf(
  observation: Observation,
  adds: readonly { readonly node: { readonly id: number } }[],
  add: Span,
): boolean {
  const { span } = observation;
  if (span.end - span.start >= add.end - add.start) return true;
  if (observation.role === "bind" && observation.statement === add.start) return true;
  const [instance] = observation.instances;
  const node = instance?.value.kind === "tensor" ? instance.value.ref?.node : undefined;
  return adds.some((here) => here.node.id === node);
}

function problemsAt({ file, diagnostics }: FileView, offset: number): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ place }) => place.file === file && place.span.start <= offset && offset <= place.span.end,
  );
}
