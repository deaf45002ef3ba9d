import type { Value } from "../../eval/value.ts";
import { torchFunctions } from "../define.ts";
import "./arithmetic.ts";
import "./elementwise.ts";
import "./reductions.ts";

/** `torch.special`: mostly other names of functions of `torch`. */
export const special: ReadonlyMap<string, Value> = new Map(
  "erf erfc erfinv exp2 expm1 log1p log_softmax softmax logit logsumexp digamma=psi digamma round sinc xlogy sigmoid=expit lgamma=gammaln"
    .split(" ")
    .flatMap((word): [string, Value][] => {
      const [own = word, name = own] = word.split("=");
      const value = torchFunctions.get(own);
      return value === undefined ? [] : [[name, value]];
    }),
);
