import { loadBundled } from "../../scripts/build/loaded.mjs";
import { tfjsParts } from "../../scripts/build/tfjs.mjs";

/**
 * A program as converters see it: normalizations folded, each step with its filter, bias and activation.
 *
 * @typedef {{ shape: readonly number[], data: Float32Array }} Weight
 * @typedef {{ name: string, op: string, inputs: readonly string[], args: any, weights: readonly Weight[], shape: readonly number[] }} Step
 * @param {import("../../src/graph/program.ts").Program} program
 * @returns {Promise<{ steps: readonly Step[], input: { name: string, shape: readonly number[] }, output: string }>}
 */
export async function networkOf(program) {
  const { derivedValues, fold, prepare } = await loadBundled("bench/preview/subject.ts", "bench/preview", tfjsParts);
  const { values } = prepare(program, undefined, 0);
  const folded = fold(program, new Set());
  const all = [...values, ...folded.derived.map((one) => derivedValues(one, (index) => values[index]))];
  const nodes = new Map(folded.program.nodes.map((node) => [node.id, node]));
  const weightOf = ({ node }) => nodes.get(node).weight;
  const name = (id) => `n${id}`;
  const steps = folded.program.nodes
    .filter(({ op }) => op !== "input" && op !== "weight")
    .map((node) => ({
      name: name(node.id),
      op: node.op,
      inputs: node.inputs.filter((ref) => weightOf(ref) === undefined).map((ref) => name(ref.node)),
      args: node.args,
      weights: node.inputs
        .map(weightOf)
        .filter((index) => index !== undefined)
        .map((index) => ({ shape: folded.program.weights[index].shape, data: all[index] })),
      shape: node.outputs[0].shape,
    }));
  const [input] = folded.program.inputs;
  return { steps, input: { name: name(input.node), shape: input.shape }, output: name(folded.program.output.ref.node) };
}
