import { evaluate, evaluateShape } from "./dims.mjs";

/** An answer in symbols as it reads at concrete sizes. @param {any} answer @param {Record<string, number>} at */
export function substitute(answer, at) {
  const shape = (one) => evaluateShape(one, at);
  return {
    ...answer,
    output: shape(answer.output ?? "?"),
    modules: (answer.modules ?? []).map((row) => ({
      ...row,
      outputs: row.outputs.map(shape),
      madds: row.madds === null ? null : evaluate(row.madds, at),
    })),
    vars: (answer.vars ?? []).map((row) => ({ ...row, shapes: row.shapes.map(shape) })),
  };
}
