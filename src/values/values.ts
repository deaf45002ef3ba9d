import { asDim, flag, list, real, whole, wholeList, wholeOf, wholeOrList, word } from "../ops/args.ts";
import type { Arg, Args } from "../ops/operator.ts";
import { resultType } from "../ops/promote.ts";
import type { DType, TensorType } from "../shape/dim.ts";
import {
  concatenated,
  diagonalOf,
  flipped,
  indexed,
  permuted,
  reshaped,
  rolled,
  strided,
  taken,
  tiled,
  triangle,
} from "./arranging.ts";
import { broadcastPositions, fuzzAt, type HostArray, held, MAX_ELEMENTS, sizeOf } from "./array.ts";
import { rememberedValues } from "./known.ts";
import { binaryValues, castValues, clampValues, unaryValues } from "./pointwise.ts";
import { cumulated, product, reducedValues, sorted } from "./reducing.ts";

/** An operand whose values are known. */
export interface Operand {
  readonly type: TensorType;
  readonly host: HostArray;
}

/**
 * The values of an operator's outputs, as PyTorch computes them on a CPU; undefined for an output whose values are not
 * surely those. `outputs` are the types that the operator's shape rule gave.
 */
export function valuesOf(
  op: string,
  inputs: readonly Operand[],
  args: Args,
  outputs: readonly TensorType[],
): readonly (HostArray | undefined)[] | undefined {
  // What a write into an array makes of it is told where the write is.
  if (op === "assign") return undefined;
  return rememberedValues(op, inputs, args, outputs, () => computedValues(op, inputs, args, outputs));
}

function computedValues(
  op: string,
  inputs: readonly Operand[],
  args: Args,
  outputs: readonly TensorType[],
): readonly (HostArray | undefined)[] | undefined {
  const shapes = outputs.map(knownShape);
  const [shape] = shapes;
  const dtype = outputs[0]?.dtype;
  if (shape === undefined || dtype === undefined || MAX_ELEMENTS < sizeOf(shape)) return undefined;
  const [x] = inputs;
  if (x === undefined) return undefined;
  switch (op) {
    case "split":
    case "chunk":
    case "unbind":
      return parts(x.host, args, shapes, op === "unbind");
    case "max_with_indices":
    case "min_with_indices": {
      const axis = axisOf(args, x.host.shape.length, "axis", -1);
      const kept = flag(args, "keepdim");
      const name = op.slice(0, 3);
      return [
        reducedValues(name, x.host, [axis], kept, dtype, 0),
        reducedValues(`arg${name}`, x.host, [axis], kept, "int64", 0),
      ];
    }
    case "sort":
    case "topk": {
      const rank = x.host.shape.length;
      const largest = op === "topk" ? args.largest !== false : flag(args, "descending");
      const made = sorted(x.host, axisOf(args, rank, "axis", -1), largest, flag(args, "stable"));
      if (op === "sort" || made === undefined) return made;
      const axis = axisOf(args, rank, "axis", -1);
      const first = Array.from({ length: shape[axis] ?? 0 }, (_, i) => i);
      return made.map((part) => (part === undefined ? undefined : taken(part, axis, first)));
    }
    default:
      return [single(op, inputs, x, args, shape, dtype)];
  }
}

function knownShape(type: TensorType): readonly number[] | undefined {
  const sizes = type.shape?.map(({ size }) => size);
  return sizes?.every((size) => typeof size === "number") ? sizes : undefined;
}

function axisOf(args: Args, rank: number, name: string, fallback: number): number {
  const axis = whole(args, name) ?? fallback;
  return axis < 0 ? axis + Math.max(rank, 1) : axis;
}

function axesOf(args: Args, rank: number, name: string): readonly number[] {
  const asked = args[name] === null || args[name] === undefined ? [] : wholeOrList(args, name);
  if (asked === undefined || asked.length === 0) return Array.from({ length: rank }, (_, i) => i);
  return rank === 0 ? [] : asked.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

function single(
  op: string,
  inputs: readonly Operand[],
  x: Operand,
  args: Args,
  shape: readonly number[],
  dtype: DType,
): HostArray | undefined {
  const { host } = x;
  const rank = host.shape.length;
  switch (op) {
    case "reshape":
    case "flatten":
    case "unflatten":
    case "squeeze":
    case "unsqueeze":
      return reshaped(host, shape);
    case "permute":
      return permuted(
        host,
        (wholeList(args, "axes") ?? []).map((axis) => (axis < 0 ? axis + rank : axis)),
      );
    case "transpose": {
      const [a, b] = [axisOf(args, rank, "a", 0), axisOf(args, rank, "b", 1)];
      if (rank === 0) return host;
      return permuted(
        host,
        host.shape.map((_, i) => (i === a ? b : i === b ? a : i)),
      );
    }
    case "expand":
    case "repeat":
      return tiled(host, shape);
    case "repeat_interleave": {
      const times = wholeOf(args.repeats) ?? 0;
      const axis = axisOf(args, rank, "axis", 0);
      const length = host.shape[axis] ?? 0;
      return taken(
        host,
        axis,
        Array.from({ length: length * times }, (_, i) => Math.floor(i / times)),
      );
    }
    case "slice":
      return sliced(host, args, shape);
    case "select": {
      const axis = axisOf(args, rank, "axis", 0);
      const index = whole(args, "index");
      return index === undefined ? undefined : taken(host, axis, [index], []);
    }
    case "gather_index":
      return gathered(inputs, args, axisOf(args, rank, "axis", 0));
    case "index":
      return advanced(inputs, args);
    case "concat":
      return concatenated(
        inputs.map((one) => one.host),
        axisOf(args, Math.max(...inputs.map((one) => one.host.shape.length)), "axis", 0),
      );
    case "stack": {
      const axis = axisOf(args, rank + 1, "axis", 0);
      return concatenated(
        inputs.flatMap(
          ({ host: part }) => reshaped(part, [...part.shape.slice(0, axis), 1, ...part.shape.slice(axis)]) ?? [],
        ),
        axis,
      );
    }
    case "flip":
      return flipped(host, axesOf(args, rank, "axes"));
    case "roll": {
      const shifts = wholeOrList(args, "shifts") ?? [];
      if (args.axes === null || wholeOrList(args, "axes")?.length === 0) {
        const line = reshaped(host, [sizeOf(host.shape)]);
        return line && reshaped(rolled(line, shifts, [0]), host.shape);
      }
      return rolled(
        host,
        shifts,
        (wholeOrList(args, "axes") ?? []).map((axis) => (axis < 0 ? axis + rank : axis)),
      );
    }
    case "diagonal":
      return diagonalOf(
        host,
        axisOf(args, rank, "a", 0),
        axisOf(args, rank, "b", 1),
        whole(args, "offset") ?? 0,
        shape,
      );
    case "diag_embed": {
      const offset = whole(args, "offset") ?? 0;
      const side = shape.at(-1) ?? 0;
      const length = host.shape.at(-1) ?? 0;
      const spread = (list: readonly number[]): readonly number[] => {
        const data = new Array<number>(sizeOf(shape)).fill(0);
        list.forEach((value, i) => {
          const [matrix, at] = [Math.floor(i / length), i % length];
          data[(matrix * side + at + Math.max(0, -offset)) * side + at + Math.max(0, offset)] = value;
        });
        return data;
      };
      return held(shape, spread(host.data), host.fuzz === undefined ? undefined : spread(host.fuzz));
    }
    case "tril":
    case "triu":
      return triangle(host, whole(args, "diagonal") ?? 0, op === "tril");
    case "cast":
      return castValues(host, dtype);
    case "clamp":
      return clampValues(host, real(args, "low"), real(args, "high"), dtype);
    case "cumsum":
    case "cumprod":
      return cumulated(op, host, axisOf(args, rank, "axis", -1), dtype);
    case "argsort":
      return sorted(host, axisOf(args, rank, "axis", -1), flag(args, "descending"), flag(args, "stable"))?.[1];
    case "matmul":
    case "mm":
      return inputs[1] === undefined ? undefined : product(host, inputs[1].host, dtype);
    case "where":
      return chosen(inputs, args, shape, dtype);
    case "mean":
    case "sum":
    case "prod":
    case "max":
    case "min":
    case "var":
    case "std":
    case "any":
    case "all":
    case "argmax":
    case "argmin":
      return reducedValues(
        op,
        host,
        axesOf(args, rank, "axes"),
        flag(args, "keepdim"),
        dtype,
        whole(args, "correction") ?? 1,
      );
    default:
      return pointwise(op, inputs, x, args, shape, dtype);
  }
}

function pointwise(
  op: string,
  inputs: readonly Operand[],
  x: Operand,
  args: Args,
  shape: readonly number[],
  dtype: DType,
): HostArray | undefined {
  const [left, right] = [scalar(args.left), scalar(args.right)];
  if (left === undefined && right === undefined && inputs.length < 2) return unaryValues(op, x.host, dtype);
  const a = left ?? x.host;
  let b = right ?? (left === undefined ? inputs[1]?.host : x.host);
  const common = resultType(
    [args.left, ...inputs.map(({ type }) => type), args.right].filter((one) => one !== undefined),
  );
  if (b === undefined || common === undefined) return undefined;
  const alpha = args.alpha === undefined ? 1 : real(args, "alpha");
  if (alpha === undefined) return undefined;
  if (alpha !== 1) {
    const times = binaryValues("mul", b, { shape: [], data: [alpha] }, b.shape, common, common);
    if (times === undefined) return undefined;
    b = times;
  }
  const rounding = word(args, "rounding");
  const name = op !== "div" || rounding === undefined ? op : rounding === "floor" ? "floor_div" : "trunc_div";
  return binaryValues(name, a, b, shape, common, dtype);
}

function scalar(arg: Arg | undefined): HostArray | undefined {
  const value = typeof arg === "boolean" ? Number(arg) : typeof arg === "number" ? arg : wholeOf(arg);
  return value === undefined ? undefined : { shape: [], data: [value] };
}

function chosen(inputs: readonly Operand[], args: Args, shape: readonly number[], dtype: DType): HostArray | undefined {
  const [condition, ...branches] = inputs.map(({ host }) => host);
  const left = scalar(args.left);
  const right = scalar(args.right);
  const yes = left ?? branches.shift();
  const no = right ?? branches.shift();
  if (condition === undefined || yes === undefined || no === undefined || condition.fuzz !== undefined)
    return undefined;
  const [ic, iy, ino] = [condition, yes, no].map((one) => broadcastPositions(one.shape, shape));
  const from = Array.from({ length: sizeOf(shape) }, (_, i) =>
    condition.data[ic?.[i] ?? 0] === 0 ? ([no, ino?.[i] ?? 0] as const) : ([yes, iy?.[i] ?? 0] as const),
  );
  const picked = held(
    shape,
    from.map(([branch, at]) => branch.data[at] ?? 0),
    from.map(([branch, at]) => fuzzAt(branch, at)),
  );
  return castValues(picked, dtype);
}

function sliced(host: HostArray, args: Args, shape: readonly number[]): HostArray | undefined {
  const found = sliceAlong(host.shape, args);
  return found && strided(host, shape, found.starts, found.steps);
}

/** Where a slice of a shape begins along each axis, and how far apart its elements are. */
export function sliceAlong(
  shape: readonly number[],
  args: Args,
): { readonly starts: readonly number[]; readonly steps: readonly number[] } | undefined {
  const [given, by] = [list(args, "starts"), list(args, "steps")];
  const starts: number[] = [];
  const steps: number[] = [];
  for (const [axis, length] of shape.entries()) {
    const start = given?.[axis] ?? null;
    const step = by?.[axis] ?? null;
    const at = start === null ? 0 : asDim(start)?.size;
    const every = step === null ? 1 : asDim(step)?.size;
    if (typeof at !== "number" || typeof every !== "number") return undefined;
    starts.push(Math.min(Math.max(at < 0 ? at + length : at, 0), length));
    steps.push(every);
  }
  return { starts, steps };
}

function gathered(inputs: readonly Operand[], args: Args, axis: number): HostArray | undefined {
  const [x, picker] = inputs;
  if (x === undefined) return undefined;
  if (picker === undefined) {
    const indices = wholeList(args, "indices");
    return indices === undefined ? undefined : taken(x.host, axis, indices);
  }
  if (picker.type.dtype === "bool" || picker.type.dtype === "uint8") return undefined;
  const length = x.host.shape[axis] ?? 0;
  if (picker.host.data.some((index) => index < -length || length <= index)) return undefined;
  return taken(x.host, axis, picker.host.data, picker.host.shape);
}

function advanced(inputs: readonly Operand[], args: Args): HostArray | undefined {
  const [x, ...indices] = inputs;
  const axes = wholeList(args, "axes");
  if (x === undefined || axes === undefined || indices.some(({ type }) => type.dtype === "bool")) return undefined;
  const shape = common(indices.map(({ host }) => host.shape));
  if (shape === undefined) return undefined;
  const spread = indices.map(({ host }) => broadcastPositions(host.shape, shape).map((at) => host.data[at] ?? 0));
  return indexed(x.host, axes, spread, shape);
}

/** The shape that several broadcast to. */
function common(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const made: number[] = [];
  for (let i = 0; i < rank; i++) {
    const lengths = shapes.map((shape) => shape[i - rank + shape.length] ?? 1).filter((n) => n !== 1);
    if (new Set(lengths).size > 1) return undefined;
    made.push(lengths[0] ?? 1);
  }
  return made;
}

function parts(
  host: HostArray,
  args: Args,
  shapes: readonly (readonly number[] | undefined)[],
  drop: boolean,
): readonly (HostArray | undefined)[] {
  const axis = axisOf(args, host.shape.length, "axis", 0);
  let from = 0;
  return shapes.map((shape, i) => {
    if (shape === undefined) return undefined;
    if (drop) return taken(host, axis, [i], []);
    const length = shape[axis] ?? 0;
    const made = taken(
      host,
      axis,
      Array.from({ length }, (_, k) => from + k),
    );
    from += length;
    return made;
  });
}
