import type { ClassValue } from "../../eval/value.ts";
import { dimOf, emit, flagOf, tensorOf } from "../convert.ts";
import { attr, fanIn, input, type LayerSpec, layer, noParameter, optional, parameter, weights } from "./layer.ts";

/** Linear maps and embeddings, by name. */
export const linears = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  linears.set(name, layer(name, spec));
};

add("Linear", {
  init: "in_features, out_features, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const [fin, fout] = [dimOf(get("in_features")), dimOf(get("out_features"))];
    const init = fanIn([fin]);
    parameter(interp, self, "weight", [fout, fin], init);
    if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [fout], init);
    else noParameter(interp, self, "bias");
  },
  run: (interp, self, get) =>
    emit(interp, "linear", [input(interp, get, "linear"), ...weights(interp, self)], {
      in_features: dimOf(attr(interp, self, "in_features")),
      out_features: dimOf(attr(interp, self, "out_features")),
    }),
});
add("Bilinear", {
  init: "in1_features, in2_features, out_features, bias=True, device=None, dtype=None",
  forward: "input1, input2",
  make(interp, self, get) {
    const [a, b, out] = [dimOf(get("in1_features")), dimOf(get("in2_features")), dimOf(get("out_features"))];
    const init = fanIn([a]);
    parameter(interp, self, "weight", [out, a, b], init);
    if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [out], init);
    else noParameter(interp, self, "bias");
  },
  run: (interp, self, get) =>
    emit(
      interp,
      "bilinear",
      [
        tensorOf(interp, get("input1"), "bilinear", "input1"),
        tensorOf(interp, get("input2"), "bilinear", "input2"),
        ...weights(interp, self),
      ],
      {},
    ),
});
add("Embedding", {
  init: "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
  forward: "input",
  make: (interp, self, get) =>
    parameter(interp, self, "weight", [dimOf(get("num_embeddings")), dimOf(get("embedding_dim"))], {
      kind: "normal",
      mean: 0,
      std: 1,
    }),
  run: (interp, self, get) =>
    emit(interp, "embedding", [input(interp, get, "embedding"), ...optional(attr(interp, self, "weight"))], {}),
});
