import type { Expr } from "../../core/core.ts";
import type { GraphNode } from "../../graph/graph.ts";
import { t } from "../../text/text.ts";
import type { Context, Run } from "../context.ts";
import type { Edit } from "../diagnostic.ts";
import type { Worth } from "./ask.ts";
import type { Hole } from "./candidate.ts";
import { expressionsAt, likeTexts } from "./expressions.ts";
import { type Level, levelsOf, setArgument, textOf } from "./level.ts";

/** What a layer's argument is to be. */
export interface Change {
  readonly path: string;
  readonly parameter: string;
  /** The operator, where it may be a function's call and no layer's. */
  readonly node?: GraphNode;
  /** What it is, where that is known. */
  readonly from: Worth;
  readonly to: Worth;
  readonly rank: number;
  /** Texts that are likelier than others. */
  readonly first?: readonly string[];
  /** Further edits that belong to the same mistake, by the level and the text. */
  readonly also?: (level: Level, text: string) => readonly Edit[];
  /** What further instances of the same mistake need. */
  readonly more?: Hole["wanted"];
  /** What is written where nothing in scope gives the number. */
  readonly plain?: string;
}

/** The places at which a layer's argument can be set right, the layer's own call first. */
export function setNumber(context: Context, run: Run, change: Change): readonly Hole[] {
  const { path, parameter, from, to, rank, also } = change;
  const levels = levelsOf(context, run, path, parameter, change.node);
  return levels.map((level, depth): Hole => {
    const { argument } = level;
    const current = argument === undefined ? undefined : textOf(level, argument.value);
    const isPlain = current === undefined ? level.call.args.every(isPlainNumber) : /^\d+$/.test(current);
    const texts = [
      ...(change.first ?? []),
      ...(COUNTS.has(parameter) ? expressionsAt(level) : likeTexts(context, level, parameter)),
    ];
    const line = context.line(level.place);
    return {
      question: { anchor: level.place, building: change.node === undefined || run.modules.get(path)?.builtin === true },
      current: current ?? written(from),
      texts: [...new Set(texts)],
      wanted: [{ from, to }, ...(change.more ?? [])],
      // What is handed through is set where it comes from.
      plain:
        !isPlain && (0 < depth || depth + 1 < levels.length || isKept(argument?.value, parameter))
          ? undefined
          : (change.plain ?? written(to)),
      plainFirst: isPlain,
      make: (text) => ({
        title:
          line === undefined
            ? t("Set {0} to {1}", level.name, text)
            : argument === undefined || text === level.name
              ? t("Pass {0}={1} (line {2})", level.name, text, line)
              : t("Set {0} to {1} (line {2})", level.name, text, line),
        edits: [setArgument(level, text), ...(also?.(level, text) ?? [])],
      }),
      rank: rank + depth * OUTWARD,
    };
  });
}

/** Arguments that count channels or features: made of others of the model. The rest are small numbers of their own. */
const COUNTS: ReadonlySet<string> = new Set([
  "in_channels",
  "out_channels",
  "in_features",
  "out_features",
  "num_features",
  "num_channels",
  "normalized_shape",
  "input_size",
]);

/** Whether a small number is one that the object was given: written anew here it would hold for all of its class. */
function isKept(value: Expr | undefined, parameter: string): boolean {
  return !COUNTS.has(parameter) && value?.kind === "attribute" && value.object.kind === "name";
}

/** What each call further outward costs. */
const OUTWARD = 4;

function isPlainNumber({ value }: Level["call"]["args"][number]): boolean {
  return value.kind === "number" || value.kind === "constant";
}

/** As Python writes it. */
function written(worth: Worth): string | undefined {
  return typeof worth === "string"
    ? `(${worth.split(" ").join(", ")})`
    : worth === undefined
      ? undefined
      : String(worth);
}
