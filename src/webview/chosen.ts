import type { PanelData } from "../preview/html.ts";
import type { FilePurpose } from "../preview/messages.ts";
import { type Text, t } from "../text/text.ts";
import type { NpyArray } from "../weights/npy.ts";
import { pictureSize } from "../weights/presets.ts";
import { fetchBytes } from "./client.ts";
import { type FileSource, localFile } from "./files.ts";
import { makePictures, type Pictures } from "./pictures.ts";
import type { RunSettings } from "./run.ts";
import { type ChosenFiles, type InputChoice, type InputType, readTensor } from "./run-inputs.ts";

export interface ChosenContext {
  readonly data: PanelData;
  readonly inputs: () => readonly InputType[];
  readonly settings: () => RunSettings;
  readonly change: (settings: RunSettings) => void;
  readonly fail: (reason: Text) => void;
}

/** The files of the next run: a checkpoint, and each input's pictures or array. */
export interface Chosen extends ChosenFiles {
  readonly weights: () => FileSource | undefined;
  readonly transforms: Pictures;
  /** A file that was chosen for the input at that place; undefined: the first that can take it. */
  readonly take: (
    purpose: Exclude<FilePurpose, "labels" | "beside">,
    file: FileSource,
    input?: number,
  ) => Promise<void>;
  readonly takeSample: (name: string, input: number) => Promise<void>;
  readonly drop: (file: FileSource, input: number) => void;
}

export function makeChosen(context: ChosenContext): Chosen {
  const { data, settings, change } = context;
  const pictures = new Map<number, readonly FileSource[]>();
  const tensors = new Map<number, { readonly name: string; readonly array: NpyArray }>();
  let weights: FileSource | undefined;

  function choose(input: number, choice: InputChoice): void {
    const before = settings();
    change({ ...before, inputs: { ...before.inputs, [input]: choice } });
  }

  function takePicture(file: FileSource, wanted: number | undefined): void {
    const inputs = context.inputs();
    const sizes = inputs.map(({ shape }) => pictureSize(shape));
    const index = wanted ?? sizes.findIndex((size) => size !== undefined);
    if (sizes[index] === undefined) {
      file.close?.();
      context.fail(t("no input of this model takes a picture"));
      return;
    }
    // As many as the batch holds: a further one takes the place of the oldest.
    const room = Math.max(1, inputs[index]?.shape[0] ?? 1);
    const all = [...(pictures.get(index) ?? []), file];
    for (const oldest of all.slice(0, -room)) oldest.close?.();
    pictures.set(index, all.slice(-room));
    const before = settings().inputs?.[index];
    choose(index, before?.kind === "pictures" ? before : { kind: "pictures" });
  }

  async function takeTensor(file: FileSource, wanted: number | undefined): Promise<void> {
    const array = await readTensor(file);
    file.close?.();
    if ("template" in array) return context.fail(array);
    const inputs = context.inputs();
    const same = inputs.findIndex(({ shape }) => shape.join() === array.shape.join());
    const index = wanted ?? Math.max(0, same);
    const input = inputs[index];
    if (input !== undefined && input.shape.join() !== array.shape.join())
      return context.fail(
        t(
          "{0} is [{1}], the input {2} is [{3}]",
          file.name,
          array.shape.join(", "),
          input.name,
          input.shape.join(", "),
        ),
      );
    tensors.set(index, { name: file.name, array });
    choose(index, { kind: "tensor" });
  }

  return {
    pictures: (index) => pictures.get(index) ?? [],
    tensor: (index) => tensors.get(index),
    weights: () => (settings().weights === undefined ? undefined : weights),
    transforms: makePictures(data),
    take: async (purpose, file, input) => {
      switch (purpose) {
        case "weights":
          weights?.close?.();
          weights = file;
          return change({ ...settings(), weights: file.name });
        case "image":
          return takePicture(file, input);
        case "tensor":
          return takeTensor(file, input);
      }
    },
    takeSample: async (name, input) => {
      const sample = data.pictures?.find((one) => one.name === name);
      if (sample === undefined) return;
      try {
        takePicture(localFile(name, await fetchBytes(sample.uri)), input);
      } catch {
        context.fail(t("{0} cannot be read", name));
      }
    },
    drop: (file, input) => {
      file.close?.();
      pictures.set(
        input,
        (pictures.get(input) ?? []).filter((one) => one !== file),
      );
      change(settings());
    },
  };
}
