import type { CallExpr } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { layerCall } from "./layer-call.ts";
import { argumentFor } from "./level.ts";
import { functionAt } from "./statement.ts";

/** Groups that do not divide the channels: the layer's groups, or the counts, as other calls of the function have them. */
export function repairGroups(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, message } = problem;
  if (place === undefined || !/divisible|groups/.test(message)) return [];
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  if (module === undefined || source === undefined) return [];
  return problem.frames
    .filter(({ own }) => own)
    .toReversed()
    .slice(0, 3)
    .flatMap((frame, depth) => {
      const here = context.input.module(frame.place.file);
      const text = context.input.source(frame.place.file);
      const call =
        here === undefined
          ? undefined
          : around(here, frame.place.span).findLast((node): node is CallExpr => node.kind === "call");
      const line = context.line(frame.place);
      if (here === undefined || text === undefined || call === undefined || line === undefined) return [];
      const layer = layerCall(context, here, call);
      const groups = layer?.argument("groups") ?? call.args.find(({ keyword }) => keyword === "groups");
      const name = layer?.nameOf("num_groups") !== undefined ? "num_groups" : "groups";
      const own = groups ?? argumentFor(call, context.input.parameters?.(layer?.type ?? "") ?? [], name);
      const written = (value: { readonly span: { readonly start: number; readonly end: number } }): string =>
        text.slice(value.span.start, value.span.end);
      const others = callsIn(functionAt(here, call.span)?.body ?? here.body).flatMap((other) => {
        const value = layerCall(context, here, other)?.argument(name)?.value;
        return value === undefined || other === call ? [] : [written(value)];
      });
      const found: Candidate[] = [];
      const counts = ["in_channels", "out_channels", "num_channels"].flatMap((one) => layer?.argument(one) ?? []);
      if (own !== undefined) {
        const inputs = counts.slice(0, 1).map(({ value }) => written(value));
        for (const [i, put] of [...new Set([...others, ...inputs, "1", "2", "4", "8", "32"])].entries())
          if (put !== written(own.value))
            found.push(
              candidate(2 + i + depth, t("Set {0} to {1} (line {2})", name, put, line), [
                { place: { file: frame.place.file, span: own.value.span }, text: put },
              ]),
            );
      }
      const [first, second] = counts;
      for (const [one, other] of [
        [first, second],
        [second, first],
      ])
        if (one !== undefined && other !== undefined && written(one.value) !== written(other.value))
          found.push(
            candidate(4 + depth, t("Set {0} to {1} (line {2})", written(one.value), written(other.value), line), [
              { place: { file: frame.place.file, span: one.value.span }, text: written(other.value) },
            ]),
          );
      return found;
    });
}
