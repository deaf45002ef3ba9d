import type { CodeLens, Command } from "vscode-languageserver";
import type { Analysis, Root } from "../analysis.ts";
import { evaluate } from "../shape/size.ts";
import type { Place } from "../text/span.ts";
import { t } from "../text/text.ts";
import { type Context, type FileView, givenRun, rangeIn, shownRun } from "./context.ts";
import { shortCount } from "./numbers.ts";
import { shortcutCount } from "./residual.ts";
import { modelText } from "./root-text.ts";
import { shapeText, treeText } from "./shape-text.ts";

/** The parts of the line above a root, each a lens of its own. */
type Slot = "shapes" | "parameters" | "madds" | "shown" | "show" | "preview" | "none" | "choose";

/** What a lens needs to be filled later. */
export interface LensData {
  readonly file: string;
  readonly model: string;
  readonly slot: Slot;
}

/**
 * The lenses of a file, unfilled: above each factory and class that is a root, and above the class that a root builds.
 * The lines are known from syntax, so that nothing jumps when the shapes come. A root without a place in this file has
 * none; a file without roots has one at `orphan`, the model class that nothing builds.
 */
export function codeLenses(
  view: FileView,
  roots: readonly Root[],
  orphan: { readonly name: string; readonly place: Place } | undefined,
): readonly CodeLens[] {
  const lenses = roots.flatMap((root) => {
    if (root.place.file !== view.file || !["factory", "class", "comment"].includes(root.kind)) return [];
    // A class that no call builds is evaluated with unknown arguments, under its bare name.
    const unbuilt = root.kind === "class" && !root.model.includes("(");
    if (unbuilt) return (["none", "choose"] as const).map((slot) => lens(view, root.place, root.model, slot));
    return (["shapes", "parameters", "madds", "preview"] as const).map((slot) =>
      lens(view, root.place, root.model, slot),
    );
  });
  const lines = new Set(lenses.map(({ range }) => range.start.line));
  for (const analysis of view.analyses) {
    const place = shownRun(analysis)?.graph.modules.find(({ path }) => path === "")?.classPlace;
    if (place?.file !== view.file) continue;
    const { line } = rangeIn(view, place.span).start;
    if (lines.has(line)) continue;
    lines.add(line);
    const slots =
      0 < shortcutCount(analysis).broken ? (["shown", "show", "preview"] as const) : (["shown", "preview"] as const);
    lenses.push(...slots.map((slot) => lens(view, place, analysis.root.model, slot)));
  }
  if (roots.length === 0 && orphan !== undefined)
    lenses.push(...(["none", "choose"] as const).map((slot) => lens(view, orphan.place, orphan.name, slot)));
  return lenses;
}

/** Fills one lens. `analysis` is that of the lens's root; undefined where it could not be analyzed. */
export function resolveLens(
  unfilled: CodeLens,
  data: LensData,
  analysis: Analysis | undefined,
  context: Context,
): CodeLens {
  return { ...unfilled, command: commandOf(data, analysis, context) };
}

function commandOf({ file, model, slot }: LensData, analysis: Analysis | undefined, context: Context): Command {
  const { uri } = context.location({ file, span: { start: 0, end: 0 } });
  const text = (title: string): Command => ({ title, command: "" });
  switch (slot) {
    case "none":
      return text(context.say(t("No call builds {0}", model)));
    case "choose":
      return {
        title: context.say(t("Choose arguments…")),
        command: "resnetLens.chooseArguments",
        arguments: [uri, `${model}()`],
      };
    case "preview":
      return { title: context.say(t("Preview")), command: "resnetLens.preview", arguments: [uri, model] };
    case "show":
      return { title: context.say(t("Show")), command: "resnetLens.showMismatch", arguments: [uri, model] };
    case "shown": {
      const { all, broken } = analysis === undefined ? { all: 0, broken: 0 } : shortcutCount(analysis);
      if (0 < broken) return text(`$(error) ${context.say(t("{0} of {1} shortcuts do not fit", broken, all))}`);
      return text(context.say(t("shown as {0}", modelText(model))));
    }
    case "shapes":
      return text(analysis === undefined ? "?" : shapesTitle(analysis));
    case "parameters": {
      const params = analysis === undefined ? undefined : shownRun(analysis)?.graph.params;
      return text(context.say(t("{0} parameters", params === undefined ? "?" : shortCount(params))));
    }
    case "madds": {
      const madds = analysis === undefined ? undefined : maddsOfOne(analysis);
      return text(context.say(t("{0} multiply-adds", madds === undefined ? "?" : shortCount(madds))));
    }
  }
}

function shapesTitle(analysis: Analysis): string {
  const graph = givenRun(analysis)?.graph;
  const inputs = (graph?.inputs ?? []).map(({ type }) => shapeText(type)).join(", ");
  return `${inputs === "" ? "?" : inputs} → ${graph?.output === undefined ? "?" : treeText(graph.output)}`;
}

/** Multiply-adds for a batch of one; undefined where they are not known. */
function maddsOfOne(analysis: Analysis): number | undefined {
  const graph = shownRun(analysis)?.graph;
  if (graph?.madds === undefined) return undefined;
  if (typeof graph.madds !== "number") return evaluate(graph.madds, new Map([["N", 1]]));
  const batch = graph.inputs[0]?.type.shape?.[0]?.size;
  return typeof batch === "number" && 0 < batch && graph.madds % batch === 0 ? graph.madds / batch : graph.madds;
}

function lens(view: FileView, place: Place, model: string, slot: Slot): CodeLens {
  const { start } = rangeIn(view, place.span);
  const data: LensData = { file: view.file, model, slot };
  return { range: { start, end: start }, data };
}
