import type { Program } from "../graph/program.ts";
import { normalStream, randomStream } from "../runtime/random.ts";
import { type Text, t } from "../text/text.ts";
import { type NpyArray, readNpy } from "../weights/npy.ts";
import { likelyPreset, type PictureSize, type Preset, pictureSize, presetTransform } from "../weights/presets.ts";
import type { Transform } from "../weights/transform.ts";
import { type FileSource, wholeFile } from "./files.ts";
import type { Pictures } from "./pictures.ts";
import type { RunJob } from "./runner.ts";

/** What one of the program's inputs is filled with; plain JSON, the files are held beside. */
export type InputChoice =
  | { readonly kind: "noise" | "zeros" | "tensor" }
  | {
      readonly kind: "pictures";
      /** Left out: the one that the input's shape most likely wants. */
      readonly preset?: Preset;
      readonly edits?: TransformEdits;
    };

/** What the user changed of a preset; `resize` null: not resized. */
export interface TransformEdits {
  readonly resize?: number | null;
  readonly interpolation?: Transform["interpolation"];
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

/** An input as the program or the view knows it. */
export type InputType = Pick<Program["inputs"][number], "name" | "shape" | "dtype">;

/** The values of each of a program's inputs. */
export type InputSource = (index: number, input: InputType) => Promise<Float32Array | Text>;

/** The files that were chosen for the inputs, by the input's place. */
export interface ChosenFiles {
  readonly pictures: (index: number) => readonly FileSource[];
  readonly tensor: (index: number) => { readonly name: string; readonly array: NpyArray } | undefined;
}

/** Stream of the noise; the weights take theirs from 0 up. */
const NOISE_STREAM = 0x7fff0000;
/** A `.npy` file beyond this is not read, in bytes. */
const MAX_NPY = 512_000_000;

/** The values of each input, or why one has none. */
export async function inputsOf(job: RunJob): Promise<readonly Float32Array[] | Text> {
  const inputs: Float32Array[] = [];
  for (const [index, input] of job.program.inputs.entries()) {
    const values = await job.inputs(index, input);
    if ("template" in values) return values;
    inputs.push(values);
  }
  return inputs;
}

/** Seeded noise for each input; zeros for whole numbers. */
export function noiseFor(program: Program, seed: number): readonly Float32Array[] {
  return program.inputs.map(({ shape, dtype }, index) =>
    isReal(dtype) ? noise(countOf(shape), seed, index) : new Float32Array(countOf(shape)),
  );
}

/** An input as the user would type it. */
export function typedInput({ name, shape, dtype }: InputType): string {
  return dtype === "float32" ? shape.join(",") : JSON.stringify({ shape, dtype, name });
}

/** Noise where the elements are real numbers, else zeros. */
export function usualChoice({ dtype }: Pick<InputType, "dtype">): InputChoice {
  return { kind: isReal(dtype) ? "noise" : "zeros" };
}

/** What is done to a picture for an input of this size. */
export function transformOf(choice: Extract<InputChoice, { kind: "pictures" }>, size: PictureSize): Transform {
  const base = presetTransform(choice.preset ?? likelyPreset(size), size);
  const { resize, ...edits } = choice.edits ?? {};
  return { ...base, ...edits, ...(resize === undefined ? {} : { resize: resize ?? undefined }) };
}

/** The values as they were chosen. */
export function inputSource(
  choices: Readonly<Record<string, InputChoice>>,
  files: ChosenFiles,
  pictures: Pictures,
  seed: number,
): InputSource {
  return async (index, input) => {
    const choice = choices[index] ?? usualChoice(input);
    switch (choice.kind) {
      case "zeros":
        return new Float32Array(countOf(input.shape));
      case "noise":
        return isReal(input.dtype) ? noise(countOf(input.shape), seed, index) : new Float32Array(countOf(input.shape));
      case "tensor": {
        const tensor = files.tensor(index);
        if (tensor === undefined) return t("no file is chosen for the input {0}", input.name);
        const { name, array } = tensor;
        return array.shape.join() === input.shape.join()
          ? array.data
          : t("{0} is [{1}], the input {2} is [{3}]", name, array.shape.join(", "), input.name, input.shape.join(", "));
      }
      case "pictures": {
        const size = pictureSize(input.shape);
        if (size === undefined) return t("the input {0} takes no picture", input.name);
        return batchOf(files.pictures(index), transformOf(choice, size), input, pictures);
      }
    }
  };
}

/** The array of a `.npy` file, or why it is not read. */
export async function readTensor(file: FileSource): Promise<NpyArray | Text> {
  if (MAX_NPY < file.size) return t("{0} is too large for an input", file.name);
  try {
    const array = readNpy(await wholeFile(file));
    return array.kind === "refused" ? t("{0}: {1}", file.name, array.reason) : array;
  } catch {
    return t("{0} cannot be read", file.name);
  }
}

/** The chosen pictures one after another, from the first again where the batch is larger. */
async function batchOf(
  files: readonly FileSource[],
  transform: Transform,
  { name, shape }: InputType,
  pictures: Pictures,
): Promise<Float32Array | Text> {
  const made: Float32Array[] = [];
  for (const file of files.slice(0, shape[0])) {
    const pixels = await pictures.transform(file, transform);
    if ("template" in pixels) return pixels;
    made.push(pixels.data);
  }
  const values = new Float32Array(countOf(shape));
  const [first] = made;
  if (first === undefined) return t("no picture is chosen for the input {0}", name);
  for (let at = 0, i = 0; at < values.length; at += first.length, i++) values.set(made[i % made.length] ?? first, at);
  return values;
}

function noise(count: number, seed: number, index: number): Float32Array {
  const values = new Float32Array(count);
  const random = normalStream(randomStream(seed, NOISE_STREAM + index));
  for (let i = 0; i < count; i++) values[i] = random();
  return values;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function isReal(dtype: string): boolean {
  return dtype.startsWith("float") || dtype === "bfloat16";
}
