import type { TableFormat } from "../editor/layer-table.ts";
import type { PreviewParams } from "../editor/protocol.ts";
import type { Program } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import type { PreviewView, ViewPlace } from "./model.ts";
import type { NodeNumber, NumberPlace, NumberTrial, TrialAnswer } from "./number-edit.ts";

/** What the user may choose a file for. */
export type FilePurpose = "weights" | "image" | "tensor" | "labels" | "beside";

/** A file that can be taken with one click; size in bytes. */
export interface OfferedFile {
  readonly name: string;
  readonly uri: string;
  readonly size: number;
}

/** From the extension to the page. */
export type ToPage =
  | { readonly kind: "view"; readonly view: PreviewView }
  /** What the panel is about: the page keeps it for a window that is opened again. */
  | { readonly kind: "subject"; readonly subject: PreviewParams }
  /** There is nothing to draw; any drawing shown is out of date. */
  | { readonly kind: "nothing"; readonly reason: Text }
  /** The cursor stands in code that these nodes come from; empty when it left. */
  | { readonly kind: "highlight"; readonly ids: readonly string[] }
  /** `key`: of the view that shows the same state of the source. */
  | { readonly kind: "program"; readonly request: number; readonly program: Program; readonly key: string }
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
  /** A root of another file, which the user chose. */
  | { readonly kind: "picked-other"; readonly uri: string; readonly file: string; readonly root: string }
  | { readonly kind: "file"; readonly purpose: FilePurpose; readonly name: string; readonly bytes: Uint8Array }
  /** A file that the page reads in parts, with `read-part`; `file` names it. */
  | {
      readonly kind: "opened";
      readonly purpose: FilePurpose;
      readonly name: string;
      readonly size: number;
      readonly file: number;
    }
  /** A part that was asked for; without bytes, it cannot be read. */
  | { readonly kind: "part"; readonly request: number; readonly bytes?: Uint8Array }
  /** Checkpoints that lie on this machine and that the shown code names. */
  | { readonly kind: "offers"; readonly weights: readonly OfferedFile[] }
  | { readonly kind: "no-file"; readonly purpose: FilePurpose; readonly reason: Text }
  | { readonly kind: "numbers"; readonly request: number; readonly numbers: readonly NodeNumber[] }
  | { readonly kind: "tried"; readonly request: number; readonly answer: TrialAnswer }
  /** The edit was made, or why it was not. */
  | { readonly kind: "applied"; readonly reason: Text | undefined }
  /** What came of a wish to save. */
  | { readonly kind: "saved"; readonly text: Text }
  /** Starts a run, as the button does. */
  | { readonly kind: "run" };

/** From the page to the extension. */
export type ToHost =
  /** The page listens; the extension answers with the view. */
  | { readonly kind: "ready" }
  /** `focus`: the source takes the focus (Enter), else the panel keeps it (click). */
  | { readonly kind: "reveal"; readonly place: ViewPlace; readonly focus: boolean }
  | { readonly kind: "select-root"; readonly root: string }
  /** Undefined when the user wants to type them; one for each of the root's inputs. */
  | { readonly kind: "change-input"; readonly input: string | readonly string[] | undefined }
  | { readonly kind: "program"; readonly request: number }
  /** Asks for another root of the shown file, without showing it. */
  | { readonly kind: "other"; readonly request: number; readonly root: string; readonly uri?: string }
  /** Asks the user for a root of another file. */
  | { readonly kind: "pick-other" }
  | { readonly kind: "pick-file"; readonly purpose: FilePurpose }
  /** The numbers of modules that stand in the code. */
  | { readonly kind: "numbers"; readonly request: number; readonly paths: readonly string[] }
  /** What another number in that place would do, and to write it there. */
  | { readonly kind: "try-number"; readonly request: number; readonly place: NumberPlace; readonly text: string }
  | { readonly kind: "apply-number"; readonly trial: NumberTrial }
  /** A file that the page has made; the user says where to. */
  | { readonly kind: "save"; readonly name: string; readonly ending: "svg" | "png" | "npy"; readonly bytes: Uint8Array }
  | { readonly kind: "save-table"; readonly name: string; readonly format: TableFormat }
  /** Files that were dropped by their address, from VS Code's own Explorer, or that were offered. */
  | { readonly kind: "open-files"; readonly uris: readonly string[] }
  /** Asks for bytes of a file that was opened. */
  | {
      readonly kind: "read-part";
      readonly request: number;
      readonly file: number;
      readonly offset: number;
      readonly length: number;
    }
  /** An opened file is not needed any more. */
  | { readonly kind: "close-file"; readonly file: number }
  /** How a run ended; for the status item and for tests. */
  | {
      readonly kind: "ran";
      /** `asked`: the user has to say whether a checkpoint that does not give every weight will do. */
      readonly outcome: "done" | "failed" | "cancelled" | "asked";
      readonly output: readonly (readonly number[])[];
    };
