import type { Program } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";
import { inBlocks } from "../weights/blocks.ts";
import { decodePicture } from "../weights/image.ts";
import { loadCheckpoint, openCheckpoint, readWeights } from "../weights/load.ts";
import { fitsTransform, transformed } from "../weights/transform.ts";
import { type Backend, chooseBackend, fetchBytes, messageOf, startBackend } from "./backends.ts";
import { besideOf } from "./beside.ts";
import { compareModes } from "./compare.ts";
import { execute, readKept } from "./execute.ts";
import { type Histogram, histogramOf } from "./histogram.ts";
import { whenLost } from "./lost.ts";
import { closeModel, inOtherMode, type Model, openModel, uploadWeights } from "./model.ts";
import { fitOf, type GivenWeight, knownKeys, prepare, type WeightReport } from "./prepare.ts";
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
  let part: { readonly id: number; readonly give: (bytes: Uint8Array | undefined) => void } | undefined;
  let queue: Promise<void> = Promise.resolve();

  const askPart =
    (id: number): AskPart =>
    (offset, length) =>
      new Promise((resolve, reject) => {
        part = { id, give: (bytes) => (bytes === undefined ? reject(new Error("unreadable")) : resolve(bytes)) };
        post({ kind: "need", id, offset, length });
      });
  const given = (weights: WeightSource, program: Program, id: number): Promise<Found | Text> =>
    weightsOf(weights, program, askPart(id), (done, total) => post({ kind: "progress", id, done, total, path: "" }));
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
        const found = await given(request.weights, request.program, id);
        if ("template" in found) return error(id, found);
        if (found.kind === "waits") return { kind: "loaded", id, report: found.fit, waits: true };
        if (model !== undefined) closeModel(model);
        const { values, report } = prepare(request.program, found.weights, request.seed);
        model = openModel(backend, request.program, values, request.mode);
        uploadWeights(model);
        return { kind: "loaded", id, report: { ...report, ...found.fit }, waits: false };
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
        const found = await given(request.weights, request.other, id);
        if ("template" in found) return error(id, found);
        if (found.kind === "waits") return error(id, t("the checkpoint does not fit"));
        const other = openModel(
          model.backend,
          request.other,
          prepare(request.other, found.weights, request.seed).values,
        );
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
      case "part":
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
    if (request.kind === "part") {
      if (part?.id === request.id) part.give(request.bytes);
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

/** The part of the file that the asker last gave; throws where it gave none. */
type AskPart = (offset: number, length: number) => Promise<Uint8Array>;

/** The weights of a `load`, or that it waits; `fit` also tells of what was not read because it does not fit. */
type Found =
  | {
      readonly kind: "found";
      readonly weights: ReadonlyMap<string, GivenWeight> | undefined;
      readonly fit?: Omit<WeightReport, "unknown">;
    }
  | { readonly kind: "waits"; readonly fit: WeightReport };

async function weightsOf(
  weights: WeightSource,
  program: Program,
  ask: AskPart,
  progress: (done: number, total: number) => void,
): Promise<Found | Text> {
  switch (weights.kind) {
    case "seed":
      return { kind: "found", weights: undefined };
    case "tensors":
      return { kind: "found", weights: weights.tensors };
    case "file": {
      const checkpoint = await loadCheckpoint(weights.bytes, knownKeys(program));
      return checkpoint.kind === "refused" ? checkpoint.reason : { kind: "found", weights: checkpoint.weights };
    }
    case "parts": {
      const reader = inBlocks({ size: weights.size, read: ask });
      const open = await openCheckpoint(reader, knownKeys(program));
      if (open.kind === "refused") return open.reason;
      const fit = fitOf(program, open.tensors);
      if (fit.missing.length + fit.misshapen.length !== 0 && !weights.partial)
        return { kind: "waits", fit: { ...fit, unknown: [] } };
      const checkpoint = await readWeights(open, fit.matched, progress);
      return checkpoint.kind === "refused" ? checkpoint.reason : { kind: "found", weights: checkpoint.weights, fit };
    }
  }
}

async function bytesOf(source: Uint8Array | string | undefined): Promise<Uint8Array> {
  if (source === undefined) throw new Error("the jpeg decoder's binary was not given");
  return typeof source === "string" ? fetchBytes(source) : source;
}
