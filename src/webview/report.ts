import type { ViewNode } from "../preview/model.ts";
import type { Mode } from "../runtime/model.ts";
import type { Text } from "../text/text.ts";
import type { Fit } from "./fit.ts";

/** How a run went, as the page shows and remembers it. */
export interface RunReport {
  /** The root expression that ran. */
  readonly root: string;
  /** The view's key when it ran. */
  readonly key: string;
  readonly mode?: Mode;
  readonly backend: string;
  /** The graphics device, where the driver names it. */
  readonly device?: string;
  /** Why this backend and not another. */
  readonly reason?: Text;
  /** Of the forward pass alone. */
  readonly milliseconds: number;
  readonly seed: number;
  readonly weights: string | undefined;
  /** How a file's tensors match the model's weights, where there is anything to say. */
  readonly fit: Fit | undefined;
  /** Why it did not come to its end, where it did not: the output is empty then. */
  readonly stop?: Text;
  /** The user ended it. */
  readonly cancelled?: boolean;
  readonly output: {
    readonly shape: readonly number[];
    readonly mean: number;
    readonly deviation: number;
    /** The greatest values of the first example, greatest first. */
    readonly top: readonly {
      readonly index: number;
      readonly value: number;
      /** Among all of the row, by softmax where the model gives logits. */
      readonly share?: number;
    }[];
    /** Length of a row. */
    readonly classes?: number;
  };
  readonly stages: readonly StageStatistics[];
  /** Milliseconds by instance path; undefined where the device does not tell the time of a part. */
  readonly times?: Readonly<Record<string, number>>;
  /** Tensors whose real shape is another than the analysis says: a defect of this program. */
  readonly differences: readonly {
    readonly path: string;
    readonly expected: readonly number[];
    readonly real: readonly number[];
  }[];
  /** How many tensors were compared. */
  readonly compared: number;
}

export interface StageStatistics {
  readonly label: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly milliseconds: number | undefined;
}

/** Milliseconds that a node took in a run, all its instances together; undefined where they are not known. */
export function timeOf(node: ViewNode, report: RunReport | undefined): number | undefined {
  const times = report?.times;
  if (times === undefined || node.kind === "operator" || node.kind === "add") return undefined;
  const parts = node.kind === "run" ? node.children.filter(({ kind }) => kind === "module") : [node];
  const known = parts.flatMap(({ paths }) => paths.flatMap((path) => times[path] ?? []));
  return known.length === 0 ? undefined : known.reduce((sum, time) => sum + time, 0);
}
