import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideAtLeast,
  decideEqual,
  decideGuard,
  holdsAt,
  sizesSatisfying,
  type Verdict,
} from "../../src/shape/decide.ts";
import { describeFailure } from "../../src/shape/failure.ts";
import { type Guard, guardSymbols } from "../../src/shape/guard.ts";
import { parseSize, type Size } from "../../src/shape/size.ts";
import { render } from "../../src/text/text.ts";
import { known, plainValue, sizeOf, type Tree, trees } from "./expressions.ts";

function read(text: string): Size {
  return known(parseSize(text));
}

/** `left = right` or `value >= bound`. */
function demand(text: string): Guard {
  const [left = "", right = ""] = text.split(/>=|=/);
  return text.includes(">=")
    ? { kind: "at-least", value: read(left), bound: Number(right) }
    : { kind: "equal", left: read(left), right: read(right) };
}

describe("verdicts, worked out by hand", () => {
  test.each([
    // A stride-2 block against a pooled shortcut that rounds up, and one that rounds down.
    ["(H + 1)//2 = (H - 1)//2 + 1", "always"],
    ["(H + 1)//2 = H//2", "sometimes"],
    // Two floors of one symbol that are one size only together.
    ["(H + 1)//2 + H//2 = H", "always"],
    ["H//3 + (H + 1)//3 + (H + 2)//3 = H", "always"],
    ["(H + 1)//2 = H//2 + 2", "never"],
    ["H = H + 1", "never"],
    ["2*H = 7", "never"],
    ["H = 7", "sometimes"],
    ["N*H = N*((H + 1)//2 + H//2)", "always"],
    ["N*H = N*(H + 1)", "never"],
    ["512*((H + 31)//32)*((W + 31)//32) = 25088", "sometimes"],
    ["512*((H + 31)//32)*((W + 31)//32) = 1000", "never"],
    ["H = W", "sometimes"],
    ["((H + 1)//2 + H//2)*W = W*H", "always"],
    ["(H + 1)//2 + (W + 1)//2 = H//2 + W//2", "sometimes"],
    ["((H + 1)//2 - H//2)*((W + 1)//2 - W//2) = 2", "never"],
    ["max((H + 1)//2, H//2) = (H + 1)//2", "always"],
    ["max(H, 7) = 7", "sometimes"],
    ["max(H, 7) = H", "sometimes"],
    ["max(H, 7) + min(H, 7) = H + 7", "always"],
    ["min(H, 5) = 6", "never"],
    ["H*H = 2", "never"],
    ["H*H = 49", "sometimes"],
    ["H*H - 5*H + 6 = 0", "sometimes"],
    ["H//2 >= 1", "sometimes"],
    ["(H + 1)//2 >= 1", "always"],
    ["H - 2*(H//2) >= 2", "never"],
    ["N*H >= 1", "always"],
    ["H - W >= 0", "sometimes"],
    ["3 - H >= 0", "sometimes"],
    // Both sides differ only past the sizes of any image, but they do.
    ["min(H, 1000000) = H", "sometimes"],
    ["H // W = H // W + 1", "never"],
  ] as const)("%s: %s", (text, verdict) => {
    expect(decideGuard(demand(text))).toBe(verdict);
  });

  // Sizes that earlier operators refuse do not count.
  test.each([
    ["(H + 1)//2 = H//2", ["H - 2*(H//2) = 0"], "always"],
    ["(H + 1)//2 = H//2", ["H//2 = (H - 1)//2"], "never"],
    ["H//32 = 1", ["H//32 = 1"], "always"],
    ["H//32 = 1", ["H - 33 >= 0"], "sometimes"],
    ["H//32 = 1", ["H >= 64"], "never"],
    ["H = 7", ["W = 7"], "sometimes"],
    ["(H//32)*(W//32) = 49", ["H//32 = 7", "W//32 = 7"], "always"],
    ["(H//32)*(W//32) = 49", ["H//32 = 7"], "sometimes"],
    ["(H//32)*(W//32) = 49", ["H//32 = 5"], "never"],
    ["H*W - 2*((H*W)//2) = 0", ["H - 2*(H//2) = 0"], "always"],
    ["H = 5", ["H = 3", "H = 4"], "unknown"],
    ["H = 5", ["H = 3", "1 = 2"], "unknown"],
    ["H*W = 12", ["H = 3", "H*W*N = 24", "N = 2"], "always"],
  ] as const)("%s given %s: %s", (text, given, verdict) => {
    expect(decideGuard(demand(text), given.map(demand))).toBe(verdict);
  });

  test("what is past the bounds is not claimed", () => {
    expect(decideGuard(demand("(H + 1)//5000 + (H + 4999)//5000 = 2*(H//5000)"))).not.toBe("never");
    expect(decideEqual(read("H*H*H + W*W*W"), read("N*N*N"))).toBe("unknown");
    const lost = { kind: "expr", text: "?" } as const;
    expect(decideEqual(lost, lost)).toBe("unknown");
    expect(decideAtLeast(lost, 1)).toBe("unknown");
  });
});

describe("where it fails, in words", () => {
  test.each([
    ["(H + 1)//2 = H//2", [], "fails for odd H", 223],
    ["H//2 = (H - 1)//2", [], "fails for even H", 224],
    ["32*(H//32) = H", [], "fails for H not divisible by 32", 223],
    ["(H + 1)//4 = H//4", [], "fails where H % 4 is 3", 223],
    ["(H + 3)//4 = H//4 + 1", [], "fails for H divisible by 4", 224],
    ["(H + 3)//8 = H//8", [], "fails where H % 8 is 5–7", 223],
    ["(H + 6)//8 = H//8", [], "fails where H % 8 is 2–7", 223],
    ["(H + 7)//8 = 8", [], "fails except for H = 57–64", 224],
    ["H = 57", [], "fails except for H = 57", 224],
    ["H//32 >= 1", [], "fails for H below 32", 31],
    ["H - 33 >= 0", [], "fails for H below 33", 32],
    ["100 - H >= 0", [], "fails for H above 100", 224],
    ["max(H - 3, 3 - H) >= 1", [], "fails for H = 3", 3],
    ["(H + 1)//2 = H//2", ["H >= 300"], "fails for odd H", 301],
    ["min((H + 1)//2, 400) = min(H//2, 400)", [], "fails for H = 1, 3, 5", undefined],
    ["max((H + 1)//2, 4) = max(H//2, 4)", [], "fails for odd H, except for H = 1, 3, 5, 7", 223],
    ["H*W = 49", [], "fails unless H·W = 49", 224],
    ["H - W >= 0", [], "fails where H - W is below 0", 223],
    ["H = 57", ["32*(H//32) = H"], "fails for every H", 224],
  ] as const)("%s given %s: %s", (text, given, words, nearest) => {
    const failure = describeFailure(
      demand(text),
      new Map([
        ["H", 224],
        ["W", 224],
      ]),
      given.map(demand),
    );
    if (nearest === undefined) {
      // Too many to list: an example says more.
      expect(failure && render(failure.text)).toBe("fails for some H, such as 223");
      return;
    }
    expect(failure && render(failure.text)).toBe(words);
    expect(failure?.example.get("H")).toBe(nearest);
  });

  test("both sides at the example, and sizes at which it holds", () => {
    const failure = describeFailure(demand("(H + 1)//2 = H//2"), new Map([["H", 57]]));
    expect(failure).toMatchObject({ left: 29, right: 28, example: new Map([["H", 57]]), holds: new Map([["H", 56]]) });
    expect(describeFailure(demand("(H + 1)//2 = H//2"), new Map())?.example).toEqual(new Map([["H", 1]]));
    expect(describeFailure(demand("H + 1 = H + 1"), new Map())).toBeUndefined();
  });
});

const UP_TO_600 = Array.from({ length: 600 }, (_, i) => i + 1);

test("the square sizes that all demands leave", () => {
  // VGG without its adaptive pool: five halvings, then 512·7·7 features.
  const features = demand("512*(H//32)*(W//32) = 25088");
  const sizes = sizesSatisfying([features], "H", ["W"], new Map(), UP_TO_600);
  expect([sizes[0], sizes.at(-1), sizes.length]).toEqual([224, 255, 32]);
  expect(sizesSatisfying([demand("H//32 = N")], "H", [], new Map([["N", 2]]), UP_TO_600)).toEqual(
    Array.from({ length: 32 }, (_, i) => 64 + i),
  );
});

describe("against all sizes from 1 to 600", () => {
  const LIMIT = 600;
  const one = trees(["H"], 3, true);
  /** Two trees that are often equal for many sizes: one is the other after a change. */
  const pair = fc.oneof(
    fc.tuple(one, one),
    one.chain((tree) =>
      fc.tuple(
        fc.constant(tree),
        trees(["H"], 1, false).map((by): Tree => ({ kind: "+", left: tree, right: { kind: "//", left: by, by: 2 } })),
      ),
    ),
    trees(["H"], 3, false).map((tree): [Tree, Tree] => [
      tree,
      { kind: "+", left: { kind: "//", left: tree, by: 2 }, right: { kind: "ceil", left: tree, by: 2 } },
    ]),
    one.map((tree): [Tree, Tree] => [tree, { kind: "max", left: tree, right: { kind: "number", value: 6 } }]),
  );
  const atH = (h: number): ReadonlyMap<string, number> => new Map([["H", h]]);

  /** What brute force finds; a claim for all sizes must be true of these. */
  function agrees(verdict: Verdict, holds: readonly boolean[]): boolean {
    if (verdict === "always") return holds.every((h) => h);
    if (verdict === "never") return !holds.includes(true);
    return true;
  }

  test("equal", () => {
    let decided = 0;
    let total = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const holds = Array.from({ length: LIMIT }, (_, i) => plainValue(a, atH(i + 1)) === plainValue(b, atH(i + 1)));
        const verdict = decideEqual(sizeOf(a), sizeOf(b));
        total++;
        if (verdict !== "unknown") decided++;
        expect(agrees(verdict, holds)).toBe(true);
        // The other way round: what differs within these sizes is seen to.
        if (holds.includes(true) && holds.includes(false)) expect(verdict).toBe("sometimes");
        if (verdict === "sometimes") checkFailure({ kind: "equal", left: sizeOf(a), right: sizeOf(b) }, [], holds);
      }),
      { numRuns: 500 },
    );
    expect(decided).toBe(total);
  });

  test("equal, or one of them 1", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const holds = Array.from({ length: LIMIT }, (_, i) => {
          const [left, right] = [plainValue(a, atH(i + 1)), plainValue(b, atH(i + 1))];
          return left === right || left === 1 || right === 1;
        });
        const guard: Guard = { kind: "broadcast", left: sizeOf(a), right: sizeOf(b) };
        const verdict = decideGuard(guard);
        expect(agrees(verdict, holds)).toBe(true);
        if (holds.includes(true) && holds.includes(false)) expect(verdict).toBe("sometimes");
        if (verdict === "sometimes") checkFailure(guard, [], holds);
      }),
      { numRuns: 500 },
    );
  });

  test("at least", () => {
    fc.assert(
      fc.property(one, fc.integer({ min: -5, max: 40 }), (a, bound) => {
        const holds = Array.from({ length: LIMIT }, (_, i) => bound <= plainValue(a, atH(i + 1)));
        const verdict = decideAtLeast(sizeOf(a), bound);
        expect(agrees(verdict, holds)).toBe(true);
        if (holds.includes(true) && holds.includes(false)) expect(verdict).toBe("sometimes");
        if (verdict === "sometimes") checkFailure({ kind: "at-least", value: sizeOf(a), bound }, [], holds);
      }),
      { numRuns: 400 },
    );
  });

  test("over the sizes that earlier operators accept", () => {
    const simple = trees(["H"], 2, false);
    fc.assert(
      fc.property(
        pair,
        fc.array(fc.tuple(simple, simple, fc.boolean()), { minLength: 1, maxLength: 2 }),
        ([a, b], earlier) => {
          const given = earlier.map(
            ([x, y, equal]): Guard =>
              equal
                ? { kind: "equal", left: sizeOf(x), right: sizeOf(y) }
                : { kind: "at-least", value: sizeOf({ kind: "-", left: x, right: y }), bound: 1 },
          );
          const accepted = (h: number): boolean =>
            earlier.every(([x, y, equal]) => {
              const lead = plainValue(x, atH(h)) - plainValue(y, atH(h));
              return equal ? lead === 0 : 1 <= lead;
            });
          const holds: (boolean | undefined)[] = [];
          for (let h = 1; h <= LIMIT; h++) {
            holds.push(accepted(h) ? plainValue(a, atH(h)) === plainValue(b, atH(h)) : undefined);
          }
          const guard: Guard = { kind: "equal", left: sizeOf(a), right: sizeOf(b) };
          const verdict = decideGuard(guard, given);
          const counted = holds.filter((h) => h !== undefined);
          expect(agrees(verdict, counted)).toBe(true);
          if (counted.includes(true) && counted.includes(false)) expect(verdict).toBe("sometimes");
          if (verdict === "sometimes") checkFailure(guard, given, holds);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("two symbols", () => {
    const two = trees(["H", "W"], 2, true);
    fc.assert(
      fc.property(two, two, fc.boolean(), (a, b, square) => {
        const right: Tree = square
          ? { kind: "+", left: { kind: "//", left: a, by: 2 }, right: { kind: "ceil", left: a, by: 2 } }
          : b;
        const verdict = decideEqual(sizeOf(a), sizeOf(right));
        const holds: boolean[] = [];
        for (let h = 1; h <= 24; h++) {
          for (let w = 1; w <= 24; w++) {
            const env = new Map([
              ["H", h],
              ["W", w],
            ]);
            holds.push(plainValue(a, env) === plainValue(right, env));
          }
        }
        expect(agrees(verdict, holds)).toBe(true);
        if (square) expect(verdict === "always" || verdict === "unknown").toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("two symbols, over the sizes that earlier operators accept", () => {
    const two = trees(["H", "W"], 2, true);
    const simple = trees(["H", "W"], 1, false);
    const earlier = fc.array(fc.tuple(simple, simple, fc.boolean()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(two, two, earlier, fc.boolean(), (a, b, conditions, equal) => {
        const guardOf = (x: Tree, y: Tree, same: boolean): Guard =>
          same
            ? { kind: "equal", left: sizeOf(x), right: sizeOf(y) }
            : { kind: "at-least", value: sizeOf({ kind: "-", left: x, right: y }), bound: 0 };
        const guard = guardOf(a, b, equal);
        const given = conditions.map(([x, y, same]) => guardOf(x, y, same));
        const verdict = decideGuard(guard, given);
        const holds: boolean[] = [];
        for (let h = 1; h <= 24; h++) {
          for (let w = 1; w <= 24; w++) {
            const env = new Map([
              ["H", h],
              ["W", w],
            ]);
            const lead = (x: Tree, y: Tree): number => plainValue(x, env) - plainValue(y, env);
            const met = ([x, y, same]: readonly [Tree, Tree, boolean]): boolean =>
              same ? lead(x, y) === 0 : 0 <= lead(x, y);
            if (conditions.every(met)) holds.push(met([a, b, equal]));
          }
        }
        expect(agrees(verdict, holds)).toBe(true);
        if (verdict !== "sometimes") return;
        const failure = describeFailure(guard, new Map([["H", 224]]), given);
        if (failure === undefined) return;
        expect(holdsAt(guard, failure.example)).toBe(false);
        // Conditions on other symbols than the demand's are independent of it.
        const apart = given.filter((other) => [...guardSymbols(other)].every((name) => failure.example.has(name)));
        expect(apart.every((other) => holdsAt(other, failure.example))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  /** The example fails and is accepted, the other holds, and the words say the same of all sizes as brute force. */
  function checkFailure(guard: Guard, given: readonly Guard[], holds: readonly (boolean | undefined)[]): void {
    const failure = describeFailure(guard, atH(224), given);
    expect(failure).toBeDefined();
    if (failure === undefined) return;
    expect(holdsAt(guard, failure.example)).toBe(false);
    expect(given.every((other) => holdsAt(other, failure.example))).toBe(true);
    if (failure.holds !== undefined) {
      expect([guard, ...given].every((other) => holdsAt(other, failure.holds ?? new Map()))).toBe(true);
    }
    const fails = understood(render(failure.text));
    if (fails === undefined) return;
    for (const [i, h] of holds.entries()) {
      if (h !== undefined && fails(i + 1) === h) {
        throw new Error(`${render(failure.text)}, but at ${i + 1} it ${h ? "holds" : "fails"}`);
      }
    }
  }
});

/** Reads the words as a person does; undefined for those that only give an example. */
function understood(text: string): ((size: number) => boolean) | undefined {
  if (text.startsWith("fails for some") || text.includes("·")) return undefined;
  const inList = (list: string, n: number): boolean =>
    list.split(", ").some((part) => {
      const [from = 0, to = from] = part.split("–").map(Number);
      return from <= n && n <= to;
    });
  const [, base = "", also = "", except = ""] =
    /^fails (.*?)(?: and for H (.*?))?(?:,? ?except for H = (.*))?$/.exec(text) ?? [];
  const rules: readonly (readonly [RegExp, (n: number, found: RegExpExecArray) => boolean])[] = [
    [/^$/, () => true],
    [/^for every H$/, () => true],
    [/^for odd H$/, (n) => n % 2 === 1],
    [/^for even H$/, (n) => n % 2 === 0],
    [/^for H not divisible by (\d+)$/, (n, found) => n % Number(found[1]) !== 0],
    [/^for H divisible by (\d+)$/, (n, found) => n % Number(found[1]) === 0],
    [/^where H % (\d+) is (.*)$/, (n, found) => inList(found[2] ?? "", n % Number(found[1]))],
    [/^unless H % (\d+) is (.*)$/, (n, found) => !inList(found[2] ?? "", n % Number(found[1]))],
    [/^for H above (\d+)$/, (n, found) => Number(found[1]) < n],
    [/^for H below (\d+)$/, (n, found) => n < Number(found[1])],
    [/^for H = (.*)$/, (n, found) => inList(found[1] ?? "", n)],
  ];
  for (const [pattern, fails] of rules) {
    const found = pattern.exec(base);
    if (found === null) continue;
    return (n) => {
      if (except !== "" && inList(except, n)) return false;
      const more = /^below (\d+)$/.exec(also)?.[1];
      if (more !== undefined && n < Number(more)) return true;
      return (also.startsWith("= ") && inList(also.slice(2), n)) || fails(n, found);
    };
  }
  throw new Error(`not understood: ${text}`);
}
