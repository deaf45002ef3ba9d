import type { Graph } from "../graph/graph.ts";
import { sizesSatisfying } from "../shape/decide.ts";
import { type Guard, guardSymbols, unbroadcast } from "../shape/guard.ts";

/** The example size of a model that takes any. */
const EXAMPLE = 224;
/** Sizes to try where a layer pins the input's size, best first, after those that the code itself names. */
const USUAL_SIZES: readonly number[] = [32, 224, 28, 64, 96, 128, 256, 299];
/** A layer pins the input's size where it accepts fewer sizes than this of those up to 512. */
const PINNED = 64;
/** Sizes up to this one are tried. */
const LOOKED = 512;
const SPATIAL: readonly string[] = ["H", "W", "D", "L"];

interface Solved {
  /** The example's sizes, by symbol. */
  readonly sizes: Map<string, number>;
  /** The code accepts them and hardly any other: they are meant. */
  readonly pinned: boolean;
  /** All square sizes up to 512 that are accepted, where a layer pins them: 57–88. */
  readonly fits: readonly number[];
}

/**
 * Square sizes for the example run that every operator accepts: one that the code names (`named`), else a usual one, else
 * the smallest. A size that is neither named nor usual is only an example, and explains no layer.
 */
export function solveSizes(graph: Graph | undefined, named: readonly number[]): Solved {
  const guards: Guard[] = (graph?.nodes ?? []).flatMap((node) => (node.guards ?? []).map(unbroadcast));
  const relevant = guards.filter((guard) => [...guardSymbols(guard)].some((name) => SPATIAL.includes(name)));
  const base = new Map([
    ["N", 2],
    ["C", 3],
  ]);
  const fitting = relevant.length === 0 ? [] : sizesSatisfying(relevant, "H", ["W", "D", "L"], base, LOOKED);
  const isPinned = 0 < fitting.length && fitting.length < PINNED;
  const meant = isPinned ? [...named, ...USUAL_SIZES] : [EXAMPLE, ...USUAL_SIZES];
  const chosen = meant.find((size) => fitting.includes(size));
  const size = relevant.length === 0 ? EXAMPLE : (chosen ?? fitting[0] ?? EXAMPLE);
  return {
    sizes: new Map(SPATIAL.map((name) => [name, size])), // Square inputs all fit: that oblong ones do not is a note.
    pinned: (isPinned && chosen !== undefined) || fitting.length === LOOKED,
    fits: isPinned ? fitting : [],
  };
}

/** Calls and names that a size of images is written in. */
const WRITTEN =
  /\b(?:randn|rand|zeros|ones|empty|randint|Resize|CenterCrop|RandomCrop|RandomResizedCrop)\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)|\b(?:img|image|input|crop)_?(?:size|res|resolution|shape)\s*[:=]\s*([^\n]*)/g;

/** Sizes that a file names for its images, in order. */
export function namedSizes(text: string): readonly number[] {
  const sizes = new Set<number>();
  for (const [, call, assigned] of text.matchAll(WRITTEN))
    for (const [digits] of (call ?? assigned ?? "").matchAll(/\b\d{2,3}\b/g)) sizes.add(Number(digits));
  return [...sizes];
}
