import type { AssignStmt, Expr } from "../../core/core.ts";
import { t } from "../../text/text.ts";
import { attributeOf, callsIn, classAt, method } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { indentAt, lineBreak } from "./edits.ts";
import { type LayerCall, lastName, layerCall, pointwiseHelper } from "./layer-call.ts";
import { type Parts, projectionText } from "./projection-parts.ts";
import type { Spot } from "./spots.ts";
import { statementsIn } from "./statement.ts";

/** A layer of a block that is None where it is called, or is never made: a projection from what comes in to what goes out. */
export function fillNone(context: Context, spots: readonly Spot[], rank: number): readonly Candidate[] {
  return spots.slice(0, 1).flatMap((spot) => {
    const { place, module, source, fn, self } = spot;
    const cls = classAt(module, place.span);
    const init = cls === undefined ? undefined : method(cls, "__init__")?.value;
    if (cls === undefined || init === undefined || self === undefined) return [];
    const called = new Set(callsIn(fn.body).flatMap(({ callee }) => attributeOf(callee, self) ?? []));
    const empty = statementsIn(init.body)
      .filter(
        (stmt): stmt is AssignStmt =>
          stmt.kind === "assign" &&
          stmt.target.kind === "attribute" &&
          called.has(attributeOf(stmt.target, self) ?? ""),
      )
      .flatMap(({ value }) => (value === undefined ? [] : nonesIn(value)));
    const own = layersIn(context, spot, init.body);
    return empty.toReversed().flatMap((none, i) => {
      const parts = partsOf(context, spot, own);
      if (parts?.from === undefined || parts.to === undefined) return [];
      const text = projectionText(parts, parts.from, parts.to, indentAt(source, none.span.start), lineBreak(source));
      return [
        candidate(rank + i, t("Build a projection shortcut for {0}", cls.name), [
          { place: { file: place.file, span: none.span }, text },
        ]),
      ];
    });
  });
}

/** None itself, or on either way of a condition. */
function nonesIn(value: Expr): readonly Expr[] {
  if (value.kind === "conditional") return [...nonesIn(value.then), ...nonesIn(value.otherwise)];
  return value.kind === "constant" && value.value === "none" ? [value] : [];
}

function layersIn(context: Context, { module }: Spot, body: Parameters<typeof callsIn>[0]): readonly LayerCall[] {
  return callsIn(body).flatMap((call) => layerCall(context, module, call) ?? []);
}

/** What the block's own layers take, give and stride by, as its constructor writes it. */
function partsOf(context: Context, { module, source }: Spot, layers: readonly LayerCall[]): Parts | undefined {
  const text = (layer: LayerCall | undefined, parameter: string): string | undefined => {
    const value = layer?.argument(parameter)?.value;
    return value === undefined ? undefined : source.slice(value.span.start, value.span.end);
  };
  const convs = layers.filter((layer) => layer.argument("in_channels") !== undefined);
  const [first, last] = [convs[0], convs.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const norm = layers.findLast((layer) => layer.argument("num_features") !== undefined && !layer.helper);
  const strides = convs.flatMap((layer) => text(layer, "stride") ?? []).filter((stride) => !/^[\d(]/.test(stride));
  const { callee } = first.call;
  const features = text(norm, "num_features");
  return {
    from: text(first, "in_channels"),
    to: text(last, "out_channels"),
    stride: strides[0],
    prefix: callee.kind === "attribute" ? `${source.slice(callee.object.span.start, callee.object.span.end)}.` : "nn.",
    type: first.helper ? first.type : (lastName(callee) ?? first.type),
    bias: !convs.some(({ call }) => /bias\s*=\s*False/.test(source.slice(call.span.start, call.span.end))),
    norm:
      norm === undefined || features === undefined
        ? undefined
        : { text: source.slice(norm.call.span.start, norm.call.span.end), features },
    helper: pointwiseHelper(context, module, first.type),
  };
}
