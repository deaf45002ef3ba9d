import { type Text, t } from "../text/text.ts";

/** Operators that the runtime does not compute, and why. A forward pass stops before the first of them. */
export const UNSUPPORTED: Readonly<Record<string, Text>> = {
  topk: t("its result's order depends on ties, which backends break differently"),
  one_hot: t("it has no floating-point result that a preview could show"),
};
