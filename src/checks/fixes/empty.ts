import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import { candidate, type Proposal } from "./candidate.ts";
import { shapeOf } from "./flow.ts";
import { resize } from "./sizes.ts";
import { windowOf } from "./window.ts";

/** A window that does not fit: a layer before that shrinks too much, or the window itself; a mean over all where it is one. */
export function fitWindow(context: Context, { node, run }: Fault): readonly Proposal[] {
  const one = windowOf(run, node.id);
  if (one === undefined) return [];
  const input = node.inputs[0];
  const least = one.kernel.map((k, i) => (k - 1) * (one.dilation[i] ?? 1) + 1 - 2 * (one.padding[i] ?? 0));
  const fits = (sizes: readonly number[]): boolean => sizes.every((size, i) => (least[i] ?? 1) <= size);
  // What the window was meant for: exactly its own length where it is to leave one number.
  const exact = resize(context, run, input, (sizes) => sizes.every((size, i) => size === least[i]), 4);
  const enough = resize(context, run, input, fits, 12);
  return [...exact, ...enough, ...averaged(context, run, node, one.kernel.length)];
}

function averaged(context: Context, run: Fault["run"], node: Fault["node"], axes: number): readonly Proposal[] {
  const { spelling } = context.input;
  const info = run.modules.get(node.path);
  const place = info?.builtin === true ? info.built?.at(-1) : undefined;
  const source = place === undefined ? undefined : context.input.source(place.file);
  if (node.op !== "avg_pool" || spelling === undefined || place === undefined || source === undefined) return [];
  if ((shapeOf(run, node.inputs[0])?.length ?? 0) !== axes + 2) return [];
  const text = source.slice(place.span.start, place.span.end);
  const prefix = /^([\w.]+\.)?\w+\(/.exec(text)?.[1] ?? "";
  return [
    candidate(8, t("Average over whatever comes: {0}", spelling.averaging(axes)), [
      { place, text: `${prefix}${spelling.averaging(axes)}` },
    ]),
  ];
}
