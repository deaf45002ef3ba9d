import type { Expr, Stmt } from "../../core/core.ts";
import type { ResidualAdd } from "../../graph/graph.ts";
import type { Dim, Origin } from "../../shape/dim.ts";
import type { Place } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, callAt, within } from "../code.ts";
import type { Context, Run } from "../context.ts";
import type { Related } from "../diagnostic.ts";
import type { Cause } from "./cause.ts";
import { argumentPlace, layerPlace, lengthOf, type Maker, makerOf } from "./maker.ts";

/** A block that changes the number of channels and was built without a projection. */
export function withoutProjection(context: Context, run: Run, add: ResidualAdd): Cause | undefined {
  const built = run.modules.get(add.path)?.place;
  if (built === undefined || add.path === "") return undefined;
  const test = conditionOf(context, built);
  return {
    kind: "other",
    place: built,
    note: t("builds a block that changes the shape and has no projection"),
    clause: (line, where) => t("line {0} gives {1} no projection", line, where),
    also: test === undefined ? [] : [{ place: test, message: t("this condition does not hold for it") }],
  };
}

/** The condition under which a name that the call passes is given something. */
function conditionOf(context: Context, place: Place): Place | undefined {
  const module = context.input.module(place.file);
  const call = module === undefined ? undefined : callAt(module, place.span);
  const scope =
    module === undefined ? undefined : around(module, place.span).findLast((node) => node.kind === "function");
  if (call === undefined || scope?.kind !== "function") return undefined;
  const names = new Set(call.args.flatMap(({ value }) => (value.kind === "name" ? [value.name] : [])));
  const test = testOf(scope.body, names, place);
  return test === undefined ? undefined : { file: place.file, span: test.span };
}

function testOf(body: readonly Stmt[], names: ReadonlySet<string>, before: Place): Expr | undefined {
  for (const stmt of body) {
    if (stmt.kind !== "if" || within(before.span, stmt.span)) continue;
    const sets = stmt.then.some(
      (one) => one.kind === "assign" && one.target.kind === "name" && names.has(one.target.name),
    );
    if (sets) return stmt.test;
  }
  return undefined;
}

/** The projection, or the padding, that makes another number of channels than the main branch has. */
export function projectionCause(context: Context, run: Run, add: ResidualAdd): Cause | undefined {
  const inputs = run.graph.nodes[add.node]?.inputs ?? [];
  const shortcut = makerOf(run, inputs[add.shortcut], 1);
  if (shortcut === undefined || !add.shortcutNodes.includes(shortcut.node.id)) return undefined;
  const main = makerOf(run, inputs[add.main], 1);
  const declared = argumentOf(context, run, shortcut);
  if (declared === undefined) return undefined;
  const channels = lengthOf(shortcut.dim);
  const set = main === undefined ? undefined : argumentOf(context, run, main);
  const also: readonly Related[] =
    set === undefined
      ? []
      : [
          {
            place: set,
            message: t("the main branch's {0} channels are set here", lengthOf(main?.dim)),
          },
        ];
  const factor = main === undefined ? undefined : missingFactor(main.dim, shortcut.dim);
  return {
    kind: "other",
    place: declared,
    note:
      factor === undefined
        ? t("makes {0} channels, the main branch has {1}", channels, lengthOf(main?.dim))
        : t("makes {0} channels, without the factor {1} that the main branch has", channels, factor),
    clause: (line, where) =>
      where === ""
        ? t("line {0} makes {1} channels", line, channels)
        : add.kind === "projection"
          ? t("line {0} projects {1}", line, where)
          : t("line {0} pads {1}", line, where),
    also,
  };
}

/** Where a layer's own number of channels stands; the layer if that is not to be seen. */
function argumentOf(context: Context, run: Run, { node }: Maker): Place | undefined {
  const layer = layerPlace(run, node);
  return layer === undefined ? undefined : (argumentPlace(context, layer, "out_channels", 1) ?? layer);
}

/** By what the other number is multiplied, if it is a product of this one: `planes` beside `planes * expansion`. */
function missingFactor(whole: Dim, part: Dim): number | undefined {
  const [of, by] = [whole.size, part.size];
  if (typeof of !== "number" || typeof by !== "number" || by < 1 || of % by !== 0 || of === by) return undefined;
  return isProduct(whole.origin, 0) ? of / by : undefined;
}

/** Arguments that pass a number on, at most. */
const MAX_DEPTH = 16;

function isProduct(origin: Origin | undefined, depth: number): boolean {
  if (origin === undefined || MAX_DEPTH < depth) return false;
  if (origin.kind === "computed") return origin.label === "*";
  return origin.from.some((one) => isProduct(one, depth + 1));
}
