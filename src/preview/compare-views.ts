import type { PreviewView, ViewNode } from "./model.ts";

/** A part of a network that is compared: a block, or what stands outside of stages. */
export interface Part {
  readonly label: string;
  /** The module whose output is the part's. */
  readonly path: string;
  readonly type: string;
  readonly shape: string;
  readonly params: number | undefined;
  /** Per example. */
  readonly madds: number | undefined;
  readonly node: string;
}

/** Parts of two networks that stand for each other; of one alone where the other has none. */
export interface Pair {
  readonly own: Part | undefined;
  readonly other: Part | undefined;
  readonly change: "same" | "changed" | "added" | "removed";
}

/** Parts with the same path stand for each other; between such, the others by their order. */
export function compareViews(own: PreviewView, other: PreviewView): readonly Pair[] {
  const [left, right] = [partsOf(own), partsOf(other)];
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  const flush = (toLeft: number, toRight: number): void => {
    while (i < toLeft || j < toRight) {
      pairs.push(paired(i < toLeft ? left[i] : undefined, j < toRight ? right[j] : undefined));
      i = Math.min(i + 1, toLeft);
      j = Math.min(j + 1, toRight);
    }
  };
  for (const [at, part] of left.entries()) {
    const found = right.findIndex((one, k) => j <= k && one.label === part.label);
    if (found < 0) continue;
    flush(at, found);
    pairs.push(paired(part, right[found]));
    [i, j] = [at + 1, found + 1];
  }
  flush(left.length, right.length);
  return pairs;
}

function paired(own: Part | undefined, other: Part | undefined): Pair {
  if (own === undefined) return { own, other, change: "added" };
  if (other === undefined) return { own, other, change: "removed" };
  const same =
    own.shape === other.shape && own.params === other.params && own.madds === other.madds && own.type === other.type;
  return { own, other, change: same ? "same" : "changed" };
}

function partsOf(view: PreviewView): readonly Part[] {
  return view.network.children.flatMap((node) => {
    const parts = node.level === "stage" && node.kind === "module" ? node.children.flatMap(part) : [];
    return 0 < parts.length ? parts : part(node);
  });
}

function part(node: ViewNode): readonly Part[] {
  const { type, output, id, count } = node;
  const each = (sum: number | undefined): number | undefined => (sum === undefined ? undefined : sum / count);
  const rest = { type, shape: output.text, params: each(node.params), madds: each(node.madds), node: id };
  if (node.kind === "module") return node.paths.map((path) => ({ ...rest, label: path, path }));
  const modules = node.children.filter((child) => child.kind === "module");
  const [first, last] = [modules[0]?.paths[0], modules.at(-1)?.paths.at(-1)];
  if (node.kind !== "run" || first === undefined || last === undefined) return [];
  return [{ ...rest, label: first === last ? first : `${first}–${last}`, path: last }];
}
