import type { AssignStmt, FunctionExpr, Module, Stmt } from "../../core/core.ts";
import type { Frame } from "../../graph/graph.ts";
import type { Place } from "../../text/span.ts";
import type { LineNumber } from "../../text/text.ts";
import type { Context } from "../context.ts";
import { namesIn } from "./level.ts";
import { functionAt, statementAt, statementsIn } from "./statement.ts";

/** A call of the user's own code that was being made when something failed. */
export interface Spot {
  readonly place: Place;
  readonly module: Module;
  readonly source: string;
  readonly fn: FunctionExpr;
  /** The innermost statement around it. */
  readonly stmt: Stmt;
  /** The method's own object; undefined in a function. */
  readonly self: string | undefined;
  /** The instance whose method runs. */
  readonly path: string | undefined;
  readonly line: LineNumber;
}

/** Calls outward that are looked at. */
const MOST_SPOTS = 3;

/** Where it failed, and the calls around that, innermost first; those of the user's own functions alone. */
export function spotsOf(context: Context, frames: readonly Frame[], most = MOST_SPOTS): readonly Spot[] {
  const own = frames.filter((frame) => frame.own).toReversed();
  return own.slice(0, most).flatMap(({ place, path }) => spotAt(context, place, path) ?? []);
}

/** A place within a function as a spot. */
export function spotAt(context: Context, place: Place, path: string | undefined): Spot | undefined {
  const module = context.input.module(place.file);
  const source = context.input.source(place.file);
  const fn = module === undefined ? undefined : functionAt(module, place.span);
  const stmt = module === undefined ? undefined : statementAt(module, place.span);
  const line = context.line(place);
  if (module === undefined || source === undefined || fn === undefined || stmt === undefined || line === undefined)
    return undefined;
  const first = fn.params[0]?.name;
  return { place, module, source, fn, stmt, self: first === "self" ? first : undefined, path, line };
}

/** Names that a function has bound by an offset, the latest first, then its parameters; its own object aside. */
export function namesBefore({ fn, self }: Pick<Spot, "fn" | "self">, offset: number): readonly string[] {
  const bound = statementsIn(fn.body)
    .filter(({ span }) => span.start < offset)
    .toReversed()
    .flatMap((stmt): readonly string[] => {
      if (stmt.kind === "assign") return stmt.span.end <= offset ? targetNames(stmt.target) : [];
      return stmt.kind === "iterate" && offset <= stmt.span.end ? targetNames(stmt.target) : [];
    });
  const given = fn.params.map(({ name }) => name).filter((name) => name !== self);
  return [...new Set([...bound, ...given])].filter((name) => !name.startsWith(".") && name !== "_");
}

function targetNames(target: Extract<Stmt, { kind: "iterate" }>["target"]): readonly string[] {
  if (target.kind === "name") return [target.name];
  return target.kind === "unpack" ? target.items.flatMap((item) => targetNames(item.target)) : [];
}

/** The statements among which one stands. */
export function siblingsOf(body: readonly Stmt[], stmt: Stmt): readonly Stmt[] {
  if (body.includes(stmt)) return body;
  for (const block of body.flatMap(blocksOf)) {
    const found = siblingsOf(block, stmt);
    if (0 < found.length) return found;
  }
  return [];
}

function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case "if":
      return [stmt.then, stmt.otherwise];
    case "loop":
    case "iterate":
      return [stmt.body, stmt.otherwise];
    case "try":
      return [stmt.body, ...stmt.handlers.map(({ body }) => body), stmt.otherwise, stmt.final];
    case "with":
    case "block":
      return [stmt.body];
    default:
      return [];
  }
}

/** The assignments that last gave the names that a spot's statement reads. */
export function feeding({ fn, stmt }: Pick<Spot, "fn" | "stmt">): readonly AssignStmt[] {
  const read = new Set(namesIn(stmt.kind === "assign" ? stmt.value : stmt));
  const before = statementsIn(fn.body).filter(
    (one): one is AssignStmt => one.kind === "assign" && one.span.end <= stmt.span.start,
  );
  return [...read].flatMap(
    (name) => before.findLast(({ target }) => target.kind === "name" && target.name === name) ?? [],
  );
}
