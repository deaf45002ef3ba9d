import type { Program } from "../graph/program.ts";
import type { PanelData } from "../preview/html.ts";
import type { ViewNode } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import type { RunReport } from "./report.ts";
import type { RunSettings } from "./run.ts";

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface RunJob {
  readonly root: string;
  readonly program: Program;
  readonly settings: RunSettings;
  readonly weights: ChosenFile | undefined;
  readonly image: ChosenFile | undefined;
  /** What statistics are asked of. */
  readonly stages: readonly { readonly label: string; readonly node: ViewNode }[];
}

export interface RunEvents {
  readonly progress: (text: Text) => void;
  readonly done: (report: RunReport) => void;
  readonly failed: (reason: Text) => void;
}

/** A run under way. */
export interface Running {
  /** Ends it at once; no event follows. */
  readonly cancel: () => void;
}

export function startRun(_job: RunJob, _data: PanelData, events: RunEvents): Running {
  events.failed(t("no forward pass could be followed"));
  return { cancel: () => undefined };
}
