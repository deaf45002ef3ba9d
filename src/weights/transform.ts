import type { Picture } from "./image.ts";
import { type Interpolation, resize, shortSideSize } from "./resize.ts";

/** What is done to a picture before a network sees it, as torchvision's transforms of a PIL image do it, in this order. */
export interface Transform {
  /** 1: made grey first, as PIL's mode "L". */
  readonly channels: 1 | 3;
  /** Pixels of the short side (`Resize(n)`); undefined: not resized. */
  readonly resize: number | undefined;
  readonly interpolation: Interpolation;
  /** `CenterCrop`, in pixels: zeros are put around a smaller picture. */
  readonly crop: { readonly height: number; readonly width: number };
  /** Of each channel's values in 0…1 (`Normalize`); one of the other length is used for every channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A transformed picture: the network's values [channels, height, width], and the pixels that they are made of. */
export interface Transformed {
  readonly data: Float32Array;
  readonly seen: Picture;
}

/** The longest side that a picture is resized to, in pixels: a narrow strip must not become one of gigabytes. */
const MAX_SIDE = 32_768;

/** Whether a picture may be transformed so: sizes are whole and no side gets too long. */
export function fitsTransform(picture: Picture, transform: Transform): boolean {
  if (transform.resize === undefined) return true;
  const { width, height } = shortSideSize(picture, transform.resize);
  return Math.max(width, height) <= MAX_SIDE;
}

/**
 * The picture after the transform, float32: `Grayscale` where one channel is asked for, `Resize`, `CenterCrop`,
 * `ToTensor` and `Normalize`.
 * @see https://github.com/pytorch/vision/blob/main/torchvision/transforms/_presets.py (`ImageClassification`)
 */
export function transformed(picture: Picture, transform: Transform): Transformed {
  const { crop, channels } = transform;
  const colored = channels === 1 ? grey(picture) : picture;
  const size = transform.resize === undefined ? colored : shortSideSize(colored, transform.resize);
  const resized = resize(colored, size.width, size.height, transform.interpolation);
  const seen = centerCrop(resized, crop.width, crop.height);
  const plane = crop.width * crop.height;
  const data = new Float32Array(channels * plane);
  for (let channel = 0; channel < channels; channel++) {
    const mean = Math.fround(transform.mean[channel] ?? transform.mean[0] ?? 0);
    const std = Math.fround(transform.std[channel] ?? transform.std[0] ?? 1);
    // float32 after every step, as the tensor operations round.
    for (let i = 0; i < plane; i++)
      data[channel * plane + i] = Math.fround(Math.fround((seen.data[i * channels + channel] ?? 0) / 255) - mean) / std;
  }
  return { data, seen };
}

/** ITU-R 601-2 luma in 16-bit fixed point, as PIL's `convert("L")` of an RGB image. */
function grey(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { width, height } = picture;
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i++, at += 3) {
    const [red = 0, green = 0, blue = 0] = picture.data.subarray(at, at + 3);
    data[i] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
  return { kind: "picture", width, height, channels: 1, data };
}

/** torchvision's `center_crop`: zero padding where the picture is smaller, offsets rounded half to even. */
function centerCrop(picture: Picture, width: number, height: number): Picture {
  const { channels } = picture;
  const left = offset(picture.width, width);
  const top = offset(picture.height, height);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const fromY = y + top;
    if (fromY < 0 || picture.height <= fromY) continue;
    const fromX = Math.max(0, left);
    const count = Math.min(picture.width, left + width) - fromX;
    if (count <= 0) continue;
    const from = (fromY * picture.width + fromX) * channels;
    data.set(picture.data.subarray(from, from + count * channels), (y * width + fromX - left) * channels);
  }
  return { kind: "picture", width, height, channels, data };
}

/** First source pixel of the crop, negative where padding comes first. */
function offset(from: number, to: number): number {
  if (from < to) return -Math.floor((to - from) / 2);
  const half = (from - to) / 2;
  const down = Math.floor(half);
  return half - down < 0.5 ? down : half - down > 0.5 || down % 2 === 1 ? down + 1 : down;
}
