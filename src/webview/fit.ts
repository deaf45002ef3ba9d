import type { ViewNode, ViewPlace } from "../preview/model.ts";
import type { WeightReport } from "../runtime/prepare.ts";
import { type Text, t } from "../text/text.ts";
import type { RunJob } from "./runner.ts";

/** How a file's tensors and the model's weights match, in sentences. */
export interface Fit {
  readonly text: Text;
  readonly complete: boolean;
  /** How many weights the file does not give. */
  readonly drawn: number;
  /** Everything that does not match, kind by kind; no empty list. */
  readonly lists: readonly { readonly title: Text; readonly entries: readonly FitEntry[] }[];
}

export interface FitEntry {
  readonly text: Text;
  /** Where the layer is built. */
  readonly place: ViewPlace | undefined;
}

/** What is to be said of a run's weights; undefined where there is nothing. */
export function fitOfRun(job: RunJob, report: WeightReport): Fit | undefined {
  if (job.weights !== undefined) return fitOfFile(job, report);
  const { unknown } = report;
  if (unknown.length === 0) return undefined;
  const text = t("{0} weights have no known first value and are 0: {1}", unknown.length, listed(unknown));
  return { text, complete: false, drawn: 0, lists: [] };
}

/** How a checkpoint matches. */
export function fitOfFile(job: RunJob, { matched, missing, unexpected, misshapen }: WeightReport): Fit {
  const parts: Text[] = [];
  if (0 < missing.length) parts.push(t("{0} missing ({1})", missing.length, listed(missing)));
  const others = misshapen.map(({ key }) => key);
  if (0 < others.length) parts.push(t("{0} of another shape ({1})", others.length, listed(others)));
  const complete = parts.length === 0;
  // Not: which the model does not have. A counter that no forward pass reads is not in the program either.
  if (0 < unexpected.length)
    parts.push(t("{0} of its tensors are not used ({1})", unexpected.length, listed(unexpected)));
  const all = job.program.weights.filter((weight) => weight.persistent).length;
  const first = t("{0} of {1} weights are from the file", matched.length, all);
  const shapes = new Map(job.program.weights.flatMap(({ keys, shape }) => keys.map((key) => [key, shape] as const)));
  return {
    text: parts.reduce((before, part) => t("{0}, {1}", before, part), first),
    complete,
    drawn: missing.length + misshapen.length,
    lists: [
      { title: t("of another shape"), entries: misshapen.map((one) => misfit(job, one)) },
      {
        title: t("missing"),
        entries: missing.map((key) => ({
          text: t("{0} [{1}]", key, (shapes.get(key) ?? []).join(", ")),
          place: builtAt(job, key),
        })),
      },
      { title: t("not used"), entries: unexpected.map((key) => ({ text: t("{0}", key), place: undefined })) },
    ].filter(({ entries }) => 0 < entries.length),
  };
}

/** `fc.weight` is of the module `fc`, which some line builds. */
function misfit(job: RunJob, { key, expected, found }: WeightReport["misshapen"][number]): FitEntry {
  const place = builtAt(job, key);
  const line = place?.line;
  return {
    place,
    text:
      line === undefined
        ? t("the checkpoint's {0} is [{1}], the model's is [{2}]", key, found.join(", "), expected.join(", "))
        : t("the checkpoint's {0} is [{1}], line {2} builds [{3}]", key, found.join(", "), line, expected.join(", ")),
  };
}

/** Where the layer of a weight is built: the last place of its node. */
function builtAt(job: RunJob, key: string): ViewPlace | undefined {
  const path = key.slice(0, Math.max(0, key.lastIndexOf(".")));
  return job.stages.flatMap((stage) => nodeAt(stage.node, path) ?? [])[0]?.places.at(-1);
}

function nodeAt(node: ViewNode, path: string): ViewNode | undefined {
  if (node.kind === "module" && node.paths.includes(path)) return node;
  for (const child of node.children) {
    const found = nodeAt(child, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listed(keys: readonly string[]): string {
  return keys.length < 3 ? keys.join(", ") : `${keys.slice(0, 2).join(", ")}, …`;
}
