import type { ImportStmt, Stmt } from "../../core/core.ts";
import { parsePython } from "./parse.ts";
import { splitFile } from "./split.ts";

/** What a module's top level binds and imports, told without parsing its functions and classes. */
export interface Exports {
  /** Names that a statement of the top level may bind; star imports aside. */
  readonly names: ReadonlySet<string>;
  /** Names bound as the module's own submodules (`from . import layers`) and by nothing else. */
  readonly submodules: ReadonlySet<string>;
  /** A literal `__all__`; undefined: there is none; "computed": only running the module tells. */
  readonly all: readonly string[] | "computed" | undefined;
  /** Imports of the top level, in order; those for type checkers alone left out. */
  readonly imports: readonly ImportStmt[];
  /** More names may appear while the module runs: it has a `__getattr__`, or writes to its own namespace. */
  readonly open: boolean;
}

const DEFINITION = /^(?:async[ \t]+def|def|class)[ \t]+([^\W\d]\w*)/;
const DECORATED = /^(?:async[ \t]+def|def|class)[ \t]+([^\W\d]\w*)/m;
const ASSIGNMENT = /^([^\W\d]\w*)[ \t]*(?::[^=\n]*)?=(?!=)/;
const WRITES_NAMESPACE =
  /\bglobals\s*\(|\bexec\s*\(|\bsys\.modules\s*\[\s*__name__|\bvars\s*\(\s*\)|\blocals\s*\(\s*\)/;

/** Reads what a text exports. Total: any text is accepted. */
export function exportsOf(text: string): Exports {
  const names = new Set<string>();
  const submodules = new Set<string>();
  const imports: ImportStmt[] = [];
  let all: Exports["all"];
  const { pieces } = splitFile(text);
  const visit = (stmt: Stmt): void => {
    switch (stmt.kind) {
      case "import":
        imports.push(stmt);
        if (stmt.from) {
          for (const { name, alias } of stmt.names)
            (stmt.level === 1 && stmt.module === "" && alias === undefined ? submodules : names).add(alias ?? name);
        } else names.add(stmt.alias ?? stmt.module.split(".")[0] ?? "");
        return;
      case "if":
        if (isTypeChecking(stmt.test)) return;
        for (const inner of [...stmt.then, ...stmt.otherwise]) visit(inner);
        return;
      case "try":
        for (const inner of [...stmt.body, ...stmt.handlers.flatMap((handler) => handler.body)]) visit(inner);
        for (const inner of [...stmt.otherwise, ...stmt.final]) visit(inner);
        return;
      case "block":
      case "with":
        for (const inner of stmt.body) visit(inner);
        return;
      default:
        return;
    }
  };
  for (const { text: piece } of pieces) {
    const definition = piece.startsWith("@") ? DECORATED.exec(piece) : DEFINITION.exec(piece);
    if (definition?.[1] !== undefined) {
      names.add(definition[1]);
      continue;
    }
    const assigned = ASSIGNMENT.exec(piece)?.[1];
    if (assigned !== undefined && assigned !== "__all__" && !/[=;]/.test(piece.slice(piece.indexOf("=") + 1, 200)))
      if (/^[^\n]*$|^[^\n]*[[({]\s*(?:#[^\n]*)?\n/.test(piece)) {
        names.add(assigned);
        continue;
      }
    if (/^(["'])/.test(piece)) continue;
    const { module } = parsePython(piece);
    for (const stmt of module.body) visit(stmt);
    const bound = module.body.length === 1 && module.body[0]?.kind === "import" ? [] : module.names;
    for (const name of bound) names.add(name);
    if (/__all__/.test(piece)) all = allOf(all, module.body, piece);
  }
  for (const name of names) submodules.delete(name);
  return { names, submodules, all, imports, open: names.has("__getattr__") || WRITES_NAMESPACE.test(text) };
}

function isTypeChecking(test: { readonly kind: string; readonly name?: string }): boolean {
  return (test.kind === "name" || test.kind === "attribute") && test.name === "TYPE_CHECKING";
}

/** `__all__` after the statements of one piece. */
function allOf(before: Exports["all"], body: readonly Stmt[], piece: string): Exports["all"] {
  const [stmt] = body;
  if (body.length !== 1 || stmt?.kind !== "assign" || stmt.target.kind !== "name" || stmt.target.name !== "__all__")
    return /^\s*(?:if|for|try|with|__all__|del)\b/.test(piece) || before === undefined ? "computed" : before;
  let { value } = stmt;
  let start: readonly string[] = [];
  if (stmt.augmented === true && value?.kind === "binary" && value.op === "+") {
    if (before === undefined || before === "computed") return "computed";
    start = before;
    value = value.right;
  }
  if (value?.kind !== "list") return "computed";
  const items = value.items.map((item) => (item.value.kind === "string" && !item.star ? item.value.value : undefined));
  return items.every((item) => item !== undefined) ? [...start, ...items] : "computed";
}
