import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "lens-package-"));
const installed = path.join(folder, "package");

/** Packs the checkout as pre-commit does and lays it out as an installation. */
beforeAll(() => {
  if (!existsSync(path.join(ROOT, "dist", "cli.js")))
    execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const out = execFileSync(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [{ filename }] = JSON.parse(out);
  execFileSync("tar", ["-xzf", path.join(folder, filename), "-C", folder]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The hook of `.pre-commit-hooks.yaml`: a list of one flat record. */
function hook(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(ROOT, ".pre-commit-hooks.yaml"), "utf8");
  return Object.fromEntries(
    [...text.matchAll(/^[-\s] (\w+): (.+)$/gm)].map(([, key, value]) => [key ?? "", value ?? ""]),
  );
}

/** Runs the hook's entry on files, with the package's own programs. */
function run(...files: readonly string[]) {
  const [program = "", ...args] = (hook().entry ?? "").split(" ");
  const { bin } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
  return spawnSync(process.execPath, [path.join(installed, bin[program]), ...args, ...files], {
    cwd: folder,
    encoding: "utf8",
  });
}

function example(code: string, nth: number): string {
  const page = readFileSync(path.join(ROOT, "docs", "rules", `${code}.md`), "utf8");
  const file = path.join(folder, `${code}-${nth}.py`);
  writeFileSync(file, [...page.matchAll(/```python\n(.*?)```/gs)][nth]?.[1] ?? "");
  return path.basename(file);
}

test("the hook needs nothing but Node, and names the files that it is for", () => {
  expect(hook()).toMatchObject({ id: "resnet-lens", language: "node", types_or: "[python, jupyter]" });
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
  expect(dependencies ?? {}).toEqual({});
});

test("the hook's entry passes a right file and stops a wrong one", () => {
  const right = run(example("shortcut-mismatch", 1));
  expect([right.status, right.stderr]).toEqual([0, ""]);
  const wrong = run(example("shortcut-mismatch", 0), example("channel-mismatch", 1));
  expect([wrong.status, wrong.stderr]).toEqual([1, ""]);
  expect(wrong.stdout).toContain("error[shortcut-mismatch]");
});

test("an installed command line has the pages that a log's rules show", () => {
  mkdirSync(path.join(folder, "logs"));
  const log = path.join(folder, "logs", "out.sarif");
  expect(run("--sarif", log, example("shortcut-mismatch", 0)).status).toBe(1);
  const [rule] = JSON.parse(readFileSync(log, "utf8")).runs[0].tool.driver.rules;
  expect(rule.help.markdown).toContain("## How to fix it");
});
