// Writes a line "END STALL" for each time that the extension host it runs in stood still: when that ended (milliseconds
// since 1970), and how long its thread could not take another turn. A turn that came late because the machine was busy
// with something else counts as long as the thread itself was at work (where that is not told, the process).
const { appendFileSync, existsSync, readFileSync } = require("node:fs");

const TURN_MS = 2;
/** Below it nothing is written. */
const LEAST_MS = 5;

/** Linux: nanoseconds that the process' first thread, which runs JavaScript, has been on a processor, and more. */
const THREAD = "/proc/self/schedstat";

exports.activate = () => {
  let last = performance.now();
  let work = worked();
  setInterval(() => {
    const stall = Math.min(performance.now() - last - TURN_MS, worked() - work);
    if (LEAST_MS < stall) appendFileSync(process.env.BENCH_STALLS, `${Date.now()} ${stall.toFixed(1)}\n`);
    last = performance.now();
    work = worked();
  }, TURN_MS);
};

/** Milliseconds of processor time so far. */
function worked() {
  if (existsSync(THREAD)) return Number(readFileSync(THREAD, "utf8").split(" ")[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
