import { t } from "../../text/text.ts";
import type { Context, Run } from "../context.ts";
import { type Candidate, candidate, type Hole, type Proposal } from "./candidate.ts";
import { argumentWithComma } from "./edits.ts";
import { levelsOf } from "./level.ts";
import { setNumber } from "./number.ts";
import { uniform, type Windowed, windowOf } from "./window.ts";

/** Two branches with different strides: one gets the other's, or loses what it has too much. */
export function matchStrides(
  context: Context,
  run: Run,
  main: { readonly nodes: readonly number[]; readonly stride: readonly number[] | undefined },
  shortcut: { readonly nodes: readonly number[]; readonly stride: readonly number[] | undefined },
): readonly Proposal[] {
  if (main.stride === undefined || shortcut.stride === undefined) return [];
  if (main.stride.every((s, i) => s === shortcut.stride?.[i])) return [];
  const [onMain, onShortcut] = [windows(run, main.nodes), windows(run, shortcut.nodes)];
  const more = main.stride.some((s, i) => (shortcut.stride?.[i] ?? 1) < s);
  const goal = more ? main.stride : shortcut.stride;
  const least = more ? shortcut.stride : main.stride;
  const [long, short] = more ? [onMain, onShortcut] : [onShortcut, onMain];
  return [
    ...gain(context, run, short, goal, least, more ? 10 : 12),
    ...lose(context, run, long, goal, least, more ? (long.filter(strided).length < 2 ? 20 : 8) : 18),
  ];
}

/** The strided layers of a branch stride by 1. */
export function loseStride(context: Context, run: Run, nodes: readonly number[], rank: number): readonly Proposal[] {
  return windows(run, nodes)
    .filter(strided)
    .flatMap((one) =>
      setNumber(context, run, {
        path: one.node.path,
        parameter: "stride",
        from: uniform(one.stride),
        to: uniform(one.stride.map(() => 1)),
        rank,
      }),
    );
}

/** A layer of the branch that strides too little strides by what is missing, the first with a larger kernel first. */
function gain(
  context: Context,
  run: Run,
  nodes: readonly Windowed[],
  goal: readonly number[],
  now: readonly number[],
  rank: number,
): readonly Hole[] {
  const ordered = [...nodes].sort((a, b) => Number(isLarge(b)) - Number(isLarge(a)));
  return ordered.flatMap((one, i) => {
    const to = one.stride.map((s, axis) => (s * (goal[axis] ?? 1)) / (now[axis] ?? 1));
    if (!to.every((s) => Number.isInteger(s) && 0 < s)) return [];
    return setNumber(context, run, {
      path: one.node.path,
      parameter: "stride",
      from: uniform(one.stride),
      to: uniform(to),
      rank: rank + Math.min(i, 4),
    });
  });
}

/** A layer of the branch that strides too much does so less. */
function lose(
  context: Context,
  run: Run,
  nodes: readonly Windowed[],
  now: readonly number[],
  goal: readonly number[],
  rank: number,
): readonly Proposal[] {
  return nodes.filter(strided).flatMap((one): readonly Proposal[] => {
    const to = one.stride.map((s, axis) => (s * (goal[axis] ?? 1)) / (now[axis] ?? 1));
    if (!to.every((s) => Number.isInteger(s) && 0 < s)) return [];
    const dropped = to.every((s) => s === 1) ? dropArgument(context, run, one.node.path, rank) : [];
    return [
      ...dropped,
      ...setNumber(context, run, {
        path: one.node.path,
        parameter: "stride",
        from: uniform(one.stride),
        to: uniform(to),
        rank: rank + 1,
      }),
    ];
  });
}

/** The stride goes, where it is the last argument or named, and falls back to 1. */
function dropArgument(context: Context, run: Run, path: string, rank: number): readonly Candidate[] {
  return levelsOf(context, run, path, "stride")
    .slice(0, 2)
    .flatMap((level, depth) => {
      const { argument, call, place, fn } = level;
      if (argument === undefined) return [];
      const index = call.args.indexOf(argument);
      const span = argumentWithComma(call, index);
      if (span === undefined || (argument.keyword === undefined && index !== call.args.length - 1)) return [];
      const line = context.line(place);
      if (line === undefined || fn === undefined) return [];
      return [
        candidate(rank + depth, t("Drop the stride (line {0})", line), [{ place: { ...place, span }, text: "" }]),
      ];
    });
}

function windows(run: Run, nodes: readonly number[]): readonly Windowed[] {
  return nodes.flatMap((id) => windowOf(run, id) ?? []);
}

function strided({ stride }: Windowed): boolean {
  return stride.some((s) => s !== 1);
}

function isLarge({ kernel }: Windowed): boolean {
  return kernel.some((k) => 1 < k);
}
