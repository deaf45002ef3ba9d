import { describe, expect, test } from "vitest";
import truth from "../data/truth/python.json" with { type: "json" };
import { KNOWN_GAPS } from "./gaps.ts";
import { outcome, snippets } from "./run.ts";

const facts: Readonly<Record<string, { readonly sha256: string; readonly [key: string]: string }>> = truth.snippets;
const all = snippets();

test("the record is current and large enough", () => {
  expect(all.map(({ key, sha256 }) => [key, sha256])).toEqual(
    Object.entries(facts).map(([key, { sha256 }]) => [key, sha256]),
  );
  expect(all.length).toBeGreaterThanOrEqual(600);
});

describe("what the interpreter makes of a snippet is what CPython makes of it", () => {
  test.each(all.map((snippet) => [snippet.key, snippet] as const))("%s", (key, { text }) => {
    const { sha256: _, ...expected } = facts[key] ?? { sha256: "" };
    const found = outcome(text);
    if (KNOWN_GAPS.has(key)) expect(found).not.toEqual(expected);
    else expect(found).toEqual(expected);
  });
});
