import { type Interp, ownPlace, type Repair } from "../eval/interp.ts";
import { t } from "../text/text.ts";

/** Names that the framework suggests for a name that exists nowhere: an import, a usual helper. */
export function missingNameRepairs(interp: Interp, name: string): readonly Repair[] {
  const place = ownPlace(interp);
  const suggestion = interp.suggest(interp, name);
  if (place === undefined || suggestion === undefined) return [];
  const top = { file: place.file, span: { start: suggestion.offset, end: suggestion.offset } };
  return [
    {
      title: suggestion.define ? t("Define {0}", name) : t("Add {0}", suggestion.text.trim()),
      edits: [{ place: top, text: suggestion.text }],
      value: suggestion.value,
    },
  ];
}
