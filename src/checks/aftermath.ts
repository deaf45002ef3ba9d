import type { Problem } from "../eval/interp.ts";
import { placeKey } from "./context.ts";

type PythonProblem = Problem & { readonly kind: "python" };

/**
 * Problems in order of execution, without those Python errors that only follow from an earlier one. Python stops at the
 * first; we go on, and where nothing says what a value should have been, the wrong one goes on too and fails at every
 * use. A name or attribute that another may be meant for is a mistake of its own.
 */
export function withoutAftermath(problems: readonly Problem[]): readonly Problem[] {
  const lost: PythonProblem[] = [];
  return problems.filter((problem) => {
    if (problem.kind !== "python") return true;
    const isTold = lost.some((earlier) => sameSpot(earlier, problem));
    const follows = problem.repairs.length === 0 && lost.some((earlier) => sameMatter(earlier, problem));
    if (isTold || (follows && problem.exception !== "NameError")) return false;
    if (problem.repairs.length === 0) lost.push(problem);
    return true;
  });
}

/** One expression that fails again, in another way, on its next turn; the same words are another instance of one mistake. */
function sameSpot(a: PythonProblem, b: PythonProblem): boolean {
  return a.place !== undefined && placeKey(a.place) === placeKey(b.place) && a.message !== b.message;
}

/** Both are about one object or type, or both are in one call of one function. */
function sameMatter(a: PythonProblem, b: PythonProblem): boolean {
  if (a.message === b.message && placeKey(a.place) === placeKey(b.place)) return false;
  return functionOf(a) === functionOf(b) || typesIn(a.message).some((name) => typesIn(b.message).includes(name));
}

function functionOf({ place, frames }: PythonProblem): string {
  const inner = frames.findLast((frame) => frame.own);
  return `${inner?.place.file ?? place?.file} ${inner?.function} ${inner?.path}`;
}

/** Names of types in Python's words: `'NoneType' object is …`, `must be Tensor, not int`. */
function typesIn(message: string): readonly string[] {
  return [...message.matchAll(/'(\w+)' object|type '(\w+)'|, not (\w+)|for \S+: '(\w+)' and '(\w+)'/g)].flatMap(
    ([, ...names]) => names.filter((name) => name !== undefined),
  );
}
