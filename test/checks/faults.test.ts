import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Report } from "../../src/analysis.ts";
import { createAnalyzer } from "../../src/analyzer.ts";
import { lineIndex, type Place } from "../../src/text/span.ts";
import { render, type Text } from "../../src/text/text.ts";
import { disk } from "../torch/disk.ts";
import { annotated, type Claim, claimsOf, claimText } from "./carets.ts";

const FOLDER = fileURLToPath(new URL("../data/faults/", import.meta.url));
/** Rewrites the comments in place. */
const IS_UPDATE = process.env.UPDATE_CARETS !== undefined;
/** Notes about sizes and unused layers aside, it is about errors here. */
const LEFT_OUT = /size-dependent$|layer-unused$/;

interface Case {
  readonly file: string;
  readonly model: string;
  readonly at?: string;
  readonly line?: number;
  readonly type?: string;
  readonly message?: string;
}

/** As `scripts/truth/record_faults.py` heard it from PyTorch. */
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(path.join(FOLDER, "faults.json"), "utf8"),
);
const scripts = cases.filter(({ model }) => model === "");

/** Diagnostics of a script as claims, by file: the sentence under the operator, notes under the causes. */
function found(file: string): { readonly report: Report; readonly claims: ReadonlyMap<string, readonly Claim[]> } {
  const analyzer = createAnalyzer(disk, { paths: [], pythonPaths: [] });
  const name = path.join(FOLDER, file);
  const report = analyzer.report(
    name,
    analyzer.roots(name).map((root) => analyzer.analyze(root)),
  );
  const claims = new Map<string, Claim[]>();
  const add = (place: Place, kind: string, text: Text): void => {
    const index = lineIndex(readFileSync(place.file, "utf8"));
    const [start, end] = [index.position(place.span.start), index.position(place.span.end)];
    const isSpan = end.line === start.line && start.column < end.column;
    const endColumn = isSpan ? end.column + 1 : start.column + 2;
    const claim = { line: start.line + 1, column: start.column + 1, endColumn, kind, rest: render(text) };
    const key = path.basename(place.file);
    const before = claims.get(key) ?? [];
    if (!before.some((one) => claimText(one) === claimText(claim))) claims.set(key, [...before, claim]);
  };
  for (const { place, severity, code, message, related } of report.diagnostics) {
    if (LEFT_OUT.test(code)) continue;
    add(place, `${severity}[${code}]`, message);
    for (const one of related) add(one.place, "note", one.message);
  }
  return { report, claims };
}

function update(file: string): void {
  // Comments move the lines that messages name, and the places of the comments.
  for (let round = 0; round < 3; round++) {
    const { claims } = found(file);
    for (const name of new Set([file, ...claims.keys()])) {
      const at = path.join(FOLDER, name);
      writeFileSync(at, annotated(readFileSync(at, "utf8"), claims.get(name) ?? []));
    }
  }
}

if (IS_UPDATE) for (const { file } of scripts) update(file);

test.each(scripts)("$file: the diagnostics and their causes stand where the comments say", ({ file }) => {
  const { claims } = found(file);
  const files = new Set([file, ...claims.keys()]);
  for (const name of files) {
    const wanted = claimsOf(readFileSync(path.join(FOLDER, name), "utf8")).map(claimText);
    expect((claims.get(name) ?? []).map(claimText).sort()).toEqual(wanted.sort());
  }
});

test.each(scripts)("$file: the error stands on the line on which PyTorch fails, in its words", (recorded) => {
  const { report } = found(recorded.file);
  const errors = report.diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors.map(({ place, original }) => {
    const index = lineIndex(readFileSync(place.file, "utf8"));
    return { at: path.basename(place.file), line: index.position(place.span.start).line + 1, original };
  });
  const { at = recorded.file, line, message, type: kind } = recorded;
  // What Python code raises is quoted with its type.
  const words =
    report.diagnostics[0]?.code === "bad-argument" && kind === "ValueError" ? `${kind}: ${message}` : message;
  expect(first).toEqual(line === undefined ? undefined : { at, line, original: words });
});

test.each(scripts)("$file: every sentence is one line of the Problems list", ({ file }) => {
  for (const { message } of found(file).report.diagnostics) expect(render(message).length).toBeLessThanOrEqual(120);
});

test("every file of the folder is recorded or shared", () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".py"));
  const recorded = new Set(cases.map(({ file }) => file));
  expect(names.filter((name) => !recorded.has(name))).toEqual(["shared_blocks.py"]);
});
