import type { Text } from "../text/text.ts";
import type { Changes } from "./compare.ts";

/** A number in a document, as the protocol counts: 0-based lines and UTF-16 columns. */
export interface NumberPlace {
  readonly uri: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A number of a node: where it can be edited, or why it cannot. */
export interface NodeNumber {
  /** PyTorch's name of the argument, or `blocks`. */
  readonly name: string;
  /** Instance path of the module that it belongs to. */
  readonly path: string;
  readonly value: number;
  readonly place?: NumberPlace;
  readonly reason?: Text;
}

/** What an edit of one number would do, from an analysis of the edited text. */
export interface NumberTrial {
  readonly place: NumberPlace;
  /** What is written there now, and what would be. */
  readonly old: string;
  readonly text: string;
  /** The line of source now and then. */
  readonly before: string;
  readonly after: string;
  /** The root's expression then. */
  readonly model: string;
  readonly changes: Changes;
  /** Mistakes that would be new, and those that would be gone. */
  readonly broken: readonly Text[];
  readonly mended: readonly Text[];
}

export type TrialAnswer =
  | { readonly kind: "ok"; readonly trial: NumberTrial }
  | { readonly kind: "none"; readonly reason: Text };
