import { conv, convTranspose } from "./conv.ts";
import { MOVING } from "./moving.ts";
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./norm.ts";
import { CHOOSING } from "./picking.ts";
import { FLAT, POINTWISE } from "./pointwise.ts";
import { adaptiveAvgPool, adaptiveMaxPool, avgPool, interpolate, localResponseNorm, maxPool } from "./pool.ts";
import { addedProduct, attention, bilinear, einsum, linear, matmul } from "./products.ts";
import { REDUCTIONS } from "./reducing.ts";
import type { Rule } from "./rule.ts";

/** How the gradient passes each operator, by its name; one without a rule stops it. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...Object.entries(POINTWISE),
  ...Object.entries(MOVING),
  ...Object.entries(REDUCTIONS),
  ...Object.entries(CHOOSING),
  ["conv", conv],
  ["conv_transpose", convTranspose],
  ["linear", linear],
  ["matmul", matmul],
  ["bmm", matmul],
  ["mm", matmul],
  ["addmm", addedProduct],
  ["baddbmm", addedProduct],
  ["einsum", einsum],
  ["bilinear", bilinear],
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
  ["local_response_norm", localResponseNorm],
]);

/** Operators whose outputs do not change with small changes of their inputs: the gradient ends there, as 0. */
export const FLAT_OPERATORS: ReadonlySet<string> = new Set(FLAT);
