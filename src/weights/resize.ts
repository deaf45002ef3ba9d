import type { Picture } from "./image.ts";

/** How a pixel between pixels is made, by torchvision's names. */
export type Interpolation = "bilinear" | "bicubic";

/** Pillow's `PRECISION_BITS` for 8-bit channels: 32 - 8 - 2. */
const PRECISION_BITS = 22;

interface Filter {
  /** Source pixels on each side, where none are skipped. */
  readonly support: number;
  readonly weight: (distance: number) => number;
}

/** Pillow's filters; its bicubic is Keys' with a = -0.5. */
const FILTERS: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => bicubic(Math.abs(x)) },
};

function bicubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/**
 * Resampling with antialiasing, bit-exact with Pillow's 8-bit `Image.resize(size)`: fixed-point taps of 22 bits, each
 * pass rounded to bytes, in Pillow 13's order of passes (older ones go across first always). Sizes in pixels.
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resize(picture: Picture, width: number, height: number, interpolation: Interpolation): Picture {
  const fewerRows = picture.height - height;
  const downFirst = 0 < fewerRows && 2 * (picture.width - width) < fewerRows;
  const across = (from: Picture): Picture =>
    from.width === width ? from : resample(from, "x", width, FILTERS[interpolation]);
  const down = (from: Picture): Picture =>
    from.height === height ? from : resample(from, "y", height, FILTERS[interpolation]);
  return downFirst ? across(down(picture)) : down(across(picture));
}

/** What `Resize(size)` of torchvision makes of a size: the short side is `size`, the long side is truncated. */
export function shortSideSize(
  { width, height }: Pick<Picture, "width" | "height">,
  size: number,
): { readonly width: number; readonly height: number } {
  const long = Math.floor((size * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: size, height: long } : { width: long, height: size };
}

/** Weights of source pixels `first …` for one output pixel, in units of 2^-22. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

function tapsOf(from: number, to: number, filter: Filter): readonly Taps[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  // Multiplied by, as Pillow does: dividing by `stretch` rounds otherwise.
  const shrink = 1 / stretch;
  const taps: Taps[] = [];
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const weights: number[] = [];
    let sum = 0;
    for (let x = first; x < end; x++) {
      const weight = filter.weight((x - center + 0.5) * shrink);
      weights.push(weight);
      sum += weight;
    }
    taps.push({
      first,
      weights: Int32Array.from(weights, (weight) => {
        const part = (sum === 0 ? weight : weight / sum) * 2 ** PRECISION_BITS;
        return Math.trunc(part < 0 ? part - 0.5 : part + 0.5);
      }),
    });
  }
  return taps;
}

function resample(picture: Picture, axis: "x" | "y", size: number, filter: Filter): Picture {
  const across = axis === "x";
  const { channels, data: source } = picture;
  const width = across ? size : picture.width;
  const height = across ? picture.height : size;
  const taps = tapsOf(across ? picture.width : picture.height, size, filter);
  const step = across ? channels : picture.width * channels;
  const data = new Uint8Array(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tap = taps[across ? x : y];
      if (tap === undefined) continue;
      const { first, weights } = tap;
      const start = (across ? y * picture.width + first : first * picture.width + x) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 1 << (PRECISION_BITS - 1);
        for (let k = 0, at = start + channel; k < weights.length; k++, at += step)
          sum += (source[at] ?? 0) * (weights[k] ?? 0);
        data[to++] = Math.max(0, Math.min(255, sum >> PRECISION_BITS));
      }
    }
  }
  return { kind: "picture", width, height, channels, data };
}
