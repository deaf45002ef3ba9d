import type { GraphNode, ModuleInfo, ResidualAdd } from "../../graph/graph.ts";
import { asList, wholeOf } from "../../ops/args.ts";
import type { Dim, TensorType } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import type { Context, Run } from "../context.ts";
import { passedAt, placed } from "../origins.ts";
import type { Cause } from "./cause.ts";
import { projectionCause, withoutProjection } from "./channels.ts";
import { argumentPlace, layerPlace, lengthOf, makerOf } from "./maker.ts";
import { windowCause } from "./windows.ts";

/** Why the branches of a residual add differ along these axes; undefined where nothing in the code stands out. */
export function shortcutCause(
  context: Context,
  run: Run,
  add: ResidualAdd,
  types: readonly (TensorType | undefined)[],
  axes: readonly number[],
): Cause | undefined {
  const spatial = axes.some((axis) => 2 <= axis);
  const channels = axes.includes(1);
  const uncalled = uncalledCause(run, add);
  if (uncalled !== undefined) return uncalled;
  const turned = turnedCause(run, add, types);
  if (turned !== undefined) return turned;
  if (spatial && !(channels && add.kind === "identity")) {
    return strideCause(context, run, add) ?? windowCause(context, run, add, axes) ?? resizedCause(run, add);
  }
  return (
    (add.kind === "identity" ? withoutProjection(context, run, add) : projectionCause(context, run, add)) ??
    madeCause(run, add)
  );
}

/** A projection that the block builds and does not call. */
function uncalledCause(run: Run, add: ResidualAdd): Cause | undefined {
  if (add.kind === "projection" || add.path === "") return undefined;
  const block = run.modules.get(add.path);
  const idle = block?.children
    .map((path) => run.modules.get(path))
    .find((child) => child !== undefined && 0 < (child.params ?? 0) && isIdle(run, child));
  if (idle?.place === undefined) return undefined;
  const name = idle.path.slice(add.path.length + 1);
  return {
    kind: "other",
    place: idle.place,
    note: t("built for a block that never calls it"),
    clause: (_line, where) => t("{0} of {1} is not called", name, where),
  };
}

function isIdle(run: Run, module: ModuleInfo): boolean {
  if (module.calls.length !== 0) return false;
  return module.children.every((path) => {
    const child = run.modules.get(path);
    return child === undefined || isIdle(run, child);
  });
}

/** One branch has the other's lengths in another order. */
function turnedCause(run: Run, add: ResidualAdd, types: readonly (TensorType | undefined)[]): Cause | undefined {
  const [a, b] = types.map((type) => type?.shape?.map(lengthOf));
  if (a === undefined || b === undefined || a.length !== b.length || a.includes("?")) return undefined;
  if (`${a}` === `${b}` || `${a.toSorted()}` !== `${b.toSorted()}`) return undefined;
  const turns = (ids: readonly number[]): readonly GraphNode[] =>
    ids.flatMap((id) => run.graph.nodes[id] ?? []).filter(({ op }) => op === "permute" || op === "transpose");
  const last = turns(add.mainNodes).at(-1) ?? turns(add.shortcutNodes).at(-1);
  if (last?.place === undefined) return undefined;
  return {
    kind: "other",
    place: last.place,
    note: t("reorders the axes of one branch only"),
    clause: (line, where) =>
      where === "" ? t("line {0} reorders axes", line) : t("line {0} reorders axes in {1}", line, where),
  };
}

/** The argument, at the call that builds the block, of a stride that only one of the branches has. */
function strideCause(context: Context, run: Run, add: ResidualAdd): Cause | undefined {
  const [main, shortcut] = [total(add.mainStride), total(add.shortcutStride)];
  if (main === undefined || shortcut === undefined || main === shortcut) return undefined;
  const onMain = shortcut < main;
  const stride = strideOf(run, onMain ? add.mainNodes : add.shortcutNodes);
  if (stride === undefined) return undefined;
  const origin = passedAt(stride.dim, run.modules.get(add.path)?.place) ?? placed(stride.dim)[0];
  const place = origin?.place ?? run.modules.get(stride.node.path)?.place ?? stride.node.place;
  if (place === undefined) return undefined;
  const isBare = onMain && add.kind !== "projection";
  const note = onMain
    ? isBare && add.kind === "identity"
      ? t("strides a block that has no projection")
      : t("strides the main branch and not the shortcut")
    : t("strides the shortcut and not the main branch");
  const strided: Cause = {
    kind: "stride",
    place,
    note,
    clause: (line, where) => (where === "" ? t("line {0} strides it", line) : t("line {0} strides {1}", line, where)),
  };
  return onMain && !isBare ? (unstridedCause(context, run, add, strided) ?? strided) : strided;
}

/** A projection that lacks the main branch's stride: it is what has to change. */
function unstridedCause(context: Context, run: Run, add: ResidualAdd, strided: Cause): Cause | undefined {
  const conv = add.shortcutNodes.map((id) => run.graph.nodes[id]).find((node) => node?.op === "conv");
  const module = conv === undefined ? undefined : run.modules.get(conv.path);
  if (conv === undefined || module?.place === undefined) return undefined;
  const own = argumentPlace(context, module.place, "stride", 3) ?? module.place;
  return {
    kind: "stride",
    place: strided.place,
    note: strided.note,
    clause: (line, where) =>
      where === "" ? t("line {0} strides main only", line) : t("line {0} strides only main of {1}", line, where),
    also: [{ place: own, message: t("projects without the main branch's stride") }],
  };
}

/** The layer that changes the lengths in another way than by a window: an interpolation, a slice. */
function resizedCause(run: Run, add: ResidualAdd): Cause | undefined {
  for (const id of [...add.mainNodes, ...add.shortcutNodes].toReversed()) {
    const node = run.graph.nodes[id];
    const before = node?.inputs[0];
    const from = before === undefined ? undefined : run.graph.nodes[before.node]?.outputs[before.output]?.shape;
    const to = node?.outputs[0]?.shape;
    if (node === undefined || from === undefined || to === undefined || from.length !== to.length) continue;
    if (!to.some((dim, axis) => 2 <= axis && lengthOf(dim) !== lengthOf(from[axis]))) continue;
    const place = layerPlace(run, node);
    if (place === undefined) return undefined;
    const [was, is] = [from, to].map((shape) => shape.slice(2).map(lengthOf).join("×"));
    return {
      kind: "other",
      place,
      note: t("makes {0} of {1} on one branch only", is ?? "?", was ?? "?"),
      clause: (line, where) =>
        where === ""
          ? t("line {0} makes {1} of {2}", line, is ?? "?", was ?? "?")
          : t("line {0} resizes {1}", line, where),
    };
  }
  return undefined;
}

/** Who made the channels of the one branch, and of the other. */
function madeCause(run: Run, add: ResidualAdd): Cause | undefined {
  const inputs = run.graph.nodes[add.node]?.inputs ?? [];
  const [main, shortcut] = [add.main, add.shortcut].map((at) => makerOf(run, inputs[at], 1));
  if (main?.place === undefined) return undefined;
  const others = shortcut?.place === undefined ? [] : [shortcut.place];
  return {
    kind: "other",
    place: main.place,
    note: t("makes the main branch's {0} channels", lengthOf(main.dim)),
    clause: (line, where) =>
      where === ""
        ? t("line {0} makes {1} channels", line, lengthOf(main.dim))
        : t("line {0} makes {1} channels in {2}", line, lengthOf(main.dim), where),
    also: others.map((place) => ({ place, message: t("makes the shortcut's {0} channels", lengthOf(shortcut?.dim)) })),
  };
}

function strideOf(run: Run, ids: readonly number[]): { readonly dim: Dim; readonly node: GraphNode } | undefined {
  for (const id of ids) {
    const node = run.graph.nodes[id];
    const dim =
      node === undefined
        ? undefined
        : dimsOf(node.args.stride ?? node.args.steps).find((one) => 1 < (wholeOf(one) ?? 0));
    if (node !== undefined && dim !== undefined) return { dim, node };
  }
  return undefined;
}

/** The numbers of an argument that is given once, or once an axis. */
function dimsOf(arg: GraphNode["args"][string] | undefined): readonly Dim[] {
  const items = asList(arg) ?? (arg === undefined ? [] : [arg]);
  return items.filter((item): item is Dim => typeof item === "object" && item !== null && "size" in item);
}

function total(strides: readonly number[] | undefined): number | undefined {
  return strides?.reduce((product, stride) => product * stride, 1);
}
