import type { AssignStmt, ClassStmt, Expr, FunctionExpr, Module, Stmt } from "../../core/core.ts";
import type { Span } from "../../text/span.ts";
import { around, classAt, method, within } from "../code.ts";
import type { Context, Run } from "../context.ts";

const STATEMENTS: ReadonlySet<string> = new Set([
  "expression",
  "assign",
  "def",
  "class",
  "if",
  "loop",
  "iterate",
  "return",
  "raise",
  "assert",
  "try",
  "with",
]);

function isStatement(node: Expr | Stmt): node is Stmt {
  return STATEMENTS.has(node.kind);
}

/** The innermost statement around a span. */
export function statementAt(module: Module, span: Span): Stmt | undefined {
  return around(module, span).filter(isStatement).at(-1);
}

/** The innermost function around a span, lambdas and comprehensions aside. */
export function functionAt(module: Module, span: Span): FunctionExpr | undefined {
  return around(module, span).findLast(
    (node): node is FunctionExpr => node.kind === "function" && !node.name.startsWith("<"),
  );
}

/** All statements of a body, those in its blocks too, in source order; not those of inner functions and classes. */
export function statementsIn(body: readonly Stmt[]): readonly Stmt[] {
  return body.flatMap((stmt): readonly Stmt[] => {
    switch (stmt.kind) {
      case "if":
        return [stmt, ...statementsIn(stmt.then), ...statementsIn(stmt.otherwise)];
      case "loop":
      case "iterate":
        return [stmt, ...statementsIn(stmt.body), ...statementsIn(stmt.otherwise)];
      case "try":
        return [
          stmt,
          ...statementsIn(stmt.body),
          ...stmt.handlers.flatMap(({ body: own }) => statementsIn(own)),
          ...statementsIn(stmt.otherwise),
          ...statementsIn(stmt.final),
        ];
      case "with":
      case "block":
        return [stmt, ...statementsIn(stmt.body)];
      default:
        return [stmt];
    }
  });
}

/** Assignments of a function to a target written as the text. */
export function assignmentsTo(source: string, body: readonly Stmt[], text: string): readonly AssignStmt[] {
  return statementsIn(body).filter(
    (stmt): stmt is AssignStmt =>
      stmt.kind === "assign" &&
      stmt.value !== undefined &&
      source.slice(stmt.target.span.start, stmt.target.span.end) === text,
  );
}

/** The statements of the block that directly holds a span, and the loop around it within the function. */
export function loopAround(module: Module, span: Span, fn: FunctionExpr | undefined): Stmt | undefined {
  return around(module, span)
    .filter(isStatement)
    .findLast(
      (stmt) => (stmt.kind === "iterate" || stmt.kind === "loop") && (fn === undefined || within(stmt.span, fn.span)),
    );
}

/** A function with its file. */
export interface InFile {
  readonly file: string;
  readonly module: Module;
  readonly fn: FunctionExpr;
}

/** The constructor of an instance's class, and the functions around it as it is built, nearest first. */
export function functionsAround(context: Context, run: Run, path: string): readonly InFile[] {
  const info = run.modules.get(path);
  const own = constructorOf(context, run, path);
  const outer = [...(info?.built ?? [])].reverse().flatMap((place): readonly InFile[] => {
    const module = context.input.module(place.file);
    const fn = module === undefined ? undefined : functionAt(module, place.span);
    return module === undefined || fn === undefined ? [] : [{ file: place.file, module, fn }];
  });
  const all = own === undefined ? outer : [own, ...outer];
  return all.filter((one, i) => all.findIndex(({ fn }) => fn === one.fn) === i);
}

/** The `__init__` of an instance's own class. */
export function constructorOf(
  context: Context,
  run: Run,
  path: string,
): (InFile & { readonly cls: ClassStmt }) | undefined {
  const place = run.modules.get(path)?.classPlace;
  const module = place === undefined ? undefined : context.input.module(place.file);
  const cls = place === undefined || module === undefined ? undefined : classAt(module, place.span);
  const fn = cls === undefined ? undefined : method(cls, "__init__")?.value;
  return place === undefined || module === undefined || cls === undefined || fn === undefined
    ? undefined
    : { file: place.file, module, fn, cls };
}

/** Functions of a body, and the methods of its classes. */
export function functionsIn(body: readonly Stmt[]): readonly FunctionExpr[] {
  return body.flatMap((stmt): readonly FunctionExpr[] =>
    stmt.kind === "def" ? [stmt.value] : stmt.kind === "class" ? functionsIn(stmt.body) : [],
  );
}

/** The names of what a module is built with, in their order: of the library's class, or of the user's own. */
export function parametersAt(context: Context, run: Run, path: string): readonly string[] | undefined {
  const type = run.modules.get(path)?.type;
  const known = type === undefined ? undefined : context.input.parameters?.(type);
  return (
    known ??
    constructorOf(context, run, path)
      ?.fn.params.slice(1)
      .map(({ name }) => name)
  );
}
