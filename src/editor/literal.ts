import type { Dim, Origin } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";

/** The one number in the source that a size is, or why there is none. */
export type Literal =
  | { readonly kind: "literal"; readonly place: Place }
  | { readonly kind: "none"; readonly reason: Text };

/** What a size is written as. `source`: the text at a place. */
function literalOf(dim: Dim, source: (place: Place) => string | undefined): Literal {
  let at: Origin | undefined = dim.origin;
  if (at === undefined) return none(t("no number in the code gives it"));
  while (at.kind === "argument" || (at.kind === "operator" && at.from.length === 1)) {
    const [from]: readonly Origin[] = at.from;
    if (from === undefined) return none(t("where it comes from is not known"));
    at = from;
  }
  if (at.kind === "input") return none(t("it comes from the input's size"));
  if (at.kind !== "literal") {
    const text = at.place === undefined ? undefined : source(at.place);
    return none(text === undefined ? t("it is computed from several numbers") : t("it is computed: {0}", text));
  }
  const { place } = at;
  const text = place === undefined ? undefined : source(place);
  // `True` is a number too, and a tuple's literal may stand for several.
  if (place === undefined || text === undefined || !/^\d+$/.test(text)) return none(t("it is not written as a number"));
  if (Number(text) !== dim.size) return none(t("it is computed from {0}", text));
  return { kind: "literal", place };
}

/** One literal that stands for all of several sizes, as a stride does for both axes. */
export function sharedLiteral(dims: readonly Dim[], source: (place: Place) => string | undefined): Literal {
  const [first, ...others] = dims.map((dim) => literalOf(dim, source));
  if (first === undefined) return none(t("no number in the code gives it"));
  if (first.kind === "none") return first;
  for (const other of others) {
    if (other.kind === "none") return other;
    const { file, span } = other.place;
    if (file !== first.place.file || span.start !== first.place.span.start)
      return none(t("it is written as several numbers"));
  }
  return first;
}

function none(reason: Text): Literal {
  return { kind: "none", reason };
}
