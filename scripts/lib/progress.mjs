/** How long between two signs of life of one step, in milliseconds. */
const HEARTBEAT = 10_000;

/** A duration for people: `0.4 s`, `12 s`, `3 min 05 s`. */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** The line that `.ci/run` and people read last. */
export function totalLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * Runs one long piece of work, says that it started, every ten seconds that it still runs, and how long it took.
 *
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what the work returned; its error is passed on
 */
export async function step(label, work) {
  const start = performance.now();
  const elapsed = () => duration(performance.now() - start);
  console.log(`… ${label}`);
  const heartbeat = setInterval(() => console.log(`… ${label}, still running after ${elapsed()}`), HEARTBEAT);
  try {
    const result = await work();
    console.log(`✓ ${label} (${elapsed()})`);
    return result;
  } catch (error) {
    console.log(`✗ ${label} (${elapsed()})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
