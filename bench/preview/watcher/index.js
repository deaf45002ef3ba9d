// Writes a line "END STALL" for each time that the extension host it runs in stood still: when that ended (milliseconds
// since 1970), and how long its thread could not take another turn. A turn that came late because the machine was busy
// counts as long as the process itself was at work.
const { appendFileSync } = require("node:fs");

const TURN_MS = 2;
/** Below it nothing is written. */
const LEAST_MS = 5;

exports.activate = () => {
  let last = performance.now();
  let work = process.cpuUsage();
  setInterval(() => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(work);
    const stall = Math.min(now - last - TURN_MS, (user + system) / 1000);
    if (LEAST_MS < stall) appendFileSync(process.env.BENCH_STALLS, `${Date.now()} ${stall.toFixed(1)}\n`);
    last = performance.now();
    work = process.cpuUsage();
  }, TURN_MS);
};
