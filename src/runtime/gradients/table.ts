import { conv, convTranspose } from "./conv.ts";
import { MOVING } from "./moving.ts";
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./norm.ts";
import { FLAT, POINTWISE } from "./pointwise.ts";
import { adaptiveAvgPool, adaptiveMaxPool, avgPool, interpolate, maxPool } from "./pool.ts";
import { addedProduct, attention, linear, matmul } from "./products.ts";
import { REDUCTIONS } from "./reducing.ts";
import type { Rule } from "./rule.ts";

/** How the gradient passes each operator, by its name; one without a rule stops it. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...Object.entries(POINTWISE),
  ...Object.entries(MOVING),
  ...Object.entries(REDUCTIONS),
  ["conv", conv],
  ["conv_transpose", convTranspose],
  ["linear", linear],
  ["matmul", matmul],
  ["bmm", matmul],
  ["mm", matmul],
  ["addmm", addedProduct],
  ["baddbmm", addedProduct],
  ["attention", attention],
  ["batch_norm", batchNorm],
  ["layer_norm", layerNorm],
  ["rms_norm", rmsNorm],
  ["group_norm", groupNorm],
  ["instance_norm", instanceNorm],
  ["max_pool", maxPool],
  ["avg_pool", avgPool],
  ["adaptive_max_pool", adaptiveMaxPool],
  ["adaptive_avg_pool", adaptiveAvgPool],
  ["interpolate", interpolate],
]);

/** Operators whose outputs do not change with small changes of their inputs: the gradient ends there, as 0. */
export const FLAT_OPERATORS: ReadonlySet<string> = new Set(FLAT);
