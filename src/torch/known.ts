import type { Interp } from "../eval/interp.ts";
import type { TensorValue } from "../eval/value.ts";
import type { Args } from "../ops/operator.ts";
import { t } from "../text/text.ts";
import { type Operand, valuesOf } from "../values/values.ts";

/** Operators whose output may share the memory of their first input. */
const VIEWS: ReadonlySet<string> = new Set(
  "reshape flatten unflatten squeeze unsqueeze permute transpose expand slice select split chunk unbind identity".split(
    " ",
  ),
);

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
    if (output.host !== undefined && source !== undefined && VIEWS.has(op)) shareMemory(source, output);
  });
}

/** Notes that two tensors may share memory. */
export function shareMemory(a: TensorValue, b: TensorValue): void {
  const aliases = a.aliases ?? b.aliases ?? new Set<TensorValue>();
  aliases.add(a);
  aliases.add(b);
  a.aliases = aliases;
  b.aliases = aliases;
}

/** The values of what shares a written tensor's memory are no longer known. */
export function forgetAliases(interp: Interp, written: TensorValue): void {
  for (const other of written.aliases ?? []) if (other !== written) forgetValues(interp, other);
}

/** A tensor's values are no longer known: something random or unknown was written into it. */
export function forgetValues(interp: Interp, value: TensorValue): void {
  if (value.host !== undefined) interp.journal.assign(value, "host", undefined);
  if (value.weight?.init.kind === "values" && interp.graph === undefined)
    interp.journal.assign(value.weight, "init", {
      kind: "unknown",
      why: { reason: t("the initialization is not known") },
    });
}
