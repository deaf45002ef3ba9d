import { expect, test } from "vitest";
import { createJournal } from "../../src/eval/journal.ts";
import { int, list, type Value } from "../../src/eval/value.ts";

test("what is written into an object that is made under a mark is undone only by marks within", () => {
  const journal = createJournal();
  const outer = journal.begin();
  const made = journal.born(new Map<string, Value>());
  const items = journal.born(list([]));
  journal.set(made, "a", int(1));
  journal.push(items, int(1));
  const inner = journal.begin();
  journal.set(made, "a", int(2));
  journal.set(made, "b", int(3));
  journal.push(items, int(2));
  expect([...journal.rollback(inner).keys()]).toEqual([made, items]);
  expect([...made]).toEqual([["a", int(1)]]);
  expect(items.items).toEqual([int(1)]);
  journal.set(made, "c", int(4));
  // Nobody else has seen it: there is nothing to undo.
  expect([...journal.rollback(outer).keys()]).toEqual([]);
});

test("an object that outlives its mark is undone like any other under later marks", () => {
  const journal = createJournal();
  journal.rollback(journal.begin());
  const first = journal.begin();
  const made = journal.born(new Map<string, Value>([["a", int(1)]]));
  journal.commit(first);
  const later = journal.begin();
  journal.set(made, "a", int(2));
  journal.rollback(later);
  expect(made.get("a")).toEqual(int(1));
});
