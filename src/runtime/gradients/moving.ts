import { axis, type Run } from "../args.ts";
import { reshape, slab, upload } from "../kernels.ts";
import { RESHAPING } from "../ops/reshaping.ts";
import { first, ofFirst, physicalAxis, product, tensorOf, type Value } from "../value.ts";
import { elements, fromElements, incoming, ofLike, type Rule, shapeOf, unbroadcast } from "./rule.ts";

/** The same elements in the same row-major order. */
const viewed: Rule = {
  reads: "nothing",
  run: (b) => [ofFirst(reshape(first(incoming(b)), shapeOf(b)))],
};

const expanded: Rule = { reads: "nothing", run: (b) => [unbroadcast(incoming(b), shapeOf(b))] };

const concatenated: Rule = {
  reads: "nothing",
  run: (b) => {
    const gradient = incoming(b);
    const along = axis(b.args, gradient.shape.length);
    const sizes = b.shapes.inputs.map((shape) => shape[along] ?? 0);
    return b.wanted.map(({ input, shape }) => {
      // PyTorch skips an empty input of one axis.
      if (shape.length !== gradient.shape.length) return fromElements(new Float32Array(product(shape)), shape);
      const from = sizes.slice(0, input).reduce((a, n) => a + n, 0);
      return ofLike(slab(tensorOf(gradient), physicalAxis(gradient, along), from, shape[along] ?? 0), gradient);
    });
  },
};

/** Float32 counts exactly up to here. */
const MOST_ELEMENTS = 2 ** 24;

/**
 * Of an operator that moves, repeats and leaves out elements: it is run on the elements' own numbers, from 1 up, which
 * tells where each element of its outputs comes from; their gradients are added up there. What it fills in comes from 0.
 * Either all of its inputs are data, or the first alone is, and it reads the others.
 */
export function moved(run: Run, data: "all" | "first" = "all"): Rule {
  return {
    reads: data === "all" ? "nothing" : "inputs",
    ...(data === "all" ? {} : { through: [0] }),
    run: (b) => {
      const { outputs } = b.shapes;
      const inputs = data === "all" ? b.shapes.inputs : b.shapes.inputs.slice(0, 1);
      const starts: number[] = [];
      let end = 1;
      for (const shape of inputs) {
        starts.push(end);
        end += product(shape);
      }
      if (MOST_ELEMENTS < end) throw new Error("too many elements to follow one by one");
      const numbered = inputs.map((shape, i) => {
        const start = starts[i] ?? 1;
        const numbers = Float32Array.from({ length: product(shape) }, (_, at) => start + at);
        return ofFirst(upload(numbers, shape));
      });
      const declared = outputs.map((shape) => ({ shape }));
      const sources = run([...numbered, ...b.inputs.slice(1)], { ...b.args, value: 0 }, declared);
      if ("kind" in sources) throw new Error("where the elements come from is not computed");
      const sums = new Float64Array(end);
      for (const [i, gradient] of b.gradients.entries()) {
        const source = sources[i];
        if (gradient === undefined || source === undefined) continue;
        const from = elements(source);
        for (const [at, g] of elements(gradient).entries()) sums[from[at] ?? 0] = (sums[from[at] ?? 0] ?? 0) + g;
      }
      return b.wanted.map(({ input, shape }): Value => {
        const start = starts[input] ?? 1;
        return fromElements(Float32Array.from(sums.subarray(start, start + product(shape))), shape);
      });
    },
  };
}

/** Those of `RESHAPING` whose only data is the first input, or all of them. */
const MOVED = [
  "transpose",
  "permute",
  "select",
  "unbind",
  "chunk",
  "split",
  "repeat_interleave",
  "unfold",
  "unfold_axis",
  "repeat",
  "stack",
  "slice",
  "flip",
  "roll",
  "pad",
  "pixel_shuffle",
  "pixel_unshuffle",
];

export const MOVING: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    MOVED.flatMap((name) => {
      const run = RESHAPING[name];
      return run === undefined ? [] : [[name, moved(run)]];
    }),
  ),
  reshape: viewed,
  flatten: viewed,
  unflatten: viewed,
  squeeze: viewed,
  unsqueeze: viewed,
  expand: expanded,
  concat: concatenated,
};
