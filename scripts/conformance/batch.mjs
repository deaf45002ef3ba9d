import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { start } from "../lib/process.mjs";

/** Past this the command is taken to hang and is ended, in milliseconds. */
const PATIENCE = 60_000;

/**
 * One running `batch`: requests one after the other, so that each time is that of one request. A command that ends or
 * hangs answers with an `error`, and the next request starts another.
 *
 * @param {readonly string[]} command
 */
export function batch(command) {
  let server;
  let waiting;
  let count = 0;

  const launch = () => {
    const { child, stop } = start(command, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => waiting?.(parse(line)));
    child.stdin.on("error", () => {});
    const own = { child, stop };
    child.on("exit", (code) => {
      // One that was ended for its slowness has been replaced.
      if (server !== own) return;
      server = undefined;
      waiting?.({ error: `the command ended with ${code}`, crashed: true });
    });
    return own;
  };

  return {
    /**
     * The response to one request, with the milliseconds it took: those that the command's main thread ran, so that a
     * busy machine changes them little; the clock's where the system does not tell.
     */
    async ask(request) {
      server ??= launch();
      const id = String(++count);
      const { pid } = server.child;
      const since = { ran: ranOf(pid), clock: performance.now() };
      const response = await new Promise((resolve) => {
        const timer = setTimeout(() => {
          server?.stop();
          server = undefined;
          resolve({ error: `no answer within ${PATIENCE / 1000} s`, crashed: true });
        }, PATIENCE);
        waiting = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
        server.child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
      });
      waiting = undefined;
      if (!response.crashed && response.id !== id)
        return { error: `answered ${response.id} to ${id}`, crashed: true, ms: 0 };
      const ran = ranOf(pid);
      const isTold = since.ran !== undefined && ran !== undefined;
      return { ...response, ms: isTold ? ran - since.ran : performance.now() - since.clock };
    },
    /** Megabytes of memory that the command holds (`VmHWM`: held at most); undefined where the system does not tell. */
    memory(field = "VmRSS") {
      try {
        const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
        return Math.round(Number(status.match(new RegExp(`${field}:\\s+(\\d+)`))[1]) / 1024);
      } catch {
        return undefined;
      }
    },
    close() {
      server?.stop();
      server = undefined;
    },
  };
}

/** Milliseconds that a process' main thread has run. */
function ranOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { error: `not JSON: ${line.slice(0, 80)}`, crashed: true };
  }
}
