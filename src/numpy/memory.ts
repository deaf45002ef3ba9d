import type { Interp } from "../eval/interp.ts";
import type { TensorValue } from "../eval/value.ts";
import type { Init } from "../graph/graph.ts";
import type { Args } from "../ops/operator.ts";
import { t } from "../text/text.ts";
import { type HostArray, sizeOf } from "../values/array.ts";
import { inOrder, rememberedArray } from "../values/known.ts";
import { isPending, lazily } from "../values/lazy.ts";
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
  const { aliases, host } = written;
  if (aliases === undefined || aliases.size < 2) return;
  const own = host === undefined || host.fuzz !== undefined ? undefined : placesOf(written, 0);
  for (const other of aliases) {
    if (other === written || other.host === undefined) continue;
    const theirs = own === undefined ? undefined : placesOf(other, 0);
    if (host === undefined || own === undefined || own.root !== theirs?.root || sizeOf(host.shape) === 0)
      forget(interp, other);
    else {
      const made = overlaid(other.host, theirs.at, host, own.at);
      interp.journal.assign(other, "host", made);
      if (other.weight?.init.kind === "values" && interp.graph === undefined)
        interp.journal.assign(other.weight, "init", valuesInit(made));
    }
  }
}

/** Writes into each other that are not worked out yet: more would be nested too deeply. */
const MOST_PENDING = 32;
const pending = new WeakMap<HostArray, number>();

/** An array with the elements of a written one in those places that both have. */
function overlaid(array: HostArray, at: HostArray, written: HostArray, from: HostArray): HostArray {
  return rememberedArray("overlay", [array, at, written, from], () => {
    const data = (): readonly number[] => {
      const values = new Map<number, number>();
      from.data.forEach((place, i) => {
        const value = written.data[i];
        if (value !== undefined) values.set(place, value);
      });
      return array.data.map((value, i) => values.get(at.data[i] ?? -1) ?? value);
    };
    const { shape, fuzz } = array;
    if (fuzz !== undefined) return { shape, data: data(), fuzz };
    const depth = 1 + Math.max(...[array, written].map((each) => (isPending(each) ? (pending.get(each) ?? 0) : 0)));
    if (MOST_PENDING < depth) return { shape, data: data() };
    const made = lazily(shape, data);
    pending.set(made, depth);
    return made;
  });
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

/** For each element its place in the memory of the tensor that all are views of. */
function placesOf(
  value: TensorValue,
  depth: number,
): { readonly root: TensorValue; readonly at: HostArray } | undefined {
  const { host, view } = value;
  if (host === undefined || MAX_DEPTH < depth) return undefined;
  if (view === undefined) return { root: value, at: inOrder(host.shape) };
  const { source } = view;
  const inner = placesOf(source, depth + 1);
  if (inner === undefined || source.host?.shape.join() !== view.shape.join()) return undefined;
  const type = { shape: view.shape.map((size) => ({ size })), dtype: "int64" as const };
  const outputs = Array.from({ length: view.output + 1 }, () => ({ ...value.type, dtype: "int64" as const }));
  const at =
    view.op === "identity"
      ? inner.at
      : valuesOf(view.op, [{ type, host: inner.at }], view.args, outputs)?.[view.output];
  return at === undefined || sizeOf(at.shape) !== sizeOf(host.shape) ? undefined : { root: inner.root, at };
}
