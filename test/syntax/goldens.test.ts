import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePython } from "../../src/syntax/python/parse.ts";
import { canonical } from "./canonical.ts";

// The goldens are CPython's own: scripts/ast-goldens.py records them.
const snippets = readdirSync(new URL("snippets", import.meta.url)).filter((name) => name.endsWith(".py"));

test.each(snippets)("%s lowers to what CPython's ast, tokenizer and symbol table say", (name) => {
  const text = readFileSync(new URL(`snippets/${name}`, import.meta.url), "utf8");
  const golden = new URL(`goldens/${name.replace(/\.py$/, ".json")}`, import.meta.url);
  const entries: readonly unknown[] = JSON.parse(readFileSync(golden, "utf8"));
  const { module } = parsePython(text);
  expect(module.syntaxErrors).toEqual([]);
  expect([...canonical(module, text)].sort()).toEqual(entries.map((entry) => JSON.stringify(entry)).sort());
});
