import type { GraphNode } from "../graph/graph.ts";
import { decideGuard, holdsAt } from "../shape/decide.ts";
import { describeFailure, type Failure, joinFailures } from "../shape/failure.ts";
import { type Guard, guardKey, guardSymbols, unbroadcast } from "../shape/guard.ts";
import { type Text, t } from "../text/text.ts";
import { type Context, type Finding, instanceOf, placeKey, type Run } from "./context.ts";
import { MAX_GIVEN } from "./faults.ts";
import { fitting, nodeWord } from "./words.ts";

/** An operator that refuses some sizes. */
interface Failing {
  readonly node: GraphNode;
  readonly failures: readonly Failure[];
}

/**
 * Operators that refuse some input sizes and not others: for which, over all the instances that one place stands for. A
 * size that an earlier operator refuses is not told again, and sizes merely too small for a kernel are not told at all.
 * `reported` are the places with an error of their own.
 */
export function sizeDependent(context: Context, reported: ReadonlySet<string>): readonly Finding[] {
  const run = context.symbolic;
  if (run === undefined) return [];
  const { example } = context;
  const { fixedInput } = context.input;
  const given: Guard[] = [];
  const told = new Set<string>();
  const places = new Map<string, Failing[]>();
  for (const node of run.graph.nodes) {
    const guards = node.guards ?? [];
    const key = placeKey(node.place);
    if (reported.has(key)) continue;
    // Where the given input does not fit, its own run has told so; where it is broadcast, that is another rule's.
    if (fixedInput && guards.some((guard) => guard.kind !== "at-least" && failsAt(unbroadcast(guard), example)))
      continue;
    const failures: Failure[] = [];
    for (const guard of guards) {
      // The blocks of a stage all demand the same.
      const text = guardKey(guard);
      if (told.has(text)) continue;
      told.add(text);
      if (guard.kind !== "at-least" && node.place !== undefined) {
        const before = given.slice(-MAX_GIVEN);
        // Where none of the sizes that come so far fits, it is told as it stands.
        const failure =
          describeFailure(guard, example, before) ??
          (decideGuard(guard, before) === "never" ? describeFailure(guard, example) : undefined);
        if (failure !== undefined) failures.push(failure);
      }
      given.push(guard);
    }
    if (failures.length !== 0) places.set(key, [...(places.get(key) ?? []), { node, failures }]);
  }
  return [...places.values()].flatMap((failing) => findingsOf(context, run, failing));
}

/** A demand in a size that the given input leaves open is none that it fails. */
function failsAt(guard: Guard, sizes: ReadonlyMap<string, number>): boolean {
  return [...guardSymbols(guard)].every((name) => sizes.has(name)) && !holdsAt(guard, sizes);
}

/** One finding an instance; all say the same. */
function findingsOf(context: Context, run: Run, failing: readonly Failing[]): readonly Finding[] {
  const joined = joinFailures(
    failing.flatMap(({ failures }) => failures),
    context.example,
  );
  const [first] = joined;
  const shown = failing.find(({ failures }) => failures.some(({ example }) => example === first?.example))?.node;
  if (first === undefined || shown === undefined) return [];
  const add = run.adds.get(shown.id);
  const what = add === undefined ? nodeWord(shown, run.modules.get(shown.path)?.builtin === true) : t("shortcut");
  const [main, other] = add?.main === 1 ? [first.right, first.left] : [first.left, first.right];
  const sizes = [...first.example].map(([name, size]) => `${name} = ${size}`).join(", ");
  const at =
    add === undefined
      ? t("{0} and {1} at {2}", main, other, sizes)
      : t("main {0}, shortcut {1} at {2}", main, other, sizes);
  const clauses = clausesOf(joined);
  const whole = clauses.slice(1).reduce<Text>((text, clause) => t("{0}, {1}", text, clause), clauses[0] ?? first.text);
  return failing.flatMap(({ node }): Finding[] => {
    if (node.place === undefined) return [];
    return [
      {
        code: add === undefined ? "size-dependent" : "shortcut-size-dependent",
        severity: context.input.fixedInput ? "info" : "warning",
        place: node.place,
        cause: "",
        instance: add === undefined ? instanceOf(node) : node.path === "" ? undefined : node.path,
        message: (instances) => {
          const where =
            1 < instances.length ? t("{0} in {1} and {2} more", what, instances[0] ?? "", instances.length - 1) : what;
          return fitting([
            t("{0} {1}: {2}", where, whole, at),
            t("{0} {1}: {2}", what, whole, at),
            t("{0} {1}", what, whole),
            t("{0} {1}: {2}", what, clauses[0] ?? first.text, at),
            t("{0} {1}", what, clauses[0] ?? first.text),
            t("{0} fails at {1}", what, sizes),
          ]);
        },
        related: [],
        fixes: () => [],
      },
    ];
  });
}

/** What is said of height and width alike is said once: "fails for odd H or W", "fails where H % 4 is 1, W likewise". */
function clausesOf(failures: readonly Failure[]): readonly Text[] {
  const clauses: { readonly text: Text; readonly symbols: readonly string[] }[] = [];
  for (const { text, runs } of failures) {
    const symbol = runs?.symbol ?? "";
    const at = clauses.findIndex((one) => sameBut(one.text, text, one.symbols[0] ?? "", symbol));
    const before = clauses[at];
    if (before === undefined) clauses.push({ text, symbols: [symbol] });
    else if (!before.symbols.includes(symbol)) clauses[at] = { ...before, symbols: [...before.symbols, symbol] };
  }
  return clauses.map(({ text, symbols: [first = "", ...others] }) => {
    if (!PLAIN.has(text.template))
      return others.reduce<Text>((all, symbol) => t("{0}, {1} likewise", all, symbol), text);
    const either = others.reduce<Text | string>((all, symbol) => t("{0} or {1}", all, symbol), first);
    return { ...text, args: [either, ...text.args.slice(1)] };
  });
}

/** Clauses that read as well with "H or W" in place of "H". */
const PLAIN: ReadonlySet<string> = new Set([
  "fails for odd {0}",
  "fails for even {0}",
  "fails for {0} not divisible by {1}",
  "fails for {0} divisible by {1}",
  "fails for {0} below {1}",
  "fails for {0} above {1}",
  "fails for every {0}",
]);

/** Whether two clauses are the same but for the symbol that each is about. */
function sameBut(a: Text, b: Text, inA: string, inB: string): boolean {
  const place = (text: Text, symbol: string): string =>
    JSON.stringify(text, (_, value: unknown) => (value === symbol ? "{symbol}" : value));
  return place(a, inA) === place(b, inB);
}
