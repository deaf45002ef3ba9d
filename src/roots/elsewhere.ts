import type { Root } from "../analysis.ts";
import type { ImportStmt, Module } from "../core/core.ts";
import type { Session } from "../evaluation.ts";
import { visit } from "./blocks.ts";
import { evaluatedAside } from "./factories.ts";
import { reach, usedNames, usesOf } from "./uses.ts";

/** Files that are looked into for one class, roots that are taken for it, and for all classes of a file. */
const MOST_FILES = 8;
const MOST_FOR_CLASS = 2;
const MOST = 4;

/** Roots of other files that build classes of one, and the classes' own roots, which those stand before. */
export interface Elsewhere {
  readonly roots: readonly Root[];
  readonly built: ReadonlySet<Root>;
}

/** Looks for roots of other files of the workspace that build classes of this one, themselves or through its functions. */
export function rootsElsewhere(
  session: Session,
  file: string,
  classes: readonly Root[],
  rootsOf: (file: string) => readonly Root[],
): Elsewhere {
  const tree = session.parsed(file)?.module;
  const found = new Map<string, Root>();
  const built = new Set<Root>();
  const known = new Map<string, readonly Root[]>();
  const uses = tree === undefined ? new Map<string, ReadonlySet<string>>() : usesOf(tree);
  for (const root of classes) {
    if (root.input !== undefined) continue;
    let count = 0;
    for (const { other, local } of users(session, file, namesFor(uses, classNameOf(root)))) {
      if (MOST_FOR_CLASS <= count || MOST <= found.size) break;
      const theirs = known.get(other) ?? rootsOf(other);
      known.set(other, theirs);
      for (const one of theirs) {
        if (MOST_FOR_CLASS <= count || MOST <= found.size) break;
        if (!runsCode(session, one, other, local)) continue;
        count++;
        built.add(root);
        found.set(`${one.file} ${one.model}`, { ...one, opened: file });
      }
    }
  }
  return { roots: [...found.values()], built };
}

function classNameOf({ model }: Root): string {
  return model.replace(/\(\)$/, "");
}

/** A class's name, and those of definitions of its file that lead to it. */
function namesFor(uses: ReadonlyMap<string, ReadonlySet<string>>, name: string): readonly string[] {
  const leading = [...uses.keys()].filter((other) => {
    const reached = new Set<string>();
    reach(uses, [other], reached);
    return other !== name && reached.has(name);
  });
  return [name, ...leading];
}

/** Files that use one of the names as that of this file, nearest first, and what it is called there. */
function* users(
  session: Session,
  file: string,
  names: readonly string[],
): Generator<{ readonly other: string; readonly local: string }> {
  let looked = 0;
  for (const name of names)
    for (const other of session.workspace.mentioning(file, name)) {
      if (!session.own(other)) continue;
      if (MOST_FILES <= looked++) return;
      const local = localName(session, other, file, name);
      if (local !== undefined) yield { other, local };
    }
}

/** The name by which a file knows a definition of another one, or the module that it is in; undefined if it does not. */
function localName(session: Session, other: string, file: string, name: string): string | undefined {
  const module = session.parsed(other)?.module;
  if (module === undefined) return undefined;
  for (const stmt of importsOf(module)) {
    if (!stmt.from) {
      const path = stmt.alias ?? stmt.module;
      if (isDefinition(session, other, `${path}.${name}`, file, name)) return path.split(".")[0];
      continue;
    }
    for (const item of stmt.names) {
      const local = item.alias ?? item.name;
      if (
        item.name === name &&
        (leadsTo(session, other, stmt, file) || isDefinition(session, other, local, file, name))
      )
        return local;
      if (item.name === "*" && isDefinition(session, other, name, file, name)) return name;
      if (item.name !== name && isDefinition(session, other, `${local}.${name}`, file, name)) return local;
    }
  }
  return undefined;
}

/** Every import of a file, in functions too. */
function importsOf(module: Module): readonly ImportStmt[] {
  const found: ImportStmt[] = [];
  visit(module.body, (node) => {
    const stmt = node as unknown as ImportStmt;
    if (stmt.kind === "import") found.push(stmt);
  });
  return found;
}

/** Whether `from … import` reads that very file. */
function leadsTo(session: Session, other: string, { level, module }: ImportStmt, file: string): boolean {
  const { loader } = session;
  const target = level === 0 ? loader.find(module, other) : loader.findRelative(other, level, module);
  return target?.file === file;
}

function isDefinition(session: Session, other: string, text: string, file: string, name: string): boolean {
  if (!/^[^\W\d][\w.]*$/.test(text)) return false;
  const value = evaluatedAside(session, other, text);
  if (value?.kind === "class") return value.place?.file === file && value.name === name;
  return value?.kind === "function" && value.module.file === file && value.expr.name === name;
}

/** Whether a root's expression and the code before it lead to a name of the file that it was found by. */
function runsCode(session: Session, root: Root, file: string, local: string): boolean {
  // A bare class is one that nothing builds.
  if (root.kind === "class" && !root.model.endsWith(")")) return false;
  const tree = session.parsed(file)?.module;
  if (tree === undefined) return false;
  // One that another file has for this one runs some class of it.
  if (root.file !== file) return true;
  const reached = new Set<string>();
  reach(usesOf(tree), usedNames(root, tree), reached);
  return reached.has(local);
}
