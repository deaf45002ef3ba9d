import type { Root } from "../analysis.ts";
import type { CallExpr, Module, NameExpr } from "../core/core.ts";
import { parseExpression } from "../syntax/python/parse.ts";

/** What the definitions of a file use of each other, by name. A class that is only asked for or annotated is not used. */
export function usesOf(tree: Module): ReadonlyMap<string, ReadonlySet<string>> {
  const uses = new Map<string, Set<string>>();
  for (const stmt of tree.body) {
    const name =
      stmt.kind === "class"
        ? stmt.name
        : stmt.kind === "def"
          ? stmt.value.name
          : stmt.kind === "assign" && stmt.target.kind === "name"
            ? stmt.target.name
            : undefined;
    if (name !== undefined) uses.set(name, new Set([...(uses.get(name) ?? []), ...namesBelow(stmt)]));
  }
  return uses;
}

const ASKING = new Set(["isinstance", "issubclass"]);

function namesBelow(node: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (at: unknown): void => {
    if (typeof at !== "object" || at === null) return;
    if (Array.isArray(at)) {
      for (const item of at) look(item);
      return;
    }
    const record = at as Record<string, unknown>;
    if (record.kind === "name") names.add((at as NameExpr).name);
    if (record.kind === "call") {
      const { callee } = at as CallExpr;
      if (callee.kind === "name" && ASKING.has(callee.name)) return;
    }
    for (const key of Object.keys(record))
      if (key !== "span" && key !== "scope" && key !== "annotation" && key !== "returns") look(record[key]);
  };
  look(node);
  return names;
}

/** Adds the names, and all that they use. */
export function reach(
  uses: ReadonlyMap<string, ReadonlySet<string>>,
  from: Iterable<string>,
  reached: Set<string>,
): void {
  for (const name of from) {
    if (reached.has(name)) continue;
    reached.add(name);
    reach(uses, uses.get(name) ?? [], reached);
  }
}

/** Names that a root's expression, and the code that leads to it, use. */
export function usedNames(root: Root, tree: Module): Iterable<string> {
  const within = root.setup?.within;
  const lead = within === undefined ? [] : tree.body.filter((s) => s.kind === "def" && s.value.name === within);
  return [...namesBelow(parseExpression(root.model)), ...namesBelow(lead)];
}
