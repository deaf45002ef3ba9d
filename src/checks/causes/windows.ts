import type { GraphNode, ResidualAdd } from "../../graph/graph.ts";
import { asList, wholeOf } from "../../ops/args.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import type { Context, Run } from "../context.ts";
import type { Cause } from "./cause.ts";
import { argumentPlace, layerPlace, lengthOf } from "./maker.ts";

/** A window along one axis, in elements. */
interface Window {
  readonly node: GraphNode;
  readonly kernel: number;
  readonly padding: number;
  /** By how much it makes a length longer than a stride alone would: below 0 it takes off. */
  readonly excess: number;
  readonly isFloored: boolean;
}

/**
 * The branches stride alike and their windows pad unalike: the window that takes off too much of the shorter branch, else
 * the one that adds to the longer.
 */
export function windowCause(context: Context, run: Run, add: ResidualAdd, axes: readonly number[]): Cause | undefined {
  const axis = axes.find((one) => 2 <= one);
  const [main, shortcut] = [add.main, add.shortcut].map((at) => lengthAt(run, add, at, axis ?? 2));
  if (axis === undefined || main === undefined || shortcut === undefined || main === shortcut) return undefined;
  const all = [add.mainNodes, add.shortcutNodes].map((ids) =>
    ids.flatMap((id) => windowOf(run, run.graph.nodes[id], axis - 2) ?? []),
  );
  const [short = [], long = []] = main < shortcut ? all : all.toReversed();
  const less = worst(short, -1);
  const more = worst(long, 1);
  const found = less ?? more;
  if (found === undefined) return undefined;
  const { node, kernel, padding, excess, isFloored } = found;
  const layer = layerPlace(run, node);
  const place = (layer && argumentPlace(context, layer, "padding", node.op === "conv" ? 4 : 2)) ?? layer;
  if (place === undefined) return undefined;
  const branch = (less === undefined) === main < shortcut ? t("the shortcut") : t("the main branch");
  const size =
    excess < 0
      ? t("a kernel of {0} with a padding of {1} takes off {2}", kernel, padding, -excess)
      : t("a kernel of {0} with a padding of {1} adds {2}", kernel, padding, excess);
  return {
    kind: "other",
    place,
    note: isFloored ? t("rounds down where the other branch rounds up") : size,
    clause: (line, where) => {
      const what = where === "" ? branch : where;
      if (isFloored) return t("line {0} rounds {1} down", line, what);
      return excess < 0 ? t("line {0} pads {1} too little", line, what) : t("line {0} pads {1} too much", line, what);
    },
  };
}

/** The window that is furthest off on one side. */
function worst(windows: readonly Window[], side: 1 | -1): Window | undefined {
  return windows.filter(({ excess }) => 0 < excess * side).toSorted((a, b) => (b.excess - a.excess) * side)[0];
}

function windowOf(run: Run, node: GraphNode | undefined, axis: number): Window | undefined {
  if (node === undefined || !WINDOWS.has(node.op)) return undefined;
  const kernel = kernelOf(run, node, axis);
  const stride = wholeOf(itemOf(node.args.stride ?? node.args.kernel, axis)) ?? 1;
  const dilation = wholeOf(itemOf(node.args.dilation, axis)) ?? 1;
  const given = itemOf(node.args.padding, axis);
  const sides = asList(given)?.map(wholeOf) ?? [wholeOf(given) ?? 0, wholeOf(given) ?? 0];
  const [low, high] = sides;
  if (kernel === undefined || low === undefined || high === undefined) return undefined;
  const excess = low + high - dilation * (kernel - 1);
  // Windows side by side take nothing off but what is left over.
  const isTiled = kernel === stride && low + high === 0 && dilation === 1;
  const isFloored = isTiled && 1 < stride && node.args.ceil_mode !== true;
  return { node, kernel, padding: low, excess: isFloored ? -1 : isTiled ? 0 : excess, isFloored };
}

const WINDOWS: ReadonlySet<string> = new Set(["conv", "max_pool", "avg_pool"]);

function kernelOf(run: Run, node: GraphNode, axis: number): number | undefined {
  if (node.op !== "conv") return wholeOf(itemOf(node.args.kernel, axis));
  const weight = node.inputs[1];
  const shape = weight === undefined ? undefined : run.graph.nodes[weight.node]?.outputs[weight.output]?.shape;
  const size = shape?.[axis + 2]?.size;
  return typeof size === "number" ? size : undefined;
}

/** An argument's item for one spatial axis: it is given once for all, or once an axis. */
function itemOf(arg: Arg | undefined, axis: number): Arg | undefined {
  const items = asList(arg);
  return items === undefined ? arg : (items[axis] ?? items[0]);
}

function lengthAt(run: Run, add: ResidualAdd, operand: 0 | 1, axis: number): number | undefined {
  const ref = run.graph.nodes[add.node]?.inputs[operand];
  const dim = ref === undefined ? undefined : run.graph.nodes[ref.node]?.outputs[ref.output]?.shape?.[axis];
  const length = Number(lengthOf(dim));
  return Number.isNaN(length) ? undefined : length;
}
