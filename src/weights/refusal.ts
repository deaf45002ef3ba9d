import type { Text } from "../text/text.ts";

/** A file that is not read, and why. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: Text;
}

export function refused(reason: Text): Refused {
  return { kind: "refused", reason };
}
