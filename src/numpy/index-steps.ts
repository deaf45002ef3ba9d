import { itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { NONE, type TensorValue, tensor, type UnknownValue, type Value } from "../eval/value.ts";
import { operator } from "../ops/catalogue.ts";
import type { Arg, Args } from "../ops/operator.ts";
import type { Dim, TensorType, Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { reshaped, tiled } from "../values/arranging.ts";
import { type HostArray, MAX_ELEMENTS, positions, sizeOf, stored, stridesOf } from "../values/array.ts";
import { argText, rememberedArray, WORTHWHILE } from "../values/known.ts";
import { patched } from "../values/lazy.ts";
import { sliceAlong, valuesOf } from "../values/values.ts";
import { operandOf } from "./operands.ts";

/** Raises what the library raises for an index that it does not take. */
type Refuse = (exception: string, message: string) => UnknownValue;

/** `x[…]` as torch and numpy take it apart: views first, axis by axis, then all index arrays at once. */
export type Step =
  | {
      readonly kind: "slice";
      readonly starts: readonly Arg[];
      readonly ends: readonly Arg[];
      readonly steps: readonly Arg[];
    }
  | { readonly kind: "select"; readonly axis: number; readonly index: Dim }
  | { readonly kind: "unsqueeze"; readonly axis: number }
  | { readonly kind: "index"; readonly axes: readonly number[]; readonly indices: readonly TensorValue[] };

const SLICE_ALL: Value = { kind: "slice", lower: NONE, upper: NONE, step: NONE };

/** An index as the list of its parts, the ellipsis spelled out; a reason where it cannot be followed. */
function partsOf(interp: Interp, index: Value, rank: number, refuse: Refuse): readonly Value[] | Why | UnknownValue {
  const given = index.kind === "tuple" ? index.items : isTuple(index) ? index.items : [index];
  const parts: Value[] = [];
  for (const part of given) {
    if (part.kind === "list" || part.kind === "tuple" || part.kind === "range") {
      const items = itemsOf(interp, part);
      if (isWhy(items)) return items;
      const made = operandOf(interp, part);
      if (isWhy(made)) return made;
      // An empty list has no type of its own.
      const type: TensorType = items.length === 0 ? { ...made.type, dtype: "int64" } : made.type;
      parts.push({ kind: "tensor", type, host: made.host });
    } else if (part.kind === "instance" && part.payload?.kind === "tensor") parts.push(part.payload);
    else if (part.kind === "unknown") return part.why;
    else parts.push(part);
  }
  const used = parts.reduce((sum, part) => sum + axesUsed(part), 0);
  if (rank < used) return refuse("IndexError", `too many indices for tensor of dimension ${rank}`);
  const at = parts.findIndex((part) => part.kind === "ellipsis");
  if (0 <= at) parts.splice(at, 1, ...Array.from({ length: rank - used }, () => SLICE_ALL));
  return parts;
}

/** A list of index tensors or slices is an index a part, as a tuple is. */
function isTuple(index: Value): index is Extract<Value, { kind: "list" }> {
  return (
    index.kind === "list" &&
    index.items.length < 32 &&
    index.items.some(
      (item) => item.kind === "tensor" || item.kind === "slice" || item.kind === "ellipsis" || item.kind === "none",
    )
  );
}

/** How many of the tensor's axes a part of an index stands for. */
function axesUsed(part: Value): number {
  if (part.kind === "none" || part.kind === "ellipsis" || part.kind === "bool") return 0;
  if (part.kind === "tensor" && isMask(part)) return part.type.shape?.length ?? 1;
  return 1;
}

const isMask = (value: TensorValue): boolean => value.type.dtype === "bool" || value.type.dtype === "uint8";

/** The steps that an index takes on a tensor of these lengths. */
export function stepsOf(
  interp: Interp,
  type: TensorType,
  index: Value,
  refuse: Refuse,
): readonly Step[] | Why | UnknownValue {
  const { shape } = type;
  if (shape === undefined) return type.why ?? { reason: t("an index into an unknown rank") };
  const parts = partsOf(interp, index, shape.length, refuse);
  if (!Array.isArray(parts)) return parts as Why | UnknownValue;
  const steps: Step[] = [];
  const bounds = sliceOf(parts as readonly Value[], shape.length);
  if (bounds !== undefined) steps.push(bounds);
  const advanced: { axis: number; index: TensorValue }[] = [];
  let axis = 0;
  for (const part of parts as readonly Value[]) {
    if (part.kind === "slice") axis++;
    else if (part.kind === "none") steps.push({ kind: "unsqueeze", axis: axis++ });
    else if (part.kind === "int") steps.push({ kind: "select", axis, index: part.dim });
    else if (part.kind === "bool") {
      steps.push({ kind: "unsqueeze", axis });
      const known = { shape: [part.value ? 1 : 0], data: part.value ? [0] : [] };
      advanced.push({
        axis: axis++,
        index: { kind: "tensor", type: { shape: [{ size: known.data.length }], dtype: "int64" }, host: known },
      });
    } else if (part.kind === "tensor") {
      const { dtype, shape: own } = part.type;
      if (dtype === undefined) return part.type.why ?? { reason: t("an index of an unknown element type") };
      if (own === undefined) return part.type.why ?? { reason: t("an index of an unknown rank") };
      if (dtype.startsWith("float") || dtype === "bfloat16" || dtype.startsWith("complex"))
        return refuse("IndexError", "tensors used as indices must be long, int, byte or bool tensors");
      if (own.length === 0 && !isMask(part)) steps.push({ kind: "select", axis, index: wholeDim(part) });
      else if (isMask(part)) {
        const masked = fitsMask(part, shapeAfter(shape, steps), axis, refuse);
        if (masked !== undefined) return masked;
        if (own.length === 0) steps.push({ kind: "unsqueeze", axis });
        for (const one of maskIndices(part)) advanced.push({ axis: axis++, index: one });
      } else advanced.push({ axis: axis++, index: part });
    } else
      return refuse(
        part.kind === "str" ? "TypeError" : "IndexError",
        `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${part.kind})`,
      );
  }
  if (0 < advanced.length)
    steps.push({ kind: "index", axes: advanced.map((one) => one.axis), indices: advanced.map((one) => one.index) });
  return steps;
}

/** The slices of an index as one step on all axes; undefined where they keep everything. */
function sliceOf(parts: readonly Value[], rank: number): Step | undefined {
  const starts: Arg[] = [];
  const ends: Arg[] = [];
  const steps: Arg[] = [];
  const orNull = (value: Value): Arg => (value.kind === "none" ? null : wholeDim(value));
  for (const part of parts) {
    const own = part.kind === "slice" ? part : undefined;
    for (let i = 0; i < axesUsed(part); i++) {
      starts.push(own === undefined ? null : orNull(own.lower));
      ends.push(own === undefined ? null : orNull(own.upper));
      steps.push(own === undefined || own.step.kind === "none" ? { size: 1 } : wholeDim(own.step));
    }
  }
  const isPlain = (arg: Arg): boolean => arg === null || (typeof arg === "object" && "size" in arg && arg.size === 1);
  if (starts.every((arg) => arg === null) && ends.every((arg) => arg === null) && steps.every(isPlain))
    return undefined;
  while (starts.length < rank) {
    starts.push(null);
    ends.push(null);
    steps.push({ size: 1 });
  }
  return { kind: "slice", starts, ends, steps };
}

/** Lengths after the views so far; slices may have changed them, which only rules out a check. */
function shapeAfter(shape: readonly Dim[], steps: readonly Step[]): readonly Dim[] {
  const made = [...shape];
  for (const step of steps) {
    if (step.kind === "unsqueeze") made.splice(step.axis, 0, { size: 1 });
    if (step.kind === "select") made.splice(step.axis, 1);
    if (step.kind === "slice")
      step.ends.forEach((end, i) => {
        if (end !== null || step.starts[i] !== null) made[i] = { size: undefined };
      });
  }
  return made;
}

function fitsMask(mask: TensorValue, shape: readonly Dim[], axis: number, refuse: Refuse): UnknownValue | undefined {
  const own = mask.type.shape ?? [];
  const misfit = own.findIndex((dim, i) => {
    const [a, b] = [dim.size, shape[axis + i]?.size];
    return typeof a === "number" && typeof b === "number" && a !== b;
  });
  if (misfit < 0) return undefined;
  const text = (dims: readonly Dim[]): string =>
    `[${dims.map(({ size }) => (typeof size === "number" ? size : "?")).join(", ")}]`;
  return refuse(
    "IndexError",
    `The shape of the mask ${text(own)} at index ${misfit} does not match the shape of the indexed tensor ${text(shape)} at index ${axis + misfit}`,
  );
}

/** A mask stands for one index tensor an axis, each as long as the mask has true elements. */
function maskIndices(mask: TensorValue): readonly TensorValue[] {
  const rank = mask.type.shape?.length ?? 0;
  const { host } = mask;
  if (host === undefined || host.fuzz !== undefined) {
    const why: Why = { reason: t("as many as a mask selects, which depends on its values") };
    return Array.from({ length: Math.max(rank, 1) }, () =>
      tensor({ shape: [{ size: undefined, why }], dtype: "int64" }),
    );
  }
  const found = host.data.flatMap((value, at) => (value === 0 ? [] : [at]));
  if (rank === 0) return [indexTensor(found.map(() => 0))];
  return host.shape.map((length, axis) => {
    const stride = sizeOf(host.shape.slice(axis + 1));
    return indexTensor(found.map((at) => Math.floor(at / stride) % length));
  });
}

function indexTensor(data: readonly number[]): TensorValue {
  return {
    kind: "tensor",
    type: { shape: [{ size: data.length }], dtype: "int64" },
    host: { shape: [data.length], data },
  };
}

/** A step as an operator of the catalogue. */
export function operation(step: Step): readonly [op: string, indices: readonly TensorValue[], args: Args] {
  switch (step.kind) {
    case "slice":
      return ["slice", [], { starts: step.starts, ends: step.ends, steps: step.steps }];
    case "select":
      return ["select", [], { axis: { size: step.axis }, index: step.index }];
    case "unsqueeze":
      return ["unsqueeze", [], { axis: { size: step.axis } }];
    case "index": {
      const [axis] = step.axes;
      if (step.axes.length === 1 && axis !== undefined) return ["gather_index", step.indices, { axis: { size: axis } }];
      return ["index", step.indices, { axes: step.axes.map((size) => ({ size })) }];
    }
  }
}

/** The shape of what an index selects, by the operators' own rules. */
export function selection(type: TensorType, steps: readonly Step[]): readonly Dim[] | undefined {
  let now = type;
  for (const step of steps) {
    const next = typeAfter(now, step);
    if (next === undefined) return undefined;
    now = next;
  }
  return now.shape;
}

/** The values after an assignment, where all that matters is known. */
export function written(self: TensorValue, steps: readonly Step[], value: Value): HostArray | undefined {
  const { host } = self;
  const { dtype } = self.type;
  const source =
    value.kind === "tensor"
      ? value.host
      : value.kind === "int" && typeof value.dim.size === "number"
        ? { shape: [], data: [value.dim.size] }
        : value.kind === "float" && value.value !== undefined
          ? { shape: [], data: [value.value] }
          : value.kind === "bool"
            ? { shape: [], data: [value.value ? 1 : 0] }
            : undefined;
  if (host === undefined || dtype === undefined || source === undefined || MAX_ELEMENTS < sizeOf(host.shape))
    return undefined;
  if (source.fuzz !== undefined || host.fuzz !== undefined) return undefined;
  const put = (): HostArray | undefined => {
    const selected = selectedPositions(host.shape, steps);
    if (selected === undefined) return undefined;
    const first = Math.max(0, source.shape.length - selected.shape.length);
    const part = reshaped(source, source.shape.slice(first));
    if (part === undefined) return undefined;
    const values: number[] = [];
    for (const value of tiled(part, selected.shape).data) {
      const held = stored(dtype, value);
      if (held === undefined) return undefined;
      values.push(held);
    }
    return patched(host, selected.data, values);
  };
  // What is written as a whole table is written by every block of a model.
  const plain = steps.every(({ kind }) => kind !== "index") ? argText(steps.flatMap(argsOf)) : undefined;
  if (plain === undefined || sizeOf(source.shape) < WORTHWHILE) return put();
  return rememberedArray(`${dtype} write at ${plain}`, [host, source], put);
}

/** A step as what tells it from others, indices that are arrays left out. */
function argsOf(step: Step): readonly Arg[] {
  const [op, , args] = operation(step);
  return [op, ...Object.values(args)];
}

/** Which elements of a shape an index means, by their flat positions. */
function selectedPositions(from: readonly number[], steps: readonly Step[]): HostArray | undefined {
  const views = steps.findIndex(({ kind }) => kind === "index");
  const rest = views < 0 ? [] : steps.slice(views);
  let view: View | undefined = { shape: from, strides: stridesOf(from), offset: 0 };
  for (const step of steps.slice(0, steps.length - rest.length)) view = view && viewed(view, step);
  if (view === undefined) return undefined;
  const { shape, strides, offset } = view;
  let at: HostArray = { shape, data: positions(shape, (axis) => strides[axis] ?? 0, offset) };
  let type = wholeType(shape);
  for (const step of rest) {
    const [op, indices, args] = operation(step);
    const next = typeAfter(type, step);
    const operands = indices.flatMap((one) => (one.host === undefined ? [] : [{ type: one.type, host: one.host }]));
    if (next === undefined || operands.length !== indices.length) return undefined;
    const made = valuesOf(op, [{ type, host: at }, ...operands], args, [next])?.[0];
    if (made === undefined) return undefined;
    at = made;
    type = next;
  }
  return at;
}

/** Elements that lie evenly spaced along each axis. */
interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

function viewed({ shape, strides, offset }: View, step: Step): View | undefined {
  const next = typeAfter(wholeType(shape), step)?.shape?.map(({ size }) => size);
  if (next?.every((size) => typeof size === "number") !== true) return undefined;
  switch (step.kind) {
    case "select": {
      const axis = step.axis < 0 ? step.axis + shape.length : step.axis;
      const { size } = step.index;
      if (typeof size !== "number") return undefined;
      const at = size < 0 ? size + (shape[axis] ?? 0) : size;
      return { shape: next, strides: strides.toSpliced(axis, 1), offset: offset + at * (strides[axis] ?? 0) };
    }
    case "slice": {
      const found = sliceAlong(shape, operation(step)[2]);
      if (found === undefined) return undefined;
      const moved = found.starts.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 0), offset);
      return { shape: next, strides: strides.map((each, axis) => each * (found.steps[axis] ?? 1)), offset: moved };
    }
    case "unsqueeze": {
      const axis = step.axis < 0 ? step.axis + next.length : step.axis;
      return { shape: next, strides: strides.toSpliced(axis, 0, 0), offset };
    }
    case "index":
      return undefined;
  }
}

function wholeType(shape: readonly number[]): TensorType {
  return { shape: shape.map((size) => ({ size })), dtype: "int64" };
}

/** What a step gives of a tensor, by its operator's own rule; undefined where that refuses. */
function typeAfter(type: TensorType, step: Step): TensorType | undefined {
  const [op, indices, args] = operation(step);
  const outcome = operator(op)?.shape([type, ...indices.map((one) => one.type)], args);
  return outcome?.kind === "ok" ? outcome.outputs[0] : undefined;
}

/** A whole number of an index as a dim. */
function wholeDim(value: Value): Dim {
  if (value.kind === "int") return value.dim;
  if (value.kind === "bool") return { size: value.value ? 1 : 0 };
  const host = value.kind === "tensor" ? value.host : undefined;
  if (host?.data.length === 1 && host.fuzz === undefined) return { size: host.data[0] };
  return { size: undefined, why: { reason: t("a number that is not known") } };
}
