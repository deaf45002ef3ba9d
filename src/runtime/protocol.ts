import type { Program } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import type { Picture } from "../weights/image.ts";
import type { Transform } from "../weights/transform.ts";
import type { BackendKind } from "./backends.ts";
import type { Beside, BesidePair } from "./beside.ts";
import type { Comparison } from "./compare.ts";
import type { Read, RunResult } from "./execute.ts";
import type { Histogram } from "./histogram.ts";
import type { Mode } from "./model.ts";
import type { GivenWeight, WeightReport } from "./prepare.ts";
import type { Signal } from "./signal.ts";

/** Where a program's weights come from. */
export type WeightSource =
  | { readonly kind: "seed" }
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  /**
   * A file that the asker reads in parts, as `need` asks. Where it does not give every weight, nothing is loaded unless
   * `partial` says that the rest may be drawn.
   */
  | { readonly kind: "parts"; readonly size: number; readonly partial: boolean }
  | { readonly kind: "tensors"; readonly tensors: ReadonlyMap<string, GivenWeight> };

/** To the worker. `id` names the request in its answers; requests run one after another, `cancel` and `dispose` at once. */
export type Request =
  /** Starts a backend; without one, the one that fits the machine. Once a worker. */
  | {
      readonly kind: "start";
      readonly id: number;
      readonly backend?: BackendKind;
      readonly wasm?: Uint8Array | string;
      readonly jpegWasm?: Uint8Array | string;
    }
  /** Replaces the program and its weights. `seed` draws what the source does not give. Without a mode, "reference". */
  | {
      readonly kind: "load";
      readonly id: number;
      readonly program: Program;
      readonly weights: WeightSource;
      readonly seed: number;
      readonly mode?: Mode;
    }
  /** One forward pass of the loaded program; `taps` and `keep` are not folded away, `peek` reads what the mode computes. */
  | {
      readonly kind: "run";
      readonly id: number;
      readonly inputs: readonly Float32Array[];
      readonly taps?: readonly string[];
      readonly peek?: readonly string[];
      readonly keep?: readonly string[];
      readonly statistics?: boolean;
    }
  /** Two passes of the loaded program, one in each mode whatever the loaded one is; `paths` as {@link compareModes}. */
  | {
      readonly kind: "compare";
      readonly id: number;
      readonly inputs: readonly Float32Array[];
      readonly paths?: readonly string[];
    }
  /**
   * One forward and one reverse pass of the loaded program, or of another with weights drawn by the seed; as
   * {@link signalOf}.
   */
  | {
      readonly kind: "signal";
      readonly id: number;
      readonly inputs: readonly Float32Array[];
      readonly statistics: "running" | "batch";
      readonly seed: number;
      readonly other?: Program;
    }
  /** The loaded program and another, or the same with other weights, one after the other; as {@link besideOf}. */
  | {
      readonly kind: "beside";
      readonly id: number;
      readonly inputs: readonly Float32Array[];
      readonly other: Program;
      readonly otherInputs: readonly Float32Array[];
      readonly weights: WeightSource;
      readonly seed: number;
      readonly pairs: readonly BesidePair[];
    }
  /** Reads a module's output that the last run kept. */
  | { readonly kind: "read"; readonly id: number; readonly path: string }
  /** Reads one of the program's weights, by its index. */
  | { readonly kind: "weight"; readonly id: number; readonly index: number }
  /** One forward pass, and how the elements of modules' outputs are spread. */
  | {
      readonly kind: "spread";
      readonly id: number;
      readonly inputs: readonly Float32Array[];
      readonly paths: readonly string[];
      readonly bins: number;
    }
  /** Decodes a picture and transforms it. Needs no backend; a jpeg needs the decoder's binary, given once. */
  | {
      readonly kind: "picture";
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly transform: Transform;
      readonly jpegWasm?: Uint8Array;
    }
  /** A part of the file of the `load` with this id; without bytes, why it cannot be read. Answered by nothing. */
  | { readonly kind: "part"; readonly id: number; readonly bytes?: Uint8Array }
  /** Stops the run or comparison with this id before its next node. */
  | { readonly kind: "cancel"; readonly id: number };

/** From the worker. Every request but `cancel` gets one answer: its own kind of answer, or `error`. */
export type Answer =
  | {
      readonly kind: "started";
      readonly id: number;
      readonly backend: BackendKind;
      readonly renderer: string | undefined;
      readonly reason: Text;
    }
  /** `waits`: nothing was loaded, because the file does not give every weight. */
  | { readonly kind: "loaded"; readonly id: number; readonly report: WeightReport; readonly waits: boolean }
  /** Asks for a part of the file of a `load`; one at a time. */
  | { readonly kind: "need"; readonly id: number; readonly offset: number; readonly length: number }
  | {
      readonly kind: "progress";
      readonly id: number;
      readonly done: number;
      readonly total: number;
      readonly path: string;
    }
  | { readonly kind: "result"; readonly id: number; readonly result: RunResult }
  | { readonly kind: "comparison"; readonly id: number; readonly comparison: Comparison }
  | { readonly kind: "signal"; readonly id: number; readonly signal: Signal }
  | { readonly kind: "beside"; readonly id: number; readonly beside: Beside }
  | { readonly kind: "value"; readonly id: number; readonly path: string; readonly value: Read | undefined }
  | { readonly kind: "weight"; readonly id: number; readonly value: Read }
  | { readonly kind: "spread"; readonly id: number; readonly histograms: ReadonlyMap<string, Histogram> }
  | {
      readonly kind: "pixels";
      readonly id: number;
      /** [channels, height, width]. */
      readonly data: Float32Array;
      /** What they are made of: the picture after resizing and cropping. */
      readonly seen: Picture;
      /** Of the whole picture, in pixels. */
      readonly width: number;
      readonly height: number;
    }
  /** `lost`: this worker's graphics card is gone for good; another worker may get it back. */
  | { readonly kind: "error"; readonly id: number; readonly reason: Text; readonly lost?: true };
