import type { Place } from "../text/span.ts";
import type { Text } from "../text/text.ts";

/** Every code, in the order of the documentation. */
export const CODES = [
  "shortcut-mismatch",
  "shortcut-size-dependent",
  "shortcut-broadcast",
  "channel-mismatch",
  "shape-mismatch",
  "size-dependent",
  "output-empty",
  "bad-argument",
  "python-error",
  "layer-not-called",
  "layer-unused",
  "unused-ignore",
  "gap",
] as const;
export type Code = (typeof CODES)[number];
export type Severity = "error" | "warning" | "info" | "hint";

export interface Edit {
  readonly place: Place;
  readonly text: string;
}

export interface Fix {
  readonly title: Text;
  readonly edits: readonly Edit[];
  /** The only sensible one, and it keeps the numbers. */
  readonly preferred: boolean;
  /** May be part of "fix all". */
  readonly safe: boolean;
  /** Found by trying what often is wrong: offered only where nothing was found that says why. */
  readonly guess?: boolean;
}

export interface Related {
  readonly place: Place;
  readonly message: Text;
}

/** A mistake, once, with all the instances and roots it happens in. */
export interface Diagnostic {
  readonly place: Place;
  readonly severity: Severity;
  readonly code: Code;
  /** One sentence that stands alone, at most 120 characters. */
  readonly message: Text;
  /** Root expressions, the first one first. */
  readonly roots: readonly string[];
  readonly instances: readonly string[];
  readonly related: readonly Related[];
  /** Proven ones, best first. */
  readonly fixes: readonly Fix[];
  /** What may be a fix, likeliest first and still to be proven; made when asked for. */
  readonly propose?: () => readonly Fix[];
  /** The framework's own words for the same fault. */
  readonly original?: string;
  /** For a shortcut: the two shapes and a small picture, for the hover. Node of the add in the root's concrete graph. */
  readonly residual?: { readonly node: number; readonly root: string };
  readonly unnecessary?: true;
}
