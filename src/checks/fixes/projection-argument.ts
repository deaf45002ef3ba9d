import type { AssignStmt, ClassStmt, FunctionExpr, Parameter } from "../../core/core.ts";
import type { ResidualAdd } from "../../graph/graph.ts";
import type { Span } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { attributeOf, callsIn, method } from "../code.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import type { Edit } from "../diagnostic.ts";
import type { Proposal } from "./candidate.ts";
import { indentAt, lineBreak } from "./edits.ts";
import { expressionsAt } from "./expressions.ts";
import { shapeOf } from "./flow.ts";
import { addArgument, blockLevels, type Level, setArgument } from "./level.ts";
import { conditionOf, partsIn, projectionText } from "./projection-parts.ts";
import { assignmentsTo, constructorOf, statementAt, statementsIn } from "./statement.ts";

/** The block takes its projection as an argument, and is not given one: what is at hand is passed, or one is built. */
export function passProjection(context: Context, run: Run, add: ResidualAdd, rank: number): readonly Proposal[] {
  const init = constructorOf(context, run, add.path);
  const parameter = init === undefined ? undefined : projectionParameter(init.cls, init.fn);
  if (init === undefined || parameter === undefined) return [];
  const names = init.fn.params.slice(1).map(({ name }) => name);
  const level = blockLevels(context, run, add.path, names);
  if (level?.fn === undefined) return [];
  const at: Level = {
    ...level,
    name: parameter.name,
    argument:
      level.call.args.find((a) => a.keyword === parameter.name) ?? level.call.args[names.indexOf(parameter.name)],
  };
  const empty = emptyVariable(at);
  if (at.argument !== undefined && !isNone(at) && empty === undefined) return [];
  const passed = (text: string) => {
    const position = names.indexOf(parameter.name);
    const positional =
      at.argument === undefined &&
      at.call.args.length === position &&
      at.call.args.every(({ keyword, star }) => keyword === undefined && star === undefined);
    return positional ? addArgument(at, text) : setArgument(at, text);
  };
  const line = context.line(at.place);
  const ready = empty === undefined ? readyProjections(at) : [];
  const found: Proposal[] = ready.map((name, i) => ({
    rank: rank - 2 + i,
    title: line === undefined ? t("Pass {0} to the block", name) : t("Pass {0} to the block (line {1})", name, line),
    edits: [passed(name)],
    preferred: i === 0,
    safe: false,
  }));
  const parts = partsIn(context, run, add, at.module, level.fn);
  const stmt = statementAt(at.module, at.place.span);
  if (parts?.from === undefined || stmt === undefined) return found;
  const { from } = parts;
  const newline = lineBreak(at.source);
  const indent = indentAt(at.source, stmt.span.start);
  const local = freeLocal(level.fn, parameter.name);
  const start = stmt.span.start - indent.length;
  const ends = run.graph.residualAdds.filter(
    (one) => placeKey(run.graph.nodes[one.node]?.place) === placeKey(run.graph.nodes[add.node]?.place),
  );
  const counts = ends.flatMap((one) => {
    const node = run.graph.nodes[one.node];
    return shapeOf(run, node?.inputs[one.main])?.[1] ?? [];
  });
  found.push({
    question: { anchor: at.place, building: true },
    current: "0",
    texts: [...(parts.to === undefined ? [] : [parts.to]), ...expressionsAt(at)],
    wanted: [...new Set(counts)].map((to) => ({ from: undefined, to })),
    plain: undefined,
    plainFirst: false,
    most: 3,
    make: (to) => ({
      title: t("Build a projection shortcut for {0}", init.cls.name),
      edits:
        empty !== undefined
          ? [builtIn(at, empty, projectionText(parts, from, to, indentAt(at.source, empty.start), newline))]
          : [
              {
                place: { file: at.place.file, span: { start, end: start } },
                text: [
                  `${indent}${local} = None`,
                  `${indent}if ${conditionOf(from, to, parts.stride)}:`,
                  `${indent}    ${local} = ${projectionText(parts, from, to, `${indent}    `, newline)}`,
                  "",
                ].join(newline),
              },
              passed(local),
            ],
    }),
    rank,
  });
  return found;
}

/** The parameter, None by default, that the class keeps and calls on its input. */
function projectionParameter(cls: ClassStmt, init: FunctionExpr): Parameter | undefined {
  const self = init.params[0]?.name;
  const forward = method(cls, "forward")?.value;
  if (self === undefined || forward === undefined) return undefined;
  const called = new Set(callsIn(forward.body).flatMap(({ callee }) => attributeOf(callee, self) ?? []));
  return init.params.find((param) => {
    if (param.fallback?.kind !== "constant" || param.fallback.value !== "none") return false;
    return statementsIn(init.body).some(
      (stmt) =>
        stmt.kind === "assign" &&
        stmt.target.kind === "attribute" &&
        called.has(stmt.target.name) &&
        stmt.value?.kind === "name" &&
        stmt.value.name === param.name,
    );
  });
}

/** None in the last of the assignments to the variable that is passed, where all give it None. */
function emptyVariable({ argument, fn, source }: Level): Span | undefined {
  if (argument?.value.kind !== "name" || fn === undefined) return undefined;
  const values = assignmentsTo(source, fn.body, argument.value.name).map(({ value }) => value);
  const isEmpty = values.every((value) => value?.kind === "constant" && value.value === "none");
  return isEmpty ? values.at(-1)?.span : undefined;
}

function builtIn({ place }: Level, span: Span, text: string): Edit {
  return { place: { file: place.file, span }, text };
}

function isNone({ argument }: Level): boolean {
  return argument?.value.kind === "constant" && argument.value.value === "none";
}

/** Local names that hold a layer by the time of the call, under a condition or not. */
function readyProjections({ fn, call }: Level): readonly string[] {
  const calls = statementsIn(fn?.body ?? []).filter(
    (stmt): stmt is AssignStmt =>
      stmt.kind === "assign" &&
      stmt.target.kind === "name" &&
      (stmt.value?.kind === "call" || stmt.value?.kind === "conditional") &&
      stmt.span.end <= call.span.start,
  );
  return [...new Set(calls.flatMap(({ target }) => (target.kind === "name" ? [target.name] : [])))].reverse();
}

function freeLocal(fn: FunctionExpr, name: string): string {
  return fn.scope.locals.has(name) ? `${name}_path` : name;
}
