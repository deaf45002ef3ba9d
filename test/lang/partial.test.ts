import { expect, test } from "vitest";
import { observe } from "../torch/observe.ts";

const CONV = "self.c = nn.Conv2d(3, 6, 3)";

/** A model that reaches nothing of what stands above it. */
const beside = (head: string) => observe(CONV, "y = self.c(x)", undefined, head);

test.each([
  ["a module that was not found", "import nowhere\nfrom nowhere.deep import thing, other as another"],
  ["a base class of one", "import nowhere\nclass Other(nowhere.Base):\n    pass"],
  ["annotations of one", "from nowhere import Thing\ndef f(a: Thing, b: Thing = None) -> Thing:\n    return a"],
  ["code in a function that nothing calls", "from nowhere import thing\ndef f():\n    return thing(1)"],
  ["a coroutine that nothing awaits", "async def load(n):\n    return n\nwaiting = load(3)"],
])("%s is no gap of a model that does not use it", (_, head) => {
  const { shapes, gaps, errors } = beside(head);
  expect(shapes.y).toBe("[2, 6, 6, 6]");
  expect([...gaps, ...errors]).toEqual([]);
});

test.each([
  ["a decorator of one", "from nowhere import register\n@register\nclass Other(nn.Module):\n    pass"],
  ["a call of one", "import nowhere\nnowhere.setup(nn)"],
])("%s at the top of a module stays a gap", (_, head) => {
  expect(beside(head).gaps).not.toEqual([]);
});

test.each([
  [
    "a class with a base that is not known",
    "from nowhere import Base\nclass Other(Base):\n    pass",
    "self.o = Other()",
  ],
  ["a name of a module that was not found", "from nowhere import width", "self.o = width"],
])("%s is a gap of the model that uses it", (_, head, init) => {
  expect(observe(`${CONV}\n${init}`, "y = self.c(x)", undefined, head).gaps).not.toEqual([]);
});

// CPython 3.13 gives these numbers.
test("except* takes the exceptions of its type, as a group", () => {
  const { shapes, gaps, errors } = observe(
    `${CONV}
self.n = 0
try:
    raise ExceptionGroup("several", [ValueError("a"), KeyError("b"), ValueError("c")])
except* ValueError as group:
    self.n += 2 * len(group.exceptions)
except* KeyError as group:
    self.n += len(str(group))
try:
    raise ValueError("alone")
except* ValueError as group:
    self.n += 100 * len(group.exceptions)
try:
    try:
        raise ExceptionGroup("several", [ValueError("a"), KeyError("b")])
    except* KeyError:
        self.n += 1000
except ExceptionGroup as rest:
    self.n += 10000 * len(rest.exceptions)`,
    "y = x.new_zeros(self.n)",
  );
  // 4 + len("several (1 sub-exception)") + 100 + 1000 + 10000
  expect(shapes.y).toBe("[11129]");
  expect([...gaps, ...errors]).toEqual([]);
});

test("texts of tracebacks and clocks are no gaps of code that only prints them", () => {
  const { gaps } = observe(
    `${CONV}
self.start = time.time()
try:
    int("x")
except ValueError as error:
    print("".join(traceback.format_exception(error)), traceback.format_exc(), datetime.now())`,
    "y = self.c(x)\nprint(time.time() - self.start)",
    undefined,
    "import time\nimport traceback\nfrom datetime import datetime",
  );
  expect(gaps).toEqual([]);
});

test("torch.jit.isinstance tells classes apart, and leaves containers' items open", () => {
  const { shapes } = observe(
    CONV,
    `y = self.c(x) if torch.jit.isinstance(x, torch.Tensor) else x
z = x if torch.jit.isinstance([x], dict) else self.c(x)`,
  );
  expect(shapes).toMatchObject({ y: "[2, 6, 6, 6]", z: "[2, 6, 6, 6]" });
});

test("what depends on the size alone is no gap of sizes that are given", () => {
  const forward = "for i in range(x.shape[2]):\n    x = x + i\ny = x[:, :, :2]";
  const { shapes, gaps } = observe("self.n = 1", forward);
  expect(shapes.y).toBe("[2, 3, 2, 8]");
  expect(gaps).toEqual([]);
});

test.each([
  ["where nothing catches it", ["if flag:", "    raise ValueError('a')", "else:", "    raise KeyError('b')"]],
  [
    "where a handler of another kind is passed",
    ["try:", "    if flag:", "        raise ValueError('a')", "    else:", "        raise KeyError('b')"].concat([
      "except StopIteration:",
      "    pass",
    ]),
  ],
])("an exception of which it is not known is a gap, not an error: %s", (_, lines) => {
  const { gaps, errors } = observe(CONV, lines.join("\n"), undefined, "from nowhere import flag");
  expect(errors).toEqual([]);
  expect(gaps).toContain("both ways of an unknown condition raise");
});

test("what one of two ways writes to a function or an object is joined", () => {
  const head = ["from nowhere import flag", "def f(): return 3", "class A: pass", "a = A()", "if flag: f.a = 1"];
  head.push("if flag:", "    a.__dict__ = {'k': 4}", "else:", "    a.__dict__ = {'k': 4}");
  const forward = "y = self.c(x)\nz = x.new_zeros(f(), a.k)\nw = f.a";
  const { shapes, gaps, errors } = observe(CONV, forward, undefined, head.join("\n"));
  expect([shapes.y, shapes.z, errors]).toEqual(["[2, 6, 6, 6]", "[3, 4]", []]);
  expect(gaps).not.toContain("an internal error: {0}");
});

test("a function that stands for a class is no mistake in isinstance", () => {
  const { errors } = observe(CONV, "y = self.c(x)\nif isinstance(x.device, torch.device):\n    y = y + 1");
  expect(errors).toEqual([]);
});
