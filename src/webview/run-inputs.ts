import type { Program } from "../graph/program.ts";
import { normalStream, randomStream } from "../runtime/random.ts";
import { type Text, t } from "../text/text.ts";
import { pictureSize, presetTransform } from "../weights/presets.ts";
import type { Client } from "./client.ts";
import type { RunJob } from "./runner.ts";

/** Stream of the noise; the weights take theirs from 0 up. */
const NOISE_STREAM = 0x7fff0000;

/** The values of each input: the picture for one of three channels, seeded noise, zeros for whole numbers. */
export async function inputsOf(job: RunJob, client: Client): Promise<readonly Float32Array[] | Text> {
  const { program, settings } = job;
  const inputs = noiseFor(program, settings.seed);
  if (job.image === undefined) return inputs;
  const sizes = program.inputs.map(({ shape }) => pictureSize(shape));
  const index = sizes.findIndex((size) => size !== undefined);
  const size = sizes[index];
  if (size === undefined) return t("no input of this model takes a picture");
  const transform = { ...presetTransform("imagenet", size), resize: undefined };
  const pixels = await client.ask("pixels", { kind: "picture", bytes: job.image.bytes, transform });
  if (pixels.kind === "error") return pixels.reason;
  const values = inputs[index];
  if (values !== undefined) for (let at = 0; at < values.length; at += pixels.data.length) values.set(pixels.data, at);
  return inputs;
}

/** Seeded noise for each input; zeros for whole numbers. */
export function noiseFor(program: Program, seed: number): readonly Float32Array[] {
  return program.inputs.map((input, index) => {
    const values = new Float32Array(input.shape.reduce((a, b) => a * b, 1));
    if (!input.dtype.startsWith("float") && input.dtype !== "bfloat16") return values;
    const random = normalStream(randomStream(seed, NOISE_STREAM + index));
    for (let i = 0; i < values.length; i++) values[i] = random();
    return values;
  });
}
