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
/** `a = b = …` binds more than one name. */
const CHAIN = /^[^\W\d]\w*[ \t]*=[ \t]*[\w.[\]'"]+[ \t]*=(?!=)/;
/** A call alone binds nothing. */
const CALL = /^(?!(?:if|for|while|with|match|del|not|assert|async|await|lambda|try)\b)[^\W\d][\w.]*\(/;
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
    if (!/:=|;/.test(piece)) {
      const assigned = CHAIN.test(piece) ? undefined : ASSIGNMENT.exec(piece)?.[1];
      if (assigned !== undefined && assigned !== "__all__") {
        names.add(assigned);
        continue;
      }
      if (CALL.test(piece) && !piece.includes("__all__")) continue;
    }
    if (/^(["'])/.test(piece)) continue;
    const simple = simpleImport(piece);
    if (simple !== undefined) {
      for (const stmt of simple) visit(stmt);
      continue;
    }
    const { module } = parsePython(piece);
    for (const stmt of module.body) visit(stmt);
    const bound = module.body.length === 1 && module.body[0]?.kind === "import" ? [] : module.names;
    for (const name of bound) names.add(name);
    if (/__all__/.test(piece)) all = allOf(all, module.body, piece);
  }
  for (const name of names) submodules.delete(name);
  return { names, submodules, all, imports, open: names.has("__getattr__") || WRITES_NAMESPACE.test(text) };
}

const FROM = /^from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]*(?:\(([\w\s,.]*)\)|([\w \t,]*|\*))[ \t]*$/;
const IMPORT = /^import[ \t]+([\w \t,.]+)$/;
const NOWHERE = { start: 0, end: 0 };

/** An import statement in one of its usual forms, without a span; undefined for anything else. */
function simpleImport(piece: string): readonly ImportStmt[] | undefined {
  if (!piece.startsWith("from") && !piece.startsWith("import")) return undefined;
  const text = piece.includes("#") ? piece.replace(/#[^\n]*/g, "") : piece;
  const from = FROM.exec(text.trimEnd());
  if (from !== null) {
    const [, dots = "", module = "", inside, plain = ""] = from;
    const star = plain.trim() === "*";
    const names = star ? [] : namesOf(inside ?? plain);
    if (names === undefined) return undefined;
    const shared = { kind: "import", span: NOWHERE, alias: undefined, from: true } as const;
    return [{ ...shared, module, level: dots.length, star, names }];
  }
  const plain = IMPORT.exec(text.trimEnd())?.[1];
  return plain === undefined
    ? undefined
    : namesOf(plain)?.map(({ name, alias }) => ({
        kind: "import",
        span: NOWHERE,
        module: name,
        level: 0,
        alias,
        from: false,
        names: [],
        star: false,
      }));
}

function namesOf(list: string): ImportStmt["names"] | undefined {
  const names: { span: typeof NOWHERE; name: string; alias: string | undefined }[] = [];
  for (const item of list.split(",")) {
    const [name, word, alias, ...more] = item.trim().split(/\s+/);
    if (name === undefined || name === "") continue;
    if (0 < more.length || (word !== undefined && (word !== "as" || alias === undefined))) return undefined;
    names.push({ span: NOWHERE, name, alias });
  }
  return names;
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
