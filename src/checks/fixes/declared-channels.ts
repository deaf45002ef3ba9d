import { t } from "../../text/text.ts";
import { callAt } from "../code.ts";
import { type Context, placeKey } from "../context.ts";
import type { Fix } from "../diagnostic.ts";
import type { Fault } from "../faults.ts";

/**
 * The layer declares the count that comes in, as a number. Only where the layer's own call is what builds this instance
 * and no other.
 */
export function declareWhatComesIn(context: Context, { node, run, refusal }: Fault): readonly Fix[] {
  const place = run.modules.get(node.path)?.place;
  const found = refusal.found?.size;
  if (place === undefined || typeof found !== "number" || refusal.argument === undefined) return [];
  if (!DECLARED.has(refusal.argument)) return [];
  const built = [...run.modules.values()].filter((module) => placeKey(module.place) === placeKey(place));
  const module = context.input.module(place.file);
  const call = module === undefined ? undefined : callAt(module, place.span);
  if (built.length !== 1 || call === undefined) return [];
  const argument = call.args.find(({ keyword }) => keyword === refusal.argument) ?? call.args[0];
  if (argument === undefined || argument.star !== undefined) return [];
  if (argument.keyword !== undefined && argument.keyword !== refusal.argument) return [];
  const line = context.line(place);
  const title =
    line === undefined
      ? t("Set {0} to {1}", refusal.argument, found)
      : t("Set {0} to {1} (line {2})", refusal.argument, found, line);
  const edit = { place: { file: place.file, span: argument.value.span }, text: String(found) };
  return [{ title, edits: [edit], preferred: false, safe: false }];
}

/** What a layer with weights declares first. */
const DECLARED: ReadonlySet<string> = new Set(["in_channels", "in_features", "num_features"]);
