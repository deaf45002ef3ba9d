import type { Graph, GraphNode, Ref, ResidualAdd } from "../graph/graph.ts";
import type { TensorType } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { type Context, type Finding, inputTypes } from "./context.ts";
import { shortcutLabel } from "./shortcut-mismatch.ts";
import { axisName, fitting, shapeWord } from "./words.ts";

/**
 * Residual adds of a given input that fit only because a length is 1 there by accident: the same axis has another length
 * for other inputs, or a window's stride made it 1. An axis made to be 1 (a global pool, a kept reduced axis) is meant.
 */
export function shortcutBroadcasts(context: Context): readonly Finding[] {
  const run = context.concrete;
  if (run === undefined || !context.input.fixedInput) return [];
  return run.graph.residualAdds.flatMap((add): Finding[] => {
    const node = run.graph.nodes[add.node];
    if (node?.place === undefined || node.refusal !== undefined) return [];
    const types = inputTypes(run.graph, node);
    const [main, shortcut] = [types[add.main], types[add.shortcut]];
    const axes = stretched(main, shortcut).filter((axis) => isAccident(context, run.graph, node, add, axis));
    if (axes.length === 0 || main === undefined || shortcut === undefined) return [];
    const rank = main.shape?.length ?? 0;
    const names = axes.map((axis) => axisName(axis, rank)).join(", ");
    const shapes = [shapeWord(main, undefined), shapeWord(shortcut, undefined)] as const;
    const label = shortcutLabel(run, add);
    return [
      {
        code: "shortcut-broadcast",
        severity: "warning",
        place: node.place,
        cause: "",
        instance: add.path === "" ? undefined : add.path,
        message: () =>
          fitting([
            t("{0} fit only because 1 is broadcast: main {1}, {2} {3}", names, shapes[0], label, shapes[1]),
            t("{0} fit only because 1 is broadcast", names),
          ]),
        related: [],
        fixes: () => [],
        residual: { node: node.id, root: context.input.root },
      },
    ];
  });
}

/** Axes along which one operand of the same rank has 1 and the other more. */
function stretched(main: TensorType | undefined, shortcut: TensorType | undefined): readonly number[] {
  if (main?.shape === undefined || shortcut?.shape?.length !== main.shape.length) return [];
  const others = shortcut.shape;
  return main.shape.flatMap(({ size: a }, axis) => {
    const b = others[axis]?.size;
    return 2 <= axis && a !== undefined && b !== undefined && a !== b && (a === 1 || b === 1) ? [axis] : [];
  });
}

function isAccident(context: Context, graph: Graph, node: GraphNode, add: ResidualAdd, axis: number): boolean {
  const operand = node.inputs.find((ref) => sizeAt(graph, ref, axis) === 1);
  if (operand === undefined) return false;
  const symbolic = context.symbolicOf(node);
  const same = symbolic?.inputs[node.inputs.indexOf(operand)];
  const general =
    same === undefined || context.symbolic === undefined ? undefined : sizeAt(context.symbolic.graph, same, axis);
  if (general !== undefined) return typeof general !== "number";
  const branch = node.inputs.indexOf(operand) === add.main ? add.mainNodes : add.shortcutNodes;
  const first = branch.map((id) => graph.nodes[id]).find((one) => one?.outputs[0]?.shape?.[axis]?.size === 1);
  return first !== undefined && WINDOWS.has(first.op) && sizeAt(graph, first.inputs[0], axis) !== 1 && isStrided(first);
}

const WINDOWS: ReadonlySet<string> = new Set(["conv", "max_pool", "avg_pool", "slice"]);

/** A pool whose window is the whole map has no need of a stride below its kernel. */
function isStrided(node: GraphNode): boolean {
  return node.op === "conv" || node.op === "slice";
}

function sizeAt(graph: Graph, ref: Ref | undefined, axis: number): number | object | undefined {
  return ref === undefined ? undefined : graph.nodes[ref.node]?.outputs[ref.output]?.shape?.[axis]?.size;
}
