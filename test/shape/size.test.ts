import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  ceilDiv,
  divideExactly,
  evaluate,
  floorDiv,
  max,
  min,
  mod,
  mul,
  neg,
  parseSize,
  printPython,
  printUser,
  type Size,
  sizeEquals,
  sub,
  substitute,
  symbol,
  symbolsOf,
} from "../../src/shape/size.ts";
import { known, plainValue, sizeOf, trees } from "./expressions.ts";

const H = symbol("H");
const W = symbol("W");
const N = symbol("N");

function read(text: string): Size {
  return known(parseSize(text));
}

/** torch's formula for a convolution's or a pool's output length. */
function convolved(h: Size, kernel: number, stride: number, padding: number, dilation = 1): Size {
  return add(known(floorDiv(sub(add(h, 2 * padding), dilation * (kernel - 1) + 1), stride)), 1);
}

describe("normal form", () => {
  test("ResNet's stages", () => {
    const stem = convolved(H, 7, 2, 3);
    const stages = [convolved(stem, 3, 2, 1)];
    for (let i = 0; i < 3; i++) stages.push(convolved(stages[i] ?? 0, 3, 2, 1));
    expect(printUser(stem)).toBe("ceil(H/2)");
    expect(stages.map(printUser)).toEqual(["ceil(H/4)", "ceil(H/8)", "ceil(H/16)", "ceil(H/32)"]);
    expect(stages.map(printPython)).toEqual(["(H + 3) // 4", "(H + 7) // 8", "(H + 15) // 16", "(H + 31) // 32"]);
    // The projection shortcut, 1x1 with stride 2, has the same length as the main branch.
    expect(sizeEquals(convolved(stages[0] ?? 0, 1, 2, 0), stages[1] ?? 0)).toBe(true);
  });

  // Left is what a program computes, right what it reads as; each pair worked out by hand.
  test.each([
    ["(2*H + 1)//2", "H", "H"],
    ["(4*H + 4)//8", "(H + 1) // 2", "ceil(H/2)"],
    ["(H//2)//3", "H // 6", "floor(H/6)"],
    ["((H + 1)//2 + 1)//2", "(H + 3) // 4", "ceil(H/4)"],
    ["(H - 7)//2 + 1", "(H + 1) // 2 - 3", "ceil(H/2) - 3"],
    ["-(H//2)", "-(H // 2)", "-floor(H/2)"],
    ["2*((H + 1)//2)", "2 * ((H + 1) // 2)", "2·ceil(H/2)"],
    ["H % 2", "H - 2 * (H // 2)", "H - 2·floor(H/2)"],
    ["H//2 + (H - 2*(H//2))//2", "H // 2", "floor(H/2)"],
    ["N*C*H*W//(N*C)", "H * W", "H·W"],
    ["C*H*N*64", "64 * N * C * H", "64·N·C·H"],
    ["(H*W)//2", "(H * W) // 2", "floor(H·W/2)"],
    ["H//(H + 1)", "0", "0"],
    ["(H*W + W + 3)//W", "H + 3 // W + 1", "H + floor(3/W) + 1"],
    ["max(H, 1)", "H", "H"],
    ["max(2, max(H, W))", "max(H, max(W, 2))", "max(H, W, 2)"],
    ["min(H + 2, H)", "H", "H"],
    ["max((H + 1)//2, H//2)", "(H + 1) // 2", "ceil(H/2)"],
    ["5 - H", "5 - H", "5 - H"],
    ["0*H", "0", "0"],
    ["7 // -2", "-4", "-4"],
    ["-7 % 4", "1", "1"],
    ["7 % -4", "-1", "-1"],
  ])("%s", (text, python, user) => {
    expect(printPython(read(text))).toBe(python);
    expect(printUser(read(text))).toBe(user);
  });

  test("what is no dim is not read", () => {
    const bad = [
      "",
      "H +",
      "H / 2",
      "H ** 2",
      "(H",
      "H)",
      "1.5",
      "foo(H)",
      "max()",
      "H W",
      "?",
      "2H",
      "H // 0",
      "H % (H - 1)",
    ];
    expect(bad.filter((text) => parseSize(text) !== undefined)).toEqual([]);
  });

  test("a divisor that may be 0 gives nothing", () => {
    expect(floorDiv(H, sub(H, 1))).toBeUndefined();
    expect(floorDiv(H, known(floorDiv(W, 2)))).toBeUndefined();
    expect(mod(H, 0)).toBeUndefined();
    expect(ceilDiv(7, 0)).toBeUndefined();
    // … but an exact quotient does not need to know.
    expect(divideExactly(mul(N, known(floorDiv(W, 2))), known(floorDiv(W, 2)))).toEqual(N);
    expect(divideExactly(mul(N, 3), 2)).toBeUndefined();
  });

  test("a number past 2^53 is given up, and so is what is made of it", () => {
    const large = mul(2 ** 40, 2 ** 40);
    expect(printPython(large)).toBe("?");
    expect(printUser(sub(large, large))).toBe("?");
    expect(sizeEquals(large, large)).toBe(false);
    expect(evaluate(large, new Map())).toBeUndefined();
    expect(evaluate(mul(mul(H, H), 2 ** 30), new Map([["H", 2 ** 20]]))).toBeUndefined();
  });

  test("a product that grows without end is given up", () => {
    let size = add(H, W);
    for (let i = 0; i < 12; i++) size = mul(size, add(size, N));
    expect(printPython(size)).toBe("?");
  });

  test("an expression that came as data is read from its text", () => {
    const sent: Size = JSON.parse(JSON.stringify(convolved(H, 3, 2, 1)));
    expect(sizeEquals(add(sent, 0), convolved(H, 3, 2, 1))).toBe(true);
    expect(printUser(sent)).toBe("ceil(H/2)");
  });

  test("symbols and substitution", () => {
    const size = read("max(N * (H // 2), W)");
    expect([...symbolsOf(size)].sort()).toEqual(["H", "N", "W"]);
    expect(
      substitute(
        size,
        new Map<string, Size>([
          ["H", 9],
          ["N", 2],
        ]),
      ),
    ).toEqual(read("max(W, 8)"));
    expect(substitute(read("H // W"), new Map<string, Size>([["W", 0]]))).toBeUndefined();
    expect(printPython(known(substitute(read("H // 2"), new Map([["H", read("2 * W + 1")]]))))).toBe("W");
  });
});

describe("against plain arithmetic", () => {
  const HW = ["H", "W"];

  test("one symbol, all sizes from 1 to 600", () => {
    fc.assert(
      fc.property(trees(["H"], 4, true), (tree) => {
        const size = sizeOf(tree);
        for (let h = 1; h <= 600; h++) {
          const env = new Map([["H", h]]);
          const value = plainValue(tree, env);
          if (Number.isSafeInteger(value) && evaluate(size, env) !== value + 0) return false;
        }
        return true;
      }),
      { numRuns: 400 },
    );
  });

  test("several symbols", () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 })), {
      minLength: 20,
    });
    fc.assert(
      fc.property(trees(HW, 4, true), sizes, (tree, points) => {
        const size = sizeOf(tree);
        for (const [h, w] of points) {
          const env = new Map([
            ["H", h],
            ["W", w],
          ]);
          const value = plainValue(tree, env);
          if (Number.isSafeInteger(value)) expect(evaluate(size, env)).toBe(value + 0);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("division by an expression", () => {
    fc.assert(
      fc.property(trees(HW, 3, true), trees(HW, 2, true), (a, b) => {
        const quotient = floorDiv(sizeOf(a), sizeOf(b));
        const rest = mod(sizeOf(a), sizeOf(b));
        const up = ceilDiv(sizeOf(a), sizeOf(b));
        for (const [h, w] of [
          [1, 1],
          [1, 2],
          [2, 1],
          [3, 5],
          [8, 7],
          [32, 32],
          [57, 224],
          [600, 1],
        ] as const) {
          const env = new Map([
            ["H", h],
            ["W", w],
          ]);
          const [x, y] = [plainValue(a, env), plainValue(b, env)];
          if (quotient === undefined) continue;
          expect(y).not.toBe(0);
          expect(evaluate(quotient, env)).toBe(Math.floor(x / y) + 0);
          if (rest !== undefined) expect(evaluate(rest, env)).toBe(x - y * Math.floor(x / y) + 0);
          if (up !== undefined) expect(evaluate(up, env)).toBe(Math.ceil(x / y) + 0);
        }
      }),
      { numRuns: 600 },
    );
  });

  test("an exact quotient times the divisor is the dividend", () => {
    fc.assert(
      fc.property(trees(HW, 2, true), trees(HW, 2, true), (a, b) => {
        const [x, y] = [sizeOf(a), sizeOf(b)];
        const quotient = divideExactly(mul(x, y), y);
        if (y !== 0) expect(quotient).toEqual(x);
        const other = divideExactly(x, y);
        if (other !== undefined) expect(sizeEquals(mul(other, y), x)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("chains of convolutions and pools", () => {
    const layer = fc.record({
      kernel: fc.integer({ min: 1, max: 7 }),
      stride: fc.integer({ min: 1, max: 4 }),
      padding: fc.integer({ min: 0, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 6 }), (layers) => {
        const out = layers.reduce((h, l) => convolved(h, l.kernel, l.stride, l.padding, l.dilation), H);
        for (let size = 1; size <= 600; size++) {
          let h = size;
          for (const l of layers) h = Math.floor((h + 2 * l.padding - l.dilation * (l.kernel - 1) - 1) / l.stride) + 1;
          if (evaluate(out, new Map([["H", size]])) !== h + 0) return false;
        }
        // Nested floors fold to one.
        return (printPython(out).match(/\/\//g) ?? []).length <= 1;
      }),
      { numRuns: 200 },
    );
  });

  test("the order of operands does not show", () => {
    fc.assert(
      fc.property(trees(HW, 3, true), trees(HW, 3, true), (left, right) => {
        const [x, y] = [sizeOf(left), sizeOf(right)];
        for (const f of [add, mul, max, min]) expect(printPython(f(x, y))).toBe(printPython(f(y, x)));
        expect(sub(add(x, y), y)).toEqual(x);
        expect(neg(neg(x))).toEqual(x);
      }),
      { numRuns: 300 },
    );
  });
});

describe("text", () => {
  test("Python text read back is the same size", () => {
    fc.assert(
      fc.property(trees(["N", "H", "W"], 4, true), trees(["H", "W"], 2, true), (a, b) => {
        for (const size of [sizeOf(a), floorDiv(sizeOf(a), sizeOf(b)), mod(sizeOf(a), sizeOf(b))]) {
          if (size === undefined || printPython(size) === "?") continue;
          expect(parseSize(printPython(size))).toEqual(size);
        }
      }),
      { numRuns: 600 },
    );
  });

  test("a person's text has the same value", () => {
    fc.assert(
      fc.property(
        trees(["H", "W"], 4, true),
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 99 }),
        (tree, h, w) => {
          const text = printUser(sizeOf(tree));
          const expected = plainValue(
            tree,
            new Map([
              ["H", h],
              ["W", w],
            ]),
          );
          if (text !== "?" && Math.abs(expected) < 2 ** 40) expect(userValue(text, h, w)).toBeCloseTo(expected, 6);
        },
      ),
      { numRuns: 600 },
    );
  });
});

/** Reads a person's text as JavaScript, in which `/` is the exact quotient. */
function userValue(text: string, H: number, W: number): number {
  const code = text.replaceAll("·", "*").replace(/\b(floor|ceil|max|min)\(/g, "Math.$1(");
  return Number(new Function("H", "W", `return ${code};`)(H, W));
}
