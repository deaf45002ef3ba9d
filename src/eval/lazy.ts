import type { Span } from "../text/span.ts";
import type { PassedArg, Value } from "./value.ts";

// An imported name that is merely handed on is read when someone looks at it. What holds it has a getter where a value
// would stand, so that whoever does not know of this sees a value.

/** An argument whose value is read when it is looked at. */
export function lazyArgument(read: () => Value, span: Span | undefined): PassedArg {
  let known: Value | undefined;
  return {
    get value() {
      known ??= read();
      return known;
    },
    span,
    later: { kind: "lazy", resolve: read },
  };
}

/** An entry of a dict whose value is read when it is looked at. */
export function lazyEntry(key: Value, read: () => Value): readonly [Value, Value] {
  let known: Value | undefined;
  const get = (): Value => {
    known ??= read();
    return known;
  };
  return Object.freeze(Object.defineProperty([key, key] as [Value, Value], 1, { get, enumerable: true }));
}
