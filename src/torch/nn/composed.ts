import type { ModuleValue, Value } from "../../eval/value.ts";
import { ATTENTION_PART } from "../python/attention.ts";
import { pythonPart } from "../python/load.ts";
import { LOSSES_PART } from "../python/losses.ts";
import { MORE_LAYERS_PART } from "../python/more-layers.ts";
import { PARAMETRIZE_PART } from "../python/parametrize.ts";
import { QUANTIZED_PART } from "../python/quantized.ts";
import { SEQUENCES_PART } from "../python/sequences.ts";
import { TRANSFORMER_PART } from "../python/transformer.ts";

/** A part of torch that is written in Python: the names it defines, by where torch has them. */
interface Part {
  readonly module: string;
  readonly text: string;
  readonly classes: string;
  /** Bases that torch has in the module alone, not in `torch.nn`. */
  readonly bases?: string;
  readonly functions: string;
  /** Below `torch.nn.utils`; `public=own` where the part's own name is another. */
  readonly utilities?: Readonly<Record<string, string>>;
}

const PARTS: readonly Part[] = [
  {
    module: "torch.nn.modules.activation",
    text: ATTENTION_PART,
    classes: "MultiheadAttention",
    functions: "multi_head_attention_forward",
  },
  {
    module: "torch.nn.modules.transformer",
    text: TRANSFORMER_PART,
    classes: "Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer TransformerDecoderLayer",
    functions: "",
  },
  {
    module: "torch.nn.modules.loss",
    text: LOSSES_PART,
    classes:
      "CosineSimilarity PairwiseDistance CrossEntropyLoss NLLLoss NLLLoss2d L1Loss MSELoss SmoothL1Loss HuberLoss BCELoss BCEWithLogitsLoss KLDivLoss PoissonNLLLoss GaussianNLLLoss SoftMarginLoss HingeEmbeddingLoss MarginRankingLoss CosineEmbeddingLoss MultiLabelSoftMarginLoss MultiMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss",
    bases: "_Loss _WeightedLoss",
    functions:
      "cosine_similarity pairwise_distance cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div poisson_nll_loss gaussian_nll_loss soft_margin_loss hinge_embedding_loss margin_ranking_loss cosine_embedding_loss multilabel_soft_margin_loss multi_margin_loss triplet_margin_loss triplet_margin_with_distance_loss",
  },
  {
    module: "torch.nn.modules",
    text: MORE_LAYERS_PART,
    classes:
      "LPPool1d LPPool2d LPPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d FractionalMaxPool2d FractionalMaxPool3d Fold Unfold RMSNorm CrossMapLRN2d Softmin RReLU EmbeddingBag RNNCellBase RNNCell LSTMCell GRUCell AdaptiveLogSoftmaxWithLoss DataParallel Container",
    functions:
      "lp_pool1d lp_pool2d lp_pool3d max_unpool1d max_unpool2d max_unpool3d fractional_max_pool2d fractional_max_pool3d fold unfold rms_norm softmin rrelu hardshrink softshrink tanhshrink threshold embedding_bag",
    utilities: { tuples: "_single _pair _triple _quadruple _ntuple _reverse_repeat_tuple" },
  },
  {
    module: "torch.nn.utils",
    text: PARAMETRIZE_PART,
    classes: "",
    functions: "",
    utilities: {
      utils:
        "weight_norm remove_weight_norm spectral_norm remove_spectral_norm fuse_conv_bn_eval fuse_conv_bn_weights fuse_linear_bn_eval fuse_linear_bn_weights parameters_to_vector vector_to_parameters skip_init",
      parametrize: "cached ParametrizationList is_parametrized register_parametrization remove_parametrizations",
      parametrizations: "weight_norm=parametrized_weight_norm spectral_norm=parametrized_spectral_norm",
    },
  },
  {
    module: "torch.nn.utils.rnn",
    text: SEQUENCES_PART,
    classes: "CTCLoss",
    functions: "ctc_loss",
    utilities: {
      rnn: "PackedSequence pack_padded_sequence pad_packed_sequence pad_sequence unpad_sequence pack_sequence unpack_sequence invert_permutation",
      attention: "flex_attention",
    },
  },
  {
    module: "torch.ao.nn.quantized",
    text: QUANTIZED_PART,
    classes: "",
    functions: "",
    utilities: { quantized: "FloatFunctional", stubs: "QuantStub DeQuantStub" },
  },
];

const words = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");

/** What torch composes of its own layers and operators: names of `torch.nn`, `torch.nn.functional`, `torch.nn.utils`. */
export function composed(module: (name: string) => ModuleValue | undefined): {
  readonly classes: Readonly<Record<string, Value>>;
  readonly bases: Readonly<Record<string, Value>>;
  readonly functions: Readonly<Record<string, Value>>;
  readonly utilities: Readonly<Record<string, Readonly<Record<string, Value>>>>;
} {
  const classes: Record<string, Value> = {};
  const bases: Record<string, Value> = {};
  const functions: Record<string, Value> = {};
  const utilities: Record<string, Record<string, Value>> = {};
  const imports = {
    collections: "collections",
    torch: "torch",
    nn: "torch.nn",
    F: "torch.nn.functional",
    copy: "copy",
    math: "math",
  };
  for (const part of PARTS) {
    const read = pythonPart(part.module, part.text, () =>
      Object.fromEntries(
        Object.entries(imports).flatMap(([name, from]) => {
          const value = module(from);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    );
    for (const name of words(part.classes)) classes[name] = read(name);
    for (const name of words(part.bases ?? "")) bases[name] = read(name);
    for (const name of words(part.functions)) functions[name] = read(name);
    for (const [place, names] of Object.entries(part.utilities ?? {})) {
      utilities[place] = {};
      for (const word of words(names)) {
        const [name = word, own = name] = word.split("=");
        Object.assign(utilities[place], { [name]: read(own) });
      }
    }
  }
  return { classes, bases, functions, utilities };
}
