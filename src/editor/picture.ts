import type { Analysis } from "../analysis.ts";
import type { Graph, GraphNode, ResidualAdd } from "../graph/graph.ts";
import type { Context } from "./context.ts";
import { operatorName } from "./origins.ts";
import { shortcutName } from "./residual.ts";
import { columns } from "./shape-table.ts";

/**
 * A residual block, at most `width` columns wide if it can be, as two lines of text, the operators of the main branch above, the shortcut below:
 *
 *     x ─┬─ conv1 /2 ── conv2 ── ✕ ── relu
 *        └────── identity ───────┘
 */
export function blockPicture(
  analysis: Analysis,
  graph: Graph,
  add: ResidualAdd,
  width: number,
  context: Context,
): readonly string[] {
  const after = graph.nodes.find(
    (node) => node.inputs.some((input) => input.node === add.node) && node.weight === undefined,
  );
  const shortcut = context.say(shortcutName(graph, add));
  const stride = strideText(add.shortcutStride);
  const below = ` ${add.kind === "identity" || stride === "" ? shortcut : `${shortcut} ${stride}`} `;
  const next = after === undefined || after.inputs.length !== 1 ? "" : ` ── ${operatorName(analysis, after)}`;
  const names = layersOn(graph, add.mainNodes).map((node) => {
    const by = strideText(ownStride(node));
    const name = operatorName(analysis, node);
    return by === "" ? name : `${name} ${by}`;
  });
  // What follows the add is the first to go.
  const whole = fitted(names, width - next.length - AROUND);
  const tail = whole.length <= width - next.length - AROUND ? next : "";
  const joined = tail === next ? whole : fitted(names, width - AROUND);
  // The shortcut's corner stands under the ┬, its end under the sign of the add.
  const head = joined === "" ? "x ─┬─" : `x ─┬─ ${joined} ──`;
  const room = Math.max(head.length + 1 - CORNER - 1, columns(below) + 2);
  const line = `${head.padEnd(room + CORNER, "─")} `;
  const dashes = room - columns(below);
  const left = "─".repeat(Math.floor(dashes / 2));
  const right = "─".repeat(Math.ceil(dashes / 2));
  return [`${line}${add.fits ? "⊕" : "✕"}${tail}`, `${" ".repeat(CORNER)}└${left}${below}${right}┘`];
}

/** Column of the fork. */
const CORNER = 3;

/** Columns of a main branch's line beside its layers: `x ─┬─ ` and ` ── ✕`. */
const AROUND = 11;

/** The weighted layers of a branch: what a reader draws of a block. */
function layersOn(graph: Graph, nodes: readonly number[]): readonly GraphNode[] {
  return nodes.flatMap((id) => {
    const node = graph.nodes[id];
    return node !== undefined && WEIGHTED.test(node.op) ? [node] : [];
  });
}

const WEIGHTED = /^(conv|linear|matmul|bilinear)/;

function fitted(names: readonly string[], width: number): string {
  const all = names.join(" ── ");
  if (all.length <= width || names.length < 3) return all;
  return `${names[0]} ── … ── ${names.at(-1)}`;
}

function strideText(strides: readonly number[] | undefined): string {
  const [first] = strides ?? [];
  if (first === undefined || strides === undefined || strides.every((stride) => stride === 1)) return "";
  return strides.every((stride) => stride === first) ? `/${first}` : `/${strides.join("×")}`;
}

function ownStride(node: GraphNode): readonly number[] | undefined {
  const arg = node.args.stride;
  const list = Array.isArray(arg) ? arg : arg === undefined ? [] : [arg];
  const strides = list.map((item) =>
    typeof item === "object" && item !== null && "size" in item && typeof item.size === "number" ? item.size : item,
  );
  return strides.every((stride) => typeof stride === "number") ? strides : undefined;
}
