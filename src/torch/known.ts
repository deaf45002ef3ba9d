import type { TensorValue } from "../eval/value.ts";
import { shareMemory } from "../numpy/memory.ts";
import type { Args } from "../ops/operator.ts";
import { type Operand, valuesOf } from "../values/values.ts";

/** Operators whose output is a view of their first input. */
const VIEWS: ReadonlySet<string> = new Set(
  "unflatten squeeze unsqueeze permute transpose expand slice select unbind diagonal".split(" "),
);
/** Those whose output may be a view or a copy, or of several outputs one of them. */
const MAY_SHARE: ReadonlySet<string> = new Set("reshape flatten identity split chunk".split(" "));

/** Gives outputs the values that follow from those of the inputs, where all of these are known. */
export function keepValues(
  op: string,
  inputs: readonly TensorValue[],
  args: Args,
  outputs: readonly TensorValue[],
): void {
  const operands: Operand[] = [];
  for (const { type, host } of inputs) {
    if (host === undefined) return;
    operands.push({ type, host });
  }
  if (operands.length === 0) return;
  const types = outputs.map(({ type }) => type);
  const made = valuesOf(op, operands, args, types);
  const [source] = inputs;
  outputs.forEach((output, i) => {
    output.host = made?.[i];
    if (output.host === undefined || source === undefined) return;
    if (VIEWS.has(op)) shareMemory(source, output, op, args, i);
    else if (MAY_SHARE.has(op)) shareMemory(source, output);
  });
}
