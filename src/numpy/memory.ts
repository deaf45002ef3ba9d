import type { Interp } from "../eval/interp.ts";
import type { TensorValue } from "../eval/value.ts";
import type { Init } from "../graph/graph.ts";
import type { Args } from "../ops/operator.ts";
import { t } from "../text/text.ts";
import type { HostArray } from "../values/array.ts";
import { valuesOf } from "../values/values.ts";

/** Small arrays and tensors that share memory: what is written into one of them stands in the others too. */

/**
 * Notes that `made` shares the memory of `source`. With `op` it is surely a view, the output of that operator; without
 * it may be a view or a copy.
 */
export function shareMemory(source: TensorValue, made: TensorValue, op?: string, args: Args = {}, output = 0): void {
  const aliases = source.aliases ?? made.aliases ?? new Set<TensorValue>();
  aliases.add(source);
  aliases.add(made);
  source.aliases = aliases;
  made.aliases = aliases;
  if (op !== undefined) made.view = { source, op, args, output, shape: source.host?.shape ?? [] };
}

/** After a write into one of them: the others hold the same elements where it is known which these are. */
export function spreadWrite(interp: Interp, written: TensorValue): void {
  const { aliases } = written;
  if (aliases === undefined || aliases.size < 2) return;
  const own = elementsOf(written, 0);
  const values = new Map<number, number>();
  if (own !== undefined && written.host?.fuzz === undefined)
    own.at.forEach((position, i) => {
      const value = written.host?.data[i];
      if (value !== undefined) values.set(position, value);
    });
  for (const other of aliases) {
    if (other === written || other.host === undefined) continue;
    const theirs = elementsOf(other, 0);
    if (own === undefined || theirs === undefined || own.root !== theirs.root || values.size === 0)
      forget(interp, other);
    else {
      const data = other.host.data.map((value, i) => values.get(theirs.at[i] ?? -1) ?? value);
      interp.journal.assign(other, "host", { ...other.host, data });
      if (other.weight?.init.kind === "values" && interp.graph === undefined)
        interp.journal.assign(other.weight, "init", { kind: "values", values: data });
    }
  }
}

/** That a parameter or buffer begins as an array, whose elements are read when someone asks for them. */
export function valuesInit(host: HostArray): Init {
  return {
    kind: "values",
    get values() {
      return host.data;
    },
  };
}

/** A tensor's values are no longer known, nor those of what may share its memory. */
export function forgetValues(interp: Interp, value: TensorValue): void {
  forget(interp, value);
  for (const other of value.aliases ?? []) if (other !== value) forget(interp, other);
}

function forget(interp: Interp, value: TensorValue): void {
  if (value.host !== undefined) interp.journal.assign(value, "host", undefined);
  if (value.weight?.init.kind === "values" && interp.graph === undefined)
    interp.journal.assign(value.weight, "init", {
      kind: "unknown",
      why: { reason: t("the initialization is not known") },
    });
}

/** Views of views; deeper ones are not followed. */
const MAX_DEPTH = 20;

/** For each element its position in the memory of the tensor that all are views of. */
function elementsOf(
  value: TensorValue,
  depth: number,
): { readonly root: TensorValue; readonly at: readonly number[] } | undefined {
  const { host, view } = value;
  if (host === undefined || MAX_DEPTH < depth) return undefined;
  if (view === undefined) return { root: value, at: host.data.map((_, i) => i) };
  const { source } = view;
  const inner = elementsOf(source, depth + 1);
  if (inner === undefined || source.host?.shape.join() !== view.shape.join()) return undefined;
  const type = { shape: view.shape.map((size) => ({ size })), dtype: "int64" as const };
  const outputs = Array.from({ length: view.output + 1 }, () => ({ ...value.type, dtype: "int64" as const }));
  const positions = { shape: view.shape, data: inner.at };
  const made =
    view.op === "identity"
      ? positions
      : valuesOf(view.op, [{ type, host: positions }], view.args, outputs)?.[view.output];
  return made === undefined || made.data.length !== host.data.length ? undefined : { root: inner.root, at: made.data };
}
