import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { word } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { product, showShape } from "./dims.ts";
import type { Args, Example, Operator, Refusal } from "./operator.ts";
import { badArgument, documented, entry, ok, refuse, tensor, unknownTensor } from "./outcome.ts";
import { resultType } from "./promote.ts";

const einsum: Operator = entry({
  name: "einsum",
  signature: "as the equation says",
  parameters: { equation: "letters per axis of each input, then those of the output" },
  shape: (inputs, args) => {
    const solved = solve(inputs, args);
    if (solved === undefined) return ok([unknownTensor(resultType(inputs), inputs)]);
    return "kind" in solved
      ? solved
      : ok(
          [
            tensor(
              solved.output.map((name) => dimOf(solved, name)),
              resultType(inputs),
            ),
          ],
          solved.guards,
        );
  },
  cost: (inputs, args) => {
    const solved = solve(inputs, args);
    return solved === undefined || "kind" in solved ? undefined : cost(solved);
  },
  link: documented("torch.einsum"),
  examples: examples(),
});

export const EINSUM: readonly Operator[] = [einsum];

/** An equation whose letters have lengths. Axes under an ellipsis are named `.0`, `.1`, … from the last one. */
interface Solved {
  readonly terms: readonly (readonly string[])[];
  /** Each term's letters whose own length is 1 while the letter's is not. */
  readonly ones: readonly ReadonlySet<string>[];
  readonly output: readonly string[];
  readonly lengths: ReadonlyMap<string, Dim>;
  readonly guards: readonly Guard[];
}

function solve(inputs: readonly TensorType[], args: Args): Solved | Refusal | undefined {
  const equation = word(args, "equation")?.replace(/\s/g, "");
  if (equation === undefined) return undefined;
  const none = [unknownTensor(resultType(inputs), inputs)];
  const invalid = (): Refusal => badArgument("equation", t("{0} is not an equation", equation), none);
  const [left = "", right, extra] = equation.split("->");
  const parts = left.split(",");
  if (extra !== undefined || !parts.every(isTerm) || (right !== undefined && !isTerm(right))) return invalid();
  if (parts.length !== inputs.length) {
    return badArgument("equation", t("expects {0} tensors, gets {1}", parts.length, inputs.length), none);
  }
  const shapes: (readonly Dim[])[] = [];
  for (const { shape } of inputs) {
    if (shape === undefined) return undefined;
    shapes.push(shape);
  }
  const terms: (readonly string[])[] = [];
  for (const [index, part] of parts.entries()) {
    const shape = shapes[index] ?? [];
    const term = named(part, shape.length);
    if (term === undefined) {
      const detail = t("{0} names other axes than those of {1}", part, showShape(shape));
      return refuse("rank", detail, none, { input: index, found: { size: shape.length } });
    }
    terms.push(term);
  }
  const guards: Guard[] = [];
  const lengths = new Map<string, Dim>();
  for (const [index, term] of terms.entries()) {
    for (const [axis, name] of term.entries()) {
      const own = shapes[index]?.[axis];
      if (own === undefined) continue;
      const before = lengths.get(name);
      const joined = before === undefined ? { shape: [own], misfits: [] } : broadcastShapes([[before], [own]], guards);
      const twice = term.indexOf(name) !== axis && before !== undefined && (before.size === 1) !== (own.size === 1);
      if (joined.misfits.length !== 0 || twice) {
        const detail = t("axis {0} has lengths {1} and {2}", name, showShape([before ?? own]), showShape([own]));
        const more = { input: index, axes: [axis], found: own };
        return refuse("shapes", detail, none, before === undefined ? more : { ...more, expected: before });
      }
      const [length] = joined.shape;
      if (length !== undefined) lengths.set(name, length);
    }
  }
  const output = right === undefined ? implied(terms) : named(right, ellipsisRank(terms, right));
  if (output === undefined || new Set(output).size !== output.length) return invalid();
  if (output.some((name) => !name.startsWith(".") && !lengths.has(name))) return invalid();
  const ones = terms.map((term, index) => {
    const shape = shapes[index] ?? [];
    return new Set(term.filter((name, axis) => shape[axis]?.size === 1 && lengths.get(name)?.size !== 1));
  });
  return { terms, ones, output: output.filter((name) => lengths.has(name)), lengths, guards };
}

function isTerm(text: string): boolean {
  return /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(text);
}

/** The names of a tensor's axes; undefined if the term does not name that many. */
function named(term: string, rank: number): readonly string[] | undefined {
  const [head = "", tail] = term.split("...");
  const open = rank - head.length - (tail?.length ?? 0);
  if (tail === undefined ? open !== 0 : open < 0) return undefined;
  const middle = Array.from({ length: open }, (_, i) => `.${open - 1 - i}`);
  return [...head, ...middle, ...(tail ?? "")];
}

function ellipsisRank(terms: readonly (readonly string[])[], output: string): number {
  const letters = output.replace("...", "").length;
  if (!output.includes("...")) return letters;
  return letters + Math.max(0, ...terms.map((term) => term.filter((name) => name.startsWith(".")).length));
}

/** Without an arrow: the ellipsis, then the letters that stand once, in alphabetical order (capitals first). */
function implied(terms: readonly (readonly string[])[]): readonly string[] {
  const all = terms.flat();
  const open = Math.max(0, ...terms.map((term) => term.filter((name) => name.startsWith(".")).length));
  const once = [...new Set(all)].filter((name) => !name.startsWith(".") && all.indexOf(name) === all.lastIndexOf(name));
  return [...Array.from({ length: open }, (_, i) => `.${open - 1 - i}`), ...once.sort()];
}

function dimOf(solved: Solved, name: string): Dim {
  return solved.lengths.get(name) ?? { size: 1 };
}

/** Multiply-adds as PyTorch contracts: from left to right in pairs, a matrix product where an axis is summed. */
function cost(solved: Solved): Dim["size"] {
  const live = solved.terms.map((term, i) => new Set(term.filter((name) => !solved.ones[i]?.has(name))));
  let [current = new Set<string>()] = live;
  const products: Dim[] = [];
  for (let i = 1; i < live.length; i++) {
    const next = live[i] ?? new Set<string>();
    const needed = new Set([...solved.output, ...solved.terms.slice(i + 1).flat()]);
    const ends = (name: string): boolean => !needed.has(name);
    // Without a sum over more than one product PyTorch multiplies elementwise, which it does not count.
    const summed = [...current].some((name) => ends(name) && next.has(name) && dimOf(solved, name).size !== 1);
    const both = new Set([...current, ...next]);
    if (summed) {
      // What stands in one operand only and is not needed any more is summed before the product.
      const taken = [...both].filter((name) => !ends(name) || (current.has(name) && next.has(name)));
      products.push(product(taken.map((name) => dimOf(solved, name))));
    }
    current = new Set([...both].filter((name) => !ends(name)));
  }
  return products.reduce<Dim["size"]>((sum, d) => sumOf(sum, d.size), 0);
}

function sumOf(a: Dim["size"], b: Dim["size"]): Dim["size"] {
  return a === undefined || b === undefined ? undefined : add(a, b);
}

function examples(): readonly Example[] {
  return [
    {
      inputs: [
        [2, 3, 4],
        [2, 4, 5],
      ],
      args: { equation: "bij,bjk->bik" },
      gives: [[2, 3, 5]],
    },
    {
      inputs: [
        ["N", 8, "L", 16],
        ["N", 8, "L", 16],
      ],
      args: { equation: "bhid,bhjd->bhij" },
      gives: [["N", 8, "L", "L"]],
    },
    { inputs: [[3, 4], [4]], args: { equation: "ij,j->i" }, gives: [[3]] },
    {
      inputs: [
        [2, 3, 1],
        [2, 1, 5],
      ],
      args: { equation: "bij,bjd->bid" },
      gives: [[2, 3, 5]],
    },
    {
      inputs: [
        [2, 3, 4],
        [2, 5],
      ],
      args: { equation: "bij,bd->bid" },
      gives: [[2, 3, 5]],
    },
    { inputs: [[2], [3]], args: { equation: "i,j->ij" }, gives: [[2, 3]] },
    { inputs: [[2, 3]], args: { equation: "ij->ji" }, gives: [[3, 2]] },
    {
      inputs: [
        [2, 3],
        [3, 4],
        [4, 5],
      ],
      args: { equation: "ij,jk,kl->il" },
      gives: [[2, 5]],
    },
    { inputs: [[3, 3]], args: { equation: "ii" }, gives: [[]] },
    { inputs: [[3, 2]], args: { equation: "ba" }, gives: [[2, 3]] },
    {
      inputs: [
        [7, 2, 3, 4],
        [4, 5],
      ],
      args: { equation: "...ij,jk->...ik" },
      gives: [[7, 2, 3, 5]],
    },
    {
      inputs: [
        [2, 1, 4],
        [2, 5, 4],
      ],
      args: { equation: "bij,bij->bi" },
      gives: [[2, 5]],
    },
    {
      inputs: [
        [2, 3, 6],
        [2, 3, 5],
      ],
      args: { equation: "bij,bik->bj" },
      gives: [[2, 6]],
    },
    {
      inputs: [
        [2, 3],
        [4, 5],
      ],
      args: { equation: "ij,jk->ik" },
      gives: "shapes",
    },
    { inputs: [[2, 3]], args: { equation: "ijk->i" }, gives: "rank" },
    { inputs: [[2, 3]], args: { equation: "ij,jk->ik" }, gives: "argument" },
    { inputs: [[2, 3]], args: { equation: "ij->k" }, gives: "argument" },
    { inputs: [[2, 3]], args: { equation: "ij->ii" }, gives: "argument" },
  ];
}
