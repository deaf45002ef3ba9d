import type { Transform } from "./transform.ts";

/** A way to prepare pictures that many networks were trained with. */
export type Preset = "imagenet" | "imagenet-v2" | "cifar" | "mnist" | "plain";

/** ImageNet's channels; torchvision's presets. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** CIFAR-10's training pictures. */
const CIFAR = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };
/** MNIST's training pictures. */
const MNIST = { mean: [0.1307], std: [0.3081] };

/** Up to this side, in pixels, a network of three channels is taken for one of small pictures. */
const SMALL_SIDE = 64;

/** A picture input's size, in channels and pixels. */
export interface PictureSize {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** The size of a picture that an input of this shape takes, [N, C, H, W]; undefined where it takes none. */
export function pictureSize(shape: readonly number[]): PictureSize | undefined {
  const [, channels, height, width] = shape;
  if (shape.length !== 4 || height === undefined || width === undefined || height < 1 || width < 1) return undefined;
  return channels === 1 || channels === 3 ? { channels, height, width } : undefined;
}

/** The preset that an input of this size most likely wants. */
export function likelyPreset({ channels, height, width }: PictureSize): Preset {
  if (channels === 1) return "mnist";
  return Math.max(height, width) <= SMALL_SIDE ? "cifar" : "imagenet";
}

/** The preset's transform for an input of this size: ImageNet's short side keeps its ratio to the crop. */
export function presetTransform(preset: Preset, { channels, height, width }: PictureSize): Transform {
  const side = Math.max(height, width);
  const base = { channels, crop: { height, width }, interpolation: "bilinear" } as const;
  switch (preset) {
    case "imagenet":
      return { ...base, resize: Math.round((side * 256) / 224), ...IMAGENET };
    case "imagenet-v2":
      return { ...base, resize: Math.round((side * 232) / 224), ...IMAGENET };
    case "cifar":
      return { ...base, resize: side, ...CIFAR };
    case "mnist":
      return { ...base, resize: side, ...MNIST };
    case "plain":
      return { ...base, resize: undefined, mean: [0], std: [1] };
  }
}
