import { axis, type Run } from "../args.ts";
import { linesOf } from "../ops/host.ts";
import { ORDERING } from "../ops/ordering.ts";
import { PICKING } from "../ops/picking.ts";
import { PLACES } from "../ops/places.ts";
import { adaptiveRank, spatialOf } from "../ops/pool.ts";
import { RESHAPING } from "../ops/reshaping.ts";
import { assign } from "../ops/writing.ts";
import { product } from "../value.ts";
import { moved } from "./moving.ts";
import { type Backward, elements, fromElements, incoming, type Rule, shapeOf } from "./rule.ts";

/** Where in the input each element of the first output was taken, from the places that the operator's second output says. */
type Source = (b: Backward, places: Float32Array, i: number) => number;

/** Of an operator that chooses by the values themselves, and says what it chose. */
function chosen(run: Run, sourceOf: Source): Rule {
  return {
    reads: "inputs",
    run: (b) => {
      const outputs = run(
        b.inputs,
        b.args,
        b.shapes.outputs.map((shape) => ({ shape })),
      );
      const second = "kind" in outputs ? undefined : outputs[1];
      if (second === undefined) throw new Error("what is chosen is not computed");
      const places = elements(second);
      const sums = new Float64Array(product(shapeOf(b)));
      for (const [i, g] of elements(incoming(b)).entries()) {
        const from = sourceOf(b, places, i);
        sums[from] = (sums[from] ?? 0) + g;
      }
      return [fromElements(Float32Array.from(sums), shapeOf(b))];
    },
  };
}

/** A place is a number along one axis. */
const alongAxis: Source = (b, places, i) => {
  const shape = shapeOf(b);
  const { before, size, behind } = linesOf(shape, axis({ axis: b.args.axis ?? -1 }, Math.max(1, shape.length)));
  const count = places.length / (before * behind);
  return (Math.floor(i / (count * behind)) * size + (places[i] ?? 0)) * behind + (i % behind);
};

/** A place is a row-major number in its map, over the last axes. */
function inMap(rankOf: (b: Backward) => number): Source {
  return (b, places, i) => {
    const shape = shapeOf(b);
    const area = product(shape.slice(-rankOf(b)));
    const outputs = (places.length * area) / Math.max(1, product(shape));
    return Math.floor(i / outputs) * area + (places[i] ?? 0);
  };
}

const inWindows = inMap((b) => spatialOf({ shape: shapeOf(b) }, b.args));
const inEvenWindows = inMap((b) => adaptiveRank({ shape: shapeOf(b) }, b.args));

const CHOSEN: readonly (readonly [string, Run | undefined, Source])[] = [
  ...["sort", "topk", "kthvalue", "median_with_indices"].map((name) => [name, ORDERING[name], alongAxis] as const),
  ["max_pool_with_indices", PLACES.max_pool_with_indices, inWindows],
  ["adaptive_max_pool_with_indices", PLACES.adaptive_max_pool_with_indices, inEvenWindows],
];

/** Their first input is data, the others say where it is taken from or put. */
const MOVED: readonly (readonly [string, Run | undefined])[] = [
  ...Object.entries(PICKING).filter(([name]) => name !== "nonzero"),
  ["gather_index", RESHAPING.gather_index],
  ["max_unpool", PLACES.max_unpool],
];

export const CHOOSING: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    CHOSEN.flatMap(([name, run, source]) => (run === undefined ? [] : [[name, chosen(run, source)]])),
  ),
  ...Object.fromEntries(MOVED.flatMap(([name, run]) => (run === undefined ? [] : [[name, moved(run, "first")]]))),
  assign: moved(assign),
};
