import type { Picture } from "./image.ts";
import { resizeShortSide } from "./resize.ts";

/** Mean and standard deviation of ImageNet's channels, of values in 0…1 (torchvision's presets). */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/**
 * The picture as torchvision's ImageNet transform gives it, float32 [3, height, width]: short side resized to `resize`
 * (left out: not resized), center crop, divided by 255, mean subtracted, divided by the standard deviation.
 * @see https://github.com/pytorch/vision/blob/main/torchvision/transforms/_presets.py (`ImageClassification`)
 */
export function imageNetTransform(
  picture: Picture,
  crop: { readonly height: number; readonly width: number },
  resize?: number,
): Float32Array {
  const cropped = centerCrop(
    resize === undefined ? picture : resizeShortSide(picture, resize),
    crop.width,
    crop.height,
  );
  const plane = crop.width * crop.height;
  const out = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const mean = Math.fround(MEAN[channel] ?? 0);
    const std = Math.fround(STD[channel] ?? 1);
    // float32 after every step, as the tensor operations round.
    for (let i = 0; i < plane; i++)
      out[channel * plane + i] = Math.fround(Math.fround((cropped.data[i * 3 + channel] ?? 0) / 255) - mean) / std;
  }
  return out;
}

/** torchvision's `center_crop`: zero padding where the picture is smaller, offsets rounded half to even. */
function centerCrop(picture: Picture, width: number, height: number): Picture {
  const left = offset(picture.width, width);
  const top = offset(picture.height, height);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const fromY = y + top;
    if (fromY < 0 || picture.height <= fromY) continue;
    const fromX = Math.max(0, left);
    const count = Math.min(picture.width, left + width) - fromX;
    if (count <= 0) continue;
    const from = (fromY * picture.width + fromX) * 3;
    data.set(picture.data.subarray(from, from + count * 3), (y * width + fromX - left) * 3);
  }
  return { kind: "picture", width, height, data };
}

/** First source pixel of the crop, negative where padding comes first. */
function offset(from: number, to: number): number {
  if (from < to) return -Math.floor((to - from) / 2);
  const half = (from - to) / 2;
  const down = Math.floor(half);
  return half - down < 0.5 ? down : half - down > 0.5 || down % 2 === 1 ? down + 1 : down;
}
