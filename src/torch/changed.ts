import type { Init } from "../graph/graph.ts";
import { t } from "../text/text.ts";

/**
 * How a weight starts that is changed in place while the model is built, `weight.mul_(0.5)`: by a number, the moved
 * distribution; else it is not known.
 */
export function initAfter(operator: string, before: Init, by: number | undefined): Init {
  if (before.kind === "unknown") return before;
  if (by === undefined) return LOST;
  switch (operator) {
    case "mul":
    case "multiply":
      return moved(before, by, 0);
    case "div":
    case "divide":
    case "true_divide":
      return by === 0 ? LOST : moved(before, 1 / by, 0);
    case "add":
      return moved(before, 1, by);
    case "sub":
    case "subtract":
      return moved(before, 1, -by);
    default:
      return LOST;
  }
}

const LOST: Init = { kind: "unknown", why: { reason: t("the initialization is not known") } };

/** The distribution of factor · x + shift. */
function moved(init: Init, factor: number, shift: number): Init {
  const at = (x: number): number => factor * x + shift;
  const ends = (low: number, high: number): readonly [number, number] =>
    factor < 0 ? [at(high), at(low)] : [at(low), at(high)];
  switch (init.kind) {
    case "constant":
      return { kind: "constant", value: at(init.value) };
    case "uniform": {
      const [low, high] = ends(init.low, init.high);
      return { kind: "uniform", low, high };
    }
    case "normal": {
      const { mean, std, truncate } = init;
      const cut = truncate === undefined ? {} : { truncate: ends(...truncate) };
      return { kind: "normal", mean: at(mean), std: Math.abs(factor) * std, ...cut };
    }
    case "values":
      return { kind: "values", values: init.values.map(at) };
    case "orthogonal":
      return shift === 0 ? { ...init, gain: factor * init.gain } : LOST;
    case "dirac":
      return shift === 0 ? { ...init, value: factor * init.value } : LOST;
    case "sparse":
      return shift === 0 ? { ...init, std: Math.abs(factor) * init.std } : LOST;
    case "unknown":
      return init;
  }
}
