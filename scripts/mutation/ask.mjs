// Questions to several running `batch` commands at once.

import { batch } from "../conformance/batch.mjs";

/**
 * Calls `use(server, item)` for every item, `jobs` at a time; items of one group go to one command, which has read what
 * they share.
 *
 * @template T
 * @param {readonly (readonly T[])[]} groups
 * @param {{ command: readonly string[], jobs: number, progress?: (done: number) => void }} options
 * @param {(server: ReturnType<typeof batch>, item: T) => Promise<void>} use
 */
export async function askAll(groups, { command, jobs, progress }, use) {
  const waiting = [...groups];
  let done = 0;
  const work = async () => {
    const server = batch(command);
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift())
      for (const item of group) {
        await use(server, item);
        progress?.(++done);
      }
    server.close();
  };
  await Promise.all(Array.from({ length: jobs }, work));
}
