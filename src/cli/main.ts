import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createAnalyzer } from "../analyzer.ts";
import { FRUGAL_HEAP } from "../heap.ts";
import { createParseCache } from "../parses.ts";
import { diskFiles, stampOf } from "./disk.ts";
import type { Environment } from "./environment.ts";
import { readingNotebooks } from "./notebooks.ts";
import { runProgram } from "./program.ts";

setFlagsFromString(FRUGAL_HEAP);

const folder = path.dirname(fileURLToPath(import.meta.url));

const manifest = JSON.parse(readFileSync(path.join(folder, "..", "package.json"), "utf8"));

/** Requests of a batch read the same libraries. */
const parses = createParseCache();

const environment: Environment = {
  cwd: process.cwd(),
  disk: readingNotebooks(diskFiles),
  stamp: stampOf,
  createAnalyzer: (files, options) => createAnalyzer(files, options, parses),
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  writeFile: (file, content) => writeFileSync(file, content),
  readBytes: (file) => readFileSync(file),
  asset: (name) => readFileSync(path.join(folder, name)),
  inputLines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
  runServer: () =>
    new Promise((resolve, reject) => {
      const server = spawn(process.execPath, [path.join(folder, "server.js"), "--stdio"], { stdio: "inherit" });
      server.on("error", reject);
      server.on("exit", (code) => resolve(code ?? 1));
    }),
  color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  version: String(manifest.version),
  rulePage: (code) => diskFiles.read(path.join(folder, "..", "docs", "rules", `${code}.md`)),
  repository: addressOf(manifest.repository),
};

// A reader such as `head` that closes the pipe ends the program quietly.
process.stdout.on("error", () => process.exit(0));
void runProgram(process.argv.slice(2), environment).then((code) => {
  process.exitCode = code;
});

/** `https://…/owner/name` of a manifest's repository, which npm lets be a text or a record. */
function addressOf(repository: unknown): string | undefined {
  const url =
    typeof repository === "object" && repository !== null && "url" in repository ? repository.url : repository;
  return typeof url === "string" ? /^(?:git\+)?(https:\/\/.+?)(?:\.git)?$/.exec(url)?.[1] : undefined;
}
