import { t } from "../../text/text.ts";
import { type Args, flag, input, numbers, type Run } from "../args.ts";
import { gather, kernel } from "../kernels.ts";
import { last, ofLast, ofLayout, physicalAxis, range, tensorOf } from "../value.ts";
import { adaptiveAvgPool, mixAxis } from "./pool.ts";

/** How one spatial axis is resampled: lengths in elements, source elements per output element. */
interface Scaling {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly corners: boolean;
}

/** Resampling of the spatial axes of x [N, C, *S], to a `size` or by a `scale`. */
export const interpolate: Run = (inputs, args, outputs) => {
  const x = input(inputs, 0);
  const mode = String(args.mode ?? "nearest");
  const spatial = x.shape.length - 2;
  if (flag(args, "antialias")) return { kind: "unsupported", reason: t("interpolation with antialiasing") };
  const size =
    args.size === null || args.size === undefined ? (outputs[0]?.shape.slice(2) ?? []) : numbers(args, "size", spatial);
  const scalings = size.map((to, i) => scalingOf(x.shape[i + 2] ?? 0, to, i, args));
  switch (mode) {
    case "nearest":
    case "nearest-exact": {
      const out = scalings.reduce((tensor, scaling, i) => {
        const source = range(0, scaling.to).map((j) => nearest(j, scaling, mode === "nearest-exact"));
        return gather(tensor, source, physicalAxis(x, i + 2));
      }, tensorOf(x));
      return [ofLayout(out, x.layout)];
    }
    case "bilinear": {
      // The kernel knows only the lengths' own ratio.
      if (scalings.some((s) => s.step !== s.from / s.to)) break;
      const corners = flag(args, "align_corners");
      const attrs = { size: [...size], alignCorners: corners, halfPixelCenters: !corners };
      return [ofLast(kernel("ResizeBilinear", { images: last(x) }, attrs))];
    }
    case "linear":
    case "trilinear":
    case "bicubic":
      break;
    case "area":
      return adaptiveAvgPool(inputs, { output: size }, outputs);
    default:
      return { kind: "unsupported", reason: t("interpolation mode {0}", mode) };
  }
  return [scalings.reduce((value, scaling, i) => mixAxis(value, i + 2, rowsOf(scaling, mode)), x)];
};

/** The weights of the source's elements in each output element of one axis. */
function rowsOf(scaling: Scaling, mode: string): readonly Float32Array[] {
  const row = mode === "bicubic" ? cubicRow : mode.startsWith("nearest") ? nearestRow(mode) : linearRow;
  return range(0, scaling.to).map((j) => row(j, scaling));
}

const nearestRow =
  (mode: string) =>
  (j: number, scaling: Scaling): Float32Array => {
    const row = new Float32Array(scaling.from);
    row[nearest(j, scaling, mode === "nearest-exact")] = 1;
    return row;
  };

/** For each spatial axis, the weights of the `from` elements in each of the `to`: what every mode but `area` computes. */
export function resampling(
  from: readonly number[],
  to: readonly number[],
  args: Args,
): readonly (readonly Float32Array[])[] {
  return to.map((size, i) => rowsOf(scalingOf(from[i] ?? 0, size, i, args), String(args.mode ?? "nearest")));
}

/** A given scale counts as it is, even where the rounded lengths have another ratio. */
function scalingOf(from: number, to: number, spatialAxis: number, args: Args): Scaling {
  const corners = flag(args, "align_corners");
  const given = Array.isArray(args.scale) ? args.scale[spatialAxis] : args.scale;
  return { from, to, step: typeof given === "number" && !corners ? 1 / given : from / to, corners };
}

/** Source element of output `j`; float32 arithmetic, as PyTorch's kernel. */
function nearest(j: number, { from, step }: Scaling, exact: boolean): number {
  const at = exact ? Math.fround(Math.fround(j + 0.5) * Math.fround(step)) : Math.fround(j * Math.fround(step));
  return Math.min(Math.floor(at), from - 1);
}

/** Where output `j` lies in the source, in elements. */
function position(j: number, { from, to, step, corners }: Scaling): number {
  if (corners) return to === 1 ? 0 : (j * (from - 1)) / (to - 1);
  return (j + 0.5) * step - 0.5;
}

function linearRow(j: number, scaling: Scaling): Float32Array {
  const { from } = scaling;
  const row = new Float32Array(from);
  const at = Math.max(0, position(j, scaling));
  const low = Math.min(Math.floor(at), from - 1);
  const high = Math.min(low + 1, from - 1);
  row[low] = (row[low] ?? 0) + 1 - (at - low);
  row[high] = (row[high] ?? 0) + (at - low);
  return row;
}

/** Keys' cubic convolution with PyTorch's coefficient; elements beyond the border repeat it. */
const CUBIC = -0.75;

function cubicRow(j: number, scaling: Scaling): Float32Array {
  const { from } = scaling;
  const row = new Float32Array(from);
  const at = position(j, scaling);
  const low = Math.floor(at);
  for (let k = -1; k <= 2; k++) {
    const source = Math.max(0, Math.min(from - 1, low + k));
    row[source] = (row[source] ?? 0) + cubic(Math.abs(at - low - k));
  }
  return row;
}

function cubic(x: number): number {
  if (x <= 1) return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
  if (x < 2) return ((x - 5) * x + 8) * x * CUBIC - 4 * CUBIC;
  return 0;
}
