import type { Program } from "../graph/program.ts";

/** An input as it looks: red, green and blue of each place, 0 to 1. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly at: (channel: 0 | 1 | 2, place: number) => number;
}

/** What ImageNet's transform takes off and divides by, for each channel. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;
/** How far over the ends a picture may be by rounding. */
const SLACK = 0.01;

/** The first example of the first input that can be looked at: one of one or three channels. */
export function pictureOf({ inputs }: Program, values: readonly Float32Array[]): Picture | undefined {
  const index = inputs.findIndex(({ shape }) => shape.length === 4 && (shape[1] === 1 || shape[1] === 3));
  const [, channels = 0, height = 0, width = 0] = inputs[index]?.shape ?? [];
  const data = values[index]?.subarray(0, channels * height * width);
  if (data === undefined || data.length === 0) return undefined;
  const size = height * width;
  const of = (channel: number): number => (channels === 1 ? 0 : channel);
  const undone = (channel: number, place: number): number =>
    (data[of(channel) * size + place] ?? 0) * (DEVIATION[channel] ?? 1) + (MEAN[channel] ?? 0);
  // A transformed picture lies between 0 and 1 when that is undone; noise does not.
  let [low, high] = [0, 1];
  for (let i = 0; i < data.length; i++) {
    const value = undone(Math.floor(i / size), i % size);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (channels === 3 && -SLACK <= low && high <= 1 + SLACK) return { height, width, at: undone };
  const least = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const span = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least || 1;
  return { height, width, at: (channel, place) => ((data[of(channel) * size + place] ?? 0) - least) / span };
}
