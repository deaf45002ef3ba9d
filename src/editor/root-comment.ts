import type { Analysis, InputSpec } from "../analysis.ts";
import { shownInput } from "./runnable-input.ts";

/** Whole lines of a file to replace, 0-based: `[line, endLine)` become `lines`. */
export interface LinesEdit {
  readonly line: number;
  readonly endLine: number;
  readonly lines: readonly string[];
}

/**
 * The edit that writes a root and its input into its file as `# resnet-lens:` comments: in the place of those that name
 * this root already, else above the function or class that is the root, else above the file's first definition.
 */
export function rootComment(text: string, analysis: Analysis, nameLine: number | undefined): LinesEdit {
  const lines = text.split(/\r\n|\r|\n/);
  const { model } = analysis.root;
  const known = lines.findIndex((line) => commentOf(line)?.kind === "model" && commentOf(line)?.text === model);
  const made = (indent: string): readonly string[] => [
    `${indent}# resnet-lens: model ${model.replace(/\s+/g, " ")}`,
    ...inputTexts(analysis).map((input) => `${indent}# resnet-lens: input ${input}`),
  ];
  if (0 <= known) {
    const [line, endLine] = blockAround(lines, known);
    return { line, endLine, lines: made(indentOf(lines[known])) };
  }
  const first = lines.findIndex((line) => /^(?:async\s+def|def|class|@)/.test(line));
  const at = nameLine === undefined ? (first < 0 ? lines.length - 1 : first) : firstDecorator(lines, nameLine);
  // An input that stands above the definition already is the old one.
  let line = at;
  while (0 < line && commentOf(lines[line - 1])?.kind === "input") line--;
  return { line, endLine: at, lines: made(indentOf(lines[at])) };
}

/** The root's inputs as its comment writes them. */
function inputTexts(analysis: Analysis): readonly string[] {
  return (shownInput(analysis) ?? analysis.input).map(inputText);
}

function inputText(spec: InputSpec): string {
  const isPlain = spec.kind === "tensor" && spec.dtype === undefined && spec.name === undefined;
  return isPlain && spec.shape !== undefined ? `(${spec.shape.join(", ")})` : JSON.stringify(jsonOf(spec));
}

function jsonOf(spec: InputSpec | null): unknown {
  if (spec === null) return null;
  switch (spec.kind) {
    case "tensor": {
      const shape = spec.shape ?? "?";
      if (spec.dtype === undefined && spec.name === undefined) return shape;
      return { shape, ...(spec.dtype && { dtype: spec.dtype }), ...(spec.name && { name: spec.name }) };
    }
    case "seq":
      return { seq: spec.items.map(jsonOf) };
    case "dict":
      return { dict: Object.fromEntries(spec.entries.map(([key, item]) => [key, jsonOf(item)])) };
  }
}

function commentOf(line: string | undefined): { readonly kind: string; readonly text: string } | undefined {
  const match = /^\s*#\s*resnet-lens:\s*(model|input)\s+(.*?)\s*$/.exec(line ?? "");
  return match === null ? undefined : { kind: match[1] ?? "", text: match[2] ?? "" };
}

/** The comment at a line with the inputs right above and below it. */
function blockAround(lines: readonly string[], at: number): readonly [line: number, endLine: number] {
  let line = at;
  while (0 < line && commentOf(lines[line - 1])?.kind === "input") line--;
  let endLine = at + 1;
  while (commentOf(lines[endLine])?.kind === "input") endLine++;
  return [line, endLine];
}

/** The line of a definition's first decorator, or its own. */
function firstDecorator(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at]);
  let first = at;
  // A decorator's arguments may stand on lines of their own, farther in or closed by a bracket.
  for (let line = at - 1; 0 <= line; line--) {
    const text = lines[line] ?? "";
    if (text.startsWith(`${indent}@`)) first = line;
    else if (text.trim() === "" || (indentOf(text).length <= indent.length && !/^\s*[)\]}]/.test(text))) break;
  }
  return first;
}

function indentOf(line: string | undefined): string {
  return /^[ \t]*/.exec(line ?? "")?.[0] ?? "";
}
