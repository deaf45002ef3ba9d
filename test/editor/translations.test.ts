import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import chinese from "../../l10n/bundle.l10n.zh-cn.json" with { type: "json" };

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** Every sentence that the source says, read off the calls of `t`. */
function templates(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = ts.createSourceFile(name, readFileSync(path.join(SRC, name), "utf8"), ts.ScriptTarget.Latest);
    const look = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
        const [first] = node.arguments;
        if (first !== undefined && ts.isStringLiteralLike(first)) found.add(first.text);
      }
      ts.forEachChild(node, look);
    };
    look(file);
  }
  return found;
}

test("every sentence has its Chinese, with the same places for what is put in", () => {
  const table: Readonly<Record<string, string>> = chinese;
  const all = [...templates()];
  expect(all.length).toBeGreaterThan(500);
  const holes = (text: string) => [...text.matchAll(/\{\d\}/g)].map(([hole]) => hole).sort();
  expect(all.filter((template) => table[template] === undefined)).toEqual([]);
  expect(all.filter((template) => `${holes(template)}` !== `${holes(table[template] ?? "")}`)).toEqual([]);
});
