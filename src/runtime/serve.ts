import type { Program } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";
import { decodePicture } from "../weights/image.ts";
import { loadCheckpoint } from "../weights/load.ts";
import { fitsTransform, transformed } from "../weights/transform.ts";
import { type Backend, chooseBackend, fetchBytes, messageOf, startBackend } from "./backends.ts";
import { besideOf } from "./beside.ts";
import { compareModes } from "./compare.ts";
import { execute, readKept } from "./execute.ts";
import { type Histogram, histogramOf } from "./histogram.ts";
import { whenLost } from "./lost.ts";
import { closeModel, inOtherMode, type Model, openModel, uploadWeights } from "./model.ts";
import { knownKeys, prepare } from "./prepare.ts";
import type { Answer, Request, WeightSource } from "./protocol.ts";
import { signalOf } from "./signal.ts";

const LOST = t("the graphics card's context was lost; the next run starts another");

/** Answers requests through `post`, one after another; never throws. Holds one backend and one program. */
export function serve(post: (answer: Answer) => void): (request: Request) => void {
  const cancelled = new Set<number>();
  const asked = new Set<number>();
  let lost = false;
  let backend: Backend | undefined;
  let model: Model | undefined;
  let jpegWasm: Uint8Array | string | undefined;
  let queue: Promise<void> = Promise.resolve();

  const watched = (id: number) => ({
    onProgress: (done: number, total: number, path: string) => post({ kind: "progress", id, done, total, path }),
    cancelled: () => cancelled.has(id),
  });
  const answer = async (request: Request): Promise<Answer | undefined> => {
    const { id } = request;
    switch (request.kind) {
      case "start": {
        if (backend !== undefined) return error(id, t("this worker already has a backend"));
        jpegWasm = request.jpegWasm ?? jpegWasm;
        const choice =
          request.backend === undefined
            ? chooseBackend()
            : { kind: request.backend, reason: t("chosen in the settings") };
        const sources = request.wasm === undefined ? {} : { wasm: request.wasm };
        const start = await startBackend(choice.kind, sources);
        if (start.kind === "refused") return error(id, start.reason);
        backend = start.backend;
        whenLost(backend, lose);
        return { kind: "started", id, backend: backend.kind, renderer: backend.renderer, reason: choice.reason };
      }
      case "load": {
        if (backend === undefined) return error(id, t("no backend has started"));
        const given = await weightsOf(request.weights, request.program);
        if (given !== undefined && "template" in given) return error(id, given);
        if (model !== undefined) closeModel(model);
        const { values, report } = prepare(request.program, given, request.seed);
        model = openModel(backend, request.program, values, request.mode);
        uploadWeights(model);
        return { kind: "loaded", id, report };
      }
      case "run": {
        if (model === undefined) return error(id, t("no program is loaded"));
        const result = await execute(model, request.inputs, {
          taps: request.taps ?? [],
          peek: request.peek ?? [],
          keep: request.keep ?? [],
          statistics: request.statistics ?? false,
          ...watched(id),
        });
        cancelled.delete(id);
        return { kind: "result", id, result };
      }
      case "compare": {
        if (model === undefined) return error(id, t("no program is loaded"));
        const other = inOtherMode(model);
        const [reference, fast] = model.mode === "reference" ? [model, other] : [other, model];
        const paths = request.paths === undefined ? {} : { paths: request.paths };
        const comparison = await compareModes(reference, fast, request.inputs, { ...paths, ...watched(id) });
        closeModel(other);
        cancelled.delete(id);
        return { kind: "comparison", id, comparison };
      }
      case "signal": {
        if (model === undefined) return error(id, t("no program is loaded"));
        const { statistics, seed, other } = request;
        const asked =
          other === undefined
            ? model
            : openModel(model.backend, other, prepare(other, undefined, seed).values, "reference");
        const signal = await signalOf(asked, request.inputs, { statistics, seed, ...watched(id) });
        if (asked !== model) closeModel(asked);
        cancelled.delete(id);
        return "template" in signal ? error(id, signal) : { kind: "signal", id, signal };
      }
      case "beside": {
        if (model === undefined) return error(id, t("no program is loaded"));
        const given = await weightsOf(request.weights, request.other);
        if (given !== undefined && "template" in given) return error(id, given);
        const other = openModel(model.backend, request.other, prepare(request.other, given, request.seed).values);
        const beside = await besideOf(
          [model, request.inputs],
          [other, request.otherInputs],
          request.pairs,
          watched(id),
        );
        closeModel(other);
        cancelled.delete(id);
        return { kind: "beside", id, beside };
      }
      case "read": {
        const value = model === undefined ? undefined : await readKept(model, request.path);
        return { kind: "value", id, path: request.path, value };
      }
      case "weight": {
        const weight = model?.weights[request.index];
        if (weight === undefined) return error(id, t("weight {0} does not exist", request.index));
        return { kind: "weight", id, value: { shape: weight.shape, data: weight.data } };
      }
      case "spread": {
        if (model === undefined) return error(id, t("no program is loaded"));
        const histograms = new Map<string, Histogram>();
        // One at a time would be a pass each; all at once would hold all of them.
        const { taps, stop } = await execute(model, request.inputs, { taps: request.paths });
        if (stop !== undefined && stop.kind !== "cancelled") return error(id, stop.reason);
        for (const [path, read] of taps) histograms.set(path, histogramOf(read, request.bins));
        return { kind: "spread", id, histograms };
      }
      case "picture": {
        jpegWasm = request.jpegWasm ?? jpegWasm;
        const picture = await decodePicture(request.bytes, async () => bytesOf(jpegWasm));
        if (picture.kind === "refused") return error(id, picture.reason);
        if (!fitsTransform(picture, request.transform))
          return error(id, t("the picture is too narrow to be resized so"));
        const { width, height } = picture;
        return { kind: "pixels", id, ...transformed(picture, request.transform), width, height };
      }
      case "cancel":
        return undefined;
    }
  };

  const settle = (reply: Answer): void => {
    if (asked.delete(reply.id)) post(reply);
  };
  const lose = (): void => {
    lost = true;
    for (const id of [...asked]) settle({ ...error(id, LOST), lost: true });
  };

  return (request) => {
    if (request.kind === "cancel") {
      cancelled.add(request.id);
      return;
    }
    if (lost) {
      post({ ...error(request.id, LOST), lost: true });
      return;
    }
    asked.add(request.id);
    queue = queue.then(async () => {
      try {
        const reply = await answer(request);
        if (reply !== undefined) settle(reply);
      } catch (problem) {
        settle(error(request.id, t("the preview failed: {0}", messageOf(problem))));
      }
    });
  };
}

function error(id: number, reason: Text): Extract<Answer, { kind: "error" }> {
  return { kind: "error", id, reason };
}

async function weightsOf(
  weights: WeightSource,
  program: Program,
): Promise<ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }> | Text | undefined> {
  switch (weights.kind) {
    case "seed":
      return undefined;
    case "tensors":
      return weights.tensors;
    case "file": {
      const checkpoint = await loadCheckpoint(weights.bytes, knownKeys(program));
      return checkpoint.kind === "refused" ? checkpoint.reason : checkpoint.weights;
    }
  }
}

async function bytesOf(source: Uint8Array | string | undefined): Promise<Uint8Array> {
  if (source === undefined) throw new Error("the jpeg decoder's binary was not given");
  return typeof source === "string" ? fetchBytes(source) : source;
}
