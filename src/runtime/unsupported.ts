import { type Text, t } from "../text/text.ts";

/** Operators that the runtime does not compute, and why. What depends on them is left out of a forward pass. */
export const UNSUPPORTED: Readonly<Record<string, Text>> = {
  topk: t("the order of equal elements differs between backends"),
  sort: t("the order of equal elements differs between backends"),
  argsort: t("the order of equal elements differs between backends"),
  rnn: t("a recurrent layer is not computed"),
  gru: t("a recurrent layer is not computed"),
  lstm: t("a recurrent layer is not computed"),
  index: t("picking by several index tensors is not part of a preview"),
  assign: t("writing into a part of a tensor is not part of a preview"),
  cross_entropy: t("a loss of classes is not part of a preview"),
};
