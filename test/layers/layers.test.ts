import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** The layers in import order: a file imports only its own layer and those before it. */
const LAYERS: readonly string[] = [
  "text",
  "shape",
  "core",
  "syntax/python",
  "ops",
  "values",
  "graph",
  "eval",
  "lang",
  "numpy",
  "torch",
  "checks",
  "analysis",
  "editor",
  "preview",
  "weights",
  "runtime",
];

/** Programs of their own: each may import every layer, and none another. */
const LEAVES: readonly string[] = ["server", "cli", "extension", "webview"];

/** Packages that one layer alone may import. */
const KEPT: readonly (readonly [RegExp, string])[] = [
  [/^@zzzen\/pyright-internal/, "syntax/python"],
  [/^@tensorflow\//, "runtime"],
  [/^vscode$/, "extension"],
];

/** Layers that must not know which framework's code was read, nor the evaluator. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["runtime", "eval"],
  ["runtime", "lang"],
  ["runtime", "torch"],
  ["weights", "eval"],
  ["weights", "lang"],
  ["weights", "torch"],
];

function layerOf(file: string): string {
  // Files at the top of `src` are all of one layer, and so are those that find roots and inputs.
  if (!file.includes("/") || /^(roots|inputs)\//.test(file)) return "analysis";
  return [...LAYERS, ...LEAVES].find((layer) => file.startsWith(`${layer}/`)) ?? `no layer: ${file}`;
}

/** Why an import may not stand in a file (both relative to `src`); undefined if it may. */
function violation(file: string, wanted: string): string | undefined {
  const from = layerOf(file);
  if (!wanted.startsWith(".")) {
    const kept = KEPT.find(([name]) => name.test(wanted));
    return kept !== undefined && kept[1] !== from ? `${file} imports ${wanted}, which is ${kept[1]}'s` : undefined;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), wanted));
  const to = layerOf(target);
  if (from === to) return undefined;
  if (LEAVES.includes(to)) return `${file} imports the leaf ${to}`;
  if (FORBIDDEN.some(([a, b]) => a === from && b === to)) return `${file} imports ${to}`;
  if (LEAVES.includes(from)) return LAYERS.includes(to) ? undefined : `${file} imports ${to}`;
  const order = LAYERS.indexOf(to);
  return order < 0 || LAYERS.indexOf(from) < order ? `${file} imports ${target}, which stands below it` : undefined;
}

/** What a source imports: statically, as types, dynamically, by re-export. */
function importsOf(source: string): readonly string[] {
  const found = ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
  const types = [...source.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)].map(([, name]) => name ?? "");
  return [...new Set([...found, ...types])];
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));

test("every file imports only its own layer and those above it", () => {
  const read = files.flatMap((file) => {
    const source = readFileSync(path.join(SRC, file), "utf8");
    return importsOf(source).map((wanted) => ({ file, wanted }));
  });
  // A checker that reads nothing must fail.
  expect(files.length).toBeGreaterThan(200);
  expect(read.length).toBeGreaterThan(files.length);
  expect(read.flatMap(({ file, wanted }) => violation(file, wanted) ?? [])).toEqual([]);
});

test.each([
  ["shape/size.ts", 'import { apply } from "../eval/builder.ts";'],
  ["ops/conv.ts", 'import type { Value } from "../eval/value.ts";'],
  ["checks/check.ts", 'export { createAnalyzer } from "../analyzer.ts";'],
  ["runtime/execute.ts", 'const later = await import("../torch/layers.ts");'],
  ["graph/graph.ts", 'let x: import("../eval/value.ts").Value;'],
  ["server/core.ts", 'import { runProgram } from "../cli/program.ts";'],
  ["editor/hover.ts", 'import * as vscode from "vscode";'],
  ["preview/view.ts", 'import { tidy } from "@tensorflow/tfjs-core";'],
  ["lang/python.ts", 'import { Parser } from "@zzzen/pyright-internal/dist/parser/parser";'],
])("a planted violation in %s is found: %s", (file, source) => {
  expect(importsOf(source).flatMap((wanted) => violation(file, wanted) ?? [])).toHaveLength(1);
});
