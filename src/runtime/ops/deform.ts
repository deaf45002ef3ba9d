import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import { t } from "../../text/text.ts";
import { type Args, input, numbers, type Run, type Unsupported } from "../args.ts";
import {
  add,
  cast,
  concat,
  kernel,
  matmul,
  mul,
  pad,
  reshape,
  scalar,
  scale,
  slab,
  sub,
  type Tensor,
  transpose,
  upload,
} from "../kernels.ts";
import { first, formOf, isWeight, last, ofLast, permuteHost, product, range, tensorOf, type Value } from "../value.ts";

/** Whole numbers up to here are exact in float32, which shaders count in. */
const EXACT = 2 ** 24;

/** Zeros before and behind each axis of the map: points further out are moved onto them. */
const BORDER = [1, 2] as const;

/**
 * A convolution whose taps are moved by offsets: x [N, C, H, W], weight [O, C/groups, kh, kw],
 * offset [N, 2·kh·kw·G, h', w'] (y, then x, for each of G sets of channels), mask [N, kh·kw·G, h', w'] if there is one,
 * bias [O]. Between elements a map is read bilinearly, outside of it 0.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.deform_conv2d.html
 */
export const deformConv: Run = (inputs, args, outputs) => {
  const [weight, offset] = [input(inputs, 1), input(inputs, 2)];
  if (args.masked === null) return unknownMask;
  const mask = args.masked === true ? input(inputs, 3) : undefined;
  const bias = inputs[mask === undefined ? 3 : 4];
  const x = last(input(inputs, 0));
  const [batch = 0, , , channels = 0] = x.shape;
  const [outs = 0, perGroup = 1, height = 1, width = 1] = weight.shape;
  const [rows = 0, columns = 0] = outputs[0]?.shape.slice(2) ?? [];
  const taps = height * width;
  const sets = (offset.shape[1] ?? 0) / (2 * taps);
  const points = batch * rows * columns;
  const map = bordered(x, sets);
  if (EXACT <= (map.shape[0] ?? 0)) return tooLarge;
  const moves = reshape(last(offset), [points, sets, 2 * taps]);
  const factors = mask === undefined ? undefined : reshape(last(mask), [points, sets, taps]);
  const base = basesOf(batch, rows, columns, x.shape, sets, args);
  const [down = 1, right = 1] = numbers(args, "dilation", 2, 1);
  const filter = filterOf(weight);
  let sum: Tensor | undefined;
  for (const tap of range(0, taps)) {
    const before = sum;
    sum = ENGINE.tidy(() => {
      const at = (axis: 0 | 1, start: Tensor, steps: number): Tensor =>
        add(add(start, scalar(steps)), reshape(slab(moves, 2, 2 * tap + axis, 1), [points, sets]));
      const y = at(0, base.y, Math.floor(tap / width) * down);
      const z = at(1, base.x, (tap % width) * right);
      const read = sampled(map, base.index, y, z, x.shape, sets);
      const weighed = factors === undefined ? read : mul(read, reshape(slab(factors, 2, tap, 1), [points * sets, 1]));
      const part = grouped(reshape(weighed, [points, channels]), slab(filter, 0, tap, 1), perGroup, outs);
      return before === undefined ? part : add(before, part);
    });
    before?.dispose();
  }
  if (sum === undefined) throw new Error("the kernel is empty");
  const out = bias === undefined ? sum : add(sum, tensorOf(bias));
  return [ofLast(reshape(out, [batch, rows, columns, outs]))];
};

const unknownMask: Unsupported = { kind: "unsupported", reason: t("whether a mask is used is not known") };
const tooLarge: Unsupported = { kind: "unsupported", reason: t("a map of more than {0} elements", EXACT) };

/** The map with zeros around, one row for each of the sets of channels of an element. */
function bordered(x: Tensor, sets: number): Tensor {
  const wide = pad(x, [[0, 0], BORDER, BORDER, [0, 0]]);
  const [batch = 0, height = 0, width = 0, channels = 0] = wide.shape;
  return reshape(wide, [batch * height * width * sets, channels / sets]);
}

/** Where the first tap of each output point lies [points, 1], and its image's and set's first row [points, sets]. */
function basesOf(
  batch: number,
  rows: number,
  columns: number,
  [, height = 0, width = 0]: readonly number[],
  sets: number,
  args: Args,
): { readonly y: Tensor; readonly x: Tensor; readonly index: Tensor } {
  const [stepY = 1, stepX = 1] = numbers(args, "stride", 2, 1);
  const [padY = 0, padX = 0] = numbers(args, "padding", 2, 0);
  const points = batch * rows * columns;
  const each = (width: number, f: (point: number, set: number) => number): Tensor =>
    upload(
      Float32Array.from({ length: points * width }, (_, i) => f(Math.floor(i / width), i % width)),
      [points, width],
    );
  const area = product([height, width].map((n) => n + BORDER[0] + BORDER[1]));
  return {
    y: each(1, (point) => (Math.floor(point / columns) % rows) * stepY - padY),
    x: each(1, (point) => (point % columns) * stepX - padX),
    index: each(sets, (point, set) => Math.floor(point / (rows * columns)) * area * sets + set),
  };
}

/** The map's rows [points · sets, C / sets] between the four elements around (y, x), each [points, sets]. */
function sampled(
  map: Tensor,
  index: Tensor,
  y: Tensor,
  x: Tensor,
  [, height = 0, width = 0]: readonly number[],
  sets: number,
): Tensor {
  const inside = (at: Tensor, size: number): Tensor =>
    kernel("Minimum", { a: kernel("Maximum", { a: at, b: scalar(-1) }), b: scalar(size) });
  const [top, left] = [inside(y, height), inside(x, width)].map((at) => {
    const low = kernel("Floor", { x: at });
    return { low: add(low, scalar(BORDER[0])), part: reshape(sub(at, low), [product(at.shape), 1]) };
  });
  if (top === undefined || left === undefined) throw new Error("a coordinate is missing");
  const line = (width + BORDER[0] + BORDER[1]) * sets;
  const corner = add(index, add(scale(top.low, line), scale(left.low, sets)));
  const row = (by: number): Tensor => {
    const indices = cast(reshape(add(corner, scalar(by)), [product(corner.shape)]), "int32");
    return kernel("GatherV2", { x: map, indices }, { axis: 0, batchDims: 0 });
  };
  const between = (a: Tensor, b: Tensor, part: Tensor): Tensor => add(mul(a, sub(scalar(1), part)), mul(b, part));
  return between(between(row(0), row(sets), left.part), between(row(line), row(line + sets), left.part), top.part);
}

/** x [points, C] times one tap of the filter [1, C / groups, O], each group with its own columns. */
function grouped(x: Tensor, filter: Tensor, perGroup: number, outs: number): Tensor {
  const groups = (x.shape[1] ?? 0) / perGroup;
  const width = outs / groups;
  const parts = range(0, groups).map((group) =>
    matmul(slab(x, 1, group * perGroup, perGroup), slab(reshape(filter, [perGroup, outs]), 1, group * width, width)),
  );
  return concat(parts, 1);
}

/** [O, C / groups, kh, kw] as [kh · kw, C / groups, O]. */
function filterOf(weight: Value): Tensor {
  const [outs = 0, perGroup = 0, height = 1, width = 1] = weight.shape;
  const shape = [height * width, perGroup, outs];
  const { stored } = weight;
  const perm = [2, 3, 1, 0];
  if (!isWeight(stored)) return reshape(transpose(first(weight), perm), shape);
  return formOf(stored, "deform", () => ({ shape, data: permuteHost(stored.data, weight.shape, perm).data }));
}
