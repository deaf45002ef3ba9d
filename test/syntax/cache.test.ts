import { expect, test } from "vitest";
import { type ParsedFile, parsePython } from "../../src/syntax/python/parse.ts";
import { random, SAMPLE } from "./sample.ts";

const INSERTED = [
  "x",
  " ",
  "\n",
  "(",
  ")",
  "[",
  "}",
  '"',
  "'",
  '"""',
  "#",
  "\\",
  ":",
  ",",
  ".",
  "=",
  "\t",
  "def f():\n",
  "    ",
  "\0",
  "é",
  "@",
  "f'{",
];

test("an edited text parses to the same with the previous parse as without", () => {
  const next = random(7);
  let text = SAMPLE;
  let previous: ParsedFile = parsePython(text);
  for (let step = 0; step < 400; step++) {
    if (step % 20 === 0) text = SAMPLE;
    const at = next(text.length + 1);
    const removed = next(3) === 0 ? next(12) : 0;
    const inserted = next(4) === 0 ? "" : (INSERTED[next(INSERTED.length)] ?? "");
    text = text.slice(0, at) + inserted + text.slice(at + removed);
    const fresh = parsePython(text);
    const warm = parsePython(text, previous);
    expect(warm).toEqual(fresh);
    previous = warm;
  }
});

test("statements that did not move keep their nodes", () => {
  const before = parsePython(SAMPLE);
  const after = parsePython(SAMPLE.replace("width([1])", "width([2])"), before);
  expect(after.module.body.length).toBe(before.module.body.length);
  after.module.body.slice(0, -1).forEach((node, index) => {
    expect(node).toBe(before.module.body[index]);
  });
  expect(after.module.body.at(-1)).not.toBe(before.module.body.at(-1));
});

test("every span of a moved statement moves", () => {
  const before = parsePython(SAMPLE);
  const moved = parsePython(`import os\n${SAMPLE}`, before);
  expect(moved.module).toEqual(parsePython(`import os\n${SAMPLE}`).module);
});
