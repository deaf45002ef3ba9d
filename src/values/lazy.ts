import type { HostArray } from "./array.ts";

/** An array without doubts whose elements are worked out when someone reads them: most are only moved about. */
export function lazily(shape: readonly number[], make: () => readonly number[]): HostArray {
  let made: readonly number[] | undefined;
  let pending: (() => readonly number[]) | undefined = make;
  const array: HostArray = {
    shape,
    get data() {
      if (pending !== undefined) {
        made = pending();
        // What it was made from may go.
        pending = undefined;
        waiting.delete(array);
      }
      return made ?? [];
    },
  };
  waiting.add(array);
  return array;
}

const waiting = new WeakSet<HostArray>();

/** Whether nobody has read its elements yet. */
export function isPending(array: HostArray): boolean {
  return waiting.has(array);
}

interface Write {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** The writes that make an array out of another one; arrays that grow out of each other share the list. */
interface Written {
  readonly base: HostArray;
  readonly writes: Write[];
  readonly count: number;
}

const unread = new WeakMap<HostArray, Written>();

/** The array with other values at some flat positions. A loop that writes element by element copies it once, at the end. */
export function patched(array: HostArray, at: readonly number[], values: readonly number[]): HostArray {
  const before = unread.get(array);
  // The list has gone on from there already: another array was made of the same one.
  const shared = before !== undefined && before.writes.length === before.count ? before : undefined;
  const base = shared?.base ?? array;
  const writes = shared?.writes ?? [];
  writes.push({ at, values });
  const count = writes.length;
  const made = lazily(array.shape, () => {
    unread.delete(made);
    const data = [...base.data];
    for (const write of writes.slice(0, count))
      for (let i = 0; i < write.at.length; i++) data[write.at[i] ?? 0] = write.values[i] ?? 0;
    return data;
  });
  unread.set(made, { base, writes, count });
  return made;
}
