import type { Run, Upload } from "./args.ts";
import { CHANNEL_SCALE } from "./fold.ts";
import { gradientOf, runOf } from "./gradients/rule.ts";
import { RULES } from "./gradients/table.ts";
import { channelScale, conv, convTranspose, uploadConv, uploadScale } from "./ops/conv.ts";
import { deformConv } from "./ops/deform.ts";
import { BINARY, glu, maskedFill, prelu, triangle, UNARY, where } from "./ops/elementwise.ts";
import { sumOf } from "./ops/finish.ts";
import { LOSSES } from "./ops/losses.ts";
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./ops/norm.ts";
import { ORDERING } from "./ops/ordering.ts";
import { PICKING } from "./ops/picking.ts";
import { PLACES } from "./ops/places.ts";
import { adaptiveAvgPool, adaptiveMaxPool, avgPool, localResponseNorm, maxPool } from "./ops/pool.ts";
import { addedProduct, attention, bilinear, einsum, linear, matrixProduct, uploadLinear } from "./ops/products.ts";
import { REDUCING } from "./ops/reducing.ts";
import { RESHAPING } from "./ops/reshaping.ts";
import { interpolate } from "./ops/resize.ts";
import { assign } from "./ops/writing.ts";

/** How each operator of a program is computed, by its name. */
export const RUNS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ...Object.entries(UNARY),
  ...Object.entries(BINARY),
  ["add", sumOf],
  ...Object.entries(REDUCING),
  ...Object.entries(RESHAPING),
  ...Object.entries(LOSSES),
  ...Object.entries(ORDERING),
  ...Object.entries(PICKING),
  ...Object.entries(PLACES),
  ["conv", conv],
  ["conv_transpose", convTranspose],
  ["deform_conv", deformConv],
  ["linear", linear],
  ["matmul", matrixProduct],
  ["bmm", matrixProduct],
  ["mm", matrixProduct],
  ["addmm", addedProduct],
  ["baddbmm", addedProduct],
  ["bilinear", bilinear],
  ["einsum", einsum],
  ["attention", attention],
  ["batch_norm", batchNorm],
  ["layer_norm", layerNorm],
  ["rms_norm", rmsNorm],
  ["group_norm", groupNorm],
  ["instance_norm", instanceNorm],
  ["local_response_norm", localResponseNorm],
  ["max_pool", maxPool],
  ["avg_pool", avgPool],
  ["adaptive_avg_pool", adaptiveAvgPool],
  ["adaptive_max_pool", adaptiveMaxPool],
  ["interpolate", interpolate],
  ["prelu", prelu],
  ["glu", glu],
  ["where", where],
  ["assign", assign],
  ["masked_fill", maskedFill],
  ["tril", triangle(true)],
  ["triu", triangle(false)],
]);

/** How the gradient passes each operator, by {@link gradientOf} its name. */
export const REVERSES: ReadonlyMap<string, Run> = new Map(
  [...RULES].map(([op, rule]) => [gradientOf(op), runOf(rule)] as const),
);

/** How each operator is computed that only folding makes. */
export const STEPS: ReadonlyMap<string, Run> = new Map([[CHANNEL_SCALE, channelScale]]);

/** Operators whose weights can be uploaded before the first run. */
export const UPLOADS: ReadonlyMap<string, Upload> = new Map([
  ["conv", uploadConv],
  ["linear", uploadLinear],
  [CHANNEL_SCALE, uploadScale],
]);
