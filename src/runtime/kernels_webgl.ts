import { _fusedMatMulConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/_FusedMatMul.js";
import { absConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Abs.js";
import { addConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Add.js";
import { argMaxConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/ArgMax.js";
import { argMinConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/ArgMin.js";
import { atan2Config } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Atan2.js";
import { avgPoolConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/AvgPool.js";
import { batchMatMulConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/BatchMatMul.js";
import { batchNormConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/BatchNorm.js";
import { castConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Cast.js";
import { ceilConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Ceil.js";
import { concatConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Concat.js";
import { conv2DBackpropInputConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Conv2DBackpropInput.js";
import { conv3DConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Conv3D.js";
import { cumsumConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Cumsum.js";
import { equalConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Equal.js";
import { erfConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Erf.js";
import { expConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Exp.js";
import { expm1Config } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Expm1.js";
import { floorConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Floor.js";
import { fusedConv2DConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/FusedConv2D.js";
import { fusedDepthwiseConv2DConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/FusedDepthwiseConv2D.js";
import { gatherV2Config } from "@tensorflow/tfjs-backend-webgl/dist/kernels/GatherV2.js";
import { greaterConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Greater.js";
import { greaterEqualConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/GreaterEqual.js";
import { identityConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Identity.js";
import { lessConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Less.js";
import { lessEqualConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/LessEqual.js";
import { logConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Log.js";
import { log1pConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Log1p.js";
import { logicalAndConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/LogicalAnd.js";
import { logicalNotConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/LogicalNot.js";
import { logicalOrConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/LogicalOr.js";
import { maxConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Max.js";
import { maximumConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Maximum.js";
import { maxPoolConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/MaxPool.js";
import { meanConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Mean.js";
import { minConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Min.js";
import { minimumConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Minimum.js";
import { multiplyConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Multiply.js";
import { negConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Neg.js";
import { notEqualConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/NotEqual.js";
import { padV2Config } from "@tensorflow/tfjs-backend-webgl/dist/kernels/PadV2.js";
import { powConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Pow.js";
import { prodConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Prod.js";
import { realDivConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/RealDiv.js";
import { reciprocalConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Reciprocal.js";
import { reshapeConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Reshape.js";
import { resizeBilinearConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/ResizeBilinear.js";
import { reverseConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Reverse.js";
import { roundConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Round.js";
import { rsqrtConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Rsqrt.js";
import { selectConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Select.js";
import { sigmoidConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Sigmoid.js";
import { signConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Sign.js";
import { sliceConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Slice.js";
import { softmaxConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Softmax.js";
import { sqrtConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Sqrt.js";
import { stridedSliceConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/StridedSlice.js";
import { subConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Sub.js";
import { sumConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Sum.js";
import { tanhConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Tanh.js";
import { tileConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Tile.js";
import { transposeConfig } from "@tensorflow/tfjs-backend-webgl/dist/kernels/Transpose.js";
import type { KernelConfig } from "@tensorflow/tfjs-core/dist/kernel_registry.js";

/** The shader kernels that the operators use; no others are bundled. */
export const WEBGL_KERNELS: readonly KernelConfig[] = [
  absConfig,
  addConfig,
  argMaxConfig,
  argMinConfig,
  avgPoolConfig,
  batchMatMulConfig,
  castConfig,
  ceilConfig,
  concatConfig,
  conv2DBackpropInputConfig,
  conv3DConfig,
  cumsumConfig,
  equalConfig,
  erfConfig,
  expConfig,
  expm1Config,
  floorConfig,
  batchNormConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  _fusedMatMulConfig,
  gatherV2Config,
  greaterConfig,
  greaterEqualConfig,
  identityConfig,
  lessConfig,
  lessEqualConfig,
  logConfig,
  log1pConfig,
  logicalAndConfig,
  logicalNotConfig,
  logicalOrConfig,
  maxConfig,
  maxPoolConfig,
  maximumConfig,
  meanConfig,
  minConfig,
  minimumConfig,
  multiplyConfig,
  negConfig,
  notEqualConfig,
  padV2Config,
  powConfig,
  prodConfig,
  realDivConfig,
  reciprocalConfig,
  reshapeConfig,
  resizeBilinearConfig,
  reverseConfig,
  roundConfig,
  rsqrtConfig,
  selectConfig,
  sigmoidConfig,
  signConfig,
  sliceConfig,
  softmaxConfig,
  sqrtConfig,
  stridedSliceConfig,
  subConfig,
  sumConfig,
  atan2Config,
  tanhConfig,
  tileConfig,
  transposeConfig,
];
