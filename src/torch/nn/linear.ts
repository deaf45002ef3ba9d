import { callValue } from "../../eval/evaluate.ts";
import { type ClassValue, intOf } from "../../eval/value.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import { native } from "../../lang/native.ts";
import { t } from "../../text/text.ts";
import { dimOf, emit, tensorOf } from "../convert.ts";
import { parameterOf } from "../parameter.ts";
import { refusesNegative, refusesSizes } from "./counts.ts";
import { attr, fanIn, input, type LayerSpec, layer, optional, parameter, parameterIf, weights } from "./layer.ts";
import { setModuleAttribute } from "./registration.ts";

/** Linear maps and embeddings, by name. */
export const linears = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): ClassValue => {
  const cls = layer(name, spec);
  linears.set(name, cls);
  return cls;
};

add("Linear", {
  init: "in_features, out_features, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    refusesSizes(interp, [get("out_features"), get("in_features")]);
    const [fin, fout] = [dimOf(get("in_features")), dimOf(get("out_features"))];
    refusesNegative(interp, [fout, fin]);
    const init = fanIn([fin]);
    parameter(interp, self, "weight", [fout, fin], init);
    parameterIf(interp, self, get("bias"), "bias", [fout], init);
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
    parameterIf(interp, self, get("bias"), "bias", [out], init);
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
const embedding = add("Embedding", {
  init: "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const given = parameterOf(get("_weight"));
    interp.journal.remove(self, "attrs", self.attrs, "_weight");
    if (given.kind === "tensor") setModuleAttribute(interp, self, "weight", given);
    else if (!refusesSizes(interp, [get("num_embeddings"), get("embedding_dim")]))
      parameter(interp, self, "weight", [dimOf(get("num_embeddings")), dimOf(get("embedding_dim"))], {
        kind: "normal",
        mean: 0,
        std: 1,
      });
  },
  run: (interp, self, get) =>
    emit(interp, "embedding", [input(interp, get, "embedding"), ...optional(attr(interp, self, "weight"))], {}),
});
embedding.attrs.set("from_pretrained", {
  kind: "wrapper",
  type: "class",
  fn: native(
    "from_pretrained",
    "cls, embeddings, freeze=True, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
    (interp, get) => {
      const weight = get("embeddings");
      const [rows, features] = (weight.kind === "tensor" ? weight.type.shape : undefined) ?? [];
      const lost = { size: undefined, why: whyOf(weight) ?? { reason: t("a shape that is not known") } };
      return callValue(interp, get("cls"), {
        positional: [rows ?? lost, features ?? lost].map((dim) => ({ value: intOf(dim) })),
        keywords: [
          ["padding_idx", { value: get("padding_idx") }],
          ["_weight", { value: weight }],
        ],
      });
    },
  ),
});
