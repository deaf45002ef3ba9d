import type { ModuleValue, Value } from "../../eval/value.ts";
import { ATTENTION_PART } from "../python/attention.ts";
import { pythonPart } from "../python/load.ts";
import { TRANSFORMER_PART } from "../python/transformer.ts";

/** Which names each part that is written in Python defines, by the module of torch's that has them. */
const PARTS = [
  {
    module: "torch.nn.modules.activation",
    text: ATTENTION_PART,
    classes: ["MultiheadAttention"],
    functions: ["multi_head_attention_forward"],
  },
  {
    module: "torch.nn.modules.transformer",
    text: TRANSFORMER_PART,
    classes: [
      "Transformer",
      "TransformerEncoder",
      "TransformerDecoder",
      "TransformerEncoderLayer",
      "TransformerDecoderLayer",
    ],
    functions: [],
  },
] as const;

/** What torch composes of its own layers and operators: classes of `torch.nn` and functions of `torch.nn.functional`. */
export function composed(module: (name: string) => ModuleValue | undefined): {
  readonly classes: Readonly<Record<string, Value>>;
  readonly functions: Readonly<Record<string, Value>>;
  readonly utilities: Readonly<Record<string, Readonly<Record<string, Value>>>>;
} {
  const classes: Record<string, Value> = {};
  const functions: Record<string, Value> = {};
  const imports = { torch: "torch", nn: "torch.nn", F: "torch.nn.functional", copy: "copy", math: "math" };
  for (const part of PARTS) {
    const read = pythonPart(part.module, part.text, () =>
      Object.fromEntries(
        Object.entries(imports).flatMap(([name, from]) => {
          const value = module(from);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    );
    for (const name of part.classes) classes[name] = read(name);
    for (const name of part.functions) functions[name] = read(name);
  }
  return { classes, functions, utilities: {} };
}
