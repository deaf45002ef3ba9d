import { type Args, number, type Run } from "../args.ts";
import { hasOwnKernels } from "../kernels_own.ts";
import type { Value } from "../value.ts";
import { BINARY, SLOPE, sumRelu, UNARY } from "./elementwise.ts";

/** Names of the activations that the fused kernels know, by the operator's. */
const FUSED: Readonly<Record<string, string>> = {
  relu: "relu",
  relu6: "relu6",
  leaky_relu: "leakyrelu",
  sigmoid: "sigmoid",
};

/** Attributes of a fused kernel for the argument `activation` that {@link fold} adds. */
export function fusedActivation(args: Args): { readonly activation: string; readonly leakyreluAlpha?: number } {
  const activation = FUSED[String(args.activation)] ?? "linear";
  return activation === "leakyrelu" ? { activation, leakyreluAlpha: number(args, "slope", SLOPE) } : { activation };
}

/** The value after the activation of the arguments, if there is one. */
export function activated(value: Value, args: Args): Value {
  if (typeof args.activation !== "string") return value;
  const out = UNARY[args.activation]?.([value], args, []);
  const [only] = out === undefined || "kind" in out ? [] : out;
  if (only === undefined) throw new Error(`no activation ${args.activation}`);
  return only;
}

/** A sum, and the activation behind it. */
export const sumOf: Run = (inputs, args, outputs) => {
  if (args.activation === "relu" && hasOwnKernels()) return sumRelu(inputs, args, outputs);
  const sum = BINARY.add?.(inputs, args, outputs);
  return sum === undefined || "kind" in sum ? (sum ?? []) : sum.map((value) => activated(value, args));
};
