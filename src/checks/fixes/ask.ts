import type { Place } from "../../text/span.ts";

/** What an expression gives: a whole number, whole numbers with blanks between, or anything else. */
export type Worth = number | string | undefined;

/** What would these texts give, each time that the expression at a place is about to be evaluated? */
export interface Question {
  readonly anchor: Place;
  readonly texts: readonly string[];
  /** The place is reached while the model is built. */
  readonly building: boolean;
}

/** One list a time that the place was reached, with one worth a text. */
export type Heard = readonly (readonly Worth[])[];
