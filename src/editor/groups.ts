import type { ShapeTree } from "../graph/graph.ts";
import { treeText } from "./shape-text.ts";

/** One module instance's value. */
export interface Instance {
  readonly path: string;
  readonly value: ShapeTree;
  readonly text?: string;
}

/** Instances that hold the same shapes, in execution order. */
export interface Group {
  readonly paths: readonly string[];
  /**
   * Which evaluations of these instances, 1-based; undefined where no instance is in another group too: only code that
   * one instance runs several times (a loop, a module called twice) needs to be told apart so.
   */
  readonly passes?: readonly number[];
  readonly value: ShapeTree;
  /** The shapes as users see them. */
  readonly text: string;
}

/** Groups a value's instances by shape, in the order in which each shape first occurs. */
export function groupsOf(instances: readonly Instance[]): readonly Group[] {
  interface Growing {
    readonly paths: string[];
    readonly passes: Set<number>;
    readonly value: ShapeTree;
    readonly text: string;
  }
  const groups = new Map<string, Growing>();
  const counts = new Map<string, number>();
  const groupsOfPath = new Map<string, Set<Growing>>();
  for (const { path, value, text: given } of instances) {
    const text = given ?? treeText(value);
    const pass = (counts.get(path) ?? 0) + 1;
    counts.set(path, pass);
    const group = groups.get(text) ?? { paths: [], passes: new Set(), value, text };
    groups.set(text, group);
    if (!group.paths.includes(path)) group.paths.push(path);
    group.passes.add(pass);
    groupsOfPath.set(path, (groupsOfPath.get(path) ?? new Set()).add(group));
  }
  return [...groups.values()].map(({ paths, passes, value, text }) => {
    const repeated = paths.some((path) => 1 < (groupsOfPath.get(path)?.size ?? 0));
    return { paths, ...(repeated ? { passes: [...passes] } : {}), value, text };
  });
}

/** What tells a group from the others: its instances, its evaluations (`#1–2`) where all are of one instance, or both. */
export function groupLabel(group: Group, all: readonly Group[], top: string): string {
  if (group.passes === undefined) return pathLabel(group.paths, top);
  const passes = `#${passRuns(group.passes)}`;
  const only = new Set(all.flatMap(({ paths }) => paths)).size === 1;
  return only ? passes : `${pathLabel(group.paths, top)} ${passes}`;
}

/** `1–3, 5`. */
function passRuns(passes: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const pass of passes) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === pass - 1) last[1] = pass;
    else runs.push([pass, pass]);
  }
  const texts = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return texts.length <= PASS_LIMIT ? texts.join(", ") : `${texts.slice(0, PASS_LIMIT).join(", ")}, …`;
}

/** Runs of evaluations that a label has room for. */
const PASS_LIMIT = 4;

/** How many characters of instance paths one line of a card has room for. */
const LABEL_LIMIT = 30;

/** Paths as one label: `layer2.1–3`; `layer1.0–1, layer2.0 and 9 more` where not all fit. The root's own path is `top`. */
export function pathLabel(paths: readonly string[], top: string, limit = LABEL_LIMIT): string {
  const runs = runsOf(paths);
  let label = "";
  let shown = 0;
  for (const run of runs) {
    const next = label === "" ? runText(run, top) : `${label}, ${runText(run, top)}`;
    if (label !== "" && limit < next.length) return `${label} and ${paths.length - shown} more`;
    label = next;
    shown += run.count;
  }
  return label;
}

/**
 * A hint's label for one group among all instances of a value, its first instances: the stage's name where the group
 * holds all of that stage's instances (`layer1`), else the instances (`layer2.1–3`).
 */
export function hintLabel(group: Group, all: readonly Group[], top: string): string {
  if (group.passes !== undefined && new Set(all.flatMap(({ paths }) => paths)).size === 1)
    return groupLabel(group, all, top);
  const [run] = runsOf(group.paths);
  if (run === undefined) return "";
  const label = runText(run, top);
  const stage = run.parts.slice(0, -1).join(".");
  if (run.count < 2 || run.at !== run.parts.length - 1 || stage === "") return label;
  const whole = all.every((other) => other === group || !other.paths.some((path) => path.startsWith(`${stage}.`)));
  return whole ? stage : label;
}

/** Consecutive instances whose paths differ in one running number. */
interface PathRun {
  readonly parts: readonly string[];
  /** Which part runs; undefined for a single path. */
  readonly at: number | undefined;
  readonly last: string;
  readonly count: number;
}

function runsOf(paths: readonly string[]): readonly PathRun[] {
  const runs: PathRun[] = [];
  for (const path of paths) {
    const parts = path.split(".");
    const before = runs.at(-1);
    const longer = before === undefined ? undefined : extended(before, parts);
    if (longer === undefined) runs.push({ parts, at: undefined, last: "", count: 1 });
    else runs[runs.length - 1] = longer;
  }
  return runs;
}

function extended(run: PathRun, parts: readonly string[]): PathRun | undefined {
  if (parts.length !== run.parts.length) return undefined;
  const differing = parts.flatMap((part, i) => (part === run.parts[i] ? [] : [i]));
  const [at, ...more] = differing;
  if (at === undefined || 0 < more.length || (run.at !== undefined && run.at !== at)) return undefined;
  // `layer2–4.0` would read as a range up to 4.0.
  if (/^\d/.test(parts[at + 1] ?? "")) return undefined;
  const next = numbered(parts[at] ?? "");
  const last = numbered((run.at === undefined ? run.parts[at] : run.last) ?? "");
  if (next === undefined || last === undefined || next.name !== last.name || next.number !== last.number + 1)
    return undefined;
  return { parts: run.parts, at, last: parts[at] ?? "", count: run.count + 1 };
}

function numbered(part: string): { readonly name: string; readonly number: number } | undefined {
  const match = /^(.*?)(\d+)$/.exec(part);
  return match === null ? undefined : { name: match[1] ?? "", number: Number(match[2]) };
}

function runText(run: PathRun, top: string): string {
  if (run.parts.length === 1 && run.parts[0] === "") return top;
  const { at } = run;
  if (at === undefined) return run.parts.join(".");
  const last = numbered(run.last)?.number ?? run.last;
  return run.parts.map((part, i) => (i === at ? `${part}–${last}` : part)).join(".");
}
