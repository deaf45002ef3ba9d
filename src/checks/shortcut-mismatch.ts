import type { Ref, ResidualAdd } from "../graph/graph.ts";
import type { Dim, TensorType } from "../shape/dim.ts";
import { type Text, t } from "../text/text.ts";
import { shortcutCause } from "./causes/shortcut.ts";
import { type Context, type Finding, inputTypes, placeKey, type Run } from "./context.ts";
import type { Fault } from "./faults.ts";
import { shortcutFixes } from "./fixes/shortcut.ts";
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
  const cause = shortcutCause(context, run, add, [main, shortcut], axes);
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
        cause === undefined || line === undefined ? where : cause.clause(line, where);
      const all = instancesWord(instances);
      const label = shortcutLabel(run, add);
      return fitting([
        word(label, say(all)),
        word(t("shortcut"), say(all)),
        word(t("shortcut"), say(instances[0] ?? "")),
        word(t("shortcut"), line === undefined ? undefined : t("see line {0}", line)),
        word(t("shortcut"), undefined),
      ]);
    },
    related: cause === undefined ? [] : [{ place: cause.place, message: cause.note }, ...(cause.also ?? [])],
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
