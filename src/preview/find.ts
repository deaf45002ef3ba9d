import type { PreviewView, ViewNode } from "./model.ts";

/**
 * Nodes that all words of a query stand in, in the order of the network: in a path, a type, a shape, or the code that
 * calls or builds them. Of equal blocks drawn as one, every block's path leads to the one that is drawn. `title`: a node's
 * name in the user's language.
 */
export function findNodes(view: PreviewView, query: string, title: (node: ViewNode) => string): readonly string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const aliases = aliasesOf(view.network);
  const forms = words.map((word) => [word, ...aliases.flatMap(([from, to]) => renamed(word, from, to))]);
  const found: string[] = [];
  const visit = (node: ViewNode): void => {
    const text = textOf(node, view, title);
    if (forms.every((list) => list.some((word) => text.includes(word)))) found.push(node.id);
    node.children.forEach(visit);
  };
  visit(view.network);
  return found;
}

function textOf(node: ViewNode, view: PreviewView, title: (node: ViewNode) => string): string {
  const code = node.places.map(({ file, line }) => view.code[file]?.[String(line)] ?? "");
  const { paths, label, type, detail, output } = node;
  return [...paths, label, title(node), type, detail, output.text, ...code].join("\n").toLowerCase();
}

/** The second and further paths of equal blocks, each with the path of the one that is drawn. */
function aliasesOf(network: ViewNode): readonly (readonly [string, string])[] {
  const aliases: (readonly [string, string])[] = [];
  const visit = (node: ViewNode): void => {
    const [first, ...others] = node.paths;
    if (first !== undefined && 0 < node.children.length)
      for (const other of others) aliases.push([other.toLowerCase(), first.toLowerCase()]);
    node.children.forEach(visit);
  };
  visit(network);
  return aliases;
}

function renamed(word: string, from: string, to: string): readonly string[] {
  return word.startsWith(`${from}.`) ? [to + word.slice(from.length)] : [];
}
