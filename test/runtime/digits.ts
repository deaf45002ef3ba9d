import { readFile } from "node:fs/promises";
import type { Program } from "../../src/graph/program.ts";
import { prepare } from "../../src/runtime/prepare.ts";
import { decodePicture } from "../../src/weights/image.ts";
import { loadCheckpoint } from "../../src/weights/load.ts";
import { presetTransform } from "../../src/weights/presets.ts";
import { transformed } from "../../src/weights/transform.ts";
import { programOf } from "../parity/program.ts";
import { floats, inRoot } from "./harness.ts";

/** A tensor as `scripts/truth/record_digits.py` keeps it: of the flattened elements every `step`-th. */
export interface Kept {
  readonly shape: readonly number[];
  readonly mean: number;
  readonly std: number;
  readonly largest: number;
  readonly step: number;
  readonly data: string;
}

interface RecordedPicture {
  readonly picture: string;
  readonly label: number;
  readonly loss: number;
  readonly logits: Kept;
  readonly top: readonly (readonly [number, number])[];
  readonly modules: Readonly<Record<string, Kept>>;
  readonly cam: Kept & { readonly class: number };
  readonly gradients: Readonly<Record<string, { readonly input: Kept; readonly output: Kept }>>;
}

interface RecordedDigits {
  readonly heldOut: { readonly pictures: number; readonly accuracy: number };
  readonly pictures: readonly RecordedPicture[];
}

const FOLDER = "test/data/run/digits";

/** The trained network of handwritten digits, analyzed from its source, with its weights. */
export async function trainedDigits(): Promise<{
  readonly program: Program;
  readonly values: readonly Float32Array[];
  readonly recorded: RecordedDigits;
}> {
  const file = inRoot(FOLDER, "digits_resnet.py");
  const program = programOf(file, "digits_resnet()", [1, 3, 32, 32], []);
  if (typeof program === "string") throw new Error(program);
  const checkpoint = await loadCheckpoint(await readFile(inRoot(FOLDER, "digits_resnet.pth")));
  if (checkpoint.kind === "refused") throw new Error(JSON.stringify(checkpoint.reason));
  const { values, report } = prepare(program, checkpoint.weights, 0);
  if (report.missing.length + report.misshapen.length !== 0) throw new Error(JSON.stringify(report));
  const recorded = JSON.parse(String(await readFile(inRoot(FOLDER, "truth.json"))));
  return { program, values, recorded };
}

/** A picture beside the network as its input. */
export async function digitPixels(name: string): Promise<Float32Array> {
  const picture = await decodePicture(await readFile(inRoot(FOLDER, name)), async () => new Uint8Array());
  if (picture.kind === "refused") throw new Error(JSON.stringify(picture.reason));
  const transform = presetTransform("imagenet", { channels: 3, height: 32, width: 32 });
  return transformed(picture, { ...transform, resize: undefined }).data;
}

/** Largest difference from the kept elements, relative to the tensor's largest absolute value; infinite for another count. */
export function differenceFrom(kept: Kept, data: Float32Array): number {
  const expected = floats(kept.data);
  if (data.length !== kept.shape.reduce((a, b) => a * b, 1) || expected.length === 0) return Number.POSITIVE_INFINITY;
  const off = expected.map((value, i) => Math.abs(value - (data[i * kept.step] ?? Number.NaN)));
  return Math.max(...off) / kept.largest;
}
