import { expect, test } from "vitest";
import { inBlocks } from "../../src/weights/blocks.ts";

const BLOCK = 4_000_000;
const SIZE = 2 * BLOCK + 10;

function counted() {
  const asked: [number, number][] = [];
  const told: number[] = [];
  const reader = {
    size: SIZE,
    read: async (offset: number, length: number) => {
      asked.push([offset, length]);
      return Uint8Array.from({ length }, (_, i) => (offset + i) % 251);
    },
  };
  return { asked, told, blocks: inBlocks(reader, (bytes) => told.push(bytes)) };
}

test("a read over a border is whole, and asks for both blocks once", async () => {
  const { asked, told, blocks } = counted();
  const bytes = await blocks.read(BLOCK - 3, 6);
  expect([...bytes]).toEqual([-3, -2, -1, 0, 1, 2].map((i) => (BLOCK + i) % 251));
  await blocks.read(0, 5);
  await blocks.read(BLOCK, 5);
  expect(asked).toEqual([
    [0, BLOCK],
    [BLOCK, BLOCK],
  ]);
  expect(told).toEqual([BLOCK, 2 * BLOCK]);
});

test("a read beyond the end gives what is there", async () => {
  const { asked, blocks } = counted();
  expect((await blocks.read(SIZE - 4, 100)).length).toBe(4);
  expect((await blocks.read(SIZE + 4, 100)).length).toBe(0);
  expect(asked).toEqual([[2 * BLOCK, 10]]);
});
