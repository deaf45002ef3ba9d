import type { Expr, FunctionExpr, IfStmt, Module } from "../../core/core.ts";
import type { ResidualAdd } from "../../graph/graph.ts";
import type { Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { around, callsIn } from "../code.ts";
import type { Context, Run } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { type LayerCall, layerCall } from "./layer-call.ts";
import { functionsAround, statementsIn } from "./statement.ts";

/**
 * A projection that is built only under a condition, and the condition is too weak: it becomes "the stride or the
 * channels change", in the words of the projection itself.
 */
export function repairCondition(context: Context, run: Run, add: ResidualAdd): readonly Candidate[] {
  return functionsAround(context, run, add.path).flatMap(({ file, module, fn }, depth) => [
    ...statementsIn(fn.body)
      .filter((stmt): stmt is IfStmt => stmt.kind === "if")
      .flatMap((stmt) => repaired(context, file, module, stmt.test, [stmt.then, stmt.otherwise], 4 + depth)),
    ...conditionals(module, fn).flatMap((expr) =>
      repaired(context, file, module, expr.test, [[wrapped(expr.then)], [wrapped(expr.otherwise)]], 4 + depth),
    ),
  ]);
}

function wrapped(value: Expr) {
  return { kind: "expression", span: value.span, value } as const;
}

/** `a if test else b` in a function. */
function conditionals(module: Module, fn: FunctionExpr): readonly Extract<Expr, { kind: "conditional" }>[] {
  const calls = callsIn(fn.body);
  const found = calls.flatMap(({ span }) => around(module, span).filter((node) => node.kind === "conditional"));
  return [...new Set(found)].filter((node) => node.kind === "conditional");
}

function repaired(
  context: Context,
  file: string,
  module: Module,
  test: Expr,
  branches: readonly (readonly Parameters<typeof callsIn>[0][number][])[],
  rank: number,
): readonly Candidate[] {
  const source = context.input.source(file);
  if (source === undefined) return [];
  const text = (span: Span): string => source.slice(span.start, span.end);
  for (const [i, branch] of branches.entries()) {
    const layer = callsIn(branch)
      .map((call) => layerCall(context, module, call))
      .find((one) => one?.argument("in_channels") !== undefined && one.argument("out_channels") !== undefined);
    if (layer === undefined) continue;
    const put = changes(layer, text, i === 1);
    const line = context.line({ file, span: test.span });
    if (put === undefined || text(test.span) === put || line === undefined) continue;
    const title = t("Project wherever the shape changes: if {0} (line {1})", put, line);
    return [candidate(rank, title, [{ place: { file, span: test.span }, text: put }], { safe: true })];
  }
  return [];
}

/** `stride != 1 or in_planes != planes`; the opposite where the projection stands in the `else`. */
function changes(layer: LayerCall, text: (span: Span) => string, negated: boolean): string | undefined {
  const [from, to, stride] = ["in_channels", "out_channels", "stride"].map((name) => {
    const value = layer.argument(name)?.value;
    return value === undefined ? undefined : text(value.span);
  });
  if (from === undefined || to === undefined || /[\r\n]/.test(from + to + (stride ?? ""))) return undefined;
  const [differ, join] = negated ? ["==", "and"] : ["!=", "or"];
  const steps = stride === undefined || /^[\d(]/.test(stride) ? "" : `${stride} ${differ} 1 ${join} `;
  return `${steps}${from} ${differ} ${to}`;
}
