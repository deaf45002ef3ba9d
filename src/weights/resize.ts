import type { Picture } from "./image.ts";

/** Pillow's `PRECISION_BITS` for 8-bit channels: 32 - 8 - 2. */
const PRECISION_BITS = 22;

/**
 * Bilinear resampling with antialiasing, bit-exact with Pillow's 8-bit `Image.resize(size, BILINEAR)`: fixed-point taps
 * of 22 bits, horizontal pass first, each pass rounded to bytes. Sizes in pixels.
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c
 */
export function resizeBilinear(picture: Picture, width: number, height: number): Picture {
  const wide = picture.width === width ? picture : resample(picture, "x", width);
  return wide.height === height ? wide : resample(wide, "y", height);
}

/**
 * Scales the short side to `size`, as torchvision's `Resize(size)` on a PIL image: the long side is truncated.
 * @see https://github.com/pytorch/vision/blob/main/torchvision/transforms/functional.py (`_compute_resized_output_size`)
 */
export function resizeShortSide(picture: Picture, size: number): Picture {
  const { width, height } = picture;
  const short = Math.min(width, height);
  const long = Math.floor((size * Math.max(width, height)) / short);
  return width <= height ? resizeBilinear(picture, size, long) : resizeBilinear(picture, long, size);
}

/** Weights of source pixels `first …` for one output pixel, in units of 2^-22. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const taps: Taps[] = [];
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const weights: number[] = [];
    let sum = 0;
    for (let x = first; x < end; x++) {
      const weight = Math.max(0, 1 - Math.abs((x - center + 0.5) / support));
      weights.push(weight);
      sum += weight;
    }
    taps.push({
      first,
      weights: Int32Array.from(weights, (w) => Math.trunc(0.5 + (sum === 0 ? w : w / sum) * 2 ** PRECISION_BITS)),
    });
  }
  return taps;
}

function resample(picture: Picture, axis: "x" | "y", size: number): Picture {
  const across = axis === "x";
  const width = across ? size : picture.width;
  const height = across ? picture.height : size;
  const taps = tapsOf(across ? picture.width : picture.height, size);
  const source = picture.data;
  const step = across ? 3 : picture.width * 3;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tap = taps[across ? x : y];
      if (tap === undefined) continue;
      const { first, weights } = tap;
      const start = across ? (y * picture.width + first) * 3 : (first * picture.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 1 << (PRECISION_BITS - 1);
        for (let k = 0, at = start + channel; k < weights.length; k++, at += step)
          sum += (source[at] ?? 0) * (weights[k] ?? 0);
        data[to++] = Math.max(0, Math.min(255, sum >> PRECISION_BITS));
      }
    }
  }
  return { kind: "picture", width, height, data };
}
