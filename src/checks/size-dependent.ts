import type { GraphNode } from "../graph/graph.ts";
import { holdsAt } from "../shape/decide.ts";
import { describeFailure, type Failure } from "../shape/failure.ts";
import { type Guard, unbroadcast } from "../shape/guard.ts";
import { type Text, t } from "../text/text.ts";
import { type Context, type Finding, instanceOf, placeKey } from "./context.ts";
import { fitting, nodeWord } from "./words.ts";

/** Earlier demands that a demand is judged under, at most: the last ones, whose sizes are nearest to it. */
const MAX_GIVEN = 64;

/**
 * Operators that refuse some input sizes and not others. A size that an earlier operator refuses is not told again, and
 * sizes merely too small for a kernel are not told at all. `reported` are the places with an error of their own.
 */
export function sizeDependent(context: Context, reported: ReadonlySet<string>): readonly Finding[] {
  const run = context.symbolic;
  if (run === undefined) return [];
  const { example } = context;
  const { fixedInput } = context.input;
  const given: Guard[] = [];
  return run.graph.nodes.flatMap((node): Finding[] => {
    const guards = node.guards ?? [];
    if (reported.has(placeKey(node.place))) return [];
    // Where the given input does not fit, its own run has told so; where it is broadcast, that is another rule's.
    if (fixedInput && guards.some((guard) => guard.kind !== "at-least" && !holdsAt(unbroadcast(guard), example)))
      return [];
    const failures: { readonly guard: Guard; readonly failure: Failure }[] = [];
    for (const guard of guards) {
      if (guard.kind !== "at-least" && node.place !== undefined) {
        const failure = describeFailure(guard, example, given.slice(-MAX_GIVEN));
        if (failure !== undefined) failures.push({ guard, failure });
      }
      given.push(guard);
    }
    const finding = findingOf(context, node, failures);
    return finding === undefined ? [] : [finding];
  });
}

function findingOf(
  context: Context,
  node: GraphNode,
  failures: readonly { readonly guard: Guard; readonly failure: Failure }[],
): Finding | undefined {
  const [first] = failures;
  const { place } = node;
  const run = context.symbolic;
  if (first === undefined || place === undefined || run === undefined) return undefined;
  const { fixedInput } = context.input;
  const add = run.adds.get(node.id);
  const texts = [...new Map(failures.map(({ failure }) => [textKey(failure.text), failure.text])).values()];
  const what = add === undefined ? nodeWord(node, run.modules.get(node.path)?.builtin === true) : t("shortcut");
  const swapped = add !== undefined && add.main === 1;
  const [main, other] = swapped ? [first.failure.right, first.failure.left] : [first.failure.left, first.failure.right];
  const sizes = [...first.failure.example].map(([name, size]) => `${name} = ${size}`).join(", ");
  const at =
    add === undefined
      ? t("{0} and {1} at {2}", main, other, sizes)
      : t("main {0}, shortcut {1} at {2}", main, other, sizes);
  const [text = first.failure.text, second] = texts;
  return {
    code: add === undefined ? "size-dependent" : "shortcut-size-dependent",
    severity: fixedInput ? "info" : "warning",
    place,
    cause: "",
    instance: add === undefined ? instanceOf(node) : add.path === "" ? undefined : add.path,
    message: (instances) => {
      const where =
        1 < instances.length ? t("{0} in {1} and {2} more", what, instances[0] ?? "", instances.length - 1) : what;
      const both = second === undefined ? text : t("{0}, {1}", text, second);
      return fitting([
        t("{0} {1}: {2}", where, both, at),
        t("{0} {1}: {2}", what, text, at),
        t("{0} {1}", what, text),
        t("{0} fails at {1}", what, sizes),
      ]);
    },
    related: [],
    fixes: () => [],
  };
}

function textKey(text: Text): string {
  return JSON.stringify(text);
}
