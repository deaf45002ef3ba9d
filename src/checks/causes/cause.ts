import type { Place } from "../../text/span.ts";
import type { LineNumber, Text } from "../../text/text.ts";
import type { Related } from "../diagnostic.ts";

/** Why the branches of a residual add differ. */
export interface Cause {
  /** `stride`: an argument at `place` strides a block that has no projection. */
  readonly kind: "stride" | "other";
  readonly place: Place;
  /** What is told of it at the place. */
  readonly note: Text;
  /** A clause of the message: `where` are the instances. */
  readonly clause: (line: LineNumber, where: Text | string) => Text;
  /** Other places that explain it. */
  readonly also?: readonly Related[];
}
