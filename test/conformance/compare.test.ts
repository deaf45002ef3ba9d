import { describe, expect, test } from "vitest";
// @ts-expect-error plain JavaScript
import { compare } from "../../scripts/conformance/compare.mjs";
// @ts-expect-error plain JavaScript
import { evaluate, evaluateShape } from "../../scripts/conformance/dims.mjs";

const TRUTH = {
  output: [2, 10],
  params: 650,
  modules: [
    { path: "", type: "Net", outputs: [[2, 10]], params: 650, madds: 1280 },
    { path: "fc", type: "Linear", outputs: [[2, 10]], params: 650, madds: 1280 },
  ],
  vars: [
    {
      file: "net.py",
      line: 8,
      variable: "x",
      shapes: [
        [2, 64],
        [2, 10],
      ],
    },
  ],
};
const ANSWER = { ...TRUTH, status: "ok", gaps: [] };
const verdictOf = (change: object) => compare(TRUTH, { ...ANSWER, ...change }, (file: string) => file);

describe("an answer against the record", () => {
  test("the record itself is known in all its 10 facts, 5 of them shapes", () => {
    expect(verdictOf({})).toEqual({
      known: 10,
      unknown: [],
      wrong: [],
      shapes: 5,
      shapesKnown: 5,
      vars: 2,
      varsKnown: 2,
    });
  });

  test("another output is wrong, an unknown one is not", () => {
    expect(verdictOf({ output: [2, 11] }).wrong).toEqual(["output: [2,10], not [2,11]"]);
    expect(verdictOf({ output: "?" })).toMatchObject({ unknown: ["output: [2,10]"], wrong: [], shapesKnown: 4 });
    expect(verdictOf({ output: ["?", 10] })).toMatchObject({
      unknown: ['output: [2,10], only ["?",10] known'],
      wrong: [],
    });
    expect(verdictOf({ output: ["?", 11] }).wrong).toEqual(['output: [2,10], not ["?",11]']);
    expect(verdictOf({ output: null })).toMatchObject({ unknown: ["output: [2,10]"], wrong: [] });
  });

  test("a module that is not called, is of another class, or has another count is wrong; a missing one is unknown", () => {
    const [root, fc] = TRUTH.modules;
    expect(verdictOf({ modules: [root, fc, { ...fc, path: "drop" }] }).wrong).toEqual(["drop: is not called"]);
    expect(verdictOf({ modules: [root, { ...fc, type: "Conv2d" }] }).wrong).toEqual(["fc: a Linear, not a Conv2d"]);
    expect(verdictOf({ modules: [root, { ...fc, madds: 1281 }] }).wrong).toEqual(["fc, madds: 1280, not 1281"]);
    expect(verdictOf({ modules: [root] })).toMatchObject({ wrong: [], unknown: { length: 3 } });
  });

  test("a variable's shapes are a set: one too many is wrong, one too few is wrong unless the answer has gaps", () => {
    const [x] = TRUTH.vars;
    const shapes = (...given: unknown[]) => ({ vars: [{ ...x, shapes: given }] });
    expect(verdictOf(shapes([2, 10], [2, 64])).wrong).toEqual([]);
    expect(verdictOf(shapes([2, 64], [2, 10], [2, 1])).wrong).toEqual(["net.py:8 x: never [2,1]"]);
    expect(verdictOf(shapes([2, 64])).wrong).toEqual(["net.py:8 x: lacks [2,10]"]);
    expect(verdictOf({ ...shapes([2, 64]), gaps: [{ reason: "…" }] })).toMatchObject({
      wrong: [],
      unknown: { length: 1 },
    });
    expect(verdictOf(shapes([2, 64], "?"))).toMatchObject({ wrong: [], unknown: ["net.py:8 x: [2,10]"] });
  });

  test("a variable that holds no tensor may be listed as unknown only", () => {
    const other = { file: "net.py", line: 9, variable: "n" };
    expect(verdictOf({ vars: [...TRUTH.vars, { ...other, shapes: [[3]] }] }).wrong).toHaveLength(1);
    expect(verdictOf({ vars: [...TRUTH.vars, { ...other, shapes: ["?"] }] })).toMatchObject({
      wrong: [],
      unknown: { length: 1 },
    });
  });
});

describe("what depends on the weights' values", () => {
  const starred = { ...TRUTH, output: ["*", 10], vars: [] };
  const verdictOfOutput = (output: unknown) =>
    compare(starred, { ...ANSWER, vars: [], output }, (file: string) => file);

  test("is answered best by an unknown dim; a number is wrong, an unknown shape is unknown", () => {
    expect(verdictOfOutput(["?", 10])).toMatchObject({ unknown: [], wrong: [], shapesKnown: 3 });
    expect(verdictOfOutput([7, 10]).wrong).toEqual(['output: ["*",10], not [7,10]']);
    expect(verdictOfOutput(["?", 11]).wrong).toHaveLength(1);
    expect(verdictOfOutput("?")).toMatchObject({ unknown: ['output: ["*",10]'], wrong: [] });
  });

  test("a module or a variable that is there for some weights only is not compared", () => {
    const modules = TRUTH.modules.map((row) => (row.path === "fc" ? { ...row, outputs: "*" } : row));
    const vars = [{ ...TRUTH.vars[0], shapes: "*" }];
    const verdict = compare({ ...TRUTH, modules, vars }, ANSWER, (file: string) => file);
    expect(verdict).toMatchObject({ unknown: [], wrong: [], shapes: 2 });
  });
});

describe("dims in Python's syntax", () => {
  test.each([
    ["(H + 3) // 4", 57],
    ["H - 1 - 2", 222],
    ["2*H + -W // 2", 402],
    ["-7 // 2", -4],
    ["-7 % 4", 1],
    ["max(H // 2, W) - min(3, 2, H)", 110],
    ["H % 2 * 3", 3],
  ])("%s", (dim, value) => expect(evaluate(dim, { H: 225, W: 96 })).toBe(value));

  test("unknown parts stay, an unknown symbol is refused", () => {
    expect(evaluateShape({ seq: [["N", "?"], null, "?"] }, { N: 2 })).toEqual({ seq: [[2, "?"], null, "?"] });
    expect(() => evaluate("K + 1", { H: 1 })).toThrow("not a dim: K + 1");
    expect(() => evaluate("H ** 2", { H: 1 })).toThrow("not a dim");
  });
});
