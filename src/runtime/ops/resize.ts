import { t } from "../../text/text.ts";
import { flag, input, numbers, type Run } from "../args.ts";
import { gather, kernel } from "../kernels.ts";
import { last, ofLast, ofLayout, physicalAxis, range, tensorOf } from "../value.ts";
import { adaptiveAvgPool, mixAxis } from "./pool.ts";

/** Resampling of the spatial axes of x [N, C, *S] to `size`. */
export const interpolate: Run = (inputs, args) => {
  const x = input(inputs, 0);
  const size = numbers(args, "size", x.shape.length - 2);
  const mode = String(args.mode ?? "nearest");
  const corners = flag(args, "align_corners");
  if (flag(args, "antialias")) return { kind: "unsupported", reason: t("interpolation with antialiasing") };
  switch (mode) {
    case "nearest":
    case "nearest-exact": {
      const out = size.reduce((tensor, n, i) => {
        const from = x.shape[i + 2] ?? 0;
        const source = range(0, n).map((j) => nearest(j, from, n, mode === "nearest-exact"));
        return gather(tensor, source, physicalAxis(x, i + 2));
      }, tensorOf(x));
      return [ofLayout(out, x.layout)];
    }
    case "bilinear": {
      const attrs = { size: [...size], alignCorners: corners, halfPixelCenters: !corners };
      return [ofLast(kernel("ResizeBilinear", { images: last(x) }, attrs))];
    }
    case "linear":
    case "trilinear":
    case "bicubic": {
      const rows = mode === "bicubic" ? cubicRows : linearRows;
      return [size.reduce((value, n, i) => mixAxis(value, i + 2, rows(x.shape[i + 2] ?? 0, n, corners)), x)];
    }
    case "area":
      return adaptiveAvgPool(inputs, { output: size }, 1);
    default:
      return { kind: "unsupported", reason: t("interpolation mode {0}", mode) };
  }
};

/** Source element of output `j`; float32 arithmetic, as PyTorch's kernel. */
function nearest(j: number, from: number, to: number, exact: boolean): number {
  const step = Math.fround(from / to);
  const at = exact ? Math.fround(Math.fround(j + 0.5) * step) : Math.fround(j * step);
  return Math.min(Math.floor(at), from - 1);
}

/** Where output `j` lies in the source, in elements. */
function position(j: number, from: number, to: number, corners: boolean): number {
  if (corners) return to === 1 ? 0 : (j * (from - 1)) / (to - 1);
  return ((j + 0.5) * from) / to - 0.5;
}

function linearRows(from: number, to: number, corners: boolean): readonly Float32Array[] {
  return range(0, to).map((j) => {
    const row = new Float32Array(from);
    const at = Math.max(0, position(j, from, to, corners));
    const low = Math.min(Math.floor(at), from - 1);
    const high = Math.min(low + 1, from - 1);
    row[low] = (row[low] ?? 0) + 1 - (at - low);
    row[high] = (row[high] ?? 0) + (at - low);
    return row;
  });
}

/** Keys' cubic convolution with PyTorch's coefficient; elements beyond the border repeat it. */
const CUBIC = -0.75;

function cubicRows(from: number, to: number, corners: boolean): readonly Float32Array[] {
  return range(0, to).map((j) => {
    const row = new Float32Array(from);
    const at = position(j, from, to, corners);
    const low = Math.floor(at);
    for (let k = -1; k <= 2; k++) {
      const source = Math.max(0, Math.min(from - 1, low + k));
      row[source] = (row[source] ?? 0) + cubic(Math.abs(at - low - k));
    }
    return row;
  });
}

function cubic(x: number): number {
  if (x <= 1) return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
  if (x < 2) return ((x - 5) * x + 8) * x * CUBIC - 4 * CUBIC;
  return 0;
}
