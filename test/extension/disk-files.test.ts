import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOnDisk, torchCheckpoints } from "../../src/extension/disk-files.ts";

let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "lens-torch-"));
  folder = path.join(home, "torch", "hub", "checkpoints");
  await mkdir(path.join(folder, "folder.pth"), { recursive: true });
  await writeFile(path.join(folder, "resnet18-f37072fd.pth"), Uint8Array.of(1, 2, 3, 4, 5));
  await writeFile(path.join(folder, "notes.txt"), "no checkpoint");
});
afterAll(() => rm(home, { recursive: true, force: true }));

test("the checkpoints of torch's own folder, where either variable says that it lies", async () => {
  const found = [{ name: "resnet18-f37072fd.pth", path: path.join(folder, "resnet18-f37072fd.pth"), size: 5 }];
  expect(await torchCheckpoints({ TORCH_HOME: path.join(home, "torch") })).toEqual(found);
  expect(await torchCheckpoints({ XDG_CACHE_HOME: home })).toEqual(found);
  expect(await torchCheckpoints({ TORCH_HOME: path.join(home, "nowhere") })).toEqual([]);
});

test("a part of a file, cut at its end", async () => {
  const file = await openOnDisk(path.join(folder, "resnet18-f37072fd.pth"));
  expect(file.size).toBe(5);
  expect([...(await file.read(1, 2))]).toEqual([2, 3]);
  expect([...(await file.read(3, 100))]).toEqual([4, 5]);
  expect([...(await file.read(9, 1))]).toEqual([]);
  await file.close();
});
