import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { SENTENCES } from "../../src/syntax/python/messages.ts";
import { parsePython } from "../../src/syntax/python/parse.ts";

test("every message that the parser library can ask for has a sentence", () => {
  const path = createRequire(import.meta.url).resolve("@zzzen/pyright-internal/dist/parser/parser.js");
  const asked = [...readFileSync(path, "utf8").matchAll(/LocMessage\.(\w+)/g)].map((match) => match[1] ?? "");
  expect([...new Set(asked)].filter((key) => !SENTENCES.has(key))).toEqual([]);
});

test("a syntax error says what is missing, in any locale", () => {
  expect(parsePython("x = (1\n").module.syntaxErrors).toEqual([
    { span: { start: 4, end: 5 }, message: "'(' was never closed" },
  ]);
});
