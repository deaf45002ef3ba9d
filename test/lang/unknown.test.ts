import { expect, test } from "vitest";
import { outcome } from "./run.ts";

// What an unknown condition does to a generator: `somewhere` is a module that is not there.
const COUNT = `
import somewhere

def count():
    n = 0
    while n < 4:
        n += 1
        yield n

it = count()
first = next(it)
`;

test("a way that raises leaves a generator where it was, its variables included", () => {
  const text = `${COUNT}
if somewhere.flag:
    next(it)
    next(it)
    raise ValueError
result = (first, list(it))
`;
  expect(outcome(text)).toEqual({ result: "(1, [2, 3, 4])" });
});

test("a generator that only one way has moved is not known from there on", () => {
  const text = `${COUNT}
if somewhere.flag:
    next(it)
result = (first, next(it))
`;
  expect(outcome(text)).toHaveProperty("unknown");
});

test("a generator that neither way has moved goes on", () => {
  const text = `${COUNT}
if somewhere.flag:
    x = 1
else:
    x = 2
result = (first, next(it))
`;
  expect(outcome(text)).toEqual({ result: "(1, 2)" });
});

test("a yield under an unknown condition leaves what came before it", () => {
  const text = `
import somewhere

def some():
    yield 1
    if somewhere.flag:
        yield 2
    yield 3

it = some()
result = next(it)
`;
  expect(outcome(text)).toEqual({ result: "1" });
  expect(outcome(text.replace("result = next(it)", "result = list(it)"))).toHaveProperty("unknown");
});

test("an iterator over several is lost with the one that is lost", () => {
  const text = `
import somewhere

def some():
    yield 1
    if somewhere.flag:
        yield 2

result = list(zip(range(5), enumerate(some())))
`;
  expect(outcome(text)).toHaveProperty("unknown");
});

test("a recursion under an unknown condition ends soon, and leaves what does not depend on it", () => {
  const text = `
import somewhere

def pad(k):
    if any([isinstance(v, tuple) for v in [k, k]]):
        return [pad(*a) for a in zip(k, k)]
    return (k - 1) // 2

x = pad(somewhere.kernel)
result = (pad(7), pad((3, 5)) if False else 0)
`;
  expect(outcome(text)).toEqual({ result: "(3, 0)" });
});

test("the children that a loop of unknown length registers are not known to be none", () => {
  const text = `
import somewhere
from torch import nn

class Stage(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(somewhere.depth):
            self.add_module("b{}".format(i), nn.ReLU())

stage = Stage()
`;
  for (const asked of [
    "list(stage.children())",
    "[n for n, _ in stage.named_modules()]",
    "sum(1 for _ in stage.modules())",
  ])
    expect(outcome(`${text}result = ${asked}\n`)).toHaveProperty("unknown");
});
