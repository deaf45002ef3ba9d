import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./paths.mjs";

/** @type {Set<() => void>} */
const cleanups = new Set();
let watching = false;

/**
 * Calls `cleanup` when this process ends, by itself or by Ctrl+C; the returned function calls it now and forgets it.
 * Only synchronous work is done at exit.
 */
export function onExit(cleanup) {
  if (!watching) {
    watching = true;
    process.on("exit", () => {
      // Last in, first out: a server ends before its folder goes.
      for (const each of [...cleanups].reverse()) each();
    });
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ])
      process.on(signal, () => process.exit(code));
  }
  cleanups.add(cleanup);
  return () => {
    if (cleanups.delete(cleanup)) cleanup();
  };
}

/** Ends a detached child with everything it started. */
function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/**
 * Starts a program that ends with this process, at the latest.
 *
 * @param {readonly string[]} command program and arguments
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function start([program, ...args], options = {}) {
  const child = spawn(program, args, { cwd: ROOT, detached: process.platform !== "win32", ...options });
  const forget = onExit(() => killGroup(child));
  child.on("exit", forget);
  return { child, stop: forget };
}

/**
 * Runs a program to its end.
 *
 * @param {readonly string[]} command program and arguments
 * @param {{ quiet?: boolean, cwd?: string, env?: NodeJS.ProcessEnv }} [options] `quiet` collects the output instead of
 * showing it
 * @returns {Promise<{ code: number, output: string }>} exit code, and the output if it was quiet
 */
export function run(command, { quiet = false, cwd = ROOT, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const { child } = start(command, { cwd, env, stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit" });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a program, shows what it prints, and reads the counts in its last line.
 *
 * @returns {Promise<{ passed: number, failed: number }>} one failed where it ended badly without saying so
 */
export async function counted(command) {
  const { child } = start(command, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const found = /^(\d+) passed, (\d+) failed\s*$/.exec(output.trimEnd().split("\n").pop() ?? "");
  const passed = Number(found?.[1] ?? 0);
  const failed = Number(found?.[2] ?? 1);
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

/** Runs a program quietly; if it fails, an error with its output. */
export async function need(command, options = {}) {
  const { code, output } = await run(command, { ...options, quiet: true });
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${output.trimEnd()}`);
  return output;
}

/** The command that starts npm: the one that started us if it did, since PATH may hold a shell script or none. */
export function npm(...args) {
  const script = process.env.npm_execpath ?? beside("npm/bin/npm-cli.js");
  return script?.endsWith(".js") ? [process.execPath, script, ...args] : ["npm", ...args];
}

/** The command that starts a development tool of this repository. */
export function tool(name, ...args) {
  return [process.execPath, path.join(ROOT, "node_modules", name), ...args];
}

/** Where npm lies beside the running Node, on systems where both come in one archive. */
function beside(script) {
  const bin = path.dirname(process.execPath);
  return [path.join(bin, "node_modules", script), path.join(bin, "../lib/node_modules", script)].find((file) =>
    existsSync(file),
  );
}
