import type { PreviewParams } from "../editor/protocol.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import type { Mode } from "../runtime/model.ts";
import type { Foreign } from "./others.ts";
import type { RunReport } from "./report.ts";
import type { RunSettings } from "./run.ts";

/** What the page remembers while it is hidden. */
export interface Saved {
  /** What the extension says that the panel is about. */
  readonly subject?: PreviewParams;
  readonly view?: PreviewView;
  /** The user's own opening (true) and closing (false), over the view's defaults. */
  readonly toggled: Readonly<Record<string, boolean>>;
  readonly selected?: string;
  readonly tree?: boolean;
  readonly options?: boolean;
  readonly settings: RunSettings;
  readonly report?: RunReport;
  /** The chosen tab of the dock. */
  readonly tab?: string;
  /** How much of the page's height the dock takes, where the user chose it, from 0 to 1. */
  readonly dock?: number;
  /** The view of the shown root before its code was last edited. */
  readonly earlier?: PreviewView;
  /** A root of another file to compare with. */
  readonly foreign?: Foreign;
  /** The selected node's facts are put away (true) or shown (false), where the user chose. */
  readonly folded?: boolean;
  /** Names of the classes, of a file that the user chose. */
  readonly labels?: { readonly file: string; readonly names: readonly string[] };
  /** Run on each edit that leaves the model without an error. */
  readonly auto?: boolean;
  readonly mode?: Mode;
  /** What each tab remembers, by its id. */
  readonly tabs?: Readonly<Record<string, unknown>>;
  readonly scroll?: number;
  /** The diagram's scale; 1 where it was not changed. */
  readonly scale?: number;
}

const FRESH: Saved = { toggled: {}, settings: { seed: 0, backend: "automatic" } };

/** The remembered state, or a fresh one where there is none. */
export function restore(value: unknown): Saved {
  return typeof value === "object" && value !== null && "toggled" in value && "settings" in value
    ? (value as Saved)
    : FRESH;
}

/** Ids of the nodes whose inside is shown. */
export function openIds(view: PreviewView, toggled: Saved["toggled"]): ReadonlySet<string> {
  const open = new Set<string>();
  const visit = (node: ViewNode): void => {
    if (0 < node.children.length && (toggled[node.id] ?? node.expanded)) open.add(node.id);
    node.children.forEach(visit);
  };
  visit(view.network);
  open.add(view.network.id);
  return open;
}

/** The node and what it lies in, outermost first; empty where the view has no such node. */
export function trail(view: PreviewView, id: string): readonly ViewNode[] {
  const index = indexOf(view);
  const found: ViewNode[] = [];
  for (let at = index.get(id); at !== undefined; at = at.parent) found.push(at.node);
  return found.reverse();
}

/** Every node in the order of the network. */
export function allNodes(view: PreviewView): readonly ViewNode[] {
  return [...indexOf(view).values()].map(({ node }) => node);
}

interface Placed {
  readonly node: ViewNode;
  readonly parent: Placed | undefined;
}

const indexes = new WeakMap<PreviewView, ReadonlyMap<string, Placed>>();

function indexOf(view: PreviewView): ReadonlyMap<string, Placed> {
  const known = indexes.get(view);
  if (known !== undefined) return known;
  const index = new Map<string, Placed>();
  const visit = (node: ViewNode, parent: Placed | undefined): void => {
    const placed = { node, parent };
    index.set(node.id, placed);
    for (const child of node.children) visit(child, placed);
  };
  visit(view.network, undefined);
  indexes.set(view, index);
  return index;
}

/** What stands for a node in the drawing: itself, or the closed box that it lies in. */
export function shownFor(view: PreviewView, id: string, open: ReadonlySet<string>): string | undefined {
  const path = trail(view, id);
  return (path.find((node) => !open.has(node.id)) ?? path.at(-1))?.id;
}
