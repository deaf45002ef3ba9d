import type { CallExpr, ClassStmt, Expr, FunctionExpr, Stmt } from "../../core/core.ts";
import type { GraphNode, ResidualAdd } from "../../graph/graph.ts";
import type { Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, attributeOf, callsIn, same } from "../code.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Edit } from "../diagnostic.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { indentAt, lineBreak, lineEnd } from "./edits.ts";
import { conditionOf, partsIn, projectionText } from "./projection-parts.ts";
import { constructorOf, functionAt, type InFile, statementsIn } from "./statement.ts";

/** The block itself gets a projection: a layer more in its constructor, and the shortcut goes through it. */
export function projectInBlock(
  context: Context,
  run: Run,
  add: ResidualAdd,
  node: GraphNode,
  rank: number,
): readonly Candidate[] {
  const init = constructorOf(context, run, add.path);
  const source = init === undefined ? undefined : context.input.source(init.file);
  if (init === undefined || source === undefined || node.place?.file !== init.file) return [];
  const parts = partsIn(context, run, add, init.module, init.fn);
  const { from, to } = parts ?? {};
  if (parts === undefined || from === undefined || to === undefined) return [];
  const self = init.fn.params[0]?.name ?? "self";
  const forward = functionAt(init.module, node.place.span);
  const slot = forward === undefined ? undefined : emptySlot(run, add, init, forward, self);
  const name = slot?.name ?? freeName(source, init.cls);
  const last = slot?.stmt ?? init.fn.body.at(-1);
  const operand = slot !== undefined ? undefined : operandOf(init.module, node.place.span, add.shortcut);
  if (last === undefined || (slot === undefined && operand === undefined)) return [];
  const [indent, newline] = [indentAt(source, last.span.start), lineBreak(source)];
  const always = run.graph.residualAdds.every(
    (other) => placeKey(run.graph.nodes[other.node]?.place) !== placeKey(node.place) || !other.fits,
  );
  const plain = /^[\d(]/.test(`${parts.stride ?? "1"}`) && /^\d+$/.test(from) && /^\d+$/.test(to);
  const lines: string[] = [];
  if (plain || (always && slot === undefined)) {
    lines.push(`${indent}${self}.${name} = ${projectionText(parts, from, to, indent, newline)}`);
  } else {
    const inner = `${indent}    `;
    if (slot === undefined) lines.push(`${indent}${self}.${name} = ${parts.prefix}Sequential()`);
    lines.push(`${indent}if ${conditionOf(from, to, parts.stride)}:`);
    lines.push(`${inner}${self}.${name} = ${projectionText(parts, from, to, inner, newline)}`);
  }
  const end = lineEnd(source, last.span.end);
  const edits: Edit[] = [
    {
      place: { file: init.file, span: { start: end, end } },
      text: lines.map((line) => `${newline}${line}`).join(""),
    },
  ];
  if (operand !== undefined)
    edits.push({
      place: { file: init.file, span: operand.span },
      text: `${self}.${name}(${source.slice(operand.span.start, operand.span.end)})`,
    });
  return [candidate(rank, t("Give {0} a projection shortcut", init.cls.name), edits)];
}

interface Slot {
  readonly name: string;
  readonly stmt: Stmt;
}

/** An attribute that the forward calls for the shortcut and that holds nothing yet: an empty sequence, an identity, None. */
function emptySlot(run: Run, add: ResidualAdd, init: InFile, forward: FunctionExpr, self: string): Slot | undefined {
  for (const call of callsIn(forward.body)) {
    const name = attributeOf(call.callee, self);
    if (name === undefined) continue;
    const path = add.path === "" ? name : `${add.path}.${name}`;
    const held = run.modules.get(path);
    const isEmpty =
      held === undefined || (held.builtin && held.children.length === 0 && /^(Sequential|Identity)$/.test(held.type));
    if (!isEmpty) continue;
    const stmt = statementsIn(init.fn.body).find(
      (one) => one.kind === "assign" && one.target.kind === "attribute" && attributeOf(one.target, self) === name,
    );
    if (stmt?.kind !== "assign" || init.fn.body.every((one) => one !== stmt)) continue;
    const isNone = stmt.value?.kind === "constant" && stmt.value.value === "none";
    if (held !== undefined || isNone) return { name, stmt };
  }
  return undefined;
}

/** The expression of one operand of an addition, in whichever form it is written. */
export function operandOf(module: InFile["module"], span: Span, operand: 0 | 1): Expr | undefined {
  const node = around(module, span).findLast((one) => same(one.span, span));
  const value = node?.kind === "assign" || node?.kind === "expression" ? node.value : node;
  if (value?.kind === "binary") return operand === 0 ? value.left : value.right;
  if (value?.kind !== "call") return undefined;
  return operandOfCall(value, operand);
}

/** `torch.add(a, b)`, `a.add_(b)`, `self.skip_add.add(a, b)`. */
function operandOfCall(call: CallExpr, operand: 0 | 1): Expr | undefined {
  const given = call.args.filter(({ star, keyword }) => star === undefined && keyword !== "alpha");
  if (given.length === 2) return given[operand]?.value;
  if (given.length !== 1 || call.callee.kind !== "attribute") return undefined;
  return operand === 0 ? call.callee.object : given[0]?.value;
}

function freeName(source: string, cls: ClassStmt): string {
  const text = source.slice(cls.span.start, cls.span.end);
  return ["shortcut", "projection", "downsample"].find((name) => !new RegExp(`\\.${name}\\b`).test(text)) ?? "project";
}
