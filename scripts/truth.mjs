// Records facts with real PyTorch into test/data/truth (and src/torch/real-names.json).
//
//   npm run truth                    everything that is not current
//   npm run truth -- models files    only these recorders
//   npm run truth -- packages        the published packages' models: an hour, resumable (.cache/truth/packages)
//   npm run truth -- packages timm   one of their sets
//   npm run truth -- mutants         mutants of the packages' models: half an hour, resumable (.cache/truth/mutants)
//   npm run truth -- --force         all anew
//
// The Python environment is made in .cache/torch on first use; pip's own configuration (index, proxy) applies.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { REQUIREMENTS } from "./conformance/corpus.mjs";
import { SETS } from "./conformance/sets.mjs";
import { CACHE, inRoot } from "./lib/paths.mjs";
import { need, run } from "./lib/process.mjs";
import { duration, step } from "./lib/progress.mjs";
import { listFile, pack, recordedFile, unpack } from "./truth/pack.mjs";
import { BASES, mutantsHead, PARTS, packMutants } from "./truth/pack-mutants.mjs";

const PINNED = { torch: "2.14.1", torchvision: "0.29.1" };
/** What the recorders need besides; any version. */
const NEEDED = ["numpy", "pillow", "safetensors", "scikit-learn"];
const OLDEST_PYTHON = [3, 10];
/** In this order; `scripts/truth/record_<name>.py`. */
const RECORDERS = [
  "names",
  "classes",
  "python",
  "imports",
  "models",
  "files",
  "states",
  "refusals",
  "sizes",
  "faults",
  "sample",
  "rules",
  "posted",
  "ops",
  "run",
  "seen",
  "checkpoints",
  "pictures",
  "digits",
  "gradients",
  "parity",
  "packages",
  "mutants",
];
/** What the published packages need besides each other; any version. */
const NEEDED_BY_PACKAGES = [
  "huggingface_hub",
  "httpx2",
  "click",
  "PyYAML",
  "tqdm",
  "munch",
  "six",
  "requests",
  "packaging",
];

const started = performance.now();
const environment = path.join(CACHE, "torch");
const python = path.join(
  environment,
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const sets = names.filter((name) => Object.hasOwn(SETS, name));
const recorders = names.filter((name) => !sets.includes(name));
const unknown = recorders.find((name) => !RECORDERS.includes(name));
if (unknown !== undefined) stop(`no recorder ${unknown}; there are ${RECORDERS.join(", ")}`);

await prepare();
const failed = [];
for (const name of RECORDERS) {
  const script = inRoot("scripts", "truth", `record_${name}.py`);
  if ((recorders.length !== 0 && !recorders.includes(name)) || !existsSync(script)) continue;
  const special = { ops: operators, packages, mutants, parity };
  const work = () => (special[name] ?? ((file) => record(file, ...flags)))(script);
  await step(name, work).catch(() => failed.push(name));
}
console.log(
  `truth: ${failed.length === 0 ? "all current" : `failed: ${failed.join(", ")}`}, ${duration(performance.now() - started)}`,
);
process.exit(failed.length === 0 ? 0 : 1);

function record(script, ...args) {
  return must([python, script, ...args], {
    env: { ...process.env, PYTHONWARNINGS: "ignore", PYTHONDONTWRITEBYTECODE: "1" },
  });
}

/** The operator catalogue's examples: exported, and run where they or torch have changed since. */
async function operators(script) {
  const cases = path.join(CACHE, "truth", "cases.json");
  const target = inRoot("test", "data", "ops", "truth.json");
  const text = await need([process.execPath, inRoot("scripts", "truth", "export-examples.mjs")]);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const old = existsSync(target) ? JSON.parse(await readFile(target, "utf8")) : {};
  if (old.sha256 === sha256 && old.torch === PINNED.torch && !flags.includes("--force")) return;
  await mkdir(path.dirname(cases), { recursive: true });
  await writeFile(cases, text);
  await record(script, cases, target);
}

/** Whole models of published packages, run. */
async function parity(script) {
  await installPackages();
  await record(script, ...flags);
}

/** The published packages' models, set by set: recorded model by model into the cache, then packed into the checkout. */
async function packages(script) {
  await installPackages();
  const recorder = stampOf(script);
  for (const set of sets.length === 0 ? Object.keys(SETS) : sets) {
    const list = createHash("sha256")
      .update(await readFile(listFile(set)))
      .digest("hex");
    const stamp = { recorder, list: list.slice(0, 16) };
    const old = await unpack(set);
    const isCurrent = JSON.stringify(old?.stamp) === JSON.stringify(stamp) && !flags.includes("--force");
    if (isCurrent) continue;
    await step(set, async () => {
      await record(script, set, recordedFile(set));
      console.log(JSON.stringify(await pack(set, stamp)));
    });
  }
}

/** Mutants of the packages' models and of our own files: recorded by two processes into the cache, then packed. */
async function mutants(script) {
  await installPackages();
  const list = createHash("sha256")
    .update(await readFile(BASES))
    .digest("hex");
  const stamp = { recorder: stampOf(script), list: list.slice(0, 16) };
  if (JSON.stringify(await mutantsHead()) === JSON.stringify(stamp) && !flags.includes("--force")) return;
  const parts = [0, 1];
  const ended = await Promise.allSettled(
    parts.map((part) =>
      record(script, BASES, path.join(PARTS, `part${part}.jsonl`), String(part), String(parts.length)),
    ),
  );
  if (ended.some(({ status }) => status === "rejected")) throw new Error("a recorder ended badly");
  console.log(JSON.stringify(await packMutants(stamp)));
}

function stampOf(script) {
  return spawnSync(python, [script, "--stamp"], { encoding: "utf8" }).stdout.trim();
}

async function installPackages() {
  await install(["--no-deps", ...REQUIREMENTS.filter((one) => !isInstalled(...one.split("==")))], 1);
  await install(NEEDED_BY_PACKAGES.filter((name) => !isInstalled(name)));
}

function isInstalled(name, version) {
  const found = installed([name])[name];
  return found !== undefined && found !== null && (version === undefined || found === version);
}

async function install(what, least = 0) {
  if (what.length <= least) return;
  const command = [python, "-m", "pip", "install", "--disable-pip-version-check", ...what];
  await step(`installing ${what.join(" ")}`, () => must(command));
}

/** Makes the environment, or adopts the one that is there and completes it. */
async function prepare() {
  const versions = installed();
  const missing = [
    ...Object.entries(PINNED).flatMap(([name, version]) => (versions[name] === version ? [] : [`${name}==${version}`])),
    ...NEEDED.filter((name) => !versions[name]),
  ];
  if (missing.length === 0) return;
  if (!existsSync(python)) {
    await mkdir(path.dirname(environment), { recursive: true });
    await step("making a virtual environment in .cache/torch", () =>
      must([...hostPython(), "-m", "venv", environment]),
    );
  }
  const install = [python, "-m", "pip", "install", "--disable-pip-version-check", ...missing];
  await step(`installing ${missing.join(" ")} (once; torch is large)`, () => must(install)).catch(() =>
    stop("pip could not install that; the machine may have no build of it"),
  );
}

/** Versions of what the environment has, by package; empty without an environment. */
function installed(names = [...Object.keys(PINNED), ...NEEDED]) {
  if (!existsSync(python)) return {};
  const code = `import importlib.metadata as m, json, sys
def version(name):
    try: return m.version(name).partition("+")[0]
    except m.PackageNotFoundError: return None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))`;
  const { status, stdout } = spawnSync(python, ["-c", code, ...names], { encoding: "utf8" });
  return status === 0 ? JSON.parse(stdout) : {};
}

function hostPython() {
  const ask = "import sys; print(*sys.version_info[:2])";
  for (const command of process.platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]]) {
    const [program, ...args] = command;
    const { status, stdout } = spawnSync(program, [...args, "-c", ask], { encoding: "utf8" });
    const [major, minor] = status === 0 ? stdout.trim().split(" ").map(Number) : [];
    if (major === OLDEST_PYTHON[0] && OLDEST_PYTHON[1] <= minor) return command;
  }
  return stop(`needs Python ${OLDEST_PYTHON.join(".")} or newer with venv on the PATH`);
}

async function must(command, options) {
  const { code } = await run(command, options);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
}

function stop(text) {
  console.error(`truth: ${text}`);
  process.exit(2);
}
