import type { Program } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import type { PreviewView, ViewPlace } from "./model.ts";

/** What the user may choose a file for. */
export type FilePurpose = "weights" | "image" | "labels" | "beside";

/** From the extension to the page. */
export type ToPage =
  | { readonly kind: "view"; readonly view: PreviewView }
  /** There is nothing to draw; any drawing shown is out of date. */
  | { readonly kind: "nothing"; readonly reason: Text }
  /** The cursor stands in code that these nodes come from; empty when it left. */
  | { readonly kind: "highlight"; readonly ids: readonly string[] }
  | { readonly kind: "program"; readonly request: number; readonly program: Program }
  | { readonly kind: "no-program"; readonly request: number; readonly reason: Text }
  /** Another root of the shown file, as far as it is known. */
  | {
      readonly kind: "other";
      readonly request: number;
      readonly view: PreviewView | undefined;
      readonly program: Program | undefined;
      /** Why there is no view, or no program. */
      readonly reason: Text | undefined;
    }
  | { readonly kind: "file"; readonly purpose: FilePurpose; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "no-file"; readonly purpose: FilePurpose; readonly reason: Text }
  /** Starts a run, as the button does. */
  | { readonly kind: "run" };

/** From the page to the extension. */
export type ToHost =
  /** The page listens; the extension answers with the view. */
  | { readonly kind: "ready" }
  /** `focus`: the source takes the focus (Enter), else the panel keeps it (click). */
  | { readonly kind: "reveal"; readonly place: ViewPlace; readonly focus: boolean }
  | { readonly kind: "select-root"; readonly root: string }
  /** `input` is undefined when the user wants to type one. */
  | { readonly kind: "change-input"; readonly input: string | undefined }
  | { readonly kind: "program"; readonly request: number }
  /** Asks for another root of the shown file, without showing it. */
  | { readonly kind: "other"; readonly request: number; readonly root: string }
  | { readonly kind: "pick-file"; readonly purpose: FilePurpose }
  /** How a run ended; for the status item and for tests. */
  | {
      readonly kind: "ran";
      readonly outcome: "done" | "failed" | "cancelled";
      readonly output: readonly (readonly number[])[];
    };
