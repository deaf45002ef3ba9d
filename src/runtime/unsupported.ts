import { type Text, t } from "../text/text.ts";

/** Operators that the runtime does not compute, and why. What depends on them is left out of a forward pass. */
export const UNSUPPORTED: Readonly<Record<string, Text>> = {
  ...Object.fromEntries(
    `erfinv lgamma digamma logit nan_to_num signbit copysign xlogy bitwise_and bitwise_or bitwise_xor
       bitwise_left_shift bitwise_right_shift scatter scatter_add unique
       index_add index_copy diagonal diag_embed mode cummax cummin cumprod
       logcumsumexp bucketize histc inverse matrix_exp det complex polar view_as_complex view_as_real real
       imag angle fft rfft irfft fftshift affine_grid cdist roi_align roi_pool
       ps_roi_align ps_roi_pool nms`
      .split(/\s+/)
      .map((name) => [name, t("the preview does not compute it")]),
  ),
  fractional_max_pool: t("the windows are drawn at random"),
  fold: t("windows that overlap are not summed"),
  embedding_bag: t("bags of embeddings are not computed"),
  nll_loss: t("a loss of classes is not part of a preview"),
  multi_margin_loss: t("a loss of classes is not part of a preview"),
  rnn: t("a recurrent layer is not computed"),
  gru: t("a recurrent layer is not computed"),
  lstm: t("a recurrent layer is not computed"),
  cross_entropy: t("a loss of classes is not part of a preview"),
};
