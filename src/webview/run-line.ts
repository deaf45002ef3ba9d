import { t } from "../text/text.ts";
import type { RunReport } from "./report.ts";
import type { Say } from "./words.ts";

/** What the last run was, in a few parts: backend, weights, time, verdict. */
export function runLine(report: RunReport | undefined, say: Say, stale = false): readonly string[] {
  if (report === undefined)
    return [say(t("not run yet")), say(t("TensorFlow.js runs the model here; no Python is run"))];
  const backend = report.device === undefined ? report.backend : `${report.backend}, ${report.device}`;
  return [
    ...(stale ? [say(t("before this edit"))] : []),
    backend,
    ...(report.mode === "fast" ? [say(t("fast mode"))] : []),
    report.weights ?? say(t("untrained, seed {0}", report.seed)),
    `${report.milliseconds < 10 ? report.milliseconds.toFixed(1) : Math.round(report.milliseconds)} ms`,
    report.stop !== undefined
      ? say(t("ended early"))
      : report.differences.length === 0
        ? say(t("every shape as analyzed"))
        : say(t("{0} shapes differ: our error", report.differences.length)),
  ];
}
