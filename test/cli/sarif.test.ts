import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { createAnalyzer } from "../../src/analyzer.ts";
import { CODES } from "../../src/checks/diagnostic.ts";
import type { Environment } from "../../src/cli/environment.ts";
import { runProgram } from "../../src/cli/program.ts";
import schema from "../data/sarif/schema-2.1.0.json" with { type: "json" };
import { memoryDisk } from "../imports/memory.ts";

const ROOT = new URL("../../", import.meta.url);

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
formats.default(ajv);
const isValid = ajv.compile(schema);

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: Readonly<Record<string, number>>;
  };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly relatedLocations: readonly (Location & { readonly id: number })[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly fixes: readonly {
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly object[];
    }[];
  }[];
}

interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: string };
}

/** The log that `check --sarif` writes for files below `/work/code`, run in `/work`. */
async function log(files: Readonly<Record<string, string>>, args: string, repository?: string) {
  let written = "";
  const environment: Environment = {
    cwd: "/work",
    disk: memoryDisk(new Map(Object.entries(files))),
    stamp: () => "",
    createAnalyzer,
    print: () => undefined,
    printError: (text) => {
      throw new Error(text);
    },
    writeFile: (_, content) => {
      written = String(content);
    },
    readBytes: () => new Uint8Array(),
    asset: () => new Uint8Array(),
    inputLines: async function* () {},
    runServer: async () => 0,
    color: false,
    version: "0.1.0",
    rulePage: (code) => readFileSync(new URL(`docs/rules/${code}.md`, ROOT), "utf8"),
    repository,
  };
  await runProgram(`check --sarif out.sarif ${args}`.split(" "), environment);
  const made = JSON.parse(written);
  isValid(made);
  expect(isValid.errors ?? []).toEqual([]);
  const [run] = made.runs;
  const rules: readonly Rule[] = run.tool.driver.rules;
  const results: readonly Result[] = run.results;
  return { run, rules, results };
}

const tutorial = readFileSync(new URL("sample/tutorial_resnet.py", ROOT), "utf8");

test("the schema refuses what is no log", () => {
  expect(isValid({ version: "2.1.0" })).toBe(false);
  expect(isValid({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [{}] }] })).toBe(false);
});

test("a mistake with its rule, region, cause and fix, relative to the checkout", async () => {
  const { run, results, rules } = await log({ "/work/code/a b/resnet.py": tutorial }, "code");
  expect(run.originalUriBaseIds).toEqual({ "%SRCROOT%": { uri: "file:///work/" } });
  const mismatch = results.find(({ ruleId }) => ruleId === "shortcut-mismatch");
  const artifactLocation = { uri: "code/a%20b/resnet.py", uriBaseId: "%SRCROOT%" };
  expect({ ...mismatch, fixes: mismatch?.fixes.slice(0, 1) }).toMatchObject({
    level: "error",
    locations: [
      {
        physicalLocation: {
          artifactLocation,
          region: { startLine: 38, startColumn: 9, endLine: 38, endColumn: 24 },
        },
      },
    ],
    relatedLocations: [{ id: 0, physicalLocation: { artifactLocation, region: { startLine: 73 } } }],
    fixes: [{ artifactChanges: [{ artifactLocation, replacements: [{ insertedContent: { text: "" } }] }] }],
  });
  for (const { ruleId, ruleIndex, locations } of results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(locations).toHaveLength(1);
  }
});

test("a file above the working directory has an absolute address", async () => {
  const { results } = await log({ "/work/code/main.py": "from deep import *\n", "/else/deep.py": tutorial }, "/else");
  const uris = new Set(
    results.flatMap(({ locations }) => locations.map((one) => one.physicalLocation.artifactLocation.uri)),
  );
  expect([...uris]).toEqual(["file:///else/deep.py"]);
});

test("every code is a rule with its page as help, and an address where the pages are published", async () => {
  const { rules } = await log({ "/work/code/none.py": "x = 1\n" }, "code");
  expect(rules.map(({ id }) => id)).toEqual(CODES.filter((code) => code !== "gap"));
  for (const { id, shortDescription, help, helpUri } of rules) {
    expect(help.markdown).toContain(`# ${id}\n`);
    expect(shortDescription.text).toMatch(/^[A-Z].*\.$/);
    expect(helpUri).toBeUndefined();
  }
  expect(rules.map(({ defaultConfiguration }) => defaultConfiguration.level)).toEqual([
    "error",
    "warning",
    "warning",
    ...["error", "error"],
    "warning",
    ...["error", "error", "error", "error"],
    "note",
    "note",
  ]);
  const published = await log({ "/work/code/none.py": "x = 1\n" }, "code", "https://example.org/lens");
  expect(published.rules[0]?.helpUri).toBe("https://example.org/lens/blob/HEAD/docs/rules/shortcut-mismatch.md");
});

test("a fingerprint outlives edits elsewhere, and tells equal lines apart", async () => {
  const prints = async (text: string) =>
    (await log({ "/work/code/net.py": text }, "code")).results.map(
      ({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash,
    );
  const before = await prints(tutorial);
  expect(new Set(before).size).toBe(before.length);
  for (const print of before) expect(print).toMatch(/^[0-9a-f]{16}:\d+$/);
  expect(await prints(`# a line more\n\n${tutorial.replace("out += shortcut", "out  +=  shortcut")}`)).toEqual(before);
});

test("every page's wrong example makes a valid log", async () => {
  const pages = readdirSync(new URL("docs/rules/", ROOT)).filter((name) => name !== "README.md");
  const files = pages.map((name) => {
    const [, wrong = ""] = /```python\n(.*?)```/s.exec(readFileSync(new URL(`docs/rules/${name}`, ROOT), "utf8")) ?? [];
    return [`/work/code/${name.replace(/\W/g, "_")}.py`, wrong] as const;
  });
  const { results } = await log(Object.fromEntries(files), "code");
  expect(results.map(({ ruleId }) => ruleId).sort()).toEqual(CODES.filter((code) => code !== "gap").sort());
});
