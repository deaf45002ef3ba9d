import { IMAGENET } from "../preview/class-names.ts";
import type { RunReport } from "./report.ts";
import type { Saved } from "./state.ts";

/** What the classes of a run's output are called. */
export interface ClassNames {
  /** Where the names are from; undefined: ImageNet's own. */
  readonly file: string | undefined;
  readonly nameOf: (index: number) => string | undefined;
}

/** The user's own names; ImageNet's for 1,000 classes of a model with weights from a file; else none. */
export function namesFor(report: RunReport | undefined, labels: Saved["labels"]): ClassNames | undefined {
  const list = (names: readonly string[]) => (index: number) => names[index] || undefined;
  if (labels !== undefined) return { file: labels.file, nameOf: list(labels.names) };
  const trained = report?.output.classes === IMAGENET.length && report.weights !== undefined;
  return trained ? { file: undefined, nameOf: list(IMAGENET) } : undefined;
}
