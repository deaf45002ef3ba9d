import { describe, expect, test } from "vitest";
import type { FunctionExpr, Stmt } from "../../src/core/core.ts";
import { parseExpression, parsePython } from "../../src/syntax/python/parse.ts";
import { SAMPLE } from "./sample.ts";

/** Every `def` of a module, also in what became an error. */
function functions(statements: readonly Stmt[]): readonly FunctionExpr[] {
  return statements.flatMap((node) => {
    if (node.kind === "def") return [node.value, ...functions(node.value.body)];
    if (node.kind === "class") return functions(node.body);
    if (node.kind === "error") return functions(node.parts);
    if (node.kind === "if") return functions([...node.then, ...node.otherwise]);
    return [];
  });
}

function names(text: string): readonly string[] {
  return functions(parsePython(text).module.body).map(({ name }) => name);
}

const WHOLE = parsePython(SAMPLE).module;
const ALL = ["conv3x3", "__init__", "forward", "width", "__init__", "_make_layer", "forward"];

test("the sample is whole", () => {
  expect(WHOLE.syntaxErrors).toEqual([]);
  expect(names(SAMPLE)).toEqual(ALL);
});

test("a file that is cut off anywhere keeps the statements before the cut", () => {
  for (let cut = 0; cut <= SAMPLE.length; cut++) {
    const { module } = parsePython(SAMPLE.slice(0, cut));
    const before = WHOLE.body.filter(({ span }) => span.end < cut);
    expect(module.body.slice(0, before.length)).toEqual(before);
  }
});

describe("functions after a broken one are found, and are as they were", () => {
  const target = "        self.bn1 = nn.BatchNorm2d(planes)\n";
  const at = SAMPLE.indexOf(target);
  const cases = [
    "        self.bn1 = nn.BatchNorm2d(planes\n",
    "        self.bn1 = nn.BatchNorm2d([planes\n",
    "        self.bn1 = nn.BatchNorm2d({'a': (\n",
    "        self.bn1 = \n",
    "        self.\n",
    "        self.bn1.\n",
    '        self.bn1 = "unterminated\n',
    "        self.bn1 = f'{planes\n",
    "        self.bn1 = nn.BatchNorm2d(planes))\n",
    "        if self.bn1\n",
    "        for i in\n",
    "        if self.bn1:\n",
    "        return nn.BatchNorm2d planes\n",
    "        x = ? $ `\n",
    "        x = \0\0\n",
    "        lambda\n",
    "          self.bn1 = 1\n",
    "        with open(\n",
    "        del\n",
    "        @\n",
  ];
  test.each(cases)("%j", (line) => {
    const text = SAMPLE.slice(0, at) + line + SAMPLE.slice(at + target.length);
    expect(names(text)).toEqual(ALL);
    const { module } = parsePython(text);
    expect(module.syntaxErrors.length).toBeGreaterThan(0);
    for (const { span } of module.syntaxErrors) {
      expect(span.start).toBeGreaterThanOrEqual(at - 60);
      expect(span.start).toBeLessThanOrEqual(at + line.length + 20);
    }
    const delta = line.length - target.length;
    const late = parsePython(SAMPLE).module.body.filter(({ span }) => SAMPLE.indexOf("@torch.no_grad") <= span.start);
    const found = module.body.slice(-late.length);
    expect(found.map(({ span }) => span.start - delta)).toEqual(late.map(({ span }) => span.start));
    expect(JSON.stringify(found, withoutSpans)).toBe(JSON.stringify(late, withoutSpans));
    // The methods after the broken line, in the same class.
    const forward = functions(module.body)[2];
    expect(JSON.stringify(forward, withoutSpans)).toBe(JSON.stringify(functions(WHOLE.body)[2], withoutSpans));
  });
});

function withoutSpans(key: string, value: unknown): unknown {
  return /span$/i.test(key) ? undefined : value;
}

test("a triple quote that is being typed hides nothing behind the function that it is in", () => {
  const cases = [
    ["        self.bn1 =", "the string is never closed"],
    ["    def __init__(self, layers", "the string is never closed"],
    // Here it pairs with the quote that opens the docstring, whose text then reads as code.
    ["def conv3x3(", "a new line is expected"],
  ] as const;
  for (const [line, message] of cases) {
    const at = SAMPLE.indexOf("\n", SAMPLE.indexOf(line)) + 1;
    const text = `${SAMPLE.slice(0, at)}        """\n${SAMPLE.slice(at)}`;
    expect(names(text)).toEqual(ALL);
    expect(parsePython(text).module.syntaxErrors.map((error) => error.message)).toEqual([message]);
  }
});

test("a line with a syntax error computes nothing and still binds its names", () => {
  const { module } = parsePython("x = f(1,\ny = 2\nz = a b\n");
  expect(
    module.body.map((node) => (node.kind === "assign" ? [node.target, node.value?.kind] : node.kind)),
  ).toMatchObject([[{ name: "x" }, "error"], [{ name: "y" }, "number"], [{ name: "z" }, "error"], "expression"]);
  expect(module.names).toEqual(["x", "y", "z"]);
  expect(module.syntaxErrors.map(({ span }) => span.start)).toEqual([5, 21]);
});

test("a half-typed attribute is an error around its object", () => {
  expect(parsePython("y = self.\n").module.body).toMatchObject([
    { kind: "assign", target: { name: "y" }, value: { kind: "error", span: { start: 4, end: 9 } } },
  ]);
});

test("a function without a block or with a broken header is unknown, and is kept as a part of the error", () => {
  const { body } = parsePython("def f(a, b:\n    return a\ndef g():\ndef h(x) return\nclass C(nn.\n    pass\n").module;
  expect(
    body.map((node) => (node.kind === "error" ? [node.parts.map(({ kind }) => kind), node.binds] : node.kind)),
  ).toEqual([
    [["def"], ["f"]],
    [["def"], ["g"]],
    [["def"], ["h"]],
    [["class"], ["C"]],
  ]);
});

test("a block that is indented without reason is not run, but what it binds is known to be bound", () => {
  const { body } = parsePython("def f(x):\n    a = 1\n        b = g(a)\n        c = 2\n    return a\n").module;
  const [f] = functions(body);
  expect(f?.body.map((node) => (node.kind === "error" ? node.binds : node.kind))).toEqual([
    "assign",
    ["b"],
    ["c"],
    "return",
  ]);
});

test("a broken method name does not run the method's body in the class", () => {
  const [node] = parsePython("class A:\n    def forward\n        x = self.f(y)\n    def g(self): pass\n").module.body;
  expect(node?.kind === "class" && node.body.map(({ kind }) => kind)).toEqual(["error", "error", "def"]);
});

test("what cannot be assigned to is reported", () => {
  const { module } = parsePython("f() = 1\n1 += 2\nfor x.y() in z: pass\na, 'b' = c\n");
  expect(module.syntaxErrors.map(({ span }) => [span.start, span.end])).toEqual([
    [0, 3],
    [8, 9],
    [19, 24],
    [39, 42],
  ]);
});

test("nesting that exhausts the parser is one error, and the next statement is whole", () => {
  for (const text of [
    `x = ${"(".repeat(20000)}`,
    `x = ${"[".repeat(3000)}1${"]".repeat(3000)}`,
    `x = ${"-".repeat(5000)}1`,
  ]) {
    const { module } = parsePython(`${text}\ndef f(): return 1\n`);
    expect(module.body.at(-1)).toMatchObject({ kind: "def", value: { name: "f" } });
    expect(module.syntaxErrors.length).toBe(1);
    expect(module.names).toEqual(["x", "f"]);
  }
});

test("megabytes of source, of brackets, of quotes and of zeros give a module", () => {
  const size = 5_000_000;
  const source = SAMPLE.repeat(Math.ceil(size / SAMPLE.length));
  expect(parsePython(source).module.body.length).toBe(WHOLE.body.length * Math.ceil(size / SAMPLE.length));
  const units = {
    "(": size,
    '"""': 5e5,
    "\0": size,
    "# a\n": 5e5,
    "f'{": 5e5,
    "\\\n": 5e5,
    "a.": 5e5,
    "x(\n": 5e4,
    "f'{\n": 5e4,
  };
  for (const [unit, length] of Object.entries(units)) {
    const text = unit.repeat(length / unit.length);
    const { module } = parsePython(`${text}\ndef last(): pass\n`);
    const found = [...module.names, ...module.body.flatMap((node) => (node.kind === "error" ? node.binds : []))];
    expect([unit, found.includes("last")]).toEqual([unit, true]);
  }
}, 120_000);

test("one expression, or nothing", () => {
  expect(parseExpression("ResNet([2, 2], width=64)")).toMatchObject({ kind: "call", callee: { name: "ResNet" } });
  expect(parseExpression(" \n m.f() # comment\n")).toBeUndefined();
  for (const text of ["", "x = 1", "f(", "f(); g()", "f()\ng()", "import a", "pass", "a b", "# only"]) {
    expect(parseExpression(text)).toBeUndefined();
  }
});
