import type { Analysis } from "../analysis.ts";
import { t } from "../text/text.ts";
import { lineLink } from "./card-parts.ts";
import type { Context } from "./context.ts";
import { code, plain } from "./markdown.ts";
import { inputText, modelName } from "./root-text.ts";

/** What the one status item shows. */
export interface StatusItem {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly state: "ok" | "partial" | "error";
}

/** Gaps that the tooltip lists. */
const GAP_LIMIT = 5;

/** The status item of the shown root: `resnet50 · 3×224×224 example`. */
export function statusItem(analysis: Analysis | undefined, context: Context): StatusItem {
  const safety = context.say(t("ResNet Lens reads the source. No Python is run."));
  if (analysis === undefined)
    return {
      text: context.say(t("no model")),
      tooltip: `${context.say(t("No call here builds a model."))}\n\n${safety}`,
      state: "partial",
    };
  const input = inputText(analysis);
  const shown = analysis.example ? context.say(t("{0} example", input)) : input;
  const gaps = analysis.gaps.slice(0, GAP_LIMIT).map(({ place, reason }) => {
    const text = plain(context.say(reason));
    return place === undefined ? `- ${text}` : `- ${text} · ${lineLink(place, context)}`;
  });
  const more = analysis.gaps.length - gaps.length;
  const list = more <= 0 ? gaps : [...gaps, `- ${context.say(t("… {0} more", more))}`];
  const notes = list.length === 0 ? [] : [context.say(t("Not understood:")), list.join("\n")];
  const tooltip = [
    `${code(analysis.root.model)} · ${inputText(analysis, " × ")} · eval`,
    ...(analysis.unknown === undefined ? [] : [plain(context.say(analysis.unknown.reason))]),
    ...notes,
    `${context.say(t("Click to choose the model and its input."))} ${safety}`,
  ].join("\n\n");
  return { text: `${modelName(analysis.root.model)} · ${shown}`, tooltip, state: analysis.status };
}
