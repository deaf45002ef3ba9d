import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { CODES, type Diagnostic } from "../../src/checks/diagnostic.ts";
import { heedIgnores } from "../../src/checks/ignores.ts";
import { gapsOf } from "../../src/editor/diagnostics.ts";
import { parsePython } from "../../src/syntax/python/parse.ts";
import { lineIndex } from "../../src/text/span.ts";
import { render } from "../../src/text/text.ts";
import truth from "../data/truth/rules.json" with { type: "json" };
import { memoryDisk } from "../imports/memory.ts";

const RULES = new URL("../../docs/rules/", import.meta.url);
const RAISED: Readonly<Record<string, { readonly wrong: string | null; readonly right: string | null }>> = truth.rules;

interface Page {
  readonly text: string;
  readonly wrong: string;
  readonly right: string;
}

function pageOf(code: string): Page {
  const text = readFileSync(new URL(`${code}.md`, RULES), "utf8");
  const [wrong = "", right = "", ...more] = [...text.matchAll(/```python\n(.*?)```/gs)].map((match) => match[1] ?? "");
  expect(more).toEqual([]);
  return { text, wrong, right };
}

/** What is reported of a text as the only file, gaps included where they are asked for. */
function reported(text: string, withGaps: boolean): readonly Diagnostic[] {
  const file = "/rules/example.py";
  const analyzer = createAnalyzer(memoryDisk(new Map([[file, text]])), { paths: [], pythonPaths: [] });
  const roots = analyzer.roots(file).map((root) => analyzer.analyze(root));
  expect(roots.length).toBeGreaterThan(0);
  const { diagnostics } = analyzer.report(file, roots);
  const source = () => ({ text, module: parsePython(text).module });
  return withGaps ? [...diagnostics, ...heedIgnores(roots.flatMap(gapsOf), source).kept] : diagnostics;
}

function claimOf(text: string, { place, severity, code }: Diagnostic): string {
  const { line, column } = lineIndex(text).position(place.span.start);
  return `${line + 1}:${column + 1}-${column + 1 + place.span.end - place.span.start} ${severity}[${code}]`;
}

/** The carets of a text: each claims a range of the nearest line of code above it. */
function claims(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    const match = /^(\s*#\s*)(\^+) (\S+)$/.exec(line);
    if (match === null) return [];
    const start = (match[1] ?? "").length + 1;
    return [`${i}:${start}-${start + (match[2] ?? "").length} ${match[3]}`];
  });
}

test.each(CODES)("%s: the wrong example has that problem alone, under its carets, and the right one none", (code) => {
  const { text, wrong, right } = pageOf(code);
  const isGap = code === "gap";
  expect(text.startsWith(`# ${code}\n`)).toBe(true);
  const claimed = claims(wrong);
  expect(claimed).toHaveLength(1);
  expect(claimed[0]).toContain(`[${code}]`);
  expect(reported(wrong, isGap).map((one) => claimOf(wrong, one))).toEqual(claimed);
  expect(reported(right, isGap).map((one) => claimOf(right, one))).toEqual([]);
});

test.each(CODES)("%s: PyTorch raises what the page says, and nothing for the right example", (code) => {
  const { text, wrong } = pageOf(code);
  const isError = claims(wrong).some((claim) => claim.includes("error["));
  const said = /^(?:PyTorch|Python) says: `(.+)`$/m.exec(text)?.[1];
  const raised = RAISED[code];
  expect(raised?.right).toBeNull();
  expect(raised?.wrong?.replace(/^\w+: /, "")).toBe(isError ? said : undefined);
  expect(said === undefined).toBe(!isError);
});

test.each(CODES.filter((code) => code !== "unused-ignore"))(
  "%s: the comment that the page names silences it",
  (code) => {
    const { text, wrong } = pageOf(code);
    const comment = `# resnet-lens: ignore[${code}]`;
    expect(text).toContain(comment);
    const line = Number(claims(wrong)[0]?.split(":")[0]);
    const quiet = wrong
      .split("\n")
      .map((each, i) => (i + 1 === line ? `${each}  ${comment}` : each))
      .join("\n");
    expect(reported(quiet, code === "gap").map((one) => render(one.message))).toEqual([]);
  },
);

test("there is a page for every code, and both lists lead to each", () => {
  const pages = readdirSync(RULES).filter((name) => name !== "README.md");
  expect(pages.sort()).toEqual(CODES.map((code) => `${code}.md`).sort());
  const index = readFileSync(new URL("README.md", RULES), "utf8");
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  for (const code of CODES) {
    expect(index).toContain(`[${code}](${code}.md)`);
    expect(readme).toContain(`[\`${code}\`](docs/rules/${code}.md)`);
  }
});
