import { t } from "../../text/text.ts";
import { type Args, flag, input, type Run, type Unsupported } from "../args.ts";
import { product, range } from "../value.ts";
import { type Host, hosted, ofHost, placeOf } from "./host.ts";
import { adaptiveRank, adaptiveSizes, adaptiveWindows, spatialOf, windowsOf } from "./pool.ts";

/** Where the windows of one axis look, by output: elements inside the input. */
type Reach = readonly (readonly number[])[];

/** The greatest element of each window and its row-major place in its map; the first of equal ones, but the last NaN. */
function extremes(x: Host, spatial: number, reaches: readonly Reach[]): readonly [Host, Host] {
  const lead = x.shape.slice(0, x.shape.length - spatial);
  const sizes = x.shape.slice(-spatial);
  const outs = reaches.map((reach) => reach.length);
  const [area, outArea] = [product(sizes), product(outs)];
  // A map's places by output, the same for every map.
  const windows = range(0, outArea).map((i) =>
    placeOf(i, outs).reduce(
      (places: readonly number[], at, axis) =>
        places.flatMap((place) => (reaches[axis]?.[at] ?? []).map((n) => place * (sizes[axis] ?? 1) + n)),
      [0],
    ),
  );
  const values = new Float64Array(product(lead) * outArea);
  const places = new Float64Array(values.length);
  for (let map = 0; map < product(lead); map++)
    for (const [i, window] of windows.entries()) {
      let [best = 0] = window;
      let most = x.data[map * area + best] ?? 0;
      for (const place of window) {
        const value = x.data[map * area + place] ?? 0;
        if (most < value || Number.isNaN(value)) [best, most] = [place, value];
      }
      values[map * outArea + i] = most;
      places[map * outArea + i] = best;
    }
  const shape = [...lead, ...outs];
  return [
    { shape, data: values, dtype: x.dtype },
    { shape, data: places, dtype: "int32" },
  ];
}

const maxPoolPlaces: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = spatialOf(given, args);
  const reaches = windowsOf(given.shape, args).map((w) =>
    range(0, w.out).map((i) =>
      range(0, w.kernel)
        .map((k) => i * w.stride - w.pad + k * w.dilation)
        .filter((at) => 0 <= at && at < w.size),
    ),
  );
  return extremes(hosted(given), spatial, reaches).map(ofHost);
};

const adaptiveMaxPoolPlaces: Run = (inputs, args) => {
  const given = input(inputs, 0);
  const spatial = adaptiveRank(given, args);
  const sizes = given.shape.slice(-spatial);
  const reaches = adaptiveSizes(given, args, spatial).map((out, i) =>
    adaptiveWindows(sizes[i] ?? 1, out).map(([start, end]) => range(start, end)),
  );
  return extremes(hosted(given), spatial, reaches).map(ofHost);
};

/** Each element at its place of a map of zeros whose lengths the program says. */
const maxUnpool: Run = (inputs, args, outputs) => {
  const [x, places] = [hosted(input(inputs, 0)), hosted(input(inputs, 1))];
  const spatial = Array.isArray(args.kernel) ? args.kernel.length : x.shape.length - 2;
  const shape = outputs[0]?.shape ?? [];
  const [area, outArea] = [product(x.shape.slice(-spatial)), product(shape.slice(-spatial))];
  const data = new Float64Array(product(shape));
  for (let i = 0; i < x.data.length; i++) data[Math.floor(i / area) * outArea + (places.data[i] ?? 0)] = x.data[i] ?? 0;
  return [ofHost({ shape, data, dtype: x.dtype })];
};

/** x [N, C, H, W] at the points of grid [N, h, w, 2] (x, then y, −1 to 1): bilinear or nearest. */
const gridSample: Run = (inputs, args) => {
  const mode = args.mode ?? "bilinear";
  const padding = args.padding_mode ?? "zeros";
  const [x, grid] = [hosted(input(inputs, 0)), hosted(input(inputs, 1))];
  if (x.shape.length !== 4 || (mode !== "bilinear" && mode !== "nearest") || padding === "reflection")
    return notSampled;
  const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
  const [, rows = 0, columns = 0] = grid.shape;
  const points = rows * columns;
  const out = new Float64Array(batch * channels * points);
  for (let n = 0; n < batch; n++)
    for (let p = 0; p < points; p++) {
      const at = (n * points + p) * 2;
      const sx = unnormalized(grid.data[at] ?? 0, width, args);
      const sy = unnormalized(grid.data[at + 1] ?? 0, height, args);
      const corners = mode === "nearest" ? [[even(sx), even(sy), 1] as const] : around(sx, sy);
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [cx, cy, weight] of corners) {
          if (cx < 0 || cy < 0 || width <= cx || height <= cy) continue;
          sum += weight * (x.data[((n * channels + c) * height + cy) * width + cx] ?? 0);
        }
        out[(n * channels + c) * points + p] = sum;
      }
    }
  return [ofHost({ shape: [batch, channels, rows, columns], data: out, dtype: x.dtype })];
};

const notSampled: Unsupported = {
  kind: "unsupported",
  reason: t("sampling by a grid in three axes, bicubic or reflecting"),
};

/** Element that a coordinate from −1 to 1 means; kept inside where the border is repeated. */
function unnormalized(at: number, size: number, args: Args): number {
  const place = flag(args, "align_corners") ? ((at + 1) / 2) * (size - 1) : ((at + 1) * size - 1) / 2;
  return args.padding_mode === "border" ? Math.max(0, Math.min(size - 1, place)) : place;
}

/** The nearest whole number, the even one of two. */
function even(at: number): number {
  const low = Math.floor(at);
  const off = at - low;
  if (off !== 0.5) return off < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** The four elements around a point, and how much each counts. */
function around(x: number, y: number): readonly (readonly [x: number, y: number, weight: number])[] {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  return [
    [left, top, (1 - dx) * (1 - dy)],
    [left + 1, top, dx * (1 - dy)],
    [left, top + 1, (1 - dx) * dy],
    [left + 1, top + 1, dx * dy],
  ];
}

export const PLACES: Readonly<Record<string, Run>> = {
  max_pool_with_indices: maxPoolPlaces,
  adaptive_max_pool_with_indices: adaptiveMaxPoolPlaces,
  max_unpool: maxUnpool,
  grid_sample: gridSample,
};
