import { type Scores, scoresOf } from "../preview/class-head.ts";
import { greatest, sharesOf } from "../preview/class-map.ts";
import type { ViewNode } from "../preview/model.ts";
import type { BackendKind } from "../runtime/backends.ts";
import type { RunResult, Stop } from "../runtime/execute.ts";
import type { WeightReport } from "../runtime/prepare.ts";
import { type Text, t } from "../text/text.ts";
import { fitOfRun } from "./fit.ts";
import type { RunReport, StageStatistics } from "./report.ts";
import type { RunJob } from "./runner.ts";

/** How many of the greatest outputs are shown. */
const TOP = 5;

export interface Outcome {
  readonly backend: BackendKind;
  readonly renderer: string | undefined;
  readonly reason: Text;
  readonly milliseconds: number;
  readonly fit: WeightReport;
  readonly result: RunResult;
}

/** A finished run in the page's own words. */
export function reportOf(job: RunJob, outcome: Outcome): RunReport {
  const { result, backend, renderer } = outcome;
  const data = result.output?.data ?? new Float32Array();
  const shape = result.output?.shape ?? [];
  const ran = new Set(result.timings.map(({ node }) => node));
  const made = job.program.nodes.filter((node) => node.op !== "weight" && ran.has(node.id));
  return {
    root: job.root,
    key: job.key,
    mode: job.mode,
    backend: backend === "webgl" ? "WebGL" : backend === "wasm" ? "WebAssembly" : "JavaScript",
    ...(renderer === undefined || renderer === "" ? {} : { device: shortName(renderer) }),
    ...(job.settings.backend === "automatic" ? { reason: plainer(outcome.reason) } : {}),
    milliseconds: outcome.milliseconds,
    seed: job.settings.seed,
    weights: job.weights?.name,
    fit: fitOfRun(job, outcome.fit),
    output: {
      shape,
      ...momentsOf(data),
      ...(shape.length === 2 || shape.length === 1
        ? rowOf(data, shape.at(-1) ?? 0, scoresOf(job.program))
        : { top: [] }),
    },
    stages: job.stages.flatMap(({ label, node }) => statisticsOf(label, node, result, backend)),
    // The graphics card works behind the thread that asks it: the time of a part is not known.
    ...(backend === "webgl" ? {} : { times: Object.fromEntries(result.stages.map(({ path, time }) => [path, time])) }),
    ...(result.stop === undefined ? {} : { stop: stopText(result.stop), cancelled: result.stop.kind === "cancelled" }),
    differences: result.checked.map(({ node, path, expected, actual }) => ({
      path: path || `#${node}`,
      expected,
      real: actual,
    })),
    compared: made.reduce((sum, node) => sum + node.outputs.length, 0),
  };
}

/** Why a run ended early. */
export function stopText(stop: Stop): Text {
  if (stop.kind === "cancelled") return t("cancelled");
  const where = stop.path === "" ? stop.op : `${stop.path} (${stop.op})`;
  return stop.kind === "unsupported"
    ? t("{0} cannot run here yet: {1}", where, stop.reason)
    : t("{0} failed: {1}", where, stop.reason);
}

/** The statistics of a module's output; of a run of layers, those of its last module. */
function statisticsOf(
  label: string,
  node: ViewNode,
  result: RunResult,
  backend: BackendKind,
): readonly StageStatistics[] {
  const stage = lastStage(node, result);
  if (stage === undefined || stage.mean === undefined || stage.std === undefined) return [];
  const parts = node.kind === "run" ? node.children.filter((child) => child.kind === "module") : [node];
  const paths = parts.flatMap((part) => part.paths);
  const time = paths.reduce((sum, path) => sum + (result.stages.find((one) => one.path === path)?.time ?? 0), 0);
  return [
    {
      label,
      shape: stage.shape,
      mean: stage.mean,
      deviation: stage.std,
      // The graphics card works behind the thread that asks it: the time of a part is not known.
      milliseconds: backend === "webgl" ? undefined : time,
    },
  ];
}

function lastStage(node: ViewNode, result: RunResult): RunResult["stages"][number] | undefined {
  const path = node.kind === "module" ? node.paths.at(-1) : undefined;
  const own = path === undefined ? undefined : result.stages.find((stage) => stage.path === path);
  if (own !== undefined) return own;
  for (const child of [...node.children].reverse()) {
    const found = lastStage(child, result);
    // Of a run that ended early, what comes before a part's end is not what the part gives.
    if (found !== undefined || result.stop !== undefined) return found;
  }
  return undefined;
}

function momentsOf(data: Float32Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / data.length) };
}

/** The greatest values of the first example. */
function rowOf(data: Float32Array, classes: number, scores: Scores): Pick<RunReport["output"], "top" | "classes"> {
  const row = data.subarray(0, classes);
  const shares = sharesOf(row, scores);
  const top = greatest(row, TOP).map((one) => {
    const share = shares[one.index];
    return classes < 2 || share === undefined ? one : { ...one, share };
  });
  return { top, classes };
}

/** A sentence with the driver's names shortened. */
function plainer(text: Text): Text {
  return { ...text, args: text.args.map((arg) => (typeof arg === "string" ? shortName(arg) : arg)) };
}

/** `ANGLE (NVIDIA, NVIDIA GeForce RTX 3060/PCIe/SSE2, OpenGL 4.5)` as `NVIDIA GeForce RTX 3060`. */
function shortName(renderer: string): string {
  const angle = /^ANGLE \([^,]*, (.*), [^,]*\)$/.exec(renderer)?.[1] ?? renderer;
  const vulkan = /^Vulkan [\d.]+ \((.*)\)$/.exec(angle)?.[1] ?? angle;
  return vulkan.replace(/\/PCIe.*$|\s*\(0x[0-9A-Fa-f]+\).*$|\s+Direct3D.*$/, "").trim();
}
