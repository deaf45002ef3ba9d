import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { memoryDisk } from "../imports/memory.ts";
import { compareEdits, type Project } from "./compare.ts";

const DATA = fileURLToPath(new URL("../data/", import.meta.url));

function folder(name: string, at: string): readonly (readonly [string, string])[] {
  return readdirSync(DATA + name, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .map((file) => [`${at}/${file.replaceAll("\\", "/")}`, readFileSync(`${DATA}${name}/${file}`, "utf8")]);
}

const files = new Map([...folder("project", "/work/project"), ...folder("models", "/work/models")]);
const nets = ["__init__", "registry", "blocks", "resnet", "plain"].map((name) => `/work/project/nets/${name}.py`);
const PROJECTS: readonly Project[] = [
  { open: "/work/project/main.py", around: nets },
  { open: "/work/project/nets/resnet.py", around: ["/work/project/nets/blocks.py", "/work/project/nets/registry.py"] },
  { open: "/work/models/closure_factory.py", around: [] },
];

// 1,000 edits, over published code too: `npm run conformance -- --only edits`.
test("after random edits an analyzer that lives on says what a new one says", () => {
  const options = { paths: ["/work/project"], pythonPaths: [], timeout: 60_000 };
  expect(compareEdits(memoryDisk(files), options, PROJECTS, 60, 1, 3)).toEqual([]);
});
