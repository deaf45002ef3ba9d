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
/** Where none of them fits, these are tried too: pictures for dense prediction are large. */
const LARGE: readonly number[] = Array.from({ length: 48 }, (_, i) => LOOKED + 32 * (i + 1));
const SPATIAL: readonly string[] = ["H", "W", "D", "L"];

interface Solved {
  /** The example's sizes, by symbol; undefined where none that was tried fits. */
  readonly sizes: Map<string, number> | undefined;
  /** The code accepts them and hardly any other: they are meant. */
  readonly pinned: boolean;
  /** All square sizes up to 512 that are accepted, where a layer pins them: 57–88. */
  readonly fits: readonly number[];
}

/**
 * Square sizes for the example run that every operator accepts: one that the code names (`named`), else a usual one, else
 * the smallest; where only others are accepted, an oblong size that the code writes. A size that is neither named nor
 * usual is only an example, and explains no layer.
 */
export function solveSizes(graph: Graph | undefined, text: string): Solved {
  const named = namedSizes(text);
  const guards: Guard[] = (graph?.nodes ?? []).flatMap((node) => (node.guards ?? []).map(unbroadcast));
  const base = new Map([
    ["N", 2],
    ["C", 3],
  ]);
  const relevant = guards.filter((guard) => {
    const symbols = [...guardSymbols(guard)];
    return (
      symbols.some((name) => SPATIAL.includes(name)) &&
      symbols.every((name) => SPATIAL.includes(name) || base.has(name))
    );
  });
  const fitting = relevant.length === 0 ? [] : sizesSatisfying(relevant, "H", ["W", "D", "L"], base, upTo(LOOKED));
  if (relevant.length !== 0 && fitting.length === 0)
    return { sizes: rareSizes(relevant, base, text), pinned: false, fits: [] };
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

/** Sizes that are accepted where no square one of the usual sizes is: a large one, or two that the code writes as a pair. */
function rareSizes(
  guards: readonly Guard[],
  base: ReadonlyMap<string, number>,
  text: string,
): Map<string, number> | undefined {
  const [large] = sizesSatisfying(guards, "H", ["W", "D", "L"], base, LARGE);
  if (large !== undefined) return new Map(SPATIAL.map((name) => [name, large]));
  for (const [height, width] of writtenPairs(text)) {
    const [fits] = sizesSatisfying(guards, "H", [], new Map([...base, ["W", width]]), [height]);
    if (fits !== undefined) return new Map(SPATIAL.map((name) => [name, name === "W" ? width : height]));
  }
  return undefined;
}

/** Pairs of sizes as a file writes them, each both ways round. */
function writtenPairs(text: string): readonly (readonly [number, number])[] {
  const pairs = [...text.matchAll(/[([]\s*(\d{2,4})\s*,\s*(\d{2,4})\s*[)\]]/g)].slice(0, MOST_PAIRS);
  return pairs.flatMap(([, a, b]) => [[Number(a), Number(b)] as const, [Number(b), Number(a)] as const]);
}

const MOST_PAIRS = 40;

function upTo(limit: number): readonly number[] {
  return Array.from({ length: limit }, (_, i) => i + 1);
}

/** Calls and names that a size of images is written in. */
const WRITTEN =
  /\b(?:randn|rand|zeros|ones|empty|randint|Resize|CenterCrop|RandomCrop|RandomResizedCrop)\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)|\b(?:img|image|input|crop)_?(?:size|res|resolution|shape)\s*[:=]\s*([^\n]*)/g;

/** Sizes that a file names for its images, in order. */
function namedSizes(text: string): readonly number[] {
  const sizes = new Set<number>();
  for (const [, call, assigned] of text.matchAll(WRITTEN))
    for (const [digits] of (call ?? assigned ?? "").matchAll(/\b\d{2,3}\b/g)) sizes.add(Number(digits));
  return [...sizes];
}
