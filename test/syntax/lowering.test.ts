import { expect, test } from "vitest";
import type { Stmt } from "../../src/core/core.ts";
import { parseExpression, parsePython } from "../../src/syntax/python/parse.ts";

function body(text: string): readonly Stmt[] {
  const { module } = parsePython(text);
  expect(module.syntaxErrors).toEqual([]);
  return module.body;
}

test("the middle operand of a comparison chain is evaluated once, through a hidden name", () => {
  expect(parseExpression("a < f() <= c")).toMatchObject({
    kind: "logic",
    op: "and",
    left: {
      kind: "compare",
      op: "<",
      span: { start: 0, end: 7 },
      right: { kind: "bind", name: ".1", value: { kind: "call" } },
    },
    right: { kind: "compare", op: "<=", span: { start: 4, end: 12 }, left: { kind: "name", name: ".1" } },
  });
});

test("an augmented assignment evaluates its object and index once, before the value", () => {
  expect(body("f().x += y\n")).toMatchObject([
    {
      kind: "assign",
      augmented: true,
      target: { kind: "attribute", object: { kind: "name", name: ".1" } },
      value: {
        kind: "binary",
        inPlace: true,
        op: "+",
        opSpan: { start: 6, end: 8 },
        left: { kind: "attribute", object: { kind: "bind", name: ".1", value: { kind: "call" } } },
      },
    },
  ]);
});

test("a chained assignment binds its value to a hidden name, then the targets from the left", () => {
  const [hidden, first, second] = body("a = b = f()\n");
  expect([hidden, first, second]).toMatchObject([
    { kind: "assign", target: { name: ".1" }, value: { kind: "call" } },
    { kind: "assign", target: { name: "a" }, value: { name: ".1" } },
    { kind: "assign", target: { name: "b" }, value: { name: ".1" } },
  ]);
});

test("a comprehension is a call of a hidden function with the outermost iterable", () => {
  expect(parseExpression("[f(x) for x in y if x]")).toMatchObject({
    kind: "call",
    args: [{ value: { name: "y" } }],
    callee: {
      kind: "function",
      name: "<listcomp>",
      generator: false,
      params: [{ name: ".0" }],
      scope: { locals: new Set([".0", ".acc", "x"]) },
      body: [
        { kind: "assign", target: { name: ".acc" }, value: { kind: "list", items: [] } },
        {
          kind: "iterate",
          target: { name: "x" },
          iterable: { name: ".0" },
          body: [{ kind: "if", then: [{ kind: "expression", value: { callee: { name: "append" } } }] }],
        },
        { kind: "return", value: { name: ".acc" } },
      ],
    },
  });
});

test("the captures of a pattern are bound after the whole pattern has matched, before the guard", () => {
  const [match] = body("match v:\n    case [x, 1] if x: y = x\n    case _: z = 1\n");
  if (match?.kind !== "block") throw new Error("expected a block");
  const [needed, subject, branch] = match.body;
  expect(needed).toMatchObject({
    kind: "import",
    module: "collections.abc",
    names: [{ name: "Sequence", alias: ".Sequence" }],
  });
  expect(subject).toMatchObject({ kind: "assign", target: { name: ".1" }, value: { name: "v" } });
  expect(branch).toMatchObject({
    kind: "if",
    test: {
      op: "and",
      left: { op: "and", right: { kind: "list", items: [{ value: { kind: "bind", name: "x" } }] } },
      right: { name: "x" },
    },
    then: [{ kind: "assign", target: { name: "y" } }],
    otherwise: [{ kind: "assign", target: { name: "z" } }],
  });
});

test("what has no lowering is an error with the names that it binds", () => {
  expect(body("try: a = 1\nexcept* E as e: b = 2\n")).toMatchObject([{ kind: "try", star: true }]);
});

test("syntax of Python 3.12 and 3.13", () => {
  const text = [
    "def f[T: int, *Ts, **P](x: T) -> T: return x",
    "class C[T](Base): pass",
    "type Pair[T] = tuple[T, T]",
    `s = f"{d["key"]!r:{"<"}{width}}" f'{f'{f'{x}'}'}'`,
    "t = f'{",
    "    x  # a comment",
    "}'",
    "",
  ].join("\n");
  const statements = body(text);
  expect(statements.map((node) => node.kind)).toEqual([
    ...["assign", "assign", "assign", "def", "assign", "class", "assign", "assign", "assign", "assign"],
  ]);
  expect(statements.at(-2)).toMatchObject({
    value: {
      kind: "format",
      parts: [
        {
          value: { kind: "index", index: { kind: "string", value: "key" } },
          conversion: "r",
          spec: { kind: "format", parts: [{ value: { kind: "string", value: "<" } }, { value: { name: "width" } }] },
        },
        { value: { kind: "format", parts: [{ value: { kind: "format", parts: [{ value: { name: "x" } }] } }] } },
      ],
    },
  });
});

test("a character given by name is an unknown value, not a wrong one", () => {
  expect(parseExpression("'\\N{BULLET}'")).toMatchObject({ kind: "error" });
  expect(parseExpression("r'\\N{BULLET}'")).toMatchObject({ kind: "string", value: "\\N{BULLET}" });
});

test("a `yield` makes its own function a generator, not the one around", () => {
  const [outer] = body("def f():\n    def g(): yield 1\n    return lambda: (yield)\n");
  expect(outer).toMatchObject({
    value: { generator: false, body: [{ value: { generator: true } }, { value: { generator: true } }] },
  });
});
