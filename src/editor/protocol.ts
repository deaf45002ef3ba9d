import type { Program } from "../graph/program.ts";
import type { Text } from "../text/text.ts";
import type { Choice } from "./choice.ts";
import type { Severities } from "./diagnostics.ts";
import type { HintMode } from "./inlay-hints.ts";
import type { TableFormat } from "./layer-table.ts";
import type { LinesEdit } from "./root-comment.ts";
import type { StatusItem } from "./status-item.ts";

/**
 * What the client may ask of the server beside the language-server protocol. Methods are `resnetLens/` and the name;
 * `uri` is the document's, as the client writes it.
 */
export const METHODS = {
  status: "resnetLens/status",
  roots: "resnetLens/roots",
  setRoot: "resnetLens/setRoot",
  setInput: "resnetLens/setInput",
  preview: "resnetLens/preview",
  program: "resnetLens/program",
  table: "resnetLens/table",
  numbers: "resnetLens/numbers",
  tryNumber: "resnetLens/tryNumber",
  mismatch: "resnetLens/mismatch",
  comment: "resnetLens/comment",
  analyze: "resnetLens/analyze",
  /** From the server: the shapes of a document are new. */
  changed: "resnetLens/changed",
  /** From the client: files that a server without a file system may read. */
  files: "resnetLens/files",
  /** From the client: the Python environment that is chosen for the workspace. */
  environment: "resnetLens/environment",
} as const;

export interface DocumentParams {
  readonly uri: string;
}

/** Answer of `status`: null for a document that is not analyzed. */
export type StatusAnswer = StatusItem | null;

/** Answer of `roots`. */
export interface RootsAnswer {
  readonly roots: readonly RootChoice[];
  /** Other inputs to offer for the shown root, as a person types them. */
  readonly inputs: readonly string[];
  readonly choice: Choice;
}

export interface RootChoice {
  readonly model: string;
  readonly kind: "comment" | "call" | "factory" | "class" | "given";
  /** As the status item shows it, and whether it is only an example; undefined until it was analyzed. */
  readonly input?: string;
  readonly example?: boolean;
  readonly shown: boolean;
}

/** Parameters of `setRoot`: any expression; null goes back to what the code says, for the inputs too. */
export interface SetRootParams extends DocumentParams {
  readonly model: string | null;
}

/** Parameters of `setInput` for the shown root or `model`: inputs as the command line writes them; null: as the code says. */
export interface SetInputParams extends DocumentParams {
  readonly model?: string;
  readonly inputs: readonly string[] | null;
}

/** Answer of `setRoot` and `setInput`: what is wrong with the text, in the user's language, or what is chosen now. */
export type ChoiceAnswer =
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "ok"; readonly choice: Choice };

/** Answer of `comment`: the edit that writes the shown root and its input into the file, in whole lines. */
export interface CommentAnswer extends LinesEdit {
  readonly uri: string;
}

export interface PreviewParams extends DocumentParams {
  readonly model?: string;
}

/** Answer of `preview`. `View` is the preview's own type, which this layer does not know. */
export type PreviewAnswer<View> =
  | { readonly kind: "ok"; readonly view: View; readonly uri: string; readonly model: string }
  | { readonly kind: "none"; readonly reason: Text };

/** Answer of `program`: what the runtime executes. */
export type ProgramAnswer =
  /** `key`: the view's, of the same state of the source. */
  | { readonly kind: "ok"; readonly program: Program; readonly key: string }
  | { readonly kind: "none"; readonly reason: Text };

/** Parameters of `table`, which answers with the layer table as a file's text; null where there is none. */
export interface TableParams extends PreviewParams {
  readonly format: TableFormat;
}

/** Parameters of `numbers`: instance paths of modules whose numbers are wanted. */
export interface NumbersParams extends PreviewParams {
  readonly paths: readonly string[];
}

/** Parameters of `tryNumber`: what is to be written in the place of a number. */
export interface TryNumberParams extends PreviewParams {
  readonly place: { readonly uri: string; readonly line: number; readonly start: number; readonly end: number };
  readonly text: string;
}

/** Answer of `mismatch`: where the first shortcut of a root that does not fit stands. */
export interface Position {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** Notification `files`: contents by uri; null where the file is gone. */
export interface FilesParams {
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}

/** Notification `environment`: uris of the environment's folders; none where no tool knows it. */
export interface EnvironmentParams {
  readonly folders: readonly string[];
}

/** The user's settings under `resnetLens`. */
export interface Settings {
  readonly enabled: boolean;
  readonly inlayHints: HintMode;
  readonly codeLens: boolean;
  readonly showGaps: boolean;
  readonly severity: Severities;
}

export const DEFAULT_SETTINGS: Settings = {
  enabled: true,
  inlayHints: "changes",
  codeLens: true,
  showGaps: false,
  severity: {},
};

/** What a client may send along with `initialize`. */
export interface InitializationOptions {
  /** Translations by English template. */
  readonly table?: Readonly<Record<string, string>>;
  /** The client knows our commands, so cards may link to them. */
  readonly commands?: boolean;
  readonly settings?: Partial<Settings>;
  /** Uri of the folder that holds a page for each diagnostic code. */
  readonly rulePages?: string;
  /** What the user chose before, by document uri. */
  readonly choices?: Readonly<Record<string, Choice>>;
}

/** The commands that a card may run; the client trusts these and no others. */
export const CARD_COMMANDS = ["resnetLens.changeInput", "resnetLens.preview"] as const;
