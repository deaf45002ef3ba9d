import type { SetValue, Value } from "../eval/value.ts";

// The order in which CPython gives a set's small integers is a fact of the language as people know it (`{3, 1}` prints
// sorted). That of strings changes from run to run: then the order of insertion is as good as any.

const MIN_SIZE = 8;
const LINEAR_PROBES = 9;
const PERTURB_SHIFT = 5;

/** A set's items in the order of iteration. */
export function setItems(set: SetValue): readonly Value[] {
  const items = [...set.items.values()];
  const hashes: number[] = [];
  for (const item of items) {
    const n =
      item.kind === "int"
        ? item.dim.size
        : item.kind === "bool"
          ? Number(item.value)
          : item.kind === "float"
            ? item.value
            : undefined;
    if (typeof n !== "number" || !Number.isInteger(n) || n < 0 || 2 ** 31 <= n) return items;
    hashes.push(n);
  }
  let table: (number | undefined)[] = new Array(MIN_SIZE).fill(undefined);
  let fill = 0;
  const insert = (index: number): void => {
    const mask = table.length - 1;
    let perturb = hashes[index] ?? 0;
    let at = perturb & mask;
    for (;;) {
      const end = at + LINEAR_PROBES <= mask ? at + LINEAR_PROBES : at;
      for (let slot = at; slot <= end; slot++) {
        if (table[slot] !== undefined) continue;
        table[slot] = index;
        return;
      }
      perturb >>>= PERTURB_SHIFT;
      at = (at * 5 + 1 + perturb) & mask;
    }
  };
  for (let i = 0; i < hashes.length; i++) {
    insert(i);
    fill++;
    if (fill * 5 < (table.length - 1) * 3) continue;
    const wanted = 50_000 < fill ? fill * 2 : fill * 4;
    let size = MIN_SIZE;
    while (size <= wanted) size *= 2;
    const old = table;
    table = new Array(size).fill(undefined);
    for (const index of old) if (index !== undefined) insert(index);
  }
  return table.flatMap((index) => {
    const item = index === undefined ? undefined : items[index];
    return item === undefined ? [] : [item];
  });
}
