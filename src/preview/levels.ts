import type { Graph, ResidualAdd } from "../graph/graph.ts";
import type { Step } from "./calls.ts";
import type { Level } from "./model.ts";

/** Which of He et al.'s levels each step stands on, and the shortcuts that it adds. */
export interface Levels {
  readonly level: (step: Step) => Level;
  /** A reader sees it as one layer: an operator, or a module that calls no other and adds no shortcut. */
  readonly isLayer: (step: Step) => boolean;
  /** Residual adds in the step's own code. */
  readonly ownAdds: (step: Step) => readonly ResidualAdd[];
  /** Every shortcut in the step and below it fits. */
  readonly fits: (step: Step) => boolean;
}

/** What is known of one class of the user's, over all its instances. */
interface ClassUse {
  readonly paths: Set<string>;
  adds: boolean;
  /** Something below an instance adds a shortcut. */
  holdsAdds: boolean;
}

/**
 * Told by structure alone. A block is a module of a class that adds a shortcut somewhere, or whose class occurs more than
 * once and holds no such module; what holds blocks is a stage; any other module that holds layers is a block as well.
 */
export function levelsOf(root: Step, graph: Graph): Levels {
  const byPath = new Map<string, ResidualAdd[]>();
  for (const add of graph.residualAdds) byPath.set(add.path, [...(byPath.get(add.path) ?? []), add]);
  const sums = new Set(graph.residualAdds.map((add) => add.node));
  const misfits = graph.residualAdds.filter((add) => !add.fits).map((add) => add.node);
  const ownAdds = (step: Step): readonly ResidualAdd[] =>
    step.kind !== "call" ? [] : (byPath.get(step.path) ?? []).filter((add) => contains(step, add.node));
  const uses = classUses(root, ownAdds);
  const isLayer = (step: Step): boolean => {
    if (step.kind === "operator") return !sums.has(step.from);
    return step.steps.every((inner) => inner.kind === "operator") && ownAdds(step).length === 0;
  };
  const known = new Map<Step, Level>();
  const find = (step: Step): Level => {
    if (step.kind === "operator") return "layer";
    if (step.kind === "run" && step.module === undefined) return "stage";
    if (0 < ownAdds(step).length) return "block";
    if (isLayer(step)) return "layer";
    const use = uses.get(classKey(step));
    if (use?.adds === true || (use !== undefined && 1 < use.paths.size && !use.holdsAdds)) return "block";
    return step.steps.some((inner) => level(inner) !== "layer") ? "stage" : "block";
  };
  const level = (step: Step): Level => {
    const found = known.get(step) ?? find(step);
    known.set(step, found);
    return found;
  };
  return { level, isLayer, ownAdds, fits: (step) => !misfits.some((node) => contains(step, node)) };
}

function classUses(root: Step, ownAdds: Levels["ownAdds"]): ReadonlyMap<string, ClassUse> {
  const uses = new Map<string, ClassUse>();
  /** Whether the step or something below it adds a shortcut. */
  const visit = (step: Step): boolean => {
    let below = false;
    for (const inner of step.steps) below = visit(inner) || below;
    const adds = 0 < ownAdds(step).length;
    const key = step === root ? "" : classKey(step);
    if (key !== "") {
      const use = uses.get(key) ?? { paths: new Set(), adds: false, holdsAdds: false };
      use.paths.add(step.path);
      use.adds ||= adds;
      use.holdsAdds ||= below;
      uses.set(key, use);
    }
    return adds || below;
  };
  visit(root);
  return uses;
}

/** Names a class of the user's by where it stands; empty for the framework's own, which mean nothing by themselves. */
function classKey(step: Step): string {
  if (step.kind === "operator" || step.module === undefined || step.module.builtin) return "";
  const place = step.module.classPlace;
  return `${step.type} ${place?.file ?? ""} ${place?.span.start ?? ""}`;
}

function contains(step: Step, node: number): boolean {
  return step.from <= node && node < step.to;
}
