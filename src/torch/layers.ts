import type { ClassValue } from "../eval/value.ts";
import { activations } from "./nn/activation.ts";
import { convolutions } from "./nn/convolution.ts";
import { dropouts } from "./nn/dropout.ts";
import { lazyLayers } from "./nn/lazy.ts";
import { linears } from "./nn/linear.ts";
import { norms } from "./nn/normalization.ts";
import { pads } from "./nn/padding.ts";
import { pools } from "./nn/pooling.ts";
import { recurrents } from "./nn/recurrent.ts";
import { reshapings } from "./nn/reshaping.ts";
import { upsamplings } from "./nn/upsampling.ts";

/** Every layer of `torch.nn` that acts on tensors, by name. */
export const layerClasses: ReadonlyMap<string, ClassValue> = new Map([
  ...convolutions,
  ...linears,
  ...norms,
  ...activations,
  ...pools,
  ...pads,
  ...dropouts,
  ...reshapings,
  ...upsamplings,
  ...recurrents,
  ...lazyLayers,
]);
