import { axis, input, numbers, type Run } from "../args.ts";
import { product, range } from "../value.ts";
import { broadcastShape, hosted, offsetOf, ofHost, placeOf, spread } from "./host.ts";

/** The element whose place along one axis the index tensor says, its other coordinates as in the result. */
const gather: Run = (inputs, args) => {
  const [x, ids] = [hosted(input(inputs, 0)), hosted(input(inputs, 1))];
  const at = axis(args, Math.max(1, x.shape.length));
  const data = Array.from({ length: product(ids.shape) }, (_, i) => {
    const place = placeOf(i, ids.shape);
    if (0 < place.length) place[at] = wrapped(ids.data[i] ?? 0, x.shape[at] ?? 1);
    return x.data[offsetOf(place, x.shape)] ?? 0;
  });
  return [ofHost({ shape: ids.shape, data, dtype: x.dtype })];
};

/** Several index tensors at once, broadcast: their axes stand where they are if side by side, else in front. */
const index: Run = (inputs, args) => {
  const x = hosted(input(inputs, 0));
  const axes = numbers(args, "axes").map((at) => (at < 0 ? at + x.shape.length : at));
  const given = inputs.slice(1).map(hosted);
  const picked = broadcastShape(given.map(({ shape }) => shape));
  const places = given.map((ids) => spread(ids, picked));
  const besides = range(0, x.shape.length).filter((at) => !axes.includes(at));
  const isAdjacent = axes.every((at, i) => i === 0 || at === (axes[i - 1] ?? 0) + 1);
  const front = isAdjacent ? (axes[0] ?? 0) : 0;
  const rest = besides.map((at) => x.shape[at] ?? 1);
  const shape = [...rest.slice(0, front), ...picked, ...rest.slice(front)];
  const data = Array.from({ length: product(shape) }, (_, i) => {
    const place = placeOf(i, shape);
    const own = [...place.slice(0, front), ...place.slice(front + picked.length)];
    const which = offsetOf(place.slice(front, front + picked.length), picked);
    const from = x.shape.map(() => 0);
    for (const [j, at] of besides.entries()) from[at] = own[j] ?? 0;
    for (const [j, at] of axes.entries()) from[at] = wrapped(places[j]?.[which] ?? 0, x.shape[at] ?? 1);
    return x.data[offsetOf(from, x.shape)] ?? 0;
  });
  return [ofHost({ shape, data, dtype: x.dtype })];
};

function wrapped(place: number, size: number): number {
  return place < 0 ? place + size : place;
}

/** Elements where the mask is true, both broadcast, in row-major order. */
const maskedSelect: Run = (inputs) => {
  const [x, mask] = [hosted(input(inputs, 0)), hosted(input(inputs, 1))];
  const shape = broadcastShape([x.shape, mask.shape]);
  const [values, kept] = [spread(x, shape), spread(mask, shape)];
  const data = values.filter((_, i) => kept[i] !== 0);
  return [ofHost({ shape: [data.length], data, dtype: x.dtype })];
};

/** Coordinates of what is not 0, one row each. */
const nonzero: Run = (inputs) => {
  const x = hosted(input(inputs, 0));
  const found = range(0, product(x.shape)).filter((i) => x.data[i] !== 0);
  const data = found.flatMap((i) => placeOf(i, x.shape));
  return [ofHost({ shape: [found.length, x.shape.length], data, dtype: "int32" })];
};

export const PICKING: Readonly<Record<string, Run>> = { gather, index, masked_select: maskedSelect, nonzero };
