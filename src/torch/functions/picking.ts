import type { Interp } from "../../eval/interp.ts";
import { type TensorValue, tuple, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { setBy } from "../../ops/dims.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Dim, Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import type { HostArray } from "../../values/array.ts";
import { distinct, runsOf } from "../../values/reducing.ts";
import { dimOf, emit, flagOf, numberOf } from "../convert.ts";
import { define, several, x } from "../define.ts";

/** Elements read and written by number or by a mask. */

const unsure = (name: string): Why => ({ reason: t("as many as {0} finds, which depends on the values", name) });

define("tm", "index_select", "input, dim, index, *, out=None", (interp, get) => {
  const source = x(interp, get, "index_select");
  const index = x(interp, get, "index_select", "index");
  return emit(interp, "gather_index", [source, index], { axis: dimOf(get("dim")) });
});
define("tm", "gather", "input, dim, index, *, sparse_grad=False, out=None", (interp, get) =>
  emit(interp, "gather", [x(interp, get, "gather"), x(interp, get, "gather", "index")], { axis: dimOf(get("dim")) }),
);
define("tm", "take", "input, index", (interp, get) => {
  const flat = emit(interp, "flatten", [x(interp, get, "take")], { start: { size: 0 }, end: { size: -1 } });
  return flat.kind === "tensor"
    ? emit(interp, "gather_index", [flat, x(interp, get, "take", "index")], { axis: { size: 0 } })
    : flat;
});
for (const name of ["scatter", "scatter_add", "scatter_reduce"])
  define(
    "tmi",
    name,
    "input, dim, index, src=None, reduce=None, *, value=None, include_self=True, out=None",
    (interp, get) => {
      const from = get("src").kind === "none" ? get("value") : get("src");
      const inputs = [x(interp, get, name), x(interp, get, name, "index")];
      const args = { axis: dimOf(get("dim")) };
      const op = name === "scatter" && get("reduce").kind === "none" ? "scatter" : "scatter_add";
      return from.kind === "tensor"
        ? emit(interp, op, [...inputs, from], args)
        : emit(interp, op, inputs, { ...args, value: numberOf(from) });
    },
  );
for (const name of ["index_add", "index_copy"])
  define("tmi", name, "input, dim, index, source, *, alpha=1, out=None", (interp, get) =>
    emit(
      interp,
      name,
      ["input", "index", "source"].map((key) => x(interp, get, name, key)),
      { axis: dimOf(get("dim")) },
    ),
  );
/** Other writes by number: the shape stays. */
for (const [names, signature] of [
  ["index_fill", "input, dim, index, value"],
  ["index_put", "input, indices, values, accumulate=False"],
  ["index_reduce", "input, dim, index, source, reduce, *, include_self=True"],
  ["put", "input, index, source, accumulate=False"],
  ["masked_scatter", "input, mask, source"],
  ["slice_scatter", "input, src, dim=0, start=None, end=None, step=1"],
  ["select_scatter", "input, src, dim, index"],
  ["diagonal_scatter", "input, src, offset=0, dim1=0, dim2=1"],
] as const)
  define(names.includes("_scatter") && names !== "masked_scatter" ? "tm" : "tmi", names, signature, (interp, get) =>
    emit(interp, "assign", [x(interp, get, names)], { selected: null }),
  );

/** What JSON has no number for is written as a word. */
function plainNumber(value: Value): Arg {
  const n = toFloat(value);
  if (n === Infinity) return "inf";
  return n === -Infinity ? "-inf" : numberOf(value);
}
for (const [name, inPlace] of [
  ["masked_fill", false],
  ["masked_fill_", true],
] as const)
  define(inPlace ? "m" : "tm", name, "input, mask, value", (interp, get) => {
    const source = x(interp, get, name);
    const value = get("value");
    const inputs = [source, x(interp, get, name, "mask")];
    const number = value.kind === "tensor" ? value.host?.data[0] : undefined;
    const args = {
      value: value.kind === "tensor" ? (number ?? null) : plainNumber(value),
      ...(inPlace ? { in_place: true } : {}),
    };
    const made = emit(interp, "masked_fill", inputs, args);
    if (!inPlace || source.kind !== "tensor" || made.kind !== "tensor") return made;
    return overwrite(interp, source, made);
  });
function overwrite(interp: Interp, target: TensorValue, made: TensorValue): TensorValue {
  interp.journal.assign(target, "ref", made.ref);
  interp.journal.assign(target, "host", undefined);
  return target;
}

/** How many elements are true, where that is known. */
function trueCount(mask: TensorValue | UnknownValue, name: string): Dim {
  const host = mask.kind === "tensor" ? mask.host : undefined;
  if (host === undefined || host.fuzz !== undefined) return { size: undefined, why: unsure(name) };
  return { size: host.data.filter((value) => value !== 0).length };
}
define("tm", "masked_select", "input, mask, *, out=None", (interp, get) => {
  const [source, mask] = [x(interp, get, "masked_select"), x(interp, get, "masked_select", "mask")];
  const same =
    source.kind === "tensor" && mask.kind === "tensor" && source.type.shape?.length === mask.type.shape?.length;
  return emit(interp, "masked_select", [source, mask], {
    count: same ? trueCount(mask, "masked_select") : { size: undefined, why: unsure("masked_select") },
  });
});
for (const [name, signature] of [
  ["nonzero", "input, *, as_tuple=False, out=None"],
  ["argwhere", "input"],
] as const)
  define("tm", name, signature, (interp, get) => {
    const source = x(interp, get, name);
    const count = trueCount(source, name);
    const made = emit(interp, "nonzero", [source], { count });
    if (!flagOf(interp, get("as_tuple")) || made.kind !== "tensor") return made;
    const rank = made.type.shape?.[1]?.size;
    return typeof rank === "number" ? several(interp, "unbind", made, { axis: { size: 1 } }) : unknown(unsure(name));
  });
for (const name of ["unique", "unique_consecutive"])
  define("tm", name, "input, sorted=True, return_inverse=False, return_counts=False, dim=None", (interp, get) => {
    const source = x(interp, get, name);
    if (get("dim").kind !== "none") return unknown(unsure(name));
    const host = source.kind === "tensor" ? source.host : undefined;
    const found = host === undefined ? undefined : name === "unique" ? distinct(host) : runsOf(host);
    const count: Dim =
      found === undefined ? { size: undefined, why: unsure(name) } : setBy({ size: found.values.length }, name, []);
    const [inverse, counts] = [flagOf(interp, get("return_inverse")), flagOf(interp, get("return_counts"))];
    const parts = several(interp, "unique", source, { count, inverse, counts });
    if (parts.kind !== "tuple") return parts;
    if (found === undefined || source.kind !== "tensor")
      return parts.items.length === 1 ? (parts.items[0] ?? parts) : tuple(parts.items);
    const length = [found.values.length];
    const hosts: HostArray[] = [{ shape: length, data: found.values }];
    if (inverse) hosts.push({ shape: source.host?.shape ?? [], data: found.inverse });
    if (counts) hosts.push({ shape: length, data: found.counts });
    for (const [i, host] of hosts.entries()) {
      const part = parts.items[i];
      if (part?.kind === "tensor") part.host = host;
    }
    return parts.items.length === 1 ? (parts.items[0] ?? parts) : tuple(parts.items);
  });
