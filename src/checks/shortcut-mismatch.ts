import type { GraphNode, Ref, ResidualAdd } from "../graph/graph.ts";
import { asList, wholeOf } from "../ops/args.ts";
import type { Dim, TensorType } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import { type LineNumber, type Text, t } from "../text/text.ts";
import { type Context, type Finding, inputTypes, placeKey, type Run } from "./context.ts";
import type { Fault } from "./faults.ts";
import { shortcutFixes } from "./fixes/shortcut.ts";
import { passedAt, placed } from "./origins.ts";
import { axisName, fitting, instancesWord, shapeWord } from "./words.ts";

/** A residual add whose branches do not broadcast: which axes, both shapes, and what makes them differ. */
export function shortcutMismatch(context: Context, fault: Fault, add: ResidualAdd): Finding | undefined {
  const { node, run } = fault;
  const types = inputTypes(run.graph, node);
  const [main, shortcut] = [types[add.main], types[add.shortcut]];
  if (node.place === undefined || main?.shape === undefined || shortcut?.shape === undefined) return undefined;
  const rank = Math.max(main.shape.length, shortcut.shape.length);
  const axes = fault.refusal.axes ?? [];
  const names = axes.map((axis) => axisName(axis, rank)).join(", ");
  const spatial = axes.some((axis) => 2 <= axis);
  const channels = axes.some((axis) => axis === 1);
  const cause = causeOf(run, add, spatial, channels);
  const line = cause?.place === undefined ? undefined : context.line(cause.place);
  const shapes = [shown(context, fault, add.main), shown(context, fault, add.shortcut)] as const;
  const original = context.input.original?.(node, types);
  return {
    code: "shortcut-mismatch",
    severity: "error",
    place: node.place,
    cause: placeKey(cause?.place),
    instance: add.path === "" ? undefined : add.path,
    message: (instances) => {
      const differ = axes.length === 1 ? t("{0} differs", names) : t("{0} differ", names);
      const word = (label: Text, clause: Text | string | undefined): Text =>
        clause === undefined || clause === ""
          ? t("{0}: main {1}, {2} {3}", differ, shapes[0], label, shapes[1])
          : t("{0}: main {1}, {2} {3}; {4}", differ, shapes[0], label, shapes[1], clause);
      const say = (where: Text | string): Text | string =>
        cause === undefined || line === undefined
          ? where
          : where === ""
            ? t("see line {0}", line)
            : cause.clause(line, where);
      const all = instancesWord(instances);
      const label = shortcutLabel(run, add);
      return fitting([
        word(label, say(all)),
        word(t("shortcut"), say(all)),
        word(t("shortcut"), say(instances[0] ?? "")),
        word(t("shortcut"), undefined),
      ]);
    },
    related: cause?.place === undefined ? [] : [{ place: cause.place, message: cause.note }],
    fixes: (instances) =>
      shortcutFixes(context, fault, add, cause?.kind === "stride" ? cause.place : undefined, instances),
    original,
    ...(run === context.concrete ? { residual: { node: node.id, root: context.input.root } } : {}),
  };
}

/** `identity shortcut`, `1×1 projection shortcut`. */
export function shortcutLabel(run: Run, add: ResidualAdd): Text {
  switch (add.kind) {
    case "identity":
      return t("identity shortcut");
    case "zero-padding":
      return t("zero-padding shortcut");
    case "projection": {
      const kernels = add.shortcutNodes.flatMap((id) => kernelOf(run, id) ?? []);
      return kernels.length === 1 ? t("{0} projection shortcut", kernels[0] ?? "") : t("projection shortcut");
    }
    case "other":
      return t("shortcut");
  }
}

interface Cause {
  readonly kind: "stride" | "other";
  readonly place: Place;
  readonly clause: (line: LineNumber, where: Text | string) => Text;
  readonly note: Text;
}

function causeOf(run: Run, add: ResidualAdd, spatial: boolean, channels: boolean): Cause | undefined {
  if (spatial && !(channels && add.kind === "identity")) return strideCause(run, add) ?? shrinkCause(run, add);
  const built = run.modules.get(add.path)?.place;
  if (add.kind === "identity" && built !== undefined) {
    return {
      kind: "other",
      place: built,
      clause: (line, where) => t("line {0} gives {1} no projection", line, where),
      note: t("builds a block that changes the shape and has no projection"),
    };
  }
  const end = add.shortcutNodes.findLast((id) => run.graph.nodes[id]?.op === "conv");
  const projection = end === undefined ? undefined : run.graph.nodes[end];
  const place = projection === undefined ? undefined : run.modules.get(projection.path)?.place;
  if (place === undefined) return undefined;
  return {
    kind: "other",
    place,
    clause: (line, where) => t("line {0} projects {1}", line, where),
    note: t("projects to another number of channels than the main branch has"),
  };
}

/** The argument, at the call that builds the block, of a stride that only one of the branches has. */
function strideCause(run: Run, add: ResidualAdd): Cause | undefined {
  const [main, shortcut] = [total(add.mainStride), total(add.shortcutStride)];
  if (main === undefined || shortcut === undefined || main === shortcut) return undefined;
  const onMain = shortcut < main;
  const ids = onMain ? add.mainNodes : add.shortcutNodes;
  const stride = ids.flatMap((id) => strideArgument(run.graph.nodes[id]) ?? [])[0];
  if (stride === undefined) return undefined;
  const origin = passedAt(stride.dim, run.modules.get(add.path)?.place) ?? placed(stride.dim)[0];
  const place = origin?.place ?? run.modules.get(stride.node.path)?.place ?? stride.node.place;
  if (place === undefined) return undefined;
  const note = onMain
    ? add.kind === "identity"
      ? t("strides a block that has no projection")
      : t("strides the main branch and not the shortcut")
    : t("strides the shortcut and not the main branch");
  return { kind: "stride", place, clause: (line, where) => t("line {0} strides {1}", line, where), note };
}

/** The layer that changes the lengths without a stride: it pads too little or too much. */
function shrinkCause(run: Run, add: ResidualAdd): Cause | undefined {
  for (const id of [...add.mainNodes, ...add.shortcutNodes]) {
    const node = run.graph.nodes[id];
    const before = node === undefined ? undefined : typeAt(run, node.inputs[0])?.shape;
    const after = node?.outputs[0]?.shape;
    if (node === undefined || before === undefined || after === undefined || before.length !== after.length) continue;
    if (!after.some((dim, axis) => 2 <= axis && textOf(dim) !== textOf(before[axis]))) continue;
    const place = run.modules.get(node.path)?.place ?? node.place;
    if (place === undefined) return undefined;
    return {
      kind: "other",
      place,
      clause: (line, where) => t("line {0} resizes {1}", line, where),
      note: t("changes the height and width of one branch only"),
    };
  }
  return undefined;
}

function strideArgument(node: GraphNode | undefined): { readonly dim: Dim; readonly node: GraphNode } | undefined {
  if (node === undefined) return undefined;
  const arg = node.args.stride ?? node.args.steps;
  const items = asList(arg) ?? (arg === undefined ? [] : [arg]);
  for (const item of items) {
    const size = wholeOf(item);
    if (size !== undefined && 1 < size && typeof item === "object" && item !== null && "size" in item)
      return { dim: item, node };
  }
  return undefined;
}

function total(strides: readonly number[] | undefined): number | undefined {
  return strides?.reduce((product, stride) => product * stride, 1);
}

function shown(context: Context, { node, run }: Fault, operand: 0 | 1): string {
  const type = typeAt(run, node.inputs[operand]);
  return shapeWord(type, context.input.fixedInput ? undefined : symbolicType(context, run, node.inputs[operand]));
}

function symbolicType(context: Context, run: Run, ref: Ref | undefined): TensorType | undefined {
  const node = ref === undefined || run !== context.concrete ? undefined : run.graph.nodes[ref.node];
  return node === undefined || ref === undefined ? undefined : context.symbolicOf(node)?.outputs[ref.output];
}

function typeAt(run: Run, ref: Ref | undefined): TensorType | undefined {
  return ref === undefined ? undefined : run.graph.nodes[ref.node]?.outputs[ref.output];
}

function kernelOf(run: Run, id: number): string | undefined {
  const node = run.graph.nodes[id];
  const shape = node?.op === "conv" ? typeAt(run, node.inputs[1])?.shape : undefined;
  return shape === undefined || shape.length < 3 ? undefined : shape.slice(2).map(textOf).join("×");
}

function textOf(dim: Dim | undefined): string {
  const size = dim?.size;
  return size === undefined ? "?" : typeof size === "number" ? String(size) : size.text;
}
